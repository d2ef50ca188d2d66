"""Tanks that fill, settle and empty in turn: read, checked, and who gets the water when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from renvand.errors import Fault, near
from renvand.plant.drawing.units import INFLUENT, Cycle, Drawing, Phase

_NUMBERS = ("area", "starts_h", "v0", "v0_max", "r_h", "r_p", "f_ns")
_SWITCHES = ("fills", "aerated", "settles", "decants")
_PHASE = ("name", "hours", *_SWITCHES, "pumps")
_EXAMPLE = "Write phases = [{name = 'fill', hours = 1, fills = true}, …]."
_LOOKED_THROUGH = 7.0  # d in which somebody must fill at every moment


def read_cycles(table: Mapping[str, Any], *, where: str, faults: list[Fault]) -> dict[str, Cycle]:
    """Read ``[cycles.TANK]``; faults are added to the list."""
    made: dict[str, Cycle] = {}
    for name, row in table.items():
        at = f"{where}, cycle '{name}'"
        known = (*_NUMBERS, "phases")
        for key in sorted(row.keys() - set(known)):
            faults.append(Fault(where=f"{at}, '{key}'", what="is not known.", do=near(key, known)))
        numbers: dict[str, float] = {}
        for key in _NUMBERS:
            if key in row and not _is_number(row[key]):
                what = f"'{row[key]}' is not a number."
                faults.append(Fault(where=f"{at}, {key}", what=what, do="Write digits."))
            elif key in row:
                numbers[key] = float(row[key])
        if "area" not in row:
            faults.append(Fault(where=at, what="has no area.", do="Add area = … in m²."))
        phases = row.get("phases")
        if not isinstance(phases, list) or not phases:
            faults.append(Fault(where=at, what="has no phases.", do=_EXAMPLE))
            continue
        read = [_phase(entry, at, faults) for entry in phases]
        made[name] = Cycle(**{"area": 1.0, **numbers}, phases=tuple(read))
    return made


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _phase(entry: Any, where: str, faults: list[Fault]) -> Phase:
    row: dict[str, Any] = entry if isinstance(entry, dict) else {}
    name = str(row.get("name", "?"))
    at = f"{where}, phase '{name}'"
    for key in sorted(row.keys() - set(_PHASE)):
        faults.append(Fault(where=f"{at}, '{key}'", what="is not known.", do=near(key, _PHASE)))
    for key in ("name", "hours"):
        if key not in row:
            faults.append(Fault(where=at, what=f"has no {key}.", do=_EXAMPLE))
    for key in _SWITCHES:
        if not isinstance(row.get(key, False), bool):
            what, do = f"'{row[key]}' is neither true nor false.", f"Write {key} = true."
            faults.append(Fault(where=f"{at}, {key}", what=what, do=do))
    hours, pumps = row.get("hours", 1.0), row.get("pumps", [])
    if not _is_number(hours):
        faults.append(
            Fault(where=f"{at}, hours", what=f"'{hours}' is not a number.", do="Write digits.")
        )
        hours = 1.0
    if not isinstance(pumps, list):
        do = "Write pumps = ['waste sludge']."
        faults.append(Fault(where=f"{at}, pumps", what=f"'{pumps}' is not a list.", do=do))
        pumps = []
    switches = {key: row.get(key) is True for key in _SWITCHES}
    return Phase(name=name, hours=float(hours), pumps=tuple(map(str, pumps)), **switches)


def check_cycles(drawing: Drawing, where: str) -> list[Fault]:
    """Find what cannot be, of tanks whose level moves."""
    faults: list[Fault] = []
    for name in drawing.stores:
        tank = drawing.tanks[name]
        if not tank.lowest < tank.volume:
            what = f"is {tank.lowest:g}, and the tank holds {tank.volume:g}."
            do = "Give less than the volume."
            faults.append(Fault(where=f"{where}, {name}, lowest", what=what, do=do))
    for pipe in drawing.pipes:
        if pipe.source in drawing.stores and pipe.share is not None:
            what = f"takes a share of what comes to '{pipe.source}', which keeps it."
            at = f"{where}, pump '{pipe.path}'"
            faults.append(Fault(where=at, what=what, do="Give the pump a flow."))
    for name, cycle in drawing.cycles.items():
        faults.extend(_check_cycle(drawing, name, cycle, f"{where}, cycle '{name}'"))
    return faults or _check_filling(drawing, where)


def _check_cycle(drawing: Drawing, name: str, cycle: Cycle, where: str) -> Iterable[Fault]:
    if name not in drawing.stores:
        do = "Give the tank of this name its lowest volume: lowest = … in m³."
        yield Fault(where=where, what="has no tank whose level moves.", do=do)
        return
    for key in ("area", "v0", "v0_max", "r_h", "r_p"):
        if not 0 < getattr(cycle, key) < 1e12:
            what = f"is {getattr(cycle, key):g}."
            yield Fault(where=f"{where}, {key}", what=what, do="Give a size above 0.")
    if not 0 <= cycle.f_ns < 1:
        yield Fault(where=f"{where}, f_ns", what=f"is {cycle.f_ns:g}.", do="Give 0 to below 1.")
    if not any(phase.decants for phase in cycle.phases):
        yield Fault(where=where, what="never decants.", do="Write decants = true in a phase.")
    pumps = {p.name or p.path for p in drawing.pipes if p.flow is not None}
    for phase in cycle.phases:
        at = f"{where}, phase '{phase.name}'"
        if not 0 < phase.hours < 1e4:
            yield Fault(where=f"{at}, hours", what=f"is {phase.hours:g}.", do="Give above 0.")
        if phase.aerated and phase.is_still:
            yield Fault(where=at, what="settles while it is aerated.", do="Make two phases of it.")
        for pump in phase.pumps:
            i = drawing.pipe(pump)
            if i < 0 or drawing.pipes[i].flow is None:
                what = f"no pump '{pump}' with a flow."
                yield Fault(where=f"{at}, pumps", what=what, do=near(pump, pumps))


def _check_filling(drawing: Drawing, where: str) -> list[Fault]:
    """Somebody must take the water at every moment."""
    cycles = drawing.cycles.values()
    if not cycles or any(cycle.hours <= 0 for cycle in cycles):
        return []
    turns = sorted({0.0, *(t for c in cycles for t in c.turns(0.0, _LOOKED_THROUGH))})
    for t in turns:
        filling = {name for name, cycle in drawing.cycles.items() if cycle.at(t)[0].fills}
        for source, feeds in feeding(drawing).items():
            if not filling & set(feeds.values()):
                what = f"at hour {24 * t:.4g} nobody takes what '{source}' brings."
                do = "Shift starts_h, fill longer, or let a pump bring it from a tank with lowest."
                return [Fault(where=f"{where}, cycles", what=what, do=do)]
    return []


def feeding(drawing: Drawing) -> dict[str, dict[int, str]]:
    """Say which pipes bring water to which cycle's tank: source to pipe to tank.

    Followed upstream to where the water has a choice; what pumps bring does not count.
    """
    found: dict[str, dict[int, str]] = {}
    by_line = [i for i, p in enumerate(drawing.pipes) if p.is_gravity or p.share is not None]
    for tank in sorted(drawing.cycles):
        left, seen = [i for i in by_line if drawing.pipes[i].target == tank], set[int]()
        while left:
            i = left.pop()
            source = drawing.pipes[i].source
            if i in seen or source in drawing.stores or source in drawing.doses:
                continue
            seen.add(i)
            ways = [j for j in by_line if drawing.pipes[j].source == source]
            if source == INFLUENT or len(ways) > 1:
                found.setdefault(source, {})[i] = tank
            else:
                left.extend(j for j in by_line if drawing.pipes[j].target == source)
    return found


def while_filling(drawing: Drawing, filling: frozenset[str]) -> Drawing:
    """Give the drawing while these tanks fill: they share what comes to all that could."""
    pipes = list(drawing.pipes)
    for source, feeds in feeding(drawing).items():
        given = sum(p.share or 0.0 for p in pipes if p.source == source)
        drawn = {i: 1.0 - given if pipes[i].is_gravity else pipes[i].share or 0.0 for i in feeds}
        taken = sum(drawn[i] for i, tank in feeds.items() if tank in filling)
        for i, tank in feeds.items():
            if not pipes[i].is_gravity:
                part = drawn[i] * sum(drawn.values()) / taken if tank in filling else 0.0
                pipes[i] = replace(pipes[i], share=part)
    return replace(drawing, pipes=tuple(pipes))
