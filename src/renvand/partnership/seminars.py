"""The page of the seminars: ``[[seminar]]`` with ``[[seminar.agenda]]``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from renvand.errors import Fault, near
from renvand.knowledge.schema import Schema
from renvand.partnership.page import Known, key_of, nest, read_page
from renvand.partnership.schema import asked, page_schemas
from renvand.text import LANGUAGES

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
NAME = "seminars.toml"


def seminar_keys(table: str) -> dict[str, str]:
    """Say how the columns of 'seminar' or 'agenda' are written."""
    return {column: key_of(column) for column in page_schemas()[table].columns}


def read_seminars(
    page: Mapping[str, Any], *, known: Known, languages: tuple[str, ...] = LANGUAGES
) -> tuple[tuple[dict[str, Any], ...], list[Fault]]:
    """Judge ``seminars.toml``.

    Returns
    -------
    tuple
        The seminars as nested tables, times as ISO text with their offset; and all faults.
    """
    faults = [
        Fault(where=f"{NAME}, {key}", what="is not known.", do=near(key, ("seminar",)))
        for key in page
        if key != "seminar"
    ]
    seminars: list[dict[str, Any]] = []
    for number, entry in enumerate(_entries(page, "seminar", NAME, faults), 1):
        where = f"{NAME}, seminar {number}"
        points = _entries(entry, "agenda", where, faults)
        rest = {key: value for key, value in entry.items() if key != "agenda"}
        row = partial(_row, known=known, faults=faults, languages=languages)
        seminar = row(rest, "seminar", where)
        agenda = [row(point, "agenda", f"{where}, agenda {n}") for n, point in enumerate(points, 1)]
        faults.extend(_order(seminar, agenda, where))
        if any(seminar.get("id") == other.get("id") for other in seminars):
            what = f"repeats '{seminar.get('id')}'."
            faults.append(Fault(where=f"{where}, id", what=what, do="Give each its own."))
        seminars.append({**seminar, "agenda": agenda} if agenda else seminar)
    return tuple(seminars), faults


def _entries(
    page: Mapping[str, Any], key: str, where: str, faults: list[Fault]
) -> list[dict[str, Any]]:
    entries = page.get(key, [])
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    faults.append(Fault(where=f"{where}, {key}", what="is not a list.", do="Write [[…]] each."))
    return []


def _row(
    entry: dict[str, Any],
    table: str,
    where: str,
    *,
    known: Known,
    faults: list[Fault],
    languages: tuple[str, ...],
) -> dict[str, Any]:
    schema: Schema = asked(page_schemas()[table], languages)
    keys = seminar_keys(table)
    row, wrong = read_page(entry, schema, name=where, known=known, keys=keys)
    faults.extend(wrong)
    return nest(row, keys)


def _order(seminar: Mapping[str, Any], agenda: list[dict[str, Any]], where: str) -> list[Fault]:
    faults: list[Fault] = []
    starts, ends = seminar.get("starts"), seminar.get("ends")
    if starts and ends and dt.datetime.fromisoformat(ends) <= dt.datetime.fromisoformat(starts):
        what = f"{ends} is not after {starts}."
        faults.append(Fault(where=f"{where}, ends", what=what, do="Check the two."))
    for number, point in enumerate(agenda, 1):
        if "at" in point and not _TIME.fullmatch(point["at"]):
            what = f"'{point['at']}' is not a time of day."
            at = f"{where}, agenda {number}, at"
            faults.append(Fault(where=at, what=what, do="Write 09:30."))
    return faults
