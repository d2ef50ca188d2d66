"""The machines of a plant, as ``equipment.toml`` beside its drawing says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.knowledge.read import read_toml
from renvand.plant.drawing import INFLUENT, Drawing
from renvand.plant.energy.air import ATMOSPHERE, Diffusers, air_pressure
from renvand.plant.energy.blower import Blowers, blower_power
from renvand.plant.energy.pump import lifting
from renvand.plant.plant import find_plant
from renvand.process.model import Array

T = TypeVar("T")
FILE = "equipment.toml"
MAIN, OTHERS, SURFACE = "main", "others", "surface"


@dataclass(frozen=True, kw_only=True)
class Pump:
    """A pump, by the name of its pipe."""

    head: float  # m, friction included
    efficiency: float  # of pump and motor

    @property
    def energy(self) -> float:
        """Electricity. [kWh/m³]"""
        return lifting(self.head, self.efficiency)


@dataclass(frozen=True, kw_only=True)
class Mixers:
    """What keeps sludge from settling where no air does."""

    power: float  # W/m³


@dataclass(frozen=True, kw_only=True)
class Surface:
    """Aerators at the surface: rotors, brushes, turbines."""

    efficiency: float  # kgO2/kWh in clean water, standard conditions
    alpha: float
    beta: float = 0.95  # metcalf2014
    turn_down: float = 0.0  # least power, as share of the installed
    installed: float  # kW

    @property
    def diffusers(self) -> Diffusers:
        """The same in the words of diffusers: at the surface, nothing is pressed under water."""
        return Diffusers(depth=0.0, transfer=1.0, alpha=self.alpha, beta=self.beta)


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """All machines of a plant."""

    elevation: float  # m above the sea
    diffusers: Mapping[str, Diffusers]  # by tank; 'others' for tanks not named
    blowers: Mapping[str, Blowers]  # by group; a group named as a tank serves it, 'main' the others
    pumps: Mapping[str, Pump]  # by the pipe's name or path, 'influent' for what lifts it
    mixers: Mixers
    surface: Surface | None = None
    constant_kw: float = 0.0  # screens, lamps, dewatering: what no lever moves
    sources: Mapping[str, str] = field(default_factory=dict[str, str])

    def is_at_surface(self, tank: str) -> bool:
        """Whether the surface aerators serve a tank: it has no diffusers of its own."""
        return self.surface is not None and tank not in self.diffusers

    def of(self, tank: str) -> Diffusers:
        """Give what aerates a tank."""
        if self.surface is not None and tank not in self.diffusers:
            return self.surface.diffusers
        return self.diffusers[tank if tank in self.diffusers else OTHERS]

    def group(self, tank: str) -> str:
        """Name the machines that aerate a tank."""
        if self.is_at_surface(tank):
            return SURFACE
        return tank if tank in self.blowers else MAIN

    def power(self, group: str, wanted: Array) -> tuple[Array, Array]:
        """Give power [kW] and what a group gives [Nm³/h, or kg/h of oxygen at the surface]."""
        if group == SURFACE and self.surface is not None:
            least, most = self.surface.turn_down * self.surface.installed, self.surface.installed
            used = np.where(wanted > 0, np.clip(wanted / self.surface.efficiency, least, most), 0.0)
            return used, used * self.surface.efficiency
        served = [d.depth for n, d in self.diffusers.items() if group in (n, MAIN)]
        outside = float(ATMOSPHERE * air_pressure(self.elevation))
        return blower_power(wanted, self.blowers[group], depth=max(served), pressure=outside)

    def scaled(self, factor: float) -> Equipment:
        """Give the machines of a plant so many times as large."""
        return replace(
            self,
            blowers={n: replace(b, flow=b.flow * factor) for n, b in self.blowers.items()},
            diffusers={
                n: replace(d, design_flow=d.design_flow * factor) for n, d in self.diffusers.items()
            },
            surface=self.surface
            and replace(self.surface, installed=self.surface.installed * factor),
            constant_kw=self.constant_kw * factor,
        )


def read_equipment(page: Mapping[str, Any], drawing: Drawing, *, name: str = FILE) -> Equipment:
    """Make the machines of the TOML of an ``equipment.toml``.

    Parameters
    ----------
    page : mapping
        Tables ``site``, ``diffusers.TANK``, ``blowers.GROUP``, ``pumps.PIPE``, ``mixers``,
        ``surface``, ``others``, ``sources``.
    drawing : Drawing
        Whose tanks and pipes are meant.
    name : str
        Of the file, for what is said of faults.

    Raises
    ------
    PlantError
        With all faults: unknown keys, machines of tanks or pipes that are not there.
    """
    faults = _strange(page, drawing, name)

    def many(part: str, kind: type[T]) -> dict[str, T]:
        rows = page.get(part, {}).items()
        made = {n: _fill(kind, row, f"{name}, {part}, {n}", faults) for n, row in rows}
        return {n: filled for n, filled in made.items() if filled is not None}

    def one(part: str, kind: type[T]) -> T | None:
        return _fill(kind, page[part], f"{name}, {part}", faults) if part in page else None

    diffusers, blowers, pumps = (
        many("diffusers", Diffusers),
        many("blowers", Blowers),
        many("pumps", Pump),
    )
    surface, mixers = one("surface", Surface), one("mixers", Mixers)
    aired = [tank for tank, size in drawing.tanks.items() if size.kla > 0]
    is_bare = any(not diffusers.keys() & {tank, OTHERS} for tank in aired)
    if not faults and surface is None and (is_bare or MAIN not in blowers):
        what = "aerated tanks have no diffusers, or no blowers 'main'."
        faults.append(Fault(where=name, what=what, do="Add [diffusers.others], [blowers.main]."))
    if not faults and mixers is None:
        faults.append(Fault(where=name, what="lacks 'mixers'.", do="Add mixers = {power = 5}."))
    if faults or mixers is None:
        raise PlantError(faults)
    return Equipment(
        elevation=float(page.get("site", {}).get("elevation", 0.0)),
        diffusers=diffusers,
        blowers=blowers,
        pumps=pumps,
        mixers=mixers,
        surface=surface,
        constant_kw=float(page.get("others", {}).get("constant_kw", 0.0)),
        sources={k: str(v) for k, v in page.get("sources", {}).items()},
    )


def _strange(page: Mapping[str, Any], drawing: Drawing, name: str) -> list[Fault]:
    """Name the tables that nobody knows, and machines of tanks and pipes that are not drawn."""
    known = ("site", "diffusers", "blowers", "pumps", "mixers", "surface", "others", "sources")
    faults = [
        Fault(where=f"{name}, '{key}'", what="is not known.", do=near(key, known))
        for key in sorted(page.keys() - set(known))
    ]
    pipes = [n for pipe in drawing.pipes for n in (pipe.name, pipe.path) if n]
    places = {
        "diffusers": (*drawing.tanks, OTHERS),
        "blowers": (*drawing.tanks, MAIN),
        "pumps": (*pipes, INFLUENT),
    }
    for part, allowed in places.items():
        for key in sorted(page.get(part, {}).keys() - set(allowed)):
            where = f"{name}, {part}, '{key}'"
            faults.append(Fault(where=where, what="is not drawn.", do=near(key, allowed)))
    return faults


def own_equipment(where: str | Path, drawing: Drawing) -> Equipment | None:
    """Give the ``equipment.toml`` beside a plant's drawing; None when there is none.

    Parameters
    ----------
    where : str or path
        As for :func:`renvand.plant.load_plant`.
    drawing : Drawing
        The plant's.
    """
    entry = find_plant(where)[1] / FILE
    return read_equipment(read_toml(entry, name=FILE), drawing) if entry.is_file() else None


def _fill(kind: type[T], row: Any, where: str, faults: list[Fault]) -> T | None:
    """Fill a dataclass of numbers from a table; None, with faults, when that cannot be."""
    allowed = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    needed = {name for name, f in allowed.items() if f.default is MISSING}
    before = len(faults)
    if not isinstance(row, dict):
        faults.append(Fault(where=where, what="is not a table.", do="Write name = {key = 1}."))
        return None
    given: dict[str, Any] = row
    for key, value in given.items():
        at = f"{where}, {key}"
        if key not in allowed:
            faults.append(Fault(where=at, what="is not known.", do=near(key, allowed)))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            faults.append(Fault(where=at, what=f"'{value}' is not a number.", do="Write digits."))
        elif value < 0 or (value == 0 and key in needed):
            faults.append(Fault(where=at, what=f"is {value:g}.", do="Give a number above 0."))
    if missing := needed - given.keys():
        do = f"Give {', '.join(sorted(missing))}."
        faults.append(Fault(where=where, what="is not complete.", do=do))
    return kind(**given) if len(faults) == before else None
