"""The list of participants: a workbook to fill in, safe to open."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from renvand.publish.archive import fixed
from renvand.publish.charts.theme import width
from renvand.publish.check import clean
from renvand.text import Words

COLUMNS = ("name", "organisation", "role", "email", "language", "diet", "consent")
EMPTY_ROWS = 60  # room for a seminar


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
