"""Slides that stay editable: real titles, tables, charts; fonts and language on every run."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from typing import Any

from renvand.publish.archive import fixed
from renvand.publish.charts.theme import ACCENT, GREY, INK, TINTS, width
from renvand.publish.compose import Composed

WIDTH, HEIGHT = 338.67, 190.5  # mm, 16:9
EDGE = 20.0  # mm
TOP, BOTTOM = 42.0, 174.0  # mm, of the content
ROOM = WIDTH - 2 * EDGE
LINE = 1.4  # line height of Noto Sans, of the type size
PANEL = 0.66  # of the room, where the panel at the right begins
LATIN, CHINESE = "Noto Sans", "Noto Sans SC"

Box = tuple[float, float, float, float]  # left, top, width, height [mm]


class Slides:
    """A deck that is being made, slide after slide."""

    def __init__(self, *, locale: str, title: str, author: str, on: dt.date) -> None:
        from pptx import Presentation
        from pptx.util import Mm

        self.locale, self.mm = locale, Mm
        self.deck: Any = Presentation()
        self.deck.slide_width, self.deck.slide_height = Mm(WIDTH), Mm(HEIGHT)
        about = self.deck.core_properties
        about.title, about.author, about.language = title, author, locale
        about.last_modified_by = author
        about.created = about.modified = dt.datetime.combine(on, dt.time())
        self.foot = title
        self.slide: Any = None
        self._theme()
        self._layout()

    def _theme(self) -> None:
        """Give the theme our colours and fonts, so that what a user adds looks the same."""
        from pptx.opc.constants import RELATIONSHIP_TYPE

        part = self.deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        theme = part.blob.decode("utf-8")
        theme = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{LATIN}"', theme)
        theme = re.sub(r'<a:ea typeface="[^"]*"', f'<a:ea typeface="{CHINESE}"', theme)
        theme = re.sub(r'(script="Hans" typeface=")[^"]*', rf"\g<1>{CHINESE}", theme)
        colours = (ACCENT, TINTS["mid"], TINTS["soft"], GREY["dark"], GREY["mid"], GREY["soft"])
        named = {"dk2": INK, **{f"accent{n}": c for n, c in enumerate(colours, 1)}}
        for name, colour in named.items():
            theme = re.sub(
                rf'(<a:{name}><a:srgbClr val=")[0-9A-Fa-f]{{6}}', rf"\g<1>{colour[1:]}", theme
            )
        part._blob = theme.encode("utf-8")

    def _layout(self) -> None:
        """Keep one layout, the title alone, and move its parts to the wide page."""
        kept = self.deck.slide_layouts[5]
        for layout in list(self.deck.slide_layouts):
            if layout != kept:
                self.deck.slide_layouts.remove(layout)
        for page in (self.deck.slide_master, kept):
            for shape in page.placeholders:
                kind = shape.placeholder_format.type
                if "TITLE" in str(kind):
                    self._place(shape, (EDGE, 14, ROOM, 18))
                elif "BODY" in str(kind):
                    self._place(shape, (EDGE, TOP, ROOM, BOTTOM - TOP))
                else:
                    shape.element.getparent().remove(shape.element)

    def _place(self, shape: Any, place: Box) -> None:
        x, y, wide, height = place
        shape.left, shape.top = self.mm(x), self.mm(y)
        shape.width, shape.height = self.mm(wide), self.mm(height)

    def cover(self, title: str, *lines: str) -> None:
        """Make the first slide: dark, title and two or three lines."""
        self._new(title, size=40, colour="#ffffff", y=62.0, height=34.0)
        fill = self.slide.background.fill
        fill.solid()
        fill.fore_color.rgb = _rgb(INK)
        self.box((EDGE, 104, 60, 1.2), colour=TINTS["mid"])
        for row, line in enumerate(lines):
            self.text(
                line, (EDGE, 112 + 11 * row, ROOM), size=18 if row == 0 else 14, colour="#ffffff"
            )

    def page(self, title: str, *, number: str = "") -> None:
        """Begin a slide: title, a thin rule, the foot with the page number."""
        self._new(title, size=26, colour=INK, y=14.0, height=18.0)
        self.box((EDGE, 11, 22, 1.4), colour=ACCENT)
        self.text(self.foot, (EDGE, 180, ROOM - 30), size=10, colour=GREY["dark"])
        self._page_number()
        if number:
            self.text(
                number, (WIDTH - EDGE - 60, 10, 60), size=11, colour=GREY["dark"], is_right=True
            )

    def _new(self, title: str, *, size: float, colour: str, y: float, height: float) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[0])
        shape = self.slide.shapes.title
        self._place(shape, (EDGE, y, ROOM, height))
        frame = shape.text_frame
        frame.clear()
        frame.margin_left = frame.margin_right = 0
        frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.MIDDLE, True
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self._run(frame.paragraphs[0], title, size=size, colour=colour, is_bold=True)

    def _page_number(self) -> None:
        from pptx.oxml import parse_xml
        from pptx.oxml.ns import nsdecls

        frame = self.text(
            "", (WIDTH - EDGE - 30, 180, 30), size=10, colour=GREY["dark"], is_right=True
        )
        paragraph = frame.paragraphs[0]._p
        field = parse_xml(
            f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
            f'<a:rPr lang="{self.locale}" sz="1000"/><a:t>{len(self.deck.slides)}</a:t></a:fld>'
        )
        paragraph.insert(1 if paragraph.pPr is not None else 0, field)

    def text(
        self,
        text: str,
        place: tuple[float, float, float],
        *,
        size: float,
        height: float | None = None,
        colour: str = INK,
        is_bold: bool = False,
        is_right: bool = False,
        lead: str = "",
    ) -> Any:
        """Write a paragraph at left, top and with a width. [mm]"""
        from pptx.enum.text import PP_ALIGN

        x, y, wide = place

        box = self.slide.shapes.add_textbox(
            self.mm(x), self.mm(y), self.mm(wide), self.mm(height or size * 0.6)
        )
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
        paragraph.line_spacing = 1.12
        if lead:
            self._run(paragraph, f"{lead}  ", size=size, colour=ACCENT, is_bold=True)
        if text:
            self._run(paragraph, text, size=size, colour=colour, is_bold=is_bold)
        return frame

    def more(self, frame: Any, text: str, *, size: float, lead: str = "", gap: float = 8) -> None:
        """Add a paragraph below the last one of a box."""
        from pptx.util import Pt

        paragraph = frame.add_paragraph()
        paragraph.space_before, paragraph.line_spacing = Pt(gap), 1.12
        if lead:
            self._run(paragraph, f"{lead}  ", size=size, colour=ACCENT, is_bold=True)
        self._run(paragraph, text, size=size, colour=INK)

    def _run(
        self, paragraph: Any, text: str, *, size: float, colour: str, is_bold: bool = False
    ) -> None:
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), is_bold, _rgb(colour)
        dress(run._r.get_or_add_rPr(), self.locale)

    def box(self, place: Box, *, colour: str) -> Any:
        """Draw a filled rectangle."""
        x, y, wide, height = place
        shape = self.slide.shapes.add_shape(
            1, self.mm(x), self.mm(y), self.mm(wide), self.mm(height)
        )
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(colour)
        shape.line.fill.background()
        flatten(shape)
        decorate(shape)
        return shape

    def panel(self, stats: list[tuple[str, str, str]]) -> None:
        """Write large numbers on a pale panel at the right: number, unit, what it is."""
        x, wide = EDGE + ROOM * PANEL, ROOM * (1 - PANEL)
        self.box((x, TOP, wide, BOTTOM - TOP), colour=TINTS["faint"])
        step = (BOTTOM - TOP - 8) / max(len(stats), 1)
        for row, (number, unit, name) in enumerate(stats):
            y = TOP + 6 + row * min(step, 42.0)
            line = width(number, 34 * 0.38) + width(f"  {unit}", 16 * 0.36)  # bold runs wider
            size = 34 if line < wide - 16 else 22
            frame = self.text(
                number, (x + 8, y, wide - 16), size=size, colour=ACCENT, is_bold=True, height=16
            )
            if unit:
                self._run(frame.paragraphs[0], f"  {unit}", size=16, colour=ACCENT)
            self.text(name, (x + 8, y + 16, wide - 16), size=14, colour=GREY["dark"], height=12)

    def steps(self, items: list[str]) -> None:
        """Write numbered lines over the whole slide, each under a rule."""
        step = (BOTTOM - TOP) / max(len(items), 4)
        for row, item in enumerate(items):
            y = TOP + row * step
            self.box((EDGE, y, ROOM, 0.4), colour=GREY["soft"])
            self.text(
                str(row + 1), (EDGE, y + 4, 18), size=32, colour=ACCENT, is_bold=True, height=16
            )
            self.text(item, (EDGE + 22, y + 6, ROOM - 22), size=20, height=step - 8)

    def table(self, block: Composed, *, y: float = TOP) -> None:
        """Write a table that can be edited; heads in grey, thin rules, numbers right."""
        columns, rows = block["columns"], block["rows"]
        heads = [f"{c['title']} ({c['unit']})" if c["unit"] else c["title"] for c in columns]
        texts = [heads, *([c["text"] + c["mark"] for c in row] for row in rows)]
        size = _fitting(texts, height=BOTTOM - y)
        spare = BOTTOM - y - sum(_heights(texts, _shares(texts), size=size))
        height = min(size * 0.85, 0.353 * size * LINE + 3.5 + max(spare, 0.0) / len(texts))
        frame = self.slide.shapes.add_table(
            len(texts), len(columns), self.mm(EDGE), self.mm(y), self.mm(ROOM),
            self.mm(height * len(texts)),
        )  # fmt: skip
        frame.name = block["caption"]
        describe(frame, block["caption"])
        table = frame.table
        table.horz_banding, table.first_row = False, True
        for x, share in enumerate(_shares(texts)):
            table.columns[x].width = self.mm(ROOM * share)
        for row, least in zip(table.rows, _heights(texts, _shares(texts), size=size), strict=True):
            row.height = self.mm(max(least, height))
        for row_number, row in enumerate(texts):
            edges = _edges(row_number, len(texts))
            for x, text in enumerate(row):
                self._cell(
                    table.cell(row_number, x), text, size=size - 3 * (row_number == 0),
                    colour=GREY["dark"] if row_number == 0 else INK,
                    is_right=columns[x]["is_number"], edges=edges,
                )  # fmt: skip

    def _cell(
        self,
        cell: Any,
        text: str,
        *,
        size: float,
        colour: str,
        is_right: bool,
        edges: tuple[str, str],
    ) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        cell.fill.background()
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.margin_left = cell.margin_right = self.mm(2)
        cell.margin_top = cell.margin_bottom = self.mm(0.8)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
        self._run(paragraph, text, size=size, colour=colour)
        rule(cell, edges)

    def notes(self, *lines: str) -> None:
        """Write the speaker's notes of the slide."""
        frame = self.slide.notes_slide.notes_text_frame
        frame.clear()
        for number, line in enumerate(line for line in lines if line):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            dress(run._r.get_or_add_rPr(), self.locale)

    def data(self) -> bytes:
        """Give the bytes of the file."""
        made = io.BytesIO()
        self.deck.save(made)
        return fixed(made.getvalue())


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:].upper())


def dress(properties: Any, locale: str) -> None:
    """Set language, Latin and Chinese font of a run: python-pptx sets the Latin one alone."""
    from pptx.oxml.ns import qn

    for name, family in (("a:latin", LATIN), ("a:ea", CHINESE)):
        found = properties.find(qn(name))
        if found is None:
            found = properties.makeelement(qn(name), {})
            properties.append(found)
        found.set("typeface", family)
    properties.set("lang", locale)
    if locale == "zh-CN":
        properties.set("altLang", "en-GB")


def describe(shape: Any, text: str) -> None:
    """Give a shape its alternative text."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def flatten(shape: Any) -> None:
    """Take away shadow and edge that the theme would add."""
    from pptx.oxml.ns import qn

    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def decorate(shape: Any) -> None:
    """Mark a shape as decoration: readers skip it."""
    from pptx.oxml import parse_xml

    about = shape._element.xpath(".//p:cNvPr")[0]
    about.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
            'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
            "</a:ext></a:extLst>"
        )
    )


def rule(cell: Any, colours: tuple[str, str]) -> None:
    """Draw the upper and lower border of a table cell and no other."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    properties = cell._tc.get_or_add_tcPr()
    edges = {"lnL": "", "lnR": "", "lnT": colours[0], "lnB": colours[1]}
    for place, (side, colour) in enumerate(edges.items()):
        for old in properties.findall(qn(f"a:{side}")):
            properties.remove(old)
        fill = "<a:noFill/>"
        if colour:
            fill = f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>'
        line = parse_xml(f'<a:{side} {nsdecls("a")} w="9525">{fill}</a:{side}>')
        properties.insert(place, line)


def _edges(row: int, rows: int) -> tuple[str, str]:
    """Give the colours above and below a row: ink around the head and at the end."""
    top = INK if row <= 1 else GREY["soft"]
    return top, INK if row in (0, rows - 1) else GREY["soft"]


def _shares(rows: list[list[str]]) -> list[float]:
    """Share the width among columns: what their texts need, heads and long texts wrap."""
    head, *body = rows
    longest = [
        max(
            min(max((width(row[x]) for row in body), default=0.0), 140.0),
            0.85 * max((width(word) for word in head[x].split()), default=0.0),
        )
        + 13
        for x in range(len(head))
    ]
    return [one / sum(longest) for one in longest]


def _fitting(rows: list[list[str]], *, height: float) -> float:
    """Find the largest type, 18 to 10 pt, with which a table stays on the slide. [pt]"""
    shares = _shares(rows)
    for size in range(18, 10, -1):
        if not _words_fit(rows, shares, size=size):
            continue
        if sum(_heights(rows, shares, size=size)) <= height:
            return float(size)
    return 10.0


def _heights(rows: list[list[str]], shares: list[float], *, size: float) -> list[float]:
    """Estimate how high each row gets when its texts wrap. [mm]"""
    lines = [
        max(
            math.ceil(1.06 * width(text, size * 0.353) / max(ROOM * share - 4, 1))
            for text, share in zip(row, shares, strict=True)
        )
        for row in rows
    ]
    return [0.353 * size * LINE * max(n, 1) + 3.5 for n in lines]


def _words_fit(rows: list[list[str]], shares: list[float], *, size: float) -> bool:
    """Say whether no word is wider than its column."""
    return all(
        width(word, (size - 3 * (number == 0)) * 0.353) <= ROOM * share - 4
        for number, row in enumerate(rows)
        for text, share in zip(row, shares, strict=True)
        for word in text.split()
        if not any(unicodedata.east_asian_width(c) in "WF" for c in word)
    )
