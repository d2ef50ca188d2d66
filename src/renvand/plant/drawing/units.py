"""What can stand in a plant's drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil, floor

from renvand.plant.control import Controller, Sensor

INFLUENT = "influent"
RARE = frozenset({"store", "delay", "diehl"})  # kernels that few plants need
SAME_HOURS = 5e-4  # h: moments closer than 1 s are one, see renvand.plant.simulate
SETTLERS = ("takacs", "ideal", "primary", "burger-diehl")
LAYERED = ("takacs", "burger-diehl")


@dataclass(frozen=True, kw_only=True)
class Tank:
    """A completely mixed tank; with ``lowest``, one whose level moves: storage, or an SBR.

    Its pumps take what they say, what comes stays, and above ``volume`` it overflows into its line.
    """

    volume: float  # m³, when full
    lowest: float = 0.0  # m³ at which pumps stop drawing; 0 a tank that is always full
    kla: float = 0.0  # 1/d, at 15 °C where it follows the temperature
    saturation: float = 8.0  # gO2/m³, bsm1_2018, likewise
    follows_temperature: bool = (
        False  # aeration and saturation, as in the benchmark's plant-wide plant
    )


@dataclass(frozen=True, kw_only=True)
class Phase:
    """What a tank does for some hours."""

    name: str
    hours: float
    fills: bool = False  # takes what its line brings
    aerated: bool = False  # with the tank's kla, or what a controller wants
    settles: bool = False  # is not mixed
    decants: bool = False  # gives off water by its line, down to the lowest volume, and settles
    pumps: tuple[str, ...] = ()  # which run now, of those that some phase names

    @property
    def is_still(self) -> bool:
        """Whether sludge settles."""
        return self.settles or self.decants


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """The phases of a sequencing batch reactor, over and over."""

    area: float  # m²
    phases: tuple[Phase, ...]
    starts_h: float = 0.0  # when the first phase begins, after midnight of day 0
    v0: float = 474.0  # m/d, bsm1_2018, as a settler's
    v0_max: float = 250.0  # m/d, bsm1_2018
    r_h: float = 5.76e-4  # m³/g, bsm1_2018
    r_p: float = 2.86e-3  # m³/g, bsm1_2018
    f_ns: float = 2.28e-3  # 1, bsm1_2018: of the solids, what stays above the blanket

    @property
    def hours(self) -> float:
        """How long one takes."""
        return sum(phase.hours for phase in self.phases)

    def at(self, t: float) -> tuple[Phase, float]:
        """Give the phase that holds from a moment on, and what is left of it. [d] to [d]"""
        into = (24.0 * t - self.starts_h + SAME_HOURS) % self.hours
        ends = accumulate(phase.hours for phase in self.phases)
        i, end = next(((i, end) for i, end in enumerate(ends) if into < end), (0, into))
        return self.phases[i], (end - into + SAME_HOURS) / 24.0

    def turns(self, begin: float, end: float) -> list[float]:
        """Give every moment at which a phase begins. [d]"""
        first = floor((24.0 * begin - self.starts_h) / self.hours)
        last = ceil((24.0 * end - self.starts_h) / self.hours)
        starts = [sum(p.hours for p in self.phases[:i]) for i in range(len(self.phases))]
        found = (
            (self.starts_h + n * self.hours + start) / 24.0
            for n in range(first, last + 1)
            for start in starts
        )
        return [t for t in found if begin < t < end]


@dataclass(frozen=True, kw_only=True)
class Settler:
    """What parts solids from water.

    kind takacs: layers (takacs1991). kind burger-diehl: the same layers and velocity, with
    Godunov's flux and compression (burger2011, burger2013). kind ideal: a point without volume,
    also a thickener, a centrifuge, a membrane. kind primary: a mixed tank after Otterpohl and
    Freund (otterpohl1992).
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
    # stress of compression, burger-diehl only; burger2013 as remembered: confidence low
    alpha: float = 4.0  # Pa
    beta: float = 4000.0  # g/m³
    X_c: float = 6000.0  # g/m³
    rho: float = 1050.0  # kg/m³, of flocs
    excess: float = 52.0  # kg/m³ that flocs are heavier than water
    removal: float = 1.0  # share of particles to the sludge, ideal only
    volume: float = 0.0  # m³, primary only
    f_corr: float = 0.65  # correction of the efficiency, primary only, lund_matlab
    f_X: float = 0.85  # share of COD in particles, primary only, lund_matlab
    lag_d: float = 0.125  # d over which the efficiency follows the flow, primary only, lund_matlab


@dataclass(frozen=True, kw_only=True)
class Delay:
    """A pipe or channel that takes time: a row of mixed cells in which nothing reacts."""

    volume: float  # m³
    cells: int = 20  # the dead time spreads by one in the root of so many


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
    cycles: Mapping[str, Cycle] = field(default_factory=dict[str, Cycle])  # of tanks
    delays: Mapping[str, Delay] = field(default_factory=dict[str, Delay])

    @property
    def parts(self) -> frozenset[str]:
        """Which kernels it needs besides those of every plant: rare ones together, or none."""
        presses = any(s.kind == "burger-diehl" for s in self.settlers.values())
        rare = RARE if self.stores or self.delays or presses else frozenset[str]()
        return rare | ({"digest"} if self.digesters else frozenset[str]())

    @property
    def stores(self) -> tuple[str, ...]:
        """Tanks whose level moves, by name."""
        return tuple(sorted(name for name, tank in self.tanks.items() if tank.lowest > 0))

    @property
    def units(self) -> tuple[str, ...]:
        """Everything water flows through."""
        return (*self.tanks, *self.settlers, *self.digesters, *self.delays)

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
