"""The sheet as a web page: one file, no script, nothing fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Callable
from importlib import resources
from typing import Any

from renvand.publish.compose import Composed
from renvand.publish.markup import Child, Node, drawing, html, tag


def page(d: Composed) -> str:
    """Write a composed sheet as a self-contained, accessible page.

    Parameters
    ----------
    d : dict
        From :func:`renvand.publish.compose.compose`.
    """
    style = (resources.files("renvand.publish") / "sheet" / "sheet.css").read_text("utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="description", content=d["lead"]),
        tag("title", f"{d['title']} – {d['series']}"),
        tag("style", style),
    )
    sides = _sides(d["rows"])
    sections = [_section(s, n, d=d, side=sides.get(n, "")) for n, s in enumerate(d["sections"])]
    main = tag("main", *_front(d), *sections, *_back(d), id="content", tabindex="-1")
    body = tag("body", tag("a", d["words"]["skip"], class_="skip", href="#content"), main)
    return html(tag("html", head, body, lang=d["locale"]))


def _front(d: Composed) -> list[Node]:
    issue = tag("p", tag("strong", d["series"]), " · ".join(["", *d["issue"]]), class_="issue")
    picture = base64.b64encode(bytes(d["logo"])).decode("ascii")
    parts = [
        issue,
        *(
            [
                tag(
                    "img",
                    src=f"data:image/png;base64,{picture}",
                    alt=d["words"]["alt_logo"],
                    class_="logo",
                )
            ]
            if picture
            else []
        ),
        tag("h1", d["title"]),
        tag("p", d["subtitle"], class_="subtitle"),
        tag("p", " · ".join(d["codes"]), class_="small"),
    ]
    if d["notice"]:
        parts.append(tag("p", tag("strong", d["badge"]), " ", d["notice"], class_="notice"))
    figures = [
        tag(
            "div",
            tag("dt", k["label"]),
            tag("dd", _number(k), class_="number"),
            tag("dd", k["note"], class_="small"),
        )
        for k in d["key_figures"]
    ]
    return [
        tag("header", *parts),
        tag(
            "section",
            tag("h2", d["words"]["key_figures"], class_="hidden"),
            tag("dl", *figures, class_="figures"),
        ),
    ]


def _number(k: Composed) -> Node:
    if k["is_gap"]:
        return tag("span", k["number"], class_="gap")
    first = k["why"].split()[0]
    shown = tag("a", tag("b", k["number"]), href=f"#{first}", class_="why")
    return tag("data", shown, f" {k['unit']}", _raised(k["mark"]), value=k["why"])


def _raised(mark: str) -> Child:
    return tag("sup", mark) if mark else None


def _sides(rows: list[list[Composed]]) -> dict[int, str]:
    """Name the sections that stand beside each other, as on paper, and whole."""
    sides: dict[int, str] = {}
    for row in rows:
        if len(row) == 2 and all(part["head"] for part in row):
            sides |= {row[0]["section"]: "first-half", row[1]["section"]: "second-half"}
    return sides


def _section(section: Composed, number: int, *, d: Composed, side: str) -> Node:
    title = tag("h2", tag("span", f"{number + 1} ", class_="no"), section["title"])
    blocks = [_BLOCKS[block["is"]](block, d) for block in section["blocks"]]
    return tag("section", title, *blocks, id=section["id"], class_=f"part {side}".strip())


def _paragraph(block: Composed, _: Composed) -> Node:
    return tag("p", block["text"])


def _gap(block: Composed, _: Composed) -> Node:
    return tag("p", block["text"], class_="withheld")


def _listing(block: Composed, _: Composed) -> Node:
    return tag("ol", *(tag("li", item) for item in block["items"]))


def _technique(block: Composed, _: Composed) -> Node:
    rows = [part for head, text in block["rows"] for part in (tag("dt", head), tag("dd", text))]
    return tag("div", tag("h3", block["title"]), tag("dl", *rows, class_="technique"))


def _chart(block: Composed, d: Composed) -> Node:
    head, *rows = block["rows"]
    numbers = tag(
        "details",
        tag("summary", d["words"]["show_numbers"]),
        _wide(
            tag(
                "table",
                tag("caption", block["caption"], class_="hidden"),
                tag("thead", tag("tr", *(_head(cell) for cell in head))),
                tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)),
            )
        ),
    )
    return tag(
        "figure",
        tag("figcaption", block["caption"], _raised(block["mark"])),
        drawing(block["svg"], alt=block["alt"]),
        *(tag("p", note, class_="small") for note in block["notes"]),
        numbers,
    )


def _head(text: str, *, class_: str = "") -> Node:
    """Give a head cell; an empty one is no head."""
    more = {"class_": class_} if class_ else {}
    return tag("th", text, scope="col", **more) if text else tag("td")


def _table(block: Composed, _: Composed) -> Node:
    heads = [
        _head(
            f"{c['title']} ({c['unit']})" if c["unit"] else c["title"],
            class_="right" if c["is_number"] else "",
        )
        for c in block["columns"]
    ]
    rows = [
        tag("tr", *(_cell(c, column) for c, column in zip(row, block["columns"], strict=True)))
        for row in block["rows"]
    ]
    table = tag(
        "table",
        tag("caption", block["caption"], _raised(block["mark"])),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
    )
    notes = [tag("p", note, class_="small") for note in block["notes"]]
    return tag("div", _wide(table), *notes)


def _wide(table: Node) -> Node:
    """Let a table that is wider than the screen be moved, also with the keyboard."""
    return tag("div", table, class_="wide", tabindex="0", role="group")


def _cell(c: Composed, column: Composed) -> Node:
    text: Child = c["text"]
    if c["why"]:
        shown = tag("a", c["text"], href=f"#{c['why']}", class_="why")
        text = tag("data", shown, value=c["why"])
    if c["is_gap"]:
        text = tag("span", c["text"], class_="gap")
    more = {"class_": "right"} if column["is_number"] else {}
    return tag("td", text, _raised(c["mark"]), **more)


def _back(d: Composed) -> list[Node]:
    words, behind = d["words"], d["behind"]
    made = tag(
        "table",
        tag("caption", words["behind"], class_="hidden"),
        tag("thead", tag("tr", *(_head(h) for h in behind["heads"]))),
        tag("tbody", *(tag("tr", *(tag("td", c) for c in row)) for row in behind["rows"])),
    )
    foot = [f"{words['contact']}: {d['contact']}"] if d["contact"] else []
    return [
        tag("section", tag("h2", words["method"]), *(tag("p", line) for line in d["method"])),
        tag("section", tag("h2", words["behind"]), _wide(made)),
        _numbers(d["facts"]),
        tag(
            "section",
            tag("h2", words["sources"]),
            tag("ul", *(tag("li", s) for s in d["sources"])),
        ),
        tag("footer", tag("p", " · ".join([*d["marks"], *foot, *filter(None, [d["licence"]])]))),
    ]


def _numbers(facts: Composed) -> Node:
    """List every number under its id: each number above leads here."""
    rows = [tag("tr", *(tag("td", cell) for cell in row), id=row[0]) for row in facts["rows"]]
    table = tag(
        "table",
        tag("caption", facts["title"], class_="hidden"),
        tag("thead", tag("tr", *(_head(head) for head in facts["heads"]))),
        tag("tbody", *rows),
    )
    return tag("section", tag("details", tag("summary", facts["title"]), _wide(table)))


_BLOCKS: dict[str, Callable[[Any, Composed], Node]] = {
    "paragraph": _paragraph,
    "gap": _gap,
    "listing": _listing,
    "technique": _technique,
    "chart": _chart,
    "table": _table,
}
