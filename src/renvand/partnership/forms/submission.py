"""Submissions of the tablet survey read back: the same rules, the faults by question."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge.schema import Schema, Value, judge
from renvand.partnership.exchange import review_form
from renvand.partnership.folder import either
from renvand.partnership.forms.drawing import drawn_review, form_of_sector, sectors
from renvand.partnership.forms.export import Answers, Cells, answered, read_export
from renvand.partnership.rules import RULES, Written
from renvand.partnership.store import rows_of

MOST_BYTES = 20_000_000  # of a submission; photographs lie in files of their own


def read_submissions(
    paths: list[Path], *, known: Mapping[str, Any]
) -> dict[str, list[dict[str, Value]]]:
    """Read what tablets sent into the tables of one review.

    Parameters
    ----------
    paths : list of path
        XML instances of the survey, one a submission, or what ODK Central (.csv) and Kobo
        (.xlsx) export of all. The first page is that of the review; the tables of all
        submissions are put together.
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
    answers = [a for path in paths for a in _answers(path)]
    sector = _sector(paths[0], answers)
    forms = form_of_sector(sector)
    gathered: dict[str, list[tuple[str, Cells]]] = {name: [] for name in forms}
    counts = Counter[tuple[str, str]]()
    for a in answers:
        if a.table in forms and not (a.table == "review" and gathered["review"]):
            counts[a.file, a.table] += 1
            at = f"{a.file}, {a.table}[{counts[a.file, a.table]}]"
            gathered[a.table].append((at, a.cells))
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


def _sector(path: Path, answers: Sequence[Answers]) -> str:
    found = next((a.cells.get("sector", "") for a in answers if a.table == "review"), "")
    if found not in sectors():
        what = f"sector '{found}' is not known."
        raise FileError(
            Fault(where=f"{path.name}, review[1], sector", what=what, do=near(found, sectors()))
        )
    return found


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _answers(path: Path) -> Iterator[Answers]:
    """Give each group and repeat of a file with its answers."""
    if path.suffix.lower() != ".xml":
        yield from read_export(path)
        return
    forms = review_form()
    for node in _root(path).iter():
        name = _tag(node)
        if name in forms and len(node):
            said = {_tag(c).removeprefix(f"{name}_"): (c.text or "").strip() for c in node}
            yield from answered(path.name, name, said, forms[name])


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
