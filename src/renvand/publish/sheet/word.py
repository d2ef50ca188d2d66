"""The sheet as a Word document that a partner can edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from renvand.publish.compose import Composed
from renvand.publish.office import Paper


def document(d: Composed) -> bytes:
    """Write a composed sheet as DOCX: real headings, tables with head rows, pictures with alt."""
    paper = Paper(d)
    if d["logo"]:
        paper.logo(bytes(d["logo"]), alt=d["words"]["alt_logo"])
    paper.line(f"{d['series']}  ·  {'  ·  '.join(d['issue'])}", style="small")
    paper.heading(d["title"], level=0)
    paper.line(d["subtitle"], style="subtitle")
    paper.line("  ·  ".join(d["codes"]), style="small")
    if d["notice"]:
        paper.line(f"{d['badge']} {d['notice']}", style="notice")
    paper.figures(d["key_figures"], title=d["words"]["key_figures"])
    for number, section in enumerate(d["sections"], 1):
        paper.heading(f"{number}  {section['title']}", level=1)
        for block in section["blocks"]:
            _BLOCKS[block["is"]](paper, block)
    paper.heading(d["words"]["method"], level=1)
    for line in d["method"]:
        paper.line(line)
    paper.heading(d["words"]["behind"], level=1)
    behind = [[(cell, "") for cell in row] for row in (d["behind"]["heads"], *d["behind"]["rows"])]
    paper.rows(behind, title=d["words"]["behind"])
    paper.heading(d["words"]["sources"], level=1)
    for source in d["sources"]:
        paper.line(source, style="small")
    foot = [*d["marks"], d["contact"], d["licence"], d["url"]]
    paper.line("  ·  ".join(part for part in foot if part), style="small")
    return paper.data()


def _chart(paper: Paper, block: Composed) -> None:
    paper.caption(block["caption"], block["mark"])
    paper.chart(block)
    for note in block["notes"]:
        paper.line(note, style="small")


def _table(paper: Paper, block: Composed) -> None:
    paper.caption(block["caption"], block["mark"])
    paper.table(block)
    for note in block["notes"]:
        paper.line(note, style="small")


def _technique(paper: Paper, block: Composed) -> None:
    paper.heading(block["title"], level=2)
    for head, text in block["rows"]:
        paper.line(text, lead=head)


def _listing(paper: Paper, block: Composed) -> None:
    for number, item in enumerate(block["items"], 1):
        paper.line(item, lead=str(number))


_BLOCKS: dict[str, Callable[[Paper, Any], None]] = {
    "paragraph": lambda paper, block: paper.line(block["text"]),
    "gap": lambda paper, block: paper.line(block["text"], style="small"),
    "listing": _listing,
    "technique": _technique,
    "chart": _chart,
    "table": _table,
}
