"""What keeps reviews from being balanced, beside what is wrong in their files: all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from renvand.errors import Fault
from renvand.steps.case import ReviewData

DRAWING = ("units", "streams")  # a row of these keeps what is right in it
LINE = re.compile(r"reviews/([^/]+)/(\w+)\.csv, line (\d+)(, \w+)?$")
NAMED = re.compile(r"'([^']*)'$|, ([^',]+)$")  # what a fault of the step is about
WITHOUT = {"no stream comes from supply.": "streams", "holds no flow.": "meters"}


def review_faults(reviews: Mapping[str, ReviewData], told: Sequence[Fault]) -> Iterator[Fault]:
    """Name what keeps reviews from being balanced, past the faults of their cells.

    Parameters
    ----------
    reviews : mapping
        Read as far as it goes: a faulty cell is empty.
    told : sequence of Fault
        Faults of the folder. What only follows from one of them is not said again; a review
        with a table that is no table is not judged further.
    """
    from renvand.steps.review import check

    for name, data in reviews.items():
        own = [fault for fault in told if fault.where.startswith(f"reviews/{name}/")]
        places = [LINE.match(fault.where) for fault in own if ".csv" in fault.where]
        lines = [(m[2], int(m[3])) for m in places if m is not None and int(m[3]) > 1]
        if len(lines) < len(places):
            continue
        named = {w for table, n in lines if table in DRAWING for w in _words(data, table, n)}
        metered = {w for table, n in lines if table == "meters" for w in _words(data, table, n)}
        named |= {f"reviews/{name}/readings.csv, {word}" for word in metered}
        named |= {f.where.partition(",")[0] for f in own if "review.toml" in f.where}
        wrong = {table for table, _ in lines}
        for fault in check(name, _sound(data, lines)):
            if not named & _subjects(fault) and WITHOUT.get(fault.what) not in wrong:
                yield fault


def _subjects(fault: Fault) -> set[str]:
    """What a fault of the step is about: the last name in its place, or its file."""
    found = NAMED.search(fault.where)
    return {fault.where, *([found[1] or found[2]] if found else [])}


def _words(data: ReviewData, table: str, line: int) -> Iterator[str]:
    """What a faulty row is about."""
    frame = data.tables[table]
    at = frame.attrs["lines"].index(line) if line in frame.attrs.get("lines", ()) else None
    if at is not None:
        for column in ("id", "stream", "unit"):
            if column in frame and isinstance(frame[column].iloc[at], str):
                yield str(frame[column].iloc[at])


def _sound(data: ReviewData, lines: Sequence[tuple[str, int]]) -> ReviewData:
    """Leave faulty rows out, but those of the drawing."""
    tables: dict[str, Any] = {}
    for name, frame in data.tables.items():
        wrong = {line for table, line in lines if table == name and name not in DRAWING}
        rows = [line not in wrong for line in frame.attrs.get("lines", [True] * len(frame))]
        tables[name] = frame[rows] if wrong else frame
    return replace(data, tables=tables)
