"""From a plant to an optimisation problem: every pipe that may be built, every balance.

There is no variable for what enters an operation: its inlet is a sum of products of pipe flow and
outlet concentration. The same sum written once for all pipes that leave a place, and once for its
total flow, is redundant; it makes the relaxation tight, and the proof short.

References
----------
karuppiah2006, quesada1995
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from renvand.waternet.algebra import Model, Polynomial, Power, total
from renvand.waternet.case import (
    DISCHARGE,
    Node,
    Operation,
    Pipe,
    Treatment,
    WaterCase,
)

NOTHING = Polynomial({})
_FORCED = 1e-3  # least flow of a forced pipe, as a share of all flows, when none is given


@dataclass(frozen=True, kw_only=True)
class Superstructure:
    """The model of a case, and where its quantities are found in it."""

    case: WaterCase
    model: Model
    pipes: Mapping[Pipe, Polynomial]  # flow
    quality: Mapping[tuple[Node, str], Polynomial]  # ppm leaving a node
    inlet: Mapping[tuple[Node, str], Polynomial]  # ppm entering a treatment
    through: Mapping[Node, Polynomial]  # flow into a treatment or an operation of free flow
    built: Mapping[Pipe, Polynomial]  # 1 when the pipe is built; only where it matters
    short: Mapping[tuple[Node, str], Polynomial]  # relaxations, in an elastic model
    is_loose: bool = False  # outlets may be taken as dirtier than they are
    is_plain: bool = False  # without the redundant rows

    @property
    def is_lean(self) -> bool:
        """Say whether redundant rows are left out."""
        return self.is_loose or self.is_plain

    def quality_numbers(self) -> list[int]:
        """Give the numbers of the variables that are concentrations."""
        unknown = [*self.quality.values(), *self.inlet.values()]
        return sorted({i for p in unknown for term in p.terms for i in term})

    @cached_property
    def _into(self) -> dict[Node, list[tuple[Node, Polynomial]]]:
        made: dict[Node, list[tuple[Node, Polynomial]]] = {}
        for (start, end), flow in self.pipes.items():
            made.setdefault(end, []).append((start, flow))
        return made

    @cached_property
    def _out_of(self) -> dict[Node, list[Polynomial]]:
        made: dict[Node, list[Polynomial]] = {}
        for (start, _), flow in self.pipes.items():
            made.setdefault(start, []).append(flow)
        return made

    def inflow(self, node: Node) -> Polynomial:
        """Add up the pipes into a node."""
        return total(flow for _, flow in self._into.get(node, []))

    def outflow(self, node: Node) -> Polynomial:
        """Add up the pipes out of a node."""
        return total(self._out_of.get(node, []))

    def carried_in(self, node: Node, contaminant: str) -> Polynomial:
        """Add up what the pipes bring into a node. [flow × ppm]"""
        return total(
            flow * self.quality[start, contaminant] for start, flow in self._into.get(node, [])
        )

    def carried_out(self, node: Node, contaminant: str) -> Polynomial:
        """Add up what the pipes take out of a node. [flow × ppm]"""
        outlet = self.quality[node, contaminant]
        return total(flow * outlet for flow in self._out_of.get(node, []))


def superstructure(
    case: WaterCase,
    present: Iterable[Pipe] = (),
    *,
    most_new: int | None = None,
    is_elastic: bool = False,
    is_loose: bool = False,
    is_plain: bool = False,
) -> Superstructure:
    """Write a case as a model.

    Parameters
    ----------
    case : WaterCase
        The plant.
    present : iterable of pipe
        Pipes that stand already; they cost nothing and do not count as new.
    most_new : int, optional
        How many pipes may be built at most.
    is_elastic : bool
        Let demands be missed; the objective then is the smallest miss, relative to the demand.
    is_loose : bool
        Let outlets be taken as dirtier than the balance says: any network that works so works
        with the true, cleaner outlets too. Easier for local search; the variables are the same.
    is_plain : bool
        Leave out the redundant rows; to measure what they bring.

    Returns
    -------
    Superstructure
        Model and index.
    """
    model = Model()
    most = case.largest_flow()
    pipes = {pipe: _pipe(model, case, pipe=pipe, most=most) for pipe in case.pipes()}
    quality, inlet = _qualities(model, case)
    through = {
        node: model.variable(f"through {node}", high=_most_through(case, node))
        for node in _of_free_flow(case)
    }
    built = _built(model, case, pipes=pipes, present=frozenset(present), most_new=most_new)
    short = _shortfalls(model, case) if is_elastic else {}
    made = Superstructure(
        case=case,
        model=model,
        pipes=pipes,
        quality=quality,
        inlet=inlet,
        through=through,
        built=built,
        short=short,
        is_loose=is_loose,
        is_plain=is_plain,
    )
    _sides(made)
    for operation in case.operations:
        _operation(made, operation)
    for treatment in case.treatments:
        _treatment(made, treatment)
    _discharge(made)
    if not made.is_lean:
        _overall(made)
    _objective(made)
    return made


def _pipe(model: Model, case: WaterCase, *, pipe: Pipe, most: float) -> Polynomial:
    start, end = pipe
    is_forced = (start.name, end.name) in case.forced
    low = max(case.pipe_least, _FORCED * most) if is_forced else 0.0
    high = most * (case.treatment_multiple if end.role == "treatment" else 1.0)
    return model.variable(f"{start} > {end}", low, high=high)


def _of_free_flow(case: WaterCase) -> Iterator[Node]:
    yield from (Node(role="treatment", name=t.name) for t in case.treatments)
    yield from (Node(role="operation", name=o.name) for o in case.operations if o.flow is None)


def _most_through(case: WaterCase, node: Node) -> float:
    if node.role == "treatment":
        most = next(t.flow_most for t in case.treatments if t.name == node.name)
        return most or case.largest_flow() * case.treatment_multiple
    most = next(o.flow_most for o in case.operations if o.name == node.name)
    return most or case.largest_flow()


def dirtiest(case: WaterCase, contaminant: str) -> float:
    """Give a concentration that no water of the plant exceeds. [ppm]"""
    k = contaminant
    known = [f.quality[k] for f in case.fresh] + [s.quality[k] for s in case.sources]
    known += [_worst_outlet(case, o, k=k) for o in case.operations]
    known += [t.outlet[k] for t in case.treatments if k in t.outlet]
    return max(known, default=0.0)


def _worst_outlet(case: WaterCase, operation: Operation, *, k: str) -> float:
    if operation.outlet is not None and operation.flow is None:
        return operation.outlet[k]
    flow = operation.flow or 0.0
    added = operation.load.get(k, 0.0) * case.load_factor
    worst = (flow * operation.inlet[k] + added) / (flow - operation.loss)
    return min(worst, (operation.outlet or {}).get(k, math.inf))


Qualities = dict[tuple[Node, str], Polynomial]


def _qualities(model: Model, case: WaterCase) -> tuple[Qualities, Qualities]:
    made: Qualities = {}
    inlets: Qualities = {}
    for k in case.contaminants:
        for place in (*case.fresh, *case.sources):
            role = "source" if place in case.sources else "fresh"
            made[Node(role=role, name=place.name), k] = Polynomial({(): place.quality[k]})
        for o in case.operations:
            node, most = Node(role="operation", name=o.name), _worst_outlet(case, o, k=k)
            flow = o.flow or _most_through(case, node)
            cleanest = min((f.quality[k] for f in case.fresh), default=0.0)
            if case.treatments:
                cleanest = 0.0
            added = o.load.get(k, 0.0) * case.load_factor
            least = (cleanest * flow + added) / (flow - o.loss)
            if o.flow is None:  # free flow: the loss is 0 or more, the outlet no cleaner
                least = cleanest + added / flow
            made[node, k] = model.variable(f"quality {node} {k}", min(least, most), high=most)
        for t in case.treatments:
            node = Node(role="treatment", name=t.name)
            if k in t.outlet:
                made[node, k] = Polynomial({(): t.outlet[k]})
                continue
            worst = min(dirtiest(case, k), t.inlet.get(k, math.inf))
            inlets[node, k] = model.variable(f"inlet {node} {k}", high=worst)
            made[node, k] = inlets[node, k] * (1 - t.removal.get(k, 0.0))
    return made, inlets


def _built(
    model: Model,
    case: WaterCase,
    *,
    pipes: Mapping[Pipe, Polynomial],
    present: frozenset[Pipe],
    most_new: int | None,
) -> dict[Pipe, Polynomial]:
    if most_new is None and not case.counts_pipes:
        return {}
    made: dict[Pipe, Polynomial] = {}
    for pipe, flow in pipes.items():
        if pipe in present:
            continue
        most = model.high[next(iter(flow.terms))[0]]
        made[pipe] = model.variable(f"build {pipe[0]} > {pipe[1]}", high=1.0, is_whole=True)
        model.require(f"only if built: {pipe[0]} > {pipe[1]}", flow - most * made[pipe], high=0.0)
        if case.pipe_least:
            least = case.pipe_least * made[pipe]
            model.require(f"no trickle: {pipe[0]} > {pipe[1]}", flow - least, low=0.0)
    _counted(model, case, built=made, most_new=most_new)
    return made


def _counted(
    model: Model, case: WaterCase, *, built: Mapping[Pipe, Polynomial], most_new: int | None
) -> None:
    for name, most in (("new pipes", most_new), ("pipes", case.most_pipes)):
        if most is not None:
            model.require(f"most {name}", total(built.values()), high=most)
    for side, (name, most) in enumerate((("from", case.most_from), ("into", case.most_into))):
        if most is None:
            continue
        for node in sorted({pipe[side] for pipe in built}):
            ends = total(b for pipe, b in built.items() if pipe[side] == node)
            model.require(f"most pipes {name} {node}", ends, high=most)


def _shortfalls(model: Model, case: WaterCase) -> dict[tuple[Node, str], Polynomial]:
    wanted: list[tuple[Node, str]] = []
    if all(f.most is not None for f in case.fresh):  # else water is there, only too dirty
        wanted += [(Node(role="sink", name=s.name), "flow") for s in case.sinks]
    wanted += [(Node(role="sink", name=s.name), k) for s in case.sinks for k in s.worst]
    wanted += [(Node(role="operation", name=o.name), k) for o in case.operations for k in o.inlet]
    if case.limit:
        wanted += [(DISCHARGE, k) for k in case.limit]
    return {(n, what): model.variable(f"miss {n} {what}") for n, what in wanted}


def _slack(made: Superstructure, node: Node, *, what: str) -> Polynomial:
    return made.short.get((node, what), NOTHING)


def _sides(made: Superstructure) -> None:
    case, model = made.case, made.model
    for fresh in case.fresh:
        if fresh.most is not None:
            node = Node(role="fresh", name=fresh.name)
            model.require(f"most {node}", made.outflow(node), high=fresh.most)
    for source in case.sources:
        node = Node(role="source", name=source.name)
        model.require(f"all of {node}", made.outflow(node), low=source.flow, high=source.flow)
    for sink in case.sinks:
        node = Node(role="sink", name=sink.name)
        enters = made.inflow(node) + sink.flow * _slack(made, node, what="flow")
        model.require(f"flow of {node}", enters, low=sink.flow, high=sink.flow)
        flow = made.inflow(node) if made.short else Polynomial({(): sink.flow})
        for k, worst in sink.worst.items():
            slack = sink.flow * _scale(worst, 1.0) * _slack(made, node, what=k)
            model.require(
                f"{k} into {node}", made.carried_in(node, k) - worst * flow - slack, high=0.0
            )


def _scale(amount: float, instead: float) -> float:
    return amount or instead  # a demand of 0 ppm is relaxed in ppm


def _operation(made: Superstructure, operation: Operation) -> None:
    case, model = made.case, made.model
    node = Node(role="operation", name=operation.name)
    flow, leaves = made.inflow(node), made.outflow(node)
    is_fixed = operation.flow is not None
    through = made.through.get(node, Polynomial({(): operation.flow or 0.0}))
    remains = through - operation.loss
    model.require(f"water into {node}", flow - through, low=0.0, high=0.0)
    model.require(f"water out of {node}", leaves - remains, low=0.0, high=0.0)
    for k in case.contaminants:
        carried = made.carried_in(node, k)
        added = operation.load.get(k, 0.0) * case.load_factor
        worst = operation.inlet[k]
        clean = (
            carried
            - worst * through
            - _scale(worst, 1.0) * (case.largest_flow() * _slack(made, node, what=k))
        )
        model.require(f"{k} into {node}", clean, high=0.0)
        out, whole = made.carried_out(node, k), made.quality[node, k] * remains
        balance = carried + added - (whole if is_fixed else out)
        least = -math.inf if made.is_loose else 0.0
        model.require(f"{k} of {node}", balance, low=least, high=0.0)
        if not made.is_lean:
            model.require(f"{k} out of {node}", out - whole, low=0.0, high=0.0)


def _treatment(made: Superstructure, treatment: Treatment) -> None:
    case, model = made.case, made.model
    node = Node(role="treatment", name=treatment.name)
    flow = made.through[node]
    leaves = treatment.recovery * flow
    model.require(f"water into {node}", made.inflow(node) - flow, low=0.0, high=0.0)
    model.require(f"water out of {node}", made.outflow(node) - leaves, low=0.0, high=0.0)
    if treatment.is_once:
        fresh = total(made.outflow(Node(role="fresh", name=f.name)) for f in case.fresh)
        model.require(f"once through {node}", flow - fresh, high=0.0)
    for k in case.contaminants:
        carried = made.carried_in(node, k)
        if k in treatment.outlet:
            if k in treatment.inlet:
                model.require(f"{k} into {node}", carried - treatment.inlet[k] * flow, high=0.0)
            continue
        inlet = made.inlet[node, k]
        least = -math.inf if made.is_loose else 0.0
        model.require(f"{k} in {node}", carried - flow * inlet, low=least, high=0.0)
        stays = treatment.recovery * (1 - treatment.removal.get(k, 0.0))
        if stays and not made.is_lean:
            spread = made.carried_out(node, k) - stays * carried
            model.require(f"{k} out of {node}", spread, low=0.0, high=0.0)


def _discharge(made: Superstructure) -> None:
    case, model = made.case, made.model
    leaves = made.inflow(DISCHARGE)
    for k, limit in (case.limit or {}).items():
        slack = case.largest_flow() * _scale(limit, 1.0) * _slack(made, DISCHARGE, what=k)
        model.require(
            f"{k} of discharge", made.carried_in(DISCHARGE, k) - limit * leaves - slack, high=0.0
        )
    for k, most in (case.limit_load or {}).items():
        model.require(
            f"{k} load of discharge",
            made.carried_in(DISCHARGE, k),
            high=most * case.load_factor,
        )


def _overall(made: Superstructure) -> None:
    """Add what comes in, what is taken out and what leaves over the whole plant, each contaminant.

    References
    ----------
    karuppiah2006
    """
    case = made.case
    for k in case.contaminants:
        if not case.treatments or any(k in t.outlet or t.recovery < 1 for t in case.treatments):
            continue
        parts: list[Polynomial | float] = [s.flow * s.quality[k] for s in case.sources]
        parts += [o.load.get(k, 0.0) * case.load_factor for o in case.operations]
        parts += [f.quality[k] * made.outflow(Node(role="fresh", name=f.name)) for f in case.fresh]
        for t in case.treatments:
            node = Node(role="treatment", name=t.name)
            taken = t.removal.get(k, 0.0) * made.through[node]
            parts.append(-1.0 * taken * made.inlet[node, k])
        parts += [-1.0 * made.carried_in(Node(role="sink", name=s.name), k) for s in case.sinks]
        parts.append(-1.0 * made.carried_in(DISCHARGE, k))
        made.model.require(f"{k} over all", total(parts), low=0.0, high=0.0)


def _objective(made: Superstructure) -> None:
    case, model = made.case, made.model
    if made.short:
        model.objective = total(made.short.values())
        return
    fresh = total(made.outflow(Node(role="fresh", name=f.name)) for f in case.fresh)
    treated = total(made.through[Node(role="treatment", name=t.name)] for t in case.treatments)
    pipes = total(case.pipe_price(pipe) * built for pipe, built in made.built.items())
    if case.objective == "fresh":
        model.objective = fresh + pipes
    elif case.objective == "treatment":
        model.objective = treated + pipes
    elif case.objective == "fresh+treatment":
        model.objective = fresh + treated + pipes
    elif case.objective == "cost":
        model.objective = pipes + _yearly(made)
    else:  # less the net present value: what is saved a year, over all years, is the annuity's
        worth = 1 / case.annualisation
        model.objective = worth * (pipes + _yearly(made, worth=worth) - case.today)


def _yearly(made: Superstructure, *, worth: float = 1.0) -> Polynomial:
    """Add up a year's cost; the concave part goes to the model's powers, times `worth`."""
    case = made.case
    parts: list[Polynomial | float] = [
        made.outflow(Node(role="fresh", name=f.name)) * (f.cost * case.hours) for f in case.fresh
    ]
    for t in case.treatments:
        flow = made.through[Node(role="treatment", name=t.name)]
        parts.append(flow * (t.operating * case.hours))
        if t.investment:
            ((number,),) = flow.terms
            factor = worth * t.investment * case.annualisation
            made.model.powers.append(Power(variable=number, factor=factor, exponent=t.exponent))
    return total(parts)
