"""A plant as a drawing: tanks, settlers, a line of gravity flow and some pumps, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, TypeVar

from renvand.errors import Fault, PlantError, near
from renvand.plant.control import Controller, Sensor, read_controllers, read_sensors
from renvand.process.separation import Primary, Thickening

T = TypeVar("T")
INFLUENT = "influent"
_KEYS = {
    "name",
    "model",
    "set",
    "parameters",
    "tanks",
    "settlers",
    "dosing",
    "flow",
    "limits",
    "cost",
    "sensors",
    "controllers",
    "sample_min",
    "sludge",
}
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, kw_only=True)
class Tank:
    """A completely mixed tank."""

    volume: float  # m³
    kla: float = 0.0  # 1/d
    saturation: float = 8.0  # gO2/m³, bsm1_2018


@dataclass(frozen=True, kw_only=True)
class Settler:
    """A settler in layers (takacs1991), or a point that parts the particles (kind ideal)."""

    kind: str = "takacs"
    area: float = 0.0  # m²
    height: float = 0.0  # m
    layers: int = 10
    feed_layer: int = 5  # counted from the top, from 1
    v0: float = 474.0  # m/d, bsm1_2018
    v0_max: float = 250.0  # m/d, bsm1_2018
    r_h: float = 5.76e-4  # m³/g, bsm1_2018
    r_p: float = 2.86e-3  # m³/g, bsm1_2018
    f_ns: float = 2.28e-3  # 1, bsm1_2018
    X_t: float = 3000.0  # g/m³, bsm1_2018
    removal: float = 1.0  # share of particles to the sludge, ideal only


@dataclass(frozen=True, kw_only=True)
class Dose:
    """A liquid of fixed composition that is pumped in."""

    to: str
    flow: float  # m³/d
    composition: Mapping[str, float]  # component to g/m³


@dataclass(frozen=True, kw_only=True)
class Pipe:
    """One connection. A pipe with neither flow nor share runs by gravity: it takes what is left."""

    source: str  # a unit, 'influent' or a dose
    outlet: str  # 'overflow' or 'sludge'
    target: str  # a unit, or a name of its own: an outlet of the plant
    flow: float | None = None  # m³/d
    share: float | None = None  # of all that reaches the source
    name: str = ""
    energy: float = 0.0  # kWh/m³

    @property
    def path(self) -> str:
        """The pipe as drawn."""
        outlet = "" if self.outlet == "overflow" else f".{self.outlet}"
        return f"{self.source}{outlet} > {self.target}"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The weights of the benchmark's indices."""

    oxygen_per_kwh: float = 1.8  # kgO2/kWh, bsm1_2018
    mixing: float = 0.005  # kW/m³, bsm1_2018
    mixed_below: float = 20.0  # 1/d: aeration above it mixes enough, bsm1_2018
    sludge: float = 5.0  # weight in OCI per kg/d, bsm1_2018
    carbon: float = 3.0  # weight in OCI per kgCOD/d, bsm1_2018
    gained: float = 1.0  # share of the solids gained in the plant that counts as sludge, bsm1_2018


@dataclass(frozen=True, kw_only=True)
class DigesterSize:
    """An anaerobic digester at 35 °C; the rest of it is :class:`renvand.process.digester`'s."""

    volume: float = 3400.0  # m³, lund_matlab
    headspace: float = 300.0  # m³, lund_matlab


SludgeUnit = Primary | Thickening | DigesterSize


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A plant as drawn, before anything is computed."""

    name: str
    model: str
    set_name: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict[str, float])
    tanks: Mapping[str, Tank]
    settlers: Mapping[str, Settler]
    doses: Mapping[str, Dose]
    pipes: tuple[Pipe, ...]
    limits: Mapping[str, float] = field(default_factory=dict[str, float])
    cost: Cost = field(default_factory=Cost)
    sensors: Mapping[str, Sensor] = field(default_factory=dict[str, Sensor])
    controllers: Mapping[str, Controller] = field(default_factory=dict[str, Controller])
    sample_min: float = 1.0  # minutes between two looks of the controllers
    sludge: Mapping[str, Any] = field(default_factory=dict[str, Any])  # SludgeUnit by name, or none

    @property
    def outlets(self) -> tuple[str, ...]:
        """Where water leaves the plant, in the order drawn."""
        inner = {*self.tanks, *self.settlers}
        return tuple(dict.fromkeys(p.target for p in self.pipes if p.target not in inner))

    def pipe(self, name: str) -> int:
        """Find a pipe by its name or its path; -1 when there is none."""
        for i, pipe in enumerate(self.pipes):
            if name in (pipe.name, pipe.path):
                return i
        return -1


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
        sample_min=float(page.get("sample_min", 1.0)),
        sludge=_sludge(page["sludge"], f"{where}, sludge", faults) if "sludge" in page else {},
    )
    faults.extend(check(drawing))
    if faults:
        raise PlantError(dict.fromkeys(faults))
    return drawing


def _sludge(table: Any, where: str, faults: list[Fault]) -> dict[str, SludgeUnit]:
    """Read the sludge line; it has all four units, with BSM2's sizes where none are given."""
    rows: dict[str, Any] = table if isinstance(table, dict) else {}
    kinds = {"primary": Primary, "digester": DigesterSize}
    reached = {"thickener": 70_000.0, "dewatering": 280_000.0}  # g/m³, lund_matlab
    for name in rows.keys() - {*kinds, *reached}:
        do = near(name, (*kinds, *reached))
        faults.append(Fault(where=f"{where}, '{name}'", what="is not known.", do=do))
    made: dict[str, SludgeUnit] = {
        name: _fill(kind, rows.get(name, {}), f"{where}, {name}", faults)
        for name, kind in kinds.items()
    }
    for name, solids in reached.items():
        row = rows.get(name, {})
        row = {"solids": solids, **row} if isinstance(row, dict) else row
        made[name] = _fill(Thickening, row, f"{where}, {name}", faults)
    return made


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
        elif isinstance(value, bool) or not isinstance(value, int | float):
            what = f"'{value}' is not a number."
            faults.append(Fault(where=f"{where}, {key}", what=what, do="Write digits."))
        else:
            given[key] = int(value) if key in ("layers", "feed_layer") else float(value)
    if kind is Thickening:
        given.setdefault("solids", 1.0)  # what is wrong with it is among the faults
    if kind is Tank and "volume" not in given:
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
    known = ("path", "flow", "share", "name", "note", "energy")
    path = str(pump.get("path", ""))
    where = f"{where}, pump '{path}'"
    for key in pump.keys() - set(known):
        faults.append(Fault(where=f"{where}, '{key}'", what="is not known.", do=near(key, known)))
    stops = [stop.strip() for stop in path.split(">")]
    if len(stops) != 2 or not all(stops):
        faults.append(Fault(where=where, what="is not a path.", do="Write path = 'a > b'."))
        return []
    if ("flow" in pump) == ("share" in pump):
        faults.append(
            Fault(where=where, what="needs a flow or a share.", do="Give one of the two.")
        )
        return []
    texts = {k: v for k, v in pump.items() if k in ("flow", "share", "energy")}
    numbers = _numbers(texts, where, faults)
    source, _, outlet = stops[0].partition(".")
    return [
        Pipe(
            source=source,
            outlet=outlet or "overflow",
            target=stops[1],
            flow=numbers.get("flow"),
            share=numbers.get("share"),
            name=str(pump.get("name", pump.get("note", ""))),
            energy=numbers.get("energy", 0.0),
        )
    ]


def check(drawing: Drawing) -> list[Fault]:
    """Find what cannot be built: wrong names, wrong signs, loose ends."""
    where = f"plant '{drawing.name}'"
    faults: list[Fault] = []
    sizes = {
        **{f"{n}, volume": tank.volume for n, tank in drawing.tanks.items()},
        **{f"{n}, saturation": tank.saturation for n, tank in drawing.tanks.items()},
        **{f"{n}, {k}": getattr(s, k) for n, s in drawing.settlers.items() if s.kind == "takacs"
           for k in ("area", "height", "v0", "X_t")},
        **{f"sludge, {n}, {f.name}": getattr(unit, f.name)
           for n, unit in drawing.sludge.items() for f in fields(unit)},
        "sample_min": drawing.sample_min,
    }  # fmt: skip
    for name, value in sizes.items():
        if not 0 < value < 1e12:
            faults.append(
                Fault(where=f"{where}, {name}", what=f"is {value:g}.", do="Give a size above 0.")
            )
    signs = {f"{n}, kla": tank.kla for n, tank in drawing.tanks.items()} | {
        f"pump '{p.path}', {what}": value
        for p in drawing.pipes
        for what, value in (("flow", p.flow), ("share", p.share))
        if value is not None
    }
    for name, value in signs.items():
        if not 0 <= value < 1e12:
            faults.append(
                Fault(where=f"{where}, {name}", what=f"is {value:g}.", do="Give 0 or more.")
            )
    faults.extend(_check_names(drawing, where))
    faults.extend(_check_settlers(drawing, where))
    faults.extend(_check_sludge(drawing, where))
    return faults


def _check_sludge(drawing: Drawing, where: str) -> list[Fault]:
    faults: list[Fault] = []
    if drawing.sludge and "waste" not in drawing.outlets:
        what, do = "nothing flows to 'waste'.", "Add a pump 'settler.sludge > waste'."
        faults.append(Fault(where=f"{where}, sludge", what=what, do=do))
    for name, unit in drawing.sludge.items():
        for share in ("removal", "f_corr", "f_X", "f_PS"):
            if not getattr(unit, share, 0.5) < 1:
                what = f"is {getattr(unit, share):g}."
                at = f"{where}, sludge, {name}, {share}"
                faults.append(Fault(where=at, what=what, do="Give a share below 1."))
    return faults


def _check_names(drawing: Drawing, where: str) -> list[Fault]:
    faults: list[Fault] = []
    units = [*drawing.tanks, *drawing.settlers]
    for name in units + list(drawing.doses):
        if not _SLUG.fullmatch(name) or name == INFLUENT:
            faults.append(
                Fault(
                    where=f"{where}, '{name}'",
                    what="is not a name.",
                    do="Use letters, digits, _ and -.",
                )
            )
    for twice in sorted({n for n in units if units.count(n) > 1}):
        faults.append(Fault(where=f"{where}, '{twice}'", what="stands twice.", do="Keep one."))
    sources = {*units, INFLUENT, *drawing.doses}
    for pipe in drawing.pipes:
        if pipe.source not in sources:
            faults.append(
                Fault(where=where, what=f"no unit '{pipe.source}'.", do=near(pipe.source, sources))
            )
        outlets = ("overflow", "sludge") if pipe.source in drawing.settlers else ("overflow",)
        if pipe.outlet not in outlets:
            what = f"'{pipe.source}' has no outlet '{pipe.outlet}'."
            faults.append(Fault(where=where, what=what, do=near(pipe.outlet, outlets)))
        if "." in pipe.target or pipe.target in {INFLUENT, *drawing.doses}:
            what = f"'{pipe.path}' ends at '{pipe.target}'."
            faults.append(Fault(where=where, what=what, do="Let it end at a unit or an outlet."))
    return [*faults, *_check_ends(drawing, where, units)]


def _check_ends(drawing: Drawing, where: str, units: Sequence[str]) -> list[Fault]:
    faults: list[Fault] = []
    # a name that is no unit ends the line; a near miss of a unit is a slip of the pen
    for end in drawing.outlets:
        hint = near(end, units)
        if hint.startswith("Did") and end not in ("effluent", "waste"):
            faults.append(Fault(where=where, what=f"no unit '{end}'.", do=hint))
    gravity = [p.source for p in drawing.pipes if p.flow is None and p.share is None]
    for name in (INFLUENT, *units):
        count = gravity.count(name)
        if count != 1:
            what = (
                f"'{name}' has {count} gravity outlets." if count else f"'{name}' has no way out."
            )
            faults.append(Fault(where=where, what=what, do="Draw exactly one in a line."))
        if name != INFLUENT and all(p.target != name for p in drawing.pipes):
            faults.append(
                Fault(where=where, what=f"nothing flows to '{name}'.", do="Put it in a line.")
            )
    return faults


def _check_settlers(drawing: Drawing, where: str) -> list[Fault]:
    faults: list[Fault] = []
    for name, settler in drawing.settlers.items():
        at = f"{where}, {name}"
        if settler.kind not in ("takacs", "ideal"):
            faults.append(
                Fault(
                    where=f"{at}, kind",
                    what=f"'{settler.kind}' is not known.",
                    do=near(settler.kind, ("takacs", "ideal")),
                )
            )
        if not 3 <= settler.layers <= 60 or not 1 < settler.feed_layer < settler.layers:
            what = f"{settler.layers} layers fed at {settler.feed_layer} cannot be."
            faults.append(Fault(where=at, what=what, do="Feed an inner layer of 3 to 60."))
        if not 0 <= settler.removal <= 1:
            faults.append(
                Fault(where=f"{at}, removal", what=f"is {settler.removal:g}.", do="Give 0 to 1.")
            )
        if all(p.outlet != "sludge" for p in drawing.pipes if p.source == name):
            faults.append(
                Fault(
                    where=at,
                    what="no pump takes its sludge.",
                    do=f"Add a pump '{name}.sludge > …'.",
                )
            )
    return faults


def changed(drawing: Drawing, changes: Mapping[str, float]) -> Drawing:
    """Give a drawing with some numbers changed.

    Parameters
    ----------
    drawing : Drawing
        The plant as it is.
    changes : mapping of str to float
        'UNIT.attribute' ('aerobic_3.kla', 'anoxic_1.volume'), a pump by name or path ('return
        sludge'), 'CONTROLLER.setpoint', or a parameter of the model ('mu_A').

    Raises
    ------
    PlantError
        When there is no such lever, or the new number is impossible.
    """
    made = drawing
    faults: list[Fault] = []
    for lever, value in changes.items():
        found = _pulled(made, lever, float(value))
        if found is None:
            where = f"plant '{drawing.name}', lever '{lever}'"
            faults.append(Fault(where=where, what="is not there.", do=near(lever, levers(drawing))))
        else:
            made = found
    faults.extend(check(made))
    if faults:
        raise PlantError(faults)
    return made


def levers(drawing: Drawing) -> tuple[str, ...]:
    """Name everything :func:`changed` can change, but model parameters."""
    tanks = [f"{n}.{what}" for n in drawing.tanks for what in ("volume", "kla", "saturation")]
    settlers = [f"{n}.{what}" for n in drawing.settlers for what in ("area", "height", "removal")]
    pumps = [p.name or p.path for p in drawing.pipes if p.flow is not None or p.share is not None]
    loops = [f"{n}.{what}" for n, c in drawing.controllers.items() for what in c.levers]
    sludge = [f"{n}.{f.name}" for n, unit in drawing.sludge.items() for f in fields(unit)]
    return (*tanks, *settlers, *pumps, *loops, *sludge)


def lever_value(drawing: Drawing, lever: str) -> float | None:
    """Give what a lever is drawn at; None when there is no such lever."""
    if lever not in levers(drawing):
        return None
    i = drawing.pipe(lever)
    if i >= 0:
        pipe = drawing.pipes[i]
        return pipe.share if pipe.flow is None else pipe.flow
    unit, _, what = lever.partition(".")
    groups = (drawing.tanks, drawing.settlers, drawing.controllers, drawing.sludge)
    return next((float(getattr(group[unit], what)) for group in groups if unit in group), None)


def _pulled(drawing: Drawing, lever: str, value: float) -> Drawing | None:
    i = drawing.pipe(lever)
    if i >= 0:
        pipe = drawing.pipes[i]
        if pipe.flow is None and pipe.share is None:
            return None
        new = replace(pipe, **{"share" if pipe.flow is None else "flow": value})
        return replace(drawing, pipes=(*drawing.pipes[:i], new, *drawing.pipes[i + 1 :]))
    unit, _, what = lever.partition(".")
    for group in ("tanks", "settlers", "controllers", "sludge"):
        table: Mapping[str, Any] = getattr(drawing, group)
        if unit in table and hasattr(table[unit], what) and what not in ("kind", "levers"):
            return replace(
                drawing, **{group: {**table, unit: replace(table[unit], **{what: value})}}
            )
    if not what and lever.isidentifier():
        return replace(drawing, parameters={**drawing.parameters, lever: value})
    return None
