"""Read water-network cases as they come in files; all faults at once.

The format is described in docs/reference/water-network-format.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.waternet.case import (
    LOAD_FACTORS,
    Fresh,
    Objective,
    Operation,
    Sink,
    Source,
    Treatment,
    WaterCase,
)
from renvand.waternet.rinse import RinseCase

Page = Mapping[str, Any]

_REMARKS = {"published", "source", "confidence", "note", "verified", "extra_runs", "best_bracket"}
_KEYS = {
    "case": {
        *("id", "kind", "unit", "objective", "contaminants", "fresh", "ops", "sources", "sinks"),
        *("treat", "limit", "limit_load", "treat_mult", "local_recycle", "hours", "annualisation"),
        *("pipe_cost", "pipe_cost_m", "pipe_least", "distances", "today"),
        *("most_pipes", "most_into", "most_from", "forbidden", "forced", "extra_constraint"),
    },
    "fresh": {"name", "conc", "cost", "max"},
    "ops": {"name", "load", "cin", "cout", "flow", "flow_max", "loss"},
    "sources": {"name", "flow", "conc"},
    "sinks": {"name", "flow", "cmax"},
    "treat": {
        *("name", "rem", "cout", "cinmax", "fmax", "recovery", "once", "inv", "alpha", "op"),
    },
}
_OBJECTIVES: dict[str, Objective] = {
    "fresh": "fresh",
    "treatment": "treatment",
    "sum of treatment flows": "treatment",
    "fresh+treatment": "fresh+treatment",
    "fresh + sum of treatment flows": "fresh+treatment",
    "cost": "cost",
    "annual cost": "cost",
    "npv": "npv",
    "net present value": "npv",
}
# Collections whose published optima count a unit's own outlet as a source for it.
_RECYCLING_KINDS = ("effluent_treatment", "fixed_load_multi+sinks/sources")
_ONCE = re.compile(r"F_(?P<name>.+?) <= fresh\b")


@dataclass
class _Reader:
    """Collects faults while it reads one case."""

    name: str
    contaminants: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list[Fault])

    def fault(self, where: str, what: str, *, do: str) -> None:
        self.faults.append(Fault(where=f"{self.name}, {where}", what=what, do=do))

    def keys(self, page: Page, where: str, *, kind: str) -> None:
        allowed = _KEYS[kind] | (_REMARKS if kind == "case" else set())
        for key in page:
            if key not in allowed:
                self.fault(where, f"'{key}' is not known.", do=near(key, allowed))

    def number(
        self, page: Page, key: str, *, where: str, default: float | None = None, most: float = 1e12
    ) -> float:
        value = page.get(key, default)
        if value is None and key not in page:
            self.fault(where, f"lacks '{key}'.", do="Add it.")
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(where, f"'{key}' is {value!r}, not a number.", do="Write a number.")
            return 0.0
        if not math.isfinite(value) or value < 0:
            self.fault(where, f"'{key}' is {value:g}.", do="Give 0 or more.")
            return 0.0
        if value > most:
            self.fault(where, f"'{key}' is {value:g}; the most is {most:g}.", do="Check the unit.")
            return 0.0
        return float(value)

    def maybe(self, page: Page, key: str, *, where: str) -> float | None:
        return self.number(page, key, where=where) if page.get(key) is not None else None

    def count(self, page: Page, key: str) -> int | None:
        value = self.maybe(page, key, where="case")
        if value is not None and value != int(value):
            self.fault("case", f"'{key}' is {value:g}.", do="Give a whole number.")
        return None if value is None else int(value)

    def amounts(
        self, page: Page, key: str, *, where: str, is_whole: bool = True, most: float = 1e12
    ) -> dict[str, float]:
        """Read numbers by contaminant; ``is_whole`` asks for every contaminant."""
        given = page.get(key)
        if not isinstance(given, Mapping):
            self.fault(where, f"lacks '{key}'.", do="Give a number for each contaminant.")
            return dict.fromkeys(self.contaminants, 0.0)
        for k in given:
            if k not in self.contaminants:
                self.fault(
                    f"{where}, {key}", f"'{k}' is no contaminant.", do=near(k, self.contaminants)
                )
        missing = [k for k in self.contaminants if k not in given] if is_whole else []
        for k in missing:
            self.fault(
                f"{where}, {key}", f"lacks contaminant '{k}'.", do="Add it; 0 when there is none."
            )
        known = [k for k in self.contaminants if k in given]
        made = {k: self.number(given, k, where=f"{where}, {key}", most=most) for k in known}
        return {**made, **dict.fromkeys(missing, 0.0)}

    def word(self, page: Page, key: str, *, default: str, words: Mapping[str, object]) -> str:
        """Read one of the allowed words."""
        given = str(page.get(key, default))
        if given in words:
            return given
        self.fault(key, f"'{given}' is not known.", do=near(given, words))
        return default

    def listed(self, page: Page, key: str) -> list[tuple[str, Page]]:
        """Give the members of a list with the place of each."""
        found: list[tuple[str, Page]] = []
        members = page.get(key, [])
        if not isinstance(members, Sequence) or isinstance(members, str):
            self.fault(key, "is not a list.", do="Write [ … ].")
            return []
        seen: set[str] = set()
        for number, member in enumerate(members, 1):
            where = f"{key} {number}"
            if not isinstance(member, Mapping) or not isinstance(member.get("name"), str):
                self.fault(where, "has no name.", do='Write {"name": …}.')
                continue
            if member["name"] in seen:
                self.fault(where, f"'{member['name']}' stands twice.", do="Give each its own name.")
            seen.add(member["name"])
            self.keys(member, f"{key} '{member['name']}'", kind=key)
            found.append((f"{key} '{member['name']}'", member))
        return found


def read_cases(
    page: object, *, name: str
) -> tuple[tuple[WaterCase | RinseCase, ...], tuple[Fault, ...]]:
    """Read all cases of a file.

    Parameters
    ----------
    page : object
        The parsed JSON: one case or a list of cases.
    name : str
        How the file is called in messages.

    Returns
    -------
    tuple
        The cases, and findings on entries that hold results without data.

    Raises
    ------
    FileError
        With every fault of the file.
    """
    entries = page if isinstance(page, list) else [page]
    cases: list[WaterCase | RinseCase] = []
    faults: list[Fault] = []
    findings: list[Fault] = []
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            where = f"{name}, case {number}"
            faults.append(Fault(where=where, what="has no id.", do='Write {"id": …}.'))
            continue
        reader = _Reader(name=f"{name}, case '{entry['id']}'")
        if isinstance(entry.get("data"), str):
            what = "holds results only, no network."
            findings.append(Fault(where=reader.name, what=what, do="Nothing was computed."))
        elif entry.get("kind") == "rinse_closed_form":
            cases.append(_rinse(reader, entry))
        else:
            cases.append(_case(reader, entry))
        faults.extend(reader.faults)
    if faults:
        raise FileError(faults)
    return tuple(cases), tuple(findings)


def _rinse(reader: _Reader, entry: Page) -> RinseCase:
    ratio = reader.number(entry, "R", where="rinse")
    stages = reader.number(entry, "stages", where="rinse")
    return RinseCase(id=entry["id"], ratio=ratio, stages=int(stages))


def _case(reader: _Reader, entry: Page) -> WaterCase:
    reader.keys(entry, "case", kind="case")
    contaminants = entry.get("contaminants")
    if not isinstance(contaminants, list) or not contaminants:
        reader.fault("contaminants", "are missing.", do='Write ["COD", …].')
        contaminants = []
    reader.contaminants = tuple(str(k) for k in contaminants)
    unit = reader.word(entry, "unit", default="t/h", words=LOAD_FACTORS)
    objective = _OBJECTIVES[reader.word(entry, "objective", default="fresh", words=_OBJECTIVES)]
    kind = str(entry.get("kind", ""))
    made = WaterCase(
        id=entry["id"],
        kind=kind,
        contaminants=reader.contaminants,
        objective=objective,
        unit=unit,
        fresh=_fresh(reader, entry),
        operations=tuple(_operation(reader, w, page=p) for w, p in reader.listed(entry, "ops")),
        sources=tuple(_source(reader, w, page=p) for w, p in reader.listed(entry, "sources")),
        sinks=tuple(_sink(reader, w, page=p) for w, p in reader.listed(entry, "sinks")),
        treatments=_treatments(reader, entry),
        limit=_maybe_amounts(reader, entry, key="limit"),
        limit_load=_maybe_amounts(reader, entry, key="limit_load"),
        has_local_recycle=bool(entry.get("local_recycle", kind in _RECYCLING_KINDS)),
        treatment_multiple=reader.number(entry, "treat_mult", where="case", default=1.0),
        hours=reader.number(entry, "hours", where="case", default=8000.0, most=8784.0),
        annualisation=reader.number(entry, "annualisation", where="case", default=0.1, most=1.0),
        today=reader.number(entry, "today", where="case", default=0.0),
        pipe_cost=reader.number(entry, "pipe_cost", where="case", default=0.0),
        pipe_cost_m=reader.number(entry, "pipe_cost_m", where="case", default=0.0),
        distances=_distances(reader, entry),
        most_pipes=reader.count(entry, "most_pipes"),
        most_into=reader.count(entry, "most_into"),
        most_from=reader.count(entry, "most_from"),
        pipe_least=reader.number(entry, "pipe_least", where="case", default=0.0),
        forbidden=_pairs(reader, entry, key="forbidden"),
        forced=_pairs(reader, entry, key="forced"),
    )
    _contradictions(reader, made)
    return made


def _maybe_amounts(reader: _Reader, entry: Page, *, key: str) -> dict[str, float] | None:
    return reader.amounts(entry, key, where="case", is_whole=False) if entry.get(key) else None


def _fresh(reader: _Reader, entry: Page) -> tuple[Fresh, ...]:
    if "fresh" not in entry:  # clean water without limit, as the textbooks do
        return (Fresh(name="FW", quality=dict.fromkeys(reader.contaminants, 0.0)),)
    return tuple(
        Fresh(
            name=page["name"],
            quality=reader.amounts(page, "conc", where=where),
            cost=reader.number(page, "cost", where=where, default=1.0),
            most=reader.maybe(page, "max", where=where),
        )
        for where, page in reader.listed(entry, "fresh")
    )


def _operation(reader: _Reader, where: str, *, page: Page) -> Operation:
    return Operation(
        name=page["name"],
        load=reader.amounts(page, "load", where=where),
        inlet=reader.amounts(page, "cin", where=where),
        outlet=reader.amounts(page, "cout", where=where) if page.get("cout") is not None else None,
        flow=reader.maybe(page, "flow", where=where),
        flow_most=reader.maybe(page, "flow_max", where=where),
        loss=reader.number(page, "loss", where=where, default=0.0),
    )


def _source(reader: _Reader, where: str, *, page: Page) -> Source:
    flow, quality = (
        reader.number(page, "flow", where=where),
        reader.amounts(page, "conc", where=where),
    )
    return Source(name=page["name"], flow=flow, quality=quality)


def _sink(reader: _Reader, where: str, *, page: Page) -> Sink:
    flow = reader.number(page, "flow", where=where)
    worst = reader.amounts(page, "cmax", where=where, is_whole=False)
    return Sink(name=page["name"], flow=flow, worst=worst)


def _treatments(reader: _Reader, entry: Page) -> tuple[Treatment, ...]:
    once = _once(reader, entry)
    made: list[Treatment] = []
    for where, page in reader.listed(entry, "treat"):
        parts = {
            key: reader.amounts(page, key, where=where, is_whole=False, most=most)
            for key, most in (("rem", 1.0), ("cout", 1e12), ("cinmax", 1e12))
            if key in page
        }
        if "rem" not in parts and "cout" not in parts:
            reader.fault(where, "removes nothing.", do="Give 'rem' (0 to 1) or 'cout' (ppm).")
        made.append(
            Treatment(
                name=page["name"],
                removal=parts.get("rem", {}),
                outlet=parts.get("cout", {}),
                inlet=parts.get("cinmax", {}),
                flow_most=reader.maybe(page, "fmax", where=where),
                recovery=reader.number(page, "recovery", where=where, default=1.0, most=1.0),
                is_once=bool(page.get("once", page["name"] in once)),
                investment=reader.number(page, "inv", where=where, default=0.0),
                exponent=reader.number(page, "alpha", where=where, default=0.7, most=1.0),
                operating=reader.number(page, "op", where=where, default=0.0),
            )
        )
    return tuple(made)


def _once(reader: _Reader, entry: Page) -> tuple[str, ...]:
    text = entry.get("extra_constraint")
    if text is None:
        return ()
    found = _ONCE.match(str(text))
    if found is None:
        reader.fault(
            "extra_constraint", f"'{text}' is not understood.", do="Write 'F_<treatment> <= fresh'."
        )
        return ()
    return (found["name"],)


def _names(entry: Page) -> set[str]:
    """Give the names of all places of a case."""
    return {
        member["name"]
        for part in ("fresh", "ops", "sources", "sinks", "treat")
        for member in _members(entry, part)
        if isinstance(member, Mapping) and isinstance(member.get("name"), str)
    } | {"discharge", "FW"}


def _rows(reader: _Reader, entry: Page, *, key: str) -> list[Any]:
    if not isinstance(entry.get(key, []), list):
        reader.fault(key, "is not a list.", do="Write [ … ].")
    return _members(entry, key)


def _members(entry: Page, part: str) -> list[Any]:
    found = entry.get(part, [])
    return found if isinstance(found, list) else []


def _distances(reader: _Reader, entry: Page) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    names = _names(entry)
    for row in _rows(reader, entry, key="distances"):
        if not isinstance(row, list) or len(row) != 3:
            do = 'Write ["from", "to", metres].'
            reader.fault("distances", f"{row!r} is not a distance.", do=do)
            continue
        start, end, _ = map(str, row)
        for name in {start, end} - names:
            reader.fault("distances", f"'{name}' is not in the network.", do=near(name, names))
        where = f"distances, {start} to {end}"
        found[start, end] = reader.number({"metres": row[2]}, "metres", where=where)
    return found


def _pairs(reader: _Reader, entry: Page, *, key: str) -> frozenset[tuple[str, str]]:
    names = _names(entry)
    found: set[tuple[str, str]] = set()
    for pair in _rows(reader, entry, key=key):
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(e, str) for e in pair)
        ):
            reader.fault(key, f"{pair!r} is not a pipe.", do='Write ["from", "to"].')
            continue
        for end in pair:
            if end not in names:
                reader.fault(key, f"'{end}' is not in the network.", do=near(str(end), names))
        found.add((str(pair[0]), str(pair[1])))
    return frozenset(found)


def _contradictions(reader: _Reader, case: WaterCase) -> None:
    for o in case.operations:
        where = f"ops '{o.name}'"
        if o.flow is None and o.outlet is None:
            reader.fault(where, "has neither 'flow' nor 'cout'.", do="Give one of the two.")
            continue
        if o.flow is not None and o.loss >= o.flow:
            what = f"loses {o.loss:g} of a flow of {o.flow:g}."
            reader.fault(where, what, do="Give a loss below the flow.")
        for k in case.contaminants if o.outlet is not None and o.flow is None else ():
            if o.load[k] > 0 and (o.outlet or {})[k] <= o.inlet[k]:
                what = f"{k}: outlet {(o.outlet or {})[k]:g} is not above inlet {o.inlet[k]:g}."
                reader.fault(where, what, do="An operation with a load makes water dirtier.")
    if not case.operations and not case.sinks and not case.sources:
        reader.fault("case", "has no water.", do="Give ops, or sources and sinks.")
    if case.objective == "npv" and case.annualisation == 0:
        what = "'annualisation' is 0; a net present value needs it."
        reader.fault("case", what, do="Give the annuity, such as 0.149 for 10 years at 8 %.")
    unknown = [
        f"{start.name} to {end.name}"
        for start, end in (case.pipes() if case.pipe_cost_m else ())
        if not {(start.name, end.name), (end.name, start.name)} & set(case.distances)
    ]
    if unknown:
        what = f"lack {len(unknown)} pipes: {', '.join(unknown[:5])}."
        reader.fault("distances", what, do="Add them, or forbid the pipe.")
    for pair in case.forced & case.forbidden:
        what = f"{pair[0]} to {pair[1]} is both forced and forbidden."
        reader.fault("forced", what, do="Keep one of the two.")
