"""A review report as one web page whose diagrams can be explored; nothing is fetched."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from renvand.publish.markup import Child, Node, drawing, html, tag

Composed = dict[str, Any]
_SCRIPT = """
const diagrams = JSON.parse(document.getElementById("diagrams").textContent);
const chart = echarts.init(document.getElementById("drawing"), null, {renderer: "svg"});
const choice = document.getElementById("choice");
const table = document.getElementById("numbers");
function show(id) {
  const one = diagrams.find(d => d.id === id);
  one.option.tooltip = {trigger: "item", confine: true, formatter: p => p.dataType === "edge"
    ? `${one.names[p.data.source]} → ${one.names[p.data.target]}: `
      + `${p.data.value.toPrecision(3)} ${one.unit}`
    : `${one.names[p.name]}: ${p.value.toPrecision(3)} ${one.unit}`};
  one.option.series[0].emphasis = {focus: "trajectory"};
  chart.clear(); chart.setOption(one.option);
  table.replaceChildren(...one.rows.map((row, n) => {
    const line = document.createElement("tr");
    line.append(...row.map(text => {
      const cell = document.createElement(n ? "td" : "th"); cell.textContent = text; return cell;
    }));
    return line;
  }));
}
choice.addEventListener("change", () => show(choice.value));
addEventListener("resize", () => chart.resize());
show(choice.value);
"""


def page(d: Composed, diagrams: list[Composed]) -> str:
    """Write a composed report as a self-contained page.

    Parameters
    ----------
    d : dict
        From :func:`renvand.publish.review.render.compose`.
    diagrams : list of dict
        From :func:`renvand.publish.review.render.diagrams`: one is chosen and drawn; where
        scripts are switched off, the drawings of the report remain.
    """
    files = resources.files("renvand.publish")
    style = (files / "review" / "report.css").read_text("utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("title", d["title"]),
        tag("style", style),
    )
    front: list[Child] = [
        tag("p", d["seal"], class_="seal" if d["is_confidential"] else "seal open"),
        tag("h1", d["title"]),
        tag("p", d["subtitle"], class_="subtitle"),
        tag("p", d["visited"], class_="small"),
        tag("p", d["notice"], class_="notice") if d["notice"] else None,
        tag("dl", *(_figure(k) for k in d["key_figures"]), class_="figures"),
    ]
    sections = [_section(s, n) for n, s in enumerate(d["sections"], 1)]
    back = [
        tag("section", tag("h2", d["words"]["method"]), *(tag("p", line) for line in d["method"])),
        tag("section", tag("h2", d["words"]["sources"]), *(tag("p", s) for s in d["sources"])),
        tag("p", " · ".join(d["marks"]), class_="small"),
    ]
    main = tag("main", *front, _explorer(d, diagrams), *sections, *back, id="content")
    body = tag("body", tag("a", d["words"]["skip"], class_="skip", href="#content"), main)
    written = html(tag("html", head, body, lang=d["locale"]))
    return written.replace("</body>", f"{_scripts(diagrams)}</body>")


def _scripts(diagrams: list[Composed]) -> str:
    """Data and the chart library; '<' is escaped so that no text can end the script."""
    source = resources.files("renvand.publish") / "assets" / "echarts" / "echarts.min.js"
    data = json.dumps(diagrams, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="diagrams">{data}</script>'
        f"<script>{source.read_text(encoding='utf-8')}</script><script>{_SCRIPT}</script>"
    )


def _explorer(d: Composed, diagrams: list[Composed]) -> Node:
    options = [tag("option", one["name"], value=one["id"]) for one in diagrams]
    return tag(
        "section",
        tag("label", d["words"]["choose"], " ", tag("select", *options, id="choice")),
        tag("div", id="drawing"),
        tag(
            "details",
            tag("summary", d["words"]["show_numbers"]),
            tag("table", tag("tbody", id="numbers")),
        ),
        class_="explorer",
    )


def _figure(k: Composed) -> Node:
    number = tag("data", tag("b", k["number"]), f" {k['unit']}", value=k["why"])
    return tag("div", tag("dt", k["label"]), tag("dd", number), tag("dd", k["note"]))


def _section(section: Composed, number: int) -> Node:
    blocks = [_block(block) for block in section["blocks"]]
    return tag("section", tag("h2", f"{number}  {section['title']}"), *blocks, id=section["id"])


def _block(block: Composed) -> Node:
    if block["is"] == "chart":
        caption = tag("figcaption", block["caption"])
        return tag("figure", caption, drawing(block["svg"], alt=block["alt"]))
    if block["is"] == "table":
        heads = [
            tag("th", f"{c['title']} ({c['unit']})" if c["unit"] else c["title"], scope="col")
            for c in block["columns"]
        ]
        rows = [tag("tr", *(_cell(c) for c in row)) for row in block["rows"]]
        return tag(
            "table",
            tag("caption", block["caption"]),
            tag("thead", tag("tr", *heads)),
            tag("tbody", *rows),
        )
    if block["is"] == "listing":
        return tag("ol", *(tag("li", item) for item in block["items"]))
    return tag("p", block["text"])


def _cell(cell: Composed) -> Node:
    return tag("td", tag("data", cell["text"], value=cell["why"]) if cell["why"] else cell["text"])
