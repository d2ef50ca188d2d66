"""Read the TOML of a ``plant.toml`` into a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any, TypeVar

from renvand.errors import Fault, PlantError, near
from renvand.plant.control import read_controllers, read_sensors
from renvand.plant.drawing.check import check
from renvand.plant.drawing.cycles import read_cycles
from renvand.plant.drawing.units import (
    Cost,
    Delay,
    DigesterSize,
    Dose,
    Drawing,
    Pipe,
    Settler,
    Tank,
)

T = TypeVar("T")
_KEYS = {
    "name", "model", "set", "parameters", "tanks", "settlers", "digesters", "dosing", "flow",
    "limits", "cost", "sensors", "controllers", "sample_min", "tolerance", "cycles",
    "delays",
}  # fmt: skip
_HOW = ("flow", "share", "solids", "above")  # how a pipe says how much it takes


def read_drawing(page: Mapping[str, Any]) -> Drawing:
    """Make a drawing of the TOML of a ``plant.toml``.

    Raises
    ------
    PlantError
        With all faults: unknown keys, units that are not there, impossible numbers.
    """
    name = str(page.get("name", "plant"))
    faults: list[Fault] = []
    where = f"plant '{name}'"
    for key in sorted(page.keys() - _KEYS):
        faults.append(Fault(where=f"{where}, '{key}'", what="is not known.", do=near(key, _KEYS)))
    for key in ("name", "model", "tanks", "flow"):
        if key not in page:
            faults.append(Fault(where=where, what=f"lacks '{key}'.", do="Add it."))
    if faults:
        raise PlantError(faults)
    tanks = {n: _fill(Tank, row, f"{where}, {n}", faults) for n, row in page["tanks"].items()}
    settlers = {
        n: _fill(Settler, row, f"{where}, {n}", faults)
        for n, row in page.get("settlers", {}).items()
    }
    doses = {n: _dose(row, f"{where}, {n}", faults) for n, row in page.get("dosing", {}).items()}
    drawing = Drawing(
        name=name,
        model=str(page["model"]),
        set_name=str(page.get("set", "")),
        parameters=_numbers(page.get("parameters", {}), f"{where}, parameters", faults),
        tanks=tanks,
        settlers=settlers,
        doses=doses,
        pipes=(*_pipes(page["flow"], where, faults), *_dose_pipes(doses)),
        limits=_numbers(page.get("limits", {}), f"{where}, limits", faults),
        cost=_fill(Cost, page.get("cost", {}), f"{where}, cost", faults),
        sensors=read_sensors(page.get("sensors", {}), where=where, faults=faults),
        controllers=read_controllers(page.get("controllers", {}), where=where, faults=faults),
        **_numbers({k: page[k] for k in ("sample_min", "tolerance") if k in page}, where, faults),
        digesters={
            n: _fill(DigesterSize, row, f"{where}, {n}", faults)
            for n, row in page.get("digesters", {}).items()
        },
        delays={
            n: _fill(Delay, row, f"{where}, {n}", faults)
            for n, row in page.get("delays", {}).items()
        },
        cycles=read_cycles(page.get("cycles", {}), where=where, faults=faults),
    )
    faults.extend(check(drawing))
    if faults:
        raise PlantError(dict.fromkeys(faults))
    return drawing


def _fill(kind: type[T], row: Any, where: str, faults: list[Fault]) -> T:
    """Fill a dataclass from a table, naming what is unknown or of the wrong type."""
    allowed = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    given: dict[str, Any] = {}
    if not isinstance(row, dict):
        faults.append(Fault(where=where, what="is not a table.", do="Write {volume = 1000}."))
        row = {}
    for key, value in row.items():
        if key not in allowed:
            faults.append(
                Fault(where=f"{where}, '{key}'", what="is not known.", do=near(key, allowed))
            )
        elif key == "kind":
            given[key] = str(value)
        elif key == "follows_temperature" and isinstance(value, bool):
            given[key] = value
        elif isinstance(value, bool) or not isinstance(value, int | float):
            what = f"'{value}' is not a number."
            faults.append(Fault(where=f"{where}, {key}", what=what, do="Write digits."))
        else:
            given[key] = int(value) if key in ("layers", "feed_layer", "cells") else float(value)
    if kind in (Tank, Delay) and "volume" not in given:
        given["volume"] = 1.0
        if "volume" not in row:
            faults.append(Fault(where=where, what="has no volume.", do="Add volume = … in m³."))
    return kind(**given)


def _numbers(table: object, where: str, faults: list[Fault]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for key, value in table.items() if isinstance(table, Mapping) else ():
        if isinstance(value, bool) or not isinstance(value, int | float):
            what = f"'{value}' is not a number."
            faults.append(Fault(where=f"{where}, {key}", what=what, do="Write digits."))
        else:
            numbers[str(key)] = float(value)
    return numbers


def _dose(row: Mapping[str, Any], where: str, faults: list[Fault]) -> Dose:
    numbers = _numbers({k: v for k, v in row.items() if k != "to"}, where, faults)
    return Dose(to=str(row.get("to", "")), flow=numbers.pop("flow", 0.0), composition=numbers)


def _dose_pipes(doses: Mapping[str, Dose]) -> tuple[Pipe, ...]:
    return tuple(
        Pipe(source=name, outlet="overflow", target=dose.to, flow=dose.flow, name=name)
        for name, dose in doses.items()
    )


def _pipes(flow: Mapping[str, Any], where: str, faults: list[Fault]) -> list[Pipe]:
    pipes: list[Pipe] = []
    for key in flow.keys() - {"line", "lines", "pumps"}:
        known = ("line", "lines", "pumps")
        faults.append(
            Fault(where=f"{where}, flow, '{key}'", what="is not known.", do=near(key, known))
        )
    for line in [*([flow["line"]] if "line" in flow else []), *flow.get("lines", [])]:
        stops = [stop.strip() for stop in str(line).split(">")]
        if len(stops) < 2 or not all(stops):
            what = f"'{line}' is not a line."
            faults.append(Fault(where=f"{where}, flow", what=what, do="Write 'a > b > c'."))
            continue
        for one, other in pairwise(stops):
            source, _, outlet = one.partition(".")
            pipes.append(Pipe(source=source, outlet=outlet or "overflow", target=other))
    for pump in flow.get("pumps", []):
        pipes.extend(_pump(pump, f"{where}, flow", faults))
    return pipes


def _pump(pump: Mapping[str, Any], where: str, faults: list[Fault]) -> list[Pipe]:
    known = ("path", *_HOW, "rest", "name", "note", "energy")
    path = str(pump.get("path", ""))
    where = f"{where}, pump '{path}'"
    for key in pump.keys() - set(known):
        faults.append(Fault(where=f"{where}, '{key}'", what="is not known.", do=near(key, known)))
    stops = [stop.strip() for stop in path.split(">")]
    if len(stops) != 2 or not all(stops):
        faults.append(Fault(where=where, what="is not a path.", do="Write path = 'a > b'."))
        return []
    if sum(how in pump for how in (*_HOW, "rest")) != 1:
        faults.append(
            Fault(
                where=where,
                what="does not say how much it takes, or says it twice.",
                do="Give one of flow, share, solids, above, or rest = true.",
            )
        )
        return []
    numbers = _numbers({k: v for k, v in pump.items() if k in (*_HOW, "energy")}, where, faults)
    source, _, outlet = stops[0].partition(".")
    return [
        Pipe(
            source=source,
            outlet=outlet or "overflow",
            target=stops[1],
            **{how: numbers.get(how) for how in _HOW},
            name=str(pump.get("name", pump.get("note", ""))),
            energy=numbers.get("energy", 0.0),
        )
    ]
