"""A review report as a Word document that says on every page for whom it is."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts.theme import GREY, WARN
from renvand.publish.office import Paper

Composed = dict[str, Any]
SEAL = 8.0  # pt


def document(d: Composed) -> bytes:
    """Write a composed report as DOCX: real headings, tables with head rows, pictures with alt."""
    paper = Paper(d)
    _seal(paper, d)
    paper.heading(d["title"], level=0)
    paper.line(d["subtitle"], style="subtitle")
    paper.line(d["visited"], style="small")
    if d["notice"]:
        paper.line(d["notice"], style="notice")
    paper.figures(d["key_figures"], title=d["words"]["key_figures"])
    for number, section in enumerate(d["sections"], 1):
        paper.heading(f"{number}  {section['title']}", level=1)
        for block in section["blocks"]:
            _block(paper, block)
    paper.heading(d["words"]["method"], level=1)
    for line in d["method"]:
        paper.line(line)
    paper.heading(d["words"]["sources"], level=1)
    for source in d["sources"]:
        paper.line(source, style="small")
    paper.line("  ·  ".join(d["marks"]), style="small")
    return paper.data()


def _block(paper: Paper, block: Composed) -> None:
    if block["is"] in ("chart", "table"):
        paper.caption(block["caption"], block["mark"])
        (paper.chart if block["is"] == "chart" else paper.table)(block)
        for note in block["notes"]:
            paper.line(note, style="small")
    elif block["is"] == "listing":
        for number, item in enumerate(block["items"], 1):
            paper.line(item, lead=str(number))
    else:
        paper.line(block["text"])


def _seal(paper: Paper, d: Composed) -> None:
    """Put the seal at the head of every page, and the page number at its foot."""
    from docx.shared import Pt, RGBColor

    colour = WARN if d["is_confidential"] else GREY["dark"]
    for section in paper.document.sections:
        head = section.header.paragraphs[0]
        head.paragraph_format.space_after = Pt(SEAL)
        run = head.add_run(d["seal"])
        run.bold, run.font.size = d["is_confidential"], Pt(SEAL)
        run.font.color.rgb = RGBColor.from_string(colour[1:])
        _number(section.footer.paragraphs[0])


def _number(paragraph: Any) -> None:
    """Write the number of the page as a field, which Word counts itself."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        node = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            node.set(qn("w:fldCharType"), kind)
        else:
            node.text = text
        run._r.append(node)
