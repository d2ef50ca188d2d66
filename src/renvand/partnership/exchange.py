"""Excel at the door of a case: its tables out, a filled-in workbook back in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge import SHIPPED, Knowledge
from renvand.knowledge.schema import SLUG, Schema
from renvand.partnership.folder import keys_of, page_keys, read_case
from renvand.partnership.page import nest
from renvand.partnership.save import Files, Table, cells, write_files
from renvand.partnership.schema import page_schemas, review_schemas, schemas
from renvand.partnership.store import rows_of
from renvand.partnership.template import template
from renvand.partnership.workbook import read_workbook
from renvand.steps.case import CaseData

if TYPE_CHECKING:
    import pandas as pd


# The record keeps a sample whose day is not yet known; whoever fills in a form is asked for it.
ASKED = {"samples": ("sampled_on",)}


def review_form() -> dict[str, Schema]:
    """Give the sheets of a review: its page as one row, then its tables."""
    page = page_schemas()["review"]
    columns = {name: rule for name, rule in page.columns.items() if name != "id"}
    tables = dict(review_schemas())
    for name, asked in ASKED.items():
        rules = tables[name].columns
        more = {column: replace(rules[column], is_required=True) for column in asked}
        tables[name] = replace(tables[name], columns={**rules, **more})
    return {"review": Schema(name="review", columns=columns, key=(), help=page.help)} | tables


def case_workbook(case: Path, path: Path, *, language: str) -> None:
    """Write the tables of a case as a workbook to go on with."""
    read = read_case(case)
    known = known_keys(read)
    template(schemas(), path, language=language, rows=read.tables, lists=_lists(known))


def review_workbook(sector: str, path: Path, *, language: str) -> None:
    """Write an empty workbook for the review of a company.

    Parameters
    ----------
    sector : str
        'textile-dyeing', …: only its kinds of process are offered.
    path : path
        The .xlsx file.
    language : str
        Of headings and help.
    """
    sectors = keys_of(SHIPPED)["sector_groups"]
    if sector not in sectors:
        what = f"'{sector}' is not known."
        raise FileError(Fault(where="sector", what=what, do=near(sector, sectors)))
    lists = _lists(keys_of(SHIPPED)) | {"process_kinds": kinds_of(sector, SHIPPED)}
    template(review_form(), path, language=language, lists=lists)


def kinds_of(sector: str, known: Knowledge) -> list[str]:
    """Name the kinds of process of a sector."""
    rows = known.rows("process_kinds")
    return sorted(row["id"] for row in rows if sector in row["sector"].split("|"))


def _lists(known: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    return {name: sorted(keys) for name, keys in known.items()}


def known_keys(case: CaseData) -> dict[str, Any]:
    """Give all keys that cells of a case may name."""
    own = {
        name: frozenset(case.tables[name]["id"])
        for name, schema in schemas().items()
        if "id" in schema.columns
    }
    if case.inbox:  # the register step makes these
        own = {name: keys for name, keys in own.items() if name not in ("enterprises", "outlets")}
    return {**keys_of(case.knowledge), "sources": frozenset(case.sources), **own}


def import_workbook(path: Path, case: Path, *, review: str = "") -> tuple[str, ...]:
    """Take a filled-in workbook into a case.

    Parameters
    ----------
    path : path
        The .xlsx file, made by :func:`case_workbook` or :func:`review_workbook`.
    case : path
        The folder.
    review : str
        Name of the review it fills; a review is replaced as a whole. Without one the sheets are
        tables of the case: rows with a known key are replaced, others added, none taken away.

    Returns
    -------
    tuple of str
        The files written.

    Raises
    ------
    FileError
        With every fault of the workbook, by sheet and cell; nothing is then written.
    """
    read = read_case(case)
    if review:
        return write_files(case, _review_files(path, review, known_keys(read)))
    frames = read_workbook(path, schemas(), known=known_keys(read))
    files: Files = {
        f"{name}.csv": _merged(read.tables[name], frame, schemas()[name])
        for name, frame in frames.items()
    }
    return write_files(case, files)


def _review_files(path: Path, review: str, known: Mapping[str, Any]) -> Files:
    if not SLUG.fullmatch(review):
        do = "Use small letters, digits and hyphens."
        raise FileError(Fault(where="review", what=f"'{review}' is not a name.", do=do))
    frames = read_workbook(path, review_form(), known=known)
    pages = rows_of(frames.pop("review")) if "review" in frames else []
    if len(pages) != 1:
        what = f"has {len(pages)} rows."
        raise FileError(Fault(where="review", what=what, do="Fill in the one row of the sheet."))
    at = f"reviews/{review}"
    tables: Files = {f"{at}/{name}.csv": _table(frame) for name, frame in frames.items()}
    return {f"{at}/review.toml": nest(pages[0], page_keys("review")), **tables}


def _table(frame: pd.DataFrame) -> Table:
    rows = tuple(cells(row) for row in rows_of(frame))
    return Table(columns=tuple(map(str, frame.columns)), rows=rows)


def _merged(old: pd.DataFrame, new: pd.DataFrame, schema: Schema) -> Table:
    merged = {tuple(row[k] for k in schema.key): row for row in rows_of(old)}
    merged |= {tuple(row[k] for k in schema.key): row for row in rows_of(new)}
    return Table(columns=tuple(schema.columns), rows=tuple(map(cells, merged.values())))
