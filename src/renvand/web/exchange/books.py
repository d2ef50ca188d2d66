"""Filled-in workbooks and surveys: taken in whole, or given back with every fault marked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from renvand.errors import Fault, FileError
from renvand.knowledge.read import DAMAGED, open_workbook
from renvand.partnership.exchange import import_workbook
from renvand.partnership.forms import import_review
from renvand.partnership.models.base import OFFICE, Sight
from renvand.partnership.record import load_case
from renvand.partnership.schema import tables
from renvand.partnership.template import FORMULA_STARTS

LARGEST_TO_MARK = 5 * 2**20  # bytes; larger ones are told on the page only
MOST_MARKED = 2000  # faults
_CELL = re.compile(r"(?P<sheet>.+)!(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})")
_RED = PatternFill("solid", start_color="FFC7CE")


def take(paths: list[Path], case: Path, *, review: str, who: str, seen: Sight) -> tuple[str, ...]:
    """Take a workbook, or what tablets sent, into the case and its record.

    Parameters
    ----------
    paths : list of path
        One workbook, or submissions of a survey.
    case : path
        The folder.
    review : str
        The review it fills, or '' for tables of the case.
    who : str
        For the history.
    seen : Sight
        Of the person: who may not see a table cannot write it.

    Raises
    ------
    FileError
        With every fault, by sheet and cell; nothing is then changed.
    """
    if review:
        written = import_review(case, review, paths)
    elif len(paths) == 1 and paths[0].suffix == ".xlsx":
        _refuse_foreign(paths[0], seen)
        written = import_workbook(paths[0], case)
    else:
        do = "Name it: small letters, digits and hyphens."
        raise FileError(Fault(where="review", what="is not named.", do=do))
    load_case(case, None, who=who)
    return written


def _refuse_foreign(path: Path, seen: Sight) -> None:
    office = {name for name, model in tables().items() if model.confidentiality == OFFICE}
    if "secretariat" in seen.roles or seen.is_all:
        return
    try:
        book = open_workbook(path, read_only=True)
    except DAMAGED as error:
        do = "Save it anew in Excel, or take a new template."
        raise FileError(Fault(where=path.name, what="is damaged.", do=do)) from error
    names = set(book.sheetnames)
    book.close()
    if foreign := sorted(names & office):
        do = "Leave the sheet out."
        raise FileError(
            Fault(where=name, what="is kept by the secretariat.", do=do) for name in foreign
        )


def marked(path: Path, faults: Sequence[Fault]) -> Path | None:
    """Write a copy of a workbook with a list of its faults, each marked in its cell.

    Returns
    -------
    path or None
        In a folder of its own; None when the workbook cannot be opened or is too large.
    """
    if path.suffix != ".xlsx" or path.stat().st_size > LARGEST_TO_MARK:
        return None
    try:
        book = open_workbook(path)
    except DAMAGED:
        return None
    sheet = book.create_sheet("_faults", 0)
    for column, (head, width) in enumerate((("cell", 24), ("what", 60), ("do", 60)), 1):
        sheet.cell(1, column, head).font = Font(bold=True)
        sheet.column_dimensions["ABC"[column - 1]].width = width
    for row, fault in enumerate(faults[:MOST_MARKED], 2):
        for column, text in enumerate((fault.where, fault.what, fault.do), 1):
            cell = sheet.cell(row, column, text)
            if text.startswith(FORMULA_STARTS):
                cell.data_type = "s"
        place = _CELL.fullmatch(fault.where)
        if place and place["sheet"] in book.sheetnames:
            at = book[place["sheet"]][place["cell"]]
            at.fill = _RED
            at.comment = Comment(f"{fault.what} {fault.do}", "renvand")
            sheet.cell(row, 1).hyperlink = f"#'{place['sheet']}'!{place['cell']}"
    folder = path.parent.with_name(secrets.token_urlsafe(16))
    folder.mkdir()
    target = folder / f"{path.stem}-faults.xlsx"
    book.save(target)
    return target
