"""The record back into a case folder: the same values, and only the files that differ."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renvand import knowledge
from renvand.errors import Fault, FileError
from renvand.partnership.database import Database, is_there
from renvand.partnership.folder import page_keys, read_case
from renvand.partnership.page import nest
from renvand.partnership.retouch import retouched
from renvand.partnership.schema import (
    ADDITIONS,
    plant_schemas,
    review_schemas,
    tables,
)
from renvand.partnership.seminars import seminar_keys
from renvand.partnership.setup import open_record
from renvand.partnership.store import Row, rows_of, stored_rows
from renvand.partnership.walk import NEEDED_IN_REVIEW
from renvand.steps.case import CaseData

PLANT_PAGES = ("plant.toml", "equipment.toml", "influent.csv", "measured.csv", "driven.csv")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A CSV file: its rows as text, by column."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


Content = Table | dict[str, Any] | str  # a table, a page, a file word for word
Files = dict[str, Content]


def save_case(database: Database, path: Path | str) -> tuple[str, ...]:
    """Write the record as a case folder.

    Parameters
    ----------
    database : path or str
        The SQLite file, or ``postgres://…``.
    path : path
        The folder, made when it is not there. What says the same already is left untouched,
        comments and all; ``inbox/`` and ``out/`` are never touched.

    Returns
    -------
    tuple of str
        The files written.

    Raises
    ------
    FileError
        When there is no record, when the folder has faults, or when it holds a review or a
        plant's page that the record does not know.
    """
    if not is_there(database):
        what, do = "is not there.", "Load a case first."
        raise FileError(Fault(where=str(database), what=what, do=do))
    open_record(database)
    folder = Path(path)
    there = files_of_case(read_case(folder)) if folder.exists() and any(folder.iterdir()) else {}
    wanted = _files_of_record()
    wanted |= _emptied(there, wanted)
    return write_files(folder, {name: c for name, c in wanted.items() if c != there.get(name)})


def write_files(folder: Path, files: Files) -> tuple[str, ...]:
    """Write files of a case and name them."""
    for name, content in files.items():
        _write(folder / name, _kept(folder / name, content) or _text(content))
    return tuple(files)


def _emptied(there: Files, wanted: Files) -> Files:
    """Tables that lost all their rows stay as headings; whole pages are not thrown away."""
    gone = {name: content for name, content in there.items() if name not in wanted}
    pages = [name for name, content in gone.items() if not isinstance(content, Table)]
    if pages:
        do = "Load the folder again, or move it away."
        raise FileError(
            Fault(where=name, what="is not in the record.", do=do) for name in sorted(pages)
        )
    return {n: Table(columns=c.columns, rows=()) for n, c in gone.items() if isinstance(c, Table)}


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.half")
    half.write_bytes(text.encode())
    half.replace(target)  # in one move: a file is old or new, never half


def _kept(target: Path, content: Content) -> str | None:
    """Write a page over one that is there: its comments stay, where that can be done."""
    if not isinstance(content, dict) or not target.is_file():
        return None
    return retouched(target.read_text(encoding="utf-8"), content)


def _text(content: Content) -> str:
    import tomli_w

    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return tomli_w.dumps(content)
    lines = io.StringIO()
    writer = csv.DictWriter(lines, content.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(content.rows)
    return lines.getvalue()


def cell(value: Any) -> str:
    """Write a value so that reading gives it back exactly."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value + 0.0).removesuffix(".0")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def cells(row: Row) -> dict[str, str]:
    """Write a row."""
    return {column: cell(value) for column, value in row.items()}


def own_sources(case: CaseData) -> dict[str, Mapping[str, Any]]:
    """Give the bibliography of the case without what is shipped."""
    shipped = knowledge.sources()
    return {key: entry for key, entry in case.sources.items() if shipped.get(key) != entry}


def _put(files: Files, name: str, rows: Sequence[Row]) -> None:
    if rows:
        files[name] = Table(columns=tuple(rows[0]), rows=tuple(cells(row) for row in rows))
    elif name.startswith("reviews/") and name.rpartition("/")[2] in NEEDED_IN_REVIEW:
        schema = review_schemas()[Path(name).stem]
        files[name] = Table(columns=tuple(schema.columns), rows=())


def files_of_case(case: CaseData) -> Files:
    """Give the files of a case as it was read."""
    files: Files = {"case.toml": dict(case.settings)}
    if sources := own_sources(case):
        files["sources.toml"] = {key: dict(entry) for key, entry in sources.items()}
    if case.seminars:
        files["seminars.toml"] = {"seminar": [dict(seminar) for seminar in case.seminars]}
    for table, frame in case.tables.items():
        _put(files, f"{table}.csv", rows_of(frame))
    for name, review in case.reviews.items():
        files[f"reviews/{name}/review.toml"] = dict(review.settings)
        for table in review_schemas():
            _put(files, f"reviews/{name}/{table}.csv", rows_of(review.tables[table]))
    for name, plant in case.plant_folders.items():
        for table in plant_schemas():
            _put(files, f"plants/{name}/{table}.csv", rows_of(plant.tables[table]))
        for page in PLANT_PAGES:
            path = case.folder / "plants" / name / page
            if path.is_file():
                files[f"plants/{name}/{page}"] = knowledge.read_text(path, name=page)
    return files


def _files_of_record() -> Files:
    from renvand.partnership import models as m

    files: Files = {}
    (case,) = stored_rows(m.Case)
    files["case.toml"] = nest(case, page_keys("case"))
    if sources := stored_rows(m.Source):
        files["sources.toml"] = {row["id"]: nest(row, _own_keys("sources")) for row in sources}
    if seminars := [_seminar(row) for row in stored_rows(m.Seminar)]:
        files["seminars.toml"] = {"seminar": seminars}
    for table, model in tables().items():
        _put(files, f"{table}.csv", stored_rows(model))
    for shelf in ADDITIONS:
        _put(files, f"{shelf}.csv", [row["cells"] for row in stored_rows(m.Addition, parent=shelf)])
    for row in stored_rows(m.Review):
        at = f"reviews/{row['id']}"
        files[f"{at}/review.toml"] = nest(row, page_keys("review"))
        review = m.Review.objects.get(slug=row["id"])
        for table, model in tables("review").items():
            _put(files, f"{at}/{table}.csv", stored_rows(model, parent=review))
    for plant in m.Plant.objects.order_by("position"):
        at = f"plants/{plant.slug}"
        for table, model in tables("plant").items():
            _put(files, f"{at}/{table}.csv", stored_rows(model, parent=plant))
        for page in stored_rows(m.PlantPage, parent=plant):
            files[f"{at}/{page['file']}"] = page["text"]
    return files


def _own_keys(table: str) -> dict[str, str]:
    return {column: column for column in page_keys(table)}


def _seminar(row: Row) -> dict[str, Any]:
    from renvand.partnership import models as m

    seminar = nest(row, seminar_keys("seminar"))
    parent = m.Seminar.objects.get(slug=row["id"])
    points = [nest(p, seminar_keys("agenda")) for p in stored_rows(m.AgendaPoint, parent=parent)]
    return {**seminar, "agenda": points} if points else seminar
