"""Submissions of the tablet survey read back: the same rules, the faults by question."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge.schema import Schema, Value, judge
from renvand.partnership.folder import either
from renvand.partnership.forms.drawing import drawn_review, form_of_sector, sectors
from renvand.partnership.forms.survey import NEW
from renvand.partnership.rules import RULES, Written
from renvand.partnership.store import rows_of

MOST_BYTES = 20_000_000  # of a submission; photographs lie in files of their own
Cells = dict[str, str]


def read_submissions(
    paths: list[Path], *, known: Mapping[str, Any]
) -> dict[str, list[dict[str, Value]]]:
    """Read what tablets sent, one file a submission, into the tables of one review.

    Parameters
    ----------
    paths : list of path
        XML instances of the survey, as ODK and Kobo keep them. The first gives the page of the
        review; the tables of all are put together.
    known : mapping
        Keys that cells may name: substances, process_kinds, sources, enterprises.

    Returns
    -------
    dict of str to list of row
        'review' with one row, and every table of the sector; units and streams that were drawn
        in the form come with them wherever nobody drew others.

    Raises
    ------
    FileError
        With every fault, by file, table, number of the repeat and question.
    """
    roots = [(path, _root(path)) for path in paths]
    sector = _sector(*roots[0])
    forms = form_of_sector(sector)
    gathered: dict[str, list[tuple[str, Cells]]] = {name: [] for name in forms}
    for number, (path, root) in enumerate(roots):
        for name, cells in _groups(root, forms):
            if name != "review" or number == 0:
                count = sum(at.startswith(f"{path.name}, {name}") for at, _ in gathered[name])
                gathered[name].append((f"{path.name}, {name}[{count + 1}]", cells))
    _draw(sector, gathered)
    return _judged(forms, gathered, known)


def _root(path: Path) -> ET.Element:
    """Parse a submission; a document type is refused, because entities could unfold without end."""
    where = path.name
    if path.stat().st_size > MOST_BYTES:
        what = f"is larger than {MOST_BYTES // 1_000_000} MB."
        raise FileError(Fault(where=where, what=what, do="Send photographs apart."))
    data = path.read_bytes()
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        what = "declares a document type."
        raise FileError(Fault(where=where, what=what, do="Export it anew from the form server."))
    try:
        return ET.fromstring(data)
    except ET.ParseError as error:
        do = "Export it anew from the form server."
        raise FileError(Fault(where=where, what=f"is not XML: {error}.", do=do)) from error


def _sector(path: Path, root: ET.Element) -> str:
    found = next((n.text or "" for n in root.iter() if _tag(n) == "review_sector"), "").strip()
    if found not in sectors():
        what = f"sector '{found}' is not known."
        raise FileError(
            Fault(where=f"{path.name}, review[1], sector", what=what, do=near(found, sectors()))
        )
    return found


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _groups(root: ET.Element, forms: Mapping[str, Schema]) -> Iterator[tuple[str, Cells]]:
    """Give each group and repeat with its answers; a new unit or stream by its own name."""
    for node in root.iter():
        name = _tag(node)
        if name not in forms or not len(node):
            continue
        cells = {_tag(child).removeprefix(f"{name}_"): (child.text or "").strip() for child in node}
        for column in forms[name].columns:
            if cells.get(column) == NEW:
                cells[column] = cells.get(f"{column}_{NEW}", "")
        if any(cells.get(column) for column in forms[name].columns if column != "basis"):
            yield name, cells


def _draw(sector: str, gathered: dict[str, list[tuple[str, Cells]]]) -> None:
    """Put what the form had drawn before what was added on the spot."""
    for table, frame in drawn_review(sector).items():
        own = {cells.get("id") for _, cells in gathered[table]}
        drawn = [
            ("the drawing of the form", {k: str(v) for k, v in row.items() if v is not None})
            for row in rows_of(frame)
            if row["id"] not in own
        ]
        gathered[table][:0] = drawn


def _judged(
    forms: Mapping[str, Schema],
    gathered: Mapping[str, list[tuple[str, Cells]]],
    known: Mapping[str, Any],
) -> dict[str, list[dict[str, Value]]]:
    within = {
        t: frozenset(cells.get("id", "") for _, cells in gathered[t]) for t in ("units", "streams")
    }
    keys = {**known, **within, **either(within)}
    faults: list[Fault] = []
    tables: dict[str, list[dict[str, Value]]] = {}
    for name, listed in gathered.items():
        schema = forms[name]
        tables[name] = []
        for at, cells in listed:
            row: dict[str, Value] = {}
            for column, rule in schema.columns.items():
                row[column], what, do = judge(cells.get(column, ""), rule, known=keys)
                if what:
                    faults.append(Fault(where=f"{at}, {column}", what=what, do=do))
            tables[name].append(row)
        written = Written(
            name=name,
            lines=tuple(range(1, len(listed) + 1)),
            rows=tuple(cells for _, cells in listed),
        )
        faults += [fault for rule in RULES.get(name, ()) for fault in rule(written)]
        faults += _repeated(name, listed, schema)
    if faults:
        raise FileError(faults)
    return tables


def _repeated(name: str, listed: list[tuple[str, Cells]], schema: Schema) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], str] = {}
    for at, cells in listed:
        key = tuple(cells.get(column, "") for column in schema.key)
        if name != "review" and all(key) and key in seen:
            yield Fault(where=at, what=f"repeats {', '.join(key)} of {seen[key]}.", do="Keep one.")
        seen.setdefault(key, at)
