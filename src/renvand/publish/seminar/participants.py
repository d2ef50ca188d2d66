"""The list of participants: a workbook to fill in, safe to open."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError
from renvand.knowledge.read import DAMAGED, open_workbook
from renvand.publish import paper
from renvand.publish.archive import fixed
from renvand.publish.charts.theme import width
from renvand.publish.check import clean, drawable, missing_glyphs
from renvand.publish.compose import Composed
from renvand.text import LANGUAGES, Words
from renvand.text.words import catalogue

COLUMNS = ("name", "organisation", "role", "email", "language", "diet", "consent")
EMPTY_ROWS = 60  # room for a seminar
PER_PAGE = 10  # badges


def participant_list(
    participants: Sequence[Mapping[str, str]], language: str, *, title: str, on: dt.date
) -> bytes:
    """Write the list of participants as a workbook.

    Parameters
    ----------
    participants : sequence of mapping
        Who is known; keys as in ``COLUMNS``.
    language : str
        'da', 'en' or 'zh'.
    title : str
        Name of the seminar.
    on : date
        The day the file is made.

    Returns
    -------
    bytes
        An xlsx. Whatever a person writes as a name stays text: no cell is a formula.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    say = Words(language)
    book = Workbook()
    page: Any = book.active
    page.title = clean(say("seminar.participants"))[:31]
    write_text(page.cell(1, 1), title)
    page.cell(1, 1).font = Font(name="Noto Sans", bold=True, size=14)
    heads = [say(f"seminar.column_{name}") for name in COLUMNS]
    for x, head in enumerate(heads, 1):
        write_text(page.cell(3, x), head)
        page.cell(3, x).font = Font(name="Noto Sans", bold=True, color="FFFFFF")
        page.cell(3, x).fill = PatternFill("solid", fgColor="0B6B86")
    for y, person in enumerate(participants, 4):
        for x, name in enumerate(COLUMNS, 1):
            write_text(page.cell(y, x), person.get(name, ""))
    for x, head in enumerate(heads):
        page.column_dimensions["ABCDEFG"[x]].width = max(
            width(head) / 5, (28, 34, 20, 30)[min(x, 3)] if x < 4 else 14
        )
    page.freeze_panes = "A4"
    page.auto_filter.ref = f"A3:G{3 + max(len(participants), 1) + EMPTY_ROWS}"
    _choose(page, say, last=3 + len(participants) + EMPTY_ROWS)
    page.print_title_rows = "3:3"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.title, book.properties.creator = clean(title), "Renvand"
    book.properties.created = book.properties.modified = dt.datetime.combine(on, dt.time())
    made = io.BytesIO()
    book.save(made)
    return fixed(made.getvalue(), is_inner=True)


def read_participants(path: Path) -> list[dict[str, str]]:
    """Read a filled list back: rows under the heads of any of the three languages.

    Parameters
    ----------
    path : Path
        The workbook that :func:`participant_list` wrote.

    Raises
    ------
    FileError
        When it cannot be opened or its heads are others.
    """
    rows = rows_of(path)
    known = {
        catalogue()[f"seminar.column_{name}"][language]: name
        for name in COLUMNS
        for language in LANGUAGES
    }
    for place, row in enumerate(rows[:10]):
        if row and known.get(row[0]) == "name":
            heads = [known.get(head, "") for head in row]
            body = [dict(zip(heads, cells, strict=False)) for cells in rows[place + 1 :]]
            return [person for person in body if person.get("name") or person.get("organisation")]
    what = "has no row of heads that begins with the name."
    raise FileError(Fault(where=path.name, what=what, do="Fill in the list that renvand wrote."))


def rows_of(path: Path) -> list[list[str]]:
    """Read the first sheet of a workbook as rows of text.

    Raises
    ------
    FileError
        When it cannot be opened.
    """
    try:
        held = io.BytesIO(path.read_bytes())
        page: Any = open_workbook(held, read_only=True, data_only=True).worksheets[0]
        return [["" if v is None else str(v) for v in row] for row in page.values]
    except DAMAGED as error:
        fault = Fault(where=path.name, what="cannot be opened.", do="Save it anew as xlsx.")
        raise FileError(fault) from error


def badges(people: Sequence[Mapping[str, str]], page: Composed) -> bytes:
    """Set name badges, ten a page; the last page is filled with empty ones to write on.

    Parameters
    ----------
    people : sequence of mapping
        ``name``, ``organisation``, ``role``.
    page : dict
        Of :func:`renvand.publish.seminar.letter.letter`.

    Raises
    ------
    FileError
        When the shipped fonts cannot write a name.
    """
    names = ("name", "organisation", "role")
    wrong = [
        Fault(
            where=f"badge of '{drawable(text)[:40]}'",
            what=f"the shipped fonts lack {', '.join(missing_glyphs(text)[:5])}.",
            do="Write it with characters of GB 2312 or Latin.",
        )
        for person in people
        for text in (person.get(k, "") for k in names)
        if missing_glyphs(text)
    ]
    if wrong:
        raise FileError(wrong)
    filled = [{k: clean(person.get(k, "")) for k in names} for person in people]
    empty = -len(filled) % PER_PAGE or (0 if filled else PER_PAGE)
    return paper.pdf(
        "seminar/badge.typ", page | {"people": filled + [dict.fromkeys(names, "")] * empty}
    )


def write_text(cell: Any, text: str) -> None:
    """Write text that a spreadsheet will never run, also when it begins with '='."""
    cell.value = clean(text)
    cell.data_type = "s"
    if cell.value[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True  # stays text when somebody edits it


def _choose(page: Any, say: Words, *, last: int) -> None:
    """Let the consent column take yes or no only."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = f'"{say("seminar.yes")},{say("seminar.no")}"'
    rule = DataValidation(type="list", formula1=words, allow_blank=True, showErrorMessage=True)
    rule.add(f"G4:G{last}")
    page.add_data_validation(rule)
