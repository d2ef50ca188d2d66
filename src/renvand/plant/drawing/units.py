"""What can stand in a plant's drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from renvand.plant.control import Controller, Sensor

INFLUENT = "influent"
SETTLERS = ("takacs", "ideal", "primary")


@dataclass(frozen=True, kw_only=True)
class Tank:
    """A completely mixed tank."""

    volume: float  # m³
    kla: float = 0.0  # 1/d, at 15 °C where it follows the temperature
    saturation: float = 8.0  # gO2/m³, bsm1_2018, likewise
    follows_temperature: bool = (
        False  # aeration and saturation, as in the benchmark's plant-wide plant
    )


@dataclass(frozen=True, kw_only=True)
class Settler:
    """What parts solids from water.

    kind takacs: layers (takacs1991). kind ideal: a point without volume, also a thickener, a
    centrifuge, a membrane. kind primary: a mixed tank after Otterpohl and Freund (otterpohl1992).
    """

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
    volume: float = 0.0  # m³, primary only
    f_corr: float = 0.65  # correction of the efficiency, primary only, lund_matlab
    f_X: float = 0.85  # share of COD in particles, primary only, lund_matlab
    lag_d: float = 0.125  # d over which the efficiency follows the flow, primary only, lund_matlab


@dataclass(frozen=True, kw_only=True)
class Dose:
    """A liquid of fixed composition that is pumped in."""

    to: str
    flow: float  # m³/d
    composition: Mapping[str, float]  # component to g/m³


@dataclass(frozen=True, kw_only=True)
class Pipe:
    """One connection. A pipe with nothing that says how much runs by gravity: it takes the rest."""

    source: str  # a unit, 'influent' or a dose
    outlet: str  # 'overflow' or 'sludge'
    target: str  # a unit, or a name of its own: an outlet of the plant
    flow: float | None = None  # m³/d
    share: float | None = None  # of all that reaches the source
    solids: float | None = None  # g/m³ that the sludge reaches: as much flows as makes it so
    above: float | None = None  # m³/d of influent: what comes beyond takes this way
    name: str = ""
    energy: float = 0.0  # kWh/m³

    @property
    def is_gravity(self) -> bool:
        """Whether it takes what is left."""
        return all(given is None for given in (self.flow, self.share, self.solids, self.above))

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
    methane: float = 6.0  # weight in OCI per kg/d of a digester, lund_matlab
    heat: float = 7.0  # kWh of heat per kg of methane, lund_matlab


@dataclass(frozen=True, kw_only=True)
class DigesterSize:
    """An anaerobic digester at 35 °C; the rest of it is :class:`renvand.process.digester`'s."""

    volume: float = 3400.0  # m³, lund_matlab
    headspace: float = 300.0  # m³, lund_matlab


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
    tolerance: float = 3e-3  # of one step: the averages of BSM1 then hold to 5e-4 (tested)
    digesters: Mapping[str, DigesterSize] = field(default_factory=dict[str, DigesterSize])

    @property
    def units(self) -> tuple[str, ...]:
        """Everything water flows through."""
        return (*self.tanks, *self.settlers, *self.digesters)

    @property
    def outlets(self) -> tuple[str, ...]:
        """Where water leaves the plant, in the order drawn."""
        inner = set(self.units)
        return tuple(dict.fromkeys(p.target for p in self.pipes if p.target not in inner))

    def pipe(self, name: str) -> int:
        """Find a pipe by its name or its path; -1 when there is none."""
        for i, pipe in enumerate(self.pipes):
            if name in (pipe.name, pipe.path):
                return i
        return -1
