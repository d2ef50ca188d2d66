"""Word documents in three languages: fonts, languages and styles set once."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from renvand.publish.archive import fixed
from renvand.publish.charts.theme import ACCENT, GREY, INK, width
from renvand.publish.compose import Composed
from renvand.publish.paper import picture

TEXT_WIDTH = 170.0  # mm on A4
SIZES = {
    "text": 10.0,
    "small": 8.0,
    "subtitle": 12.0,
    "notice": 9.0,
    "caption": 8.5,
    "cell": 9.0,
}  # pt
LOGO = 10.0  # mm high
MANY = 5  # columns: a table with more is set smaller
LONGEST = 60.0  # mm that a column asks for at most
PADDING = 4.2  # mm left and right of a cell's text
MM_PER_POINT = 0.353
BOLD = 1.22  # heads are bold, and fonts differ where ours are not installed
HEADINGS = {0: 26.0, 1: 13.0, 2: 10.5}  # pt


class Paper:
    """A Word document that is being written from top to bottom."""

    def __init__(self, d: Composed) -> None:
        from docx import Document
        from docx.shared import Mm

        self.locale: str = d["locale"]
        self.document: Any = Document()
        for section in self.document.sections:
            section.page_width, section.page_height = Mm(210), Mm(297)
            section.left_margin = section.right_margin = Mm(20)
            section.top_margin = section.bottom_margin = Mm(18)
        self._dress()
        about = self.document.core_properties
        about.title, about.subject, about.language = d["title"], d["series"], d["locale"]
        about.author = d.get("contact", "")
        about.comments = ""
        day = dt.datetime.fromisoformat(d["issued_on"])
        about.created = about.modified = day
        about.last_modified_by, about.revision = "", 1

    def _dress(self) -> None:
        from docx.shared import Pt, RGBColor

        styles = self.document.styles
        names = ["Normal", "Title", *(f"Heading {n}" for n in (1, 2))]
        for name in names:
            style = styles[name]
            self._fonts(style.element.get_or_add_rPr())
            style.font.color.rgb = RGBColor.from_string(INK[1:])
        for level, size in HEADINGS.items():
            style = styles["Title" if level == 0 else f"Heading {level}"]
            style.font.size, style.font.bold = Pt(size), True
            style.paragraph_format.space_before = Pt(0 if level == 0 else 12)
            style.paragraph_format.space_after = Pt(4)
        for border in styles["Title"].element.xpath(".//w:pBdr"):
            border.getparent().remove(border)
        normal = styles["Normal"]
        normal.font.size = Pt(SIZES["text"])
        normal.paragraph_format.space_after = Pt(4)

    def _fonts(self, properties: Any) -> None:
        """Set Latin and Chinese font and the language, which python-docx leaves to Word."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = OxmlElement("w:rFonts")
            properties.insert(0, fonts)
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for name, family in (
            ("ascii", "Noto Sans"), ("hAnsi", "Noto Sans"), ("cs", "Noto Sans"),
            ("eastAsia", "Noto Sans SC"),
        ):  # fmt: skip
            fonts.set(qn(f"w:{name}"), family)
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        language = OxmlElement("w:lang")
        latin = "en-GB" if self.locale == "zh-CN" else self.locale
        language.set(qn("w:val"), latin)
        language.set(qn("w:eastAsia"), "zh-CN")
        properties.append(language)

    def heading(self, text: str, *, level: int) -> None:
        """Write a heading; level 0 is the title."""
        self.document.add_heading(text, level=level)

    def line(self, text: str, *, style: str = "text", lead: str = "") -> None:
        """Write a paragraph, with a lead-in in the accent colour if given."""
        from docx.shared import Pt, RGBColor

        paragraph = self.document.add_paragraph()
        if lead:
            run = paragraph.add_run(f"{lead}  ")
            run.bold, run.font.color.rgb = True, RGBColor.from_string(ACCENT[1:])
        run = paragraph.add_run(text)
        run.font.size = Pt(SIZES[style])
        if style in ("small", "subtitle"):
            run.font.color.rgb = RGBColor.from_string(GREY["dark"][1:])
        if style == "notice":
            run.bold = True

    def caption(self, text: str, mark: str) -> None:
        """Write the caption of a table or chart and keep it with what follows."""
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run(text)
        run.bold, run.font.size = True, Pt(SIZES["caption"])
        if mark:
            paragraph.add_run(mark).font.superscript = True

    def chart(self, block: Composed) -> None:
        """Put a chart in as a picture with its alternative text."""
        from docx.shared import Mm

        wide = min(TEXT_WIDTH, block["width"] * TEXT_WIDTH / 505.0 * 1.35)
        image = picture(block["svg"], width=block["width"], height=block["height"])
        shape = self.document.add_picture(io.BytesIO(image), width=Mm(wide))
        about = shape._inline.docPr
        about.set("descr", block["alt"])
        about.set("title", block["caption"])

    def logo(self, picture: bytes, *, alt: str) -> None:
        """Put a logo at the right of a line of its own."""
        from docx.shared import Mm

        shape = self.document.add_picture(io.BytesIO(picture), height=Mm(LOGO))
        shape._inline.docPr.set("descr", alt)
        self.document.paragraphs[-1].alignment = 2  # WD_ALIGN_PARAGRAPH.RIGHT

    def figures(self, figures: list[Composed], *, title: str) -> None:
        """Write the key figures as a row of cells."""
        if not figures:
            return
        numbers = [(f"{k['number']} {k['unit']}".strip(), k["mark"]) for k in figures]
        labels, notes = ([(k[part], "") for k in figures] for part in ("label", "note"))
        self.rows([labels, numbers, notes], title=title, big=1)

    def table(self, block: Composed) -> None:
        """Write a table; its head row is repeated on every page."""
        heads = [
            (f"{c['title']} ({c['unit']})" if c["unit"] else c["title"], "")
            for c in block["columns"]
        ]
        body = [[(c["text"], c["mark"]) for c in row] for row in block["rows"]]
        right = [c["is_number"] for c in block["columns"]]
        self.rows([heads, *body], title=block["caption"], right=right)

    def rows(
        self,
        rows: list[list[tuple[str, str]]],
        *,
        title: str,
        right: list[bool] | None = None,
        big: int | None = None,
    ) -> None:
        """Write rows of text and mark, the first row as head.

        Parameters
        ----------
        rows : list of list of (text, mark)
            All of one length.
        title : str
            What the table shows, for readers who do not see it.
        right : list of bool, optional
            Columns that stand right.
        big : int, optional
            A row to write large.
        """
        from docx.shared import Mm

        size = SIZES["cell"] if len(rows[0]) <= MANY else SIZES["small"]
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        table.style, table.autofit = "Table Grid", False
        _rule(table)
        _describe(table, title)
        cells = [list(row.cells) for row in table.rows]
        for y, row in enumerate(rows):
            for x, (text, mark) in enumerate(row):
                paragraph = cells[y][x].paragraphs[0]
                self._cell(
                    paragraph, text, mark=mark, size=16 if y == big else size, is_head=y == 0
                )
                if right and right[x]:
                    paragraph.alignment = 2  # WD_ALIGN_PARAGRAPH.RIGHT
        for x, wide in enumerate(_widths(rows, size)):
            table.columns[x].width = Mm(wide)
            for row in cells:
                row[x].width = Mm(wide)
        self.document.add_paragraph().paragraph_format.space_after = 0

    def _cell(self, paragraph: Any, text: str, *, mark: str, size: float, is_head: bool) -> None:
        from docx.shared import Pt, RGBColor

        is_big = size > SIZES["subtitle"]
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(size), is_head or is_big
        if is_big:
            run.font.color.rgb = RGBColor.from_string(ACCENT[1:])
        if mark:
            raised = paragraph.add_run(mark)
            raised.font.size, raised.font.superscript = Pt(min(size, 9)), True

    def data(self) -> bytes:
        """Give the bytes of the file."""
        made = io.BytesIO()
        self.document.save(made)
        return fixed(made.getvalue())


def _describe(table: Any, title: str) -> None:
    """Say what a table shows, and repeat its head row on every page."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    about = OxmlElement("w:tblCaption")
    about.set(qn("w:val"), title)
    table._tbl.tblPr.append(about)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)


def _widths(rows: list[list[tuple[str, str]]], size: float) -> list[float]:
    """Share the width among columns: every word fits, long texts get what is left. [mm]"""
    columns = [[row[x][0] for row in rows] for x in range(len(rows[0]))]
    least = [max(_wide(word, size) for text in own for word in _words(text)) for own in columns]
    wanted = [min(max(_wide(text, size) for text in own), LONGEST) for own in columns]
    room = TEXT_WIDTH - sum(least)
    more = [max(w - one, 0.0) for w, one in zip(wanted, least, strict=True)]
    if room <= 0 or not sum(more):
        return [TEXT_WIDTH * one / sum(least) for one in least]
    return [one + room * extra / sum(more) for one, extra in zip(least, more, strict=True)]


def _wide(text: str, size: float) -> float:
    """Estimate the width of a cell. [mm]"""
    return width(text, size * MM_PER_POINT * BOLD) + PADDING


def _words(text: str) -> list[str]:
    """Split a text where a line may break: at spaces, and between hanzi."""
    return re.findall(r"[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+", text) or [
        ""
    ]


def _rule(table: Any) -> None:
    """Draw horizontal rules only."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        is_drawn = side in ("top", "bottom", "insideH")
        line.set(qn("w:val"), "single" if is_drawn else "nil")
        line.set(qn("w:sz"), "8" if side != "insideH" else "4")
        line.set(qn("w:color"), (INK if side != "insideH" else GREY["soft"])[1:])
        borders.append(line)
    table._tbl.tblPr.append(borders)
