"""A water-using plant as a network problem: who gives water, who takes it, how clean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Objective = Literal["fresh", "treatment", "fresh+treatment", "cost", "npv"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
Role = Literal["fresh", "source", "operation", "treatment", "sink", "discharge"]
Amounts = Mapping[str, float]  # by contaminant

# unit of flow: load carried by one unit of flow at 1 ppm is 1/this of the load unit
LOAD_FACTORS = {"t/h": 1e3, "m3/h": 1e3, "t/d": 1e3, "m3/d": 1e3, "kg/s": 1e6}


@dataclass(frozen=True, kw_only=True, order=True)
class Node:
    """A place that water leaves or enters."""

    role: Role
    name: str

    def __str__(self) -> str:
        return self.name if self.role == "discharge" else f"{self.role} {self.name}"


Pipe = tuple[Node, Node]
DISCHARGE = Node(role="discharge", name="discharge")


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """Water from outside."""

    name: str
    quality: Amounts  # ppm
    cost: float = 1.0  # money per t (per m³)
    most: float | None = None  # flow


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A unit that takes water in, puts a load on it and gives it out again."""

    name: str
    load: Amounts  # kg per time
    inlet: Amounts  # ppm, worst that may come in
    outlet: Amounts | None = None  # ppm, worst that may go out
    flow: float | None = None  # fixed flow in; free when None
    flow_most: float | None = None
    loss: float = 0.0  # flow that leaves with product or as steam; below 0, carried in by goods


@dataclass(frozen=True, kw_only=True)
class Source:
    """Water of known flow and quality that must go somewhere."""

    name: str
    flow: float
    quality: Amounts  # ppm


@dataclass(frozen=True, kw_only=True)
class Sink:
    """A demand of known flow and worst quality."""

    name: str
    flow: float
    worst: Amounts  # ppm


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """A unit that takes contaminants out: a share of what comes, or down to a fixed outlet."""

    name: str
    removal: Amounts = field(default_factory=dict[str, float])  # share of the load, 0 to 1
    outlet: Amounts = field(default_factory=dict[str, float])  # ppm, fixed
    inlet: Amounts = field(default_factory=dict[str, float])  # ppm, worst that may come in
    flow_most: float | None = None
    recovery: float = 1.0  # share of the flow that leaves clean; the rest is concentrate
    is_once: bool = False  # no water passes twice: flow at most the fresh water
    investment: float = 0.0  # money at flow 1
    exponent: float = 0.7
    operating: float = 0.0  # money per t (per m³)


@dataclass(frozen=True, kw_only=True)
class WaterCase:
    """A network problem.

    Notes
    -----
    Flows are in ``unit``, concentrations in ppm (g/t, mg/l), loads in kg (t/h, t/d, m³/d) of the
    same time.
    """

    id: str
    contaminants: tuple[str, ...]
    kind: str = ""
    objective: Objective = "fresh"
    unit: str = "t/h"
    fresh: tuple[Fresh, ...] = ()
    operations: tuple[Operation, ...] = ()
    sources: tuple[Source, ...] = ()
    sinks: tuple[Sink, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    limit: Amounts | None = None  # ppm, of the discharge
    limit_load: Amounts | None = None  # kg per time, of the discharge
    has_local_recycle: bool = False  # a unit may take its own outlet
    treatment_multiple: float = 1.0  # most flow through a treatment, in total flows
    hours: float = 8000.0  # operating hours a year, for costs
    annualisation: float = 0.1  # share of the investment paid each year
    today: float = 0.0  # money a year that the plant pays now, for the net present value
    pipe_cost: float = 0.0  # money a year for each pipe to build
    pipe_cost_m: float = 0.0  # money a year for each metre of pipe to build
    distances: Mapping[tuple[str, str], float] = field(
        default_factory=dict[tuple[str, str], float]
    )  # m, by name; a pair holds for both ways
    most_pipes: int | None = None  # to build in all
    most_into: int | None = None  # to build into one place
    most_from: int | None = None  # to build from one place
    pipe_least: float = 0.0  # flow below which no pipe is built
    forbidden: frozenset[tuple[str, str]] = frozenset()  # (from, to) by name
    forced: frozenset[tuple[str, str]] = frozenset()

    @property
    def load_factor(self) -> float:
        """Give what turns a load into flow times ppm."""
        return LOAD_FACTORS[self.unit]

    def origins(self) -> Iterator[Node]:
        """Yield all places that water leaves."""
        yield from (Node(role="fresh", name=f.name) for f in self.fresh)
        yield from (Node(role="operation", name=o.name) for o in self.operations)
        yield from (Node(role="source", name=s.name) for s in self.sources)
        yield from (Node(role="treatment", name=t.name) for t in self.treatments)

    def targets(self) -> Iterator[Node]:
        """Yield all places that water enters."""
        yield from (Node(role="operation", name=o.name) for o in self.operations)
        yield from (Node(role="sink", name=s.name) for s in self.sinks)
        yield from (Node(role="treatment", name=t.name) for t in self.treatments)
        yield DISCHARGE

    def pipes(self) -> Iterator[Pipe]:
        """Yield the connections that may be built."""
        for start in self.origins():
            for end in self.targets():
                if start == end and not self.has_local_recycle:
                    continue
                if start.role == "fresh" and end.role in ("treatment", "discharge"):
                    continue
                if (start.name, end.name) not in self.forbidden:
                    yield start, end

    def pipe_price(self, pipe: Pipe) -> float:
        """Give what building a pipe costs. [money/a]"""
        start, end = pipe[0].name, pipe[1].name
        metres = self.distances.get((start, end), self.distances.get((end, start), 0.0))
        return self.pipe_cost + self.pipe_cost_m * metres

    @property
    def counts_pipes(self) -> bool:
        """Say whether it matters if a pipe is built, not only how much flows in it."""
        limits = (self.most_pipes, self.most_into, self.most_from)
        has_price = bool(self.pipe_cost or self.pipe_cost_m or self.pipe_least)
        return has_price or any(limit is not None for limit in limits)

    def largest_flow(self) -> float:
        """Give a flow that no pipe of a sensible network exceeds: all limiting flows together.

        Returns
        -------
        float
            Flow in ``unit``.
        """
        through = sum(limiting_flow(o, factor=self.load_factor) for o in self.operations)
        carried_in = sum(max(-o.loss, 0.0) for o in self.operations)  # drag-out from a bath
        sides = sum(s.flow for s in self.sinks) + sum(s.flow for s in self.sources)
        return through + carried_in + sides


def limiting_flow(operation: Operation, *, factor: float) -> float:
    """Give the flow of an operation when inlet and outlet are as dirty as allowed.

    References
    ----------
    wang1994
    """
    if operation.flow is not None:
        return operation.flow
    outlet = operation.outlet or {}
    return max(
        (
            load * factor / (outlet[k] - operation.inlet[k])
            for k, load in operation.load.items()
            if load > 0
        ),
        default=0.0,
    )
