"""Before and after a visit: the form of a company written out, and read back into its review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from renvand.errors import Fault, FileError, near
from renvand.knowledge.schema import SLUG
from renvand.partnership.exchange import import_workbook, kinds_of, known_keys
from renvand.partnership.folder import keys_of, page_keys, read_case
from renvand.partnership.forms.drawing import drawn_review, form_of_sector, require_sector
from renvand.partnership.forms.export import is_export
from renvand.partnership.forms.submission import read_submissions
from renvand.partnership.forms.survey import survey_workbook
from renvand.partnership.page import nest, unnest
from renvand.partnership.save import Files, Table, cells, write_files
from renvand.partnership.store import rows_of
from renvand.partnership.template import template
from renvand.steps.case import ReviewData

if TYPE_CHECKING:
    import pandas as pd

FORMS = ("xlsx", "xlsform", "csv")
SENT = {".xml", ".csv", ".xlsx"}  # endings of submissions


def review_template(
    case: Path, review: str, path: Path, *, sector: str = "", form: str = "xlsx", language: str
) -> tuple[str, ...]:
    """Write the form of a review.

    Parameters
    ----------
    case : path
        The folder of the case.
    review : str
        Name of the review. One that exists gives its own rows, another the usual units and
        streams of the sector.
    path : path
        File to write; a folder for 'csv'.
    sector : str
        Of a new review; otherwise that of the review.
    form : str
        'xlsx', a workbook; 'xlsform', a survey for tablets; 'csv', the tables as files.
    language : str
        Of headings and help.

    Returns
    -------
    tuple of str
        Files written.

    Raises
    ------
    FileError
        For an unknown form or sector.
    """
    if form not in FORMS:
        raise FileError(Fault(where="form", what=f"'{form}' is not known.", do=near(form, FORMS)))
    data = read_case(case)
    own = data.reviews.get(review)
    sector = sector or (str(own.settings["sector"]) if own else "")
    require_sector(sector)
    if form == "xlsform":
        survey_workbook(sector, path, language=language, known=data.knowledge)
        return (str(path),)
    rows = dict(own.tables) | {"review": _page(own)} if own else drawn_review(sector)
    forms = form_of_sector(sector)
    if form == "csv":
        files: Files = {
            f"{name}.csv": Table(
                columns=tuple(schema.columns),
                rows=tuple(cells(row) for row in rows_of(rows[name])) if name in rows else (),
            )
            for name, schema in forms.items()
            if name != "review"
        }
        path.mkdir(parents=True, exist_ok=True)
        return tuple(str(path / name) for name in write_files(path, files))
    known = data.knowledge
    lists = {k: sorted(v) for k, v in {**keys_of(known), "sources": data.sources}.items()}
    lists["process_kinds"] = kinds_of(sector, known)
    shown = {name: frame for name, frame in rows.items() if name in forms}
    template(forms, path, language=language, rows=shown, lists=lists)
    return (str(path),)


def _page(review: ReviewData) -> pd.DataFrame:
    """Give the page of a review as the one row of a sheet."""
    import pandas as pd

    return pd.DataFrame([unnest(dict(review.settings), page_keys("review"))])


def import_review(case: Path, review: str, files: list[Path]) -> tuple[str, ...]:
    """Read a filled-in workbook, or submissions of tablets, into a review of a case.

    Parameters
    ----------
    case : path
        The folder.
    review : str
        Name of the review; it is replaced as a whole.
    files : list of path
        One .xlsx filled in; or submissions: .xml each, or the .csv or .xlsx that a server exports.

    Returns
    -------
    tuple of str
        Files written: ``review.toml`` and one table for each that has rows.

    Raises
    ------
    FileError
        With every fault, by cell or by question; nothing is then written.
    """
    endings = {path.suffix.lower() for path in files}
    if endings == {".xlsx"} and len(files) == 1 and not is_export(files[0]):
        return import_workbook(files[0], case, review=review)
    if not files or not endings <= SENT:
        what = "one workbook (.xlsx), or submissions of the survey (.xml, .csv or .xlsx), are read."
        do = "Give only such files."
        raise FileError(Fault(where=", ".join(path.name for path in files), what=what, do=do))
    if not SLUG.fullmatch(review):
        do = "Use small letters, digits and hyphens."
        raise FileError(Fault(where="review", what=f"'{review}' is not a name.", do=do))
    tables = read_submissions(files, known=known_keys(read_case(case)))
    page = tables.pop("review")
    if len(page) != 1:
        raise FileError(
            Fault(where=files[0].name, what="has no page of the review.", do="Fill it in first.")
        )
    made: Files = {f"reviews/{review}/review.toml": nest(page[0], page_keys("review"))}
    for name, rows in tables.items():
        if rows:
            columns = tuple(form_of_sector(str(page[0]["sector"]))[name].columns)
            written = tuple(cells(row) for row in rows)
            made[f"reviews/{review}/{name}.csv"] = Table(columns=columns, rows=written)
    return write_files(case, made)
