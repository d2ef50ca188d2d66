"""Where everything of a plant lies in the arrays of the kernels.

State ``y``: eight zeros; the tanks in blocks of eight lanes (row = component, and last the
temperature); the settlers (soluble rows of every layer from the top, then solids of every layer);
the meter (what entered less what left, for each row). ``ex``: the streams that no tank holds, one
after the other: influent, doses, then overflow and sludge of each settler. ``q``: all pipes, then
what passes through each tank, then overflow and sludge flow of each settler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, PlantError, near
from renvand.plant.drawing import INFLUENT, Drawing, Settler
from renvand.plant.network import Network
from renvand.process.generate import LANES, kernel_numbers
from renvand.process.model import Array, Model

Whole = NDArray[np.int64]
SMOOTH = 1e-14  # of the settler's minimum: 1e-7 of the flux, squared
KINDS = ("takacs", "ideal")


class Layout(NamedTuple):
    """What never changes while a plant runs; the kernels call it L."""

    n_rows: int
    n_blocks: int
    n_tanks: int
    n_edges: int
    n_active: int
    oxygen: int
    first_through: int
    first_meter: int
    inverse_volume: Array
    volume: Array
    saturation: Array
    chain: Whole  # pipe from the left neighbour, or -1
    tank_start: Whole
    tank_pipes: Whole  # (pipe, 5): source, edge, is_ex, target, tank
    feed_pipes: Whole  # (pipe, 3): source, edge, is_ex
    border_pipes: Whole  # (pipe, 4): source, edge, is_ex, sign
    unit_kind: Whole
    unit_feed: Whole
    unit_flow: Whole
    unit_outlet: Whole
    unit_state: Whole
    unit_numbers: Array
    solubles: Whole
    settling: Whole
    solids: Array
    active: Whole
    per_influent: Array


class Numbers(NamedTuple):
    """The model's numbers; the kernels call it N."""

    s: Array
    p: Array
    h: Array  # (block, heated parameter, lane)
    warm: Array
    log_theta: Array
    temperature: float
    n_heated: int


class Work(NamedTuple):
    """Room to work in; the kernels call it W. ``y`` is the state."""

    y: Array
    f0: Array
    f1: Array
    f: Array
    a: Array
    b: Array
    c: Array
    v: Array
    scale: Array
    feed: Array
    flux: Array
    come: Array
    leave: Array
    q: Array
    u: Array
    slope: Array
    stages: Array


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The arrays of a plant and how to find things in them."""

    layout: Layout
    numbers: Numbers
    network: Network
    tanks: tuple[str, ...]  # in the order of the line
    settlers: tuple[str, ...]
    streams: tuple[str, ...]  # of ex: influent, doses, 'settler', 'settler.sludge'
    rows: tuple[str, ...]  # components and 'T'
    n_states: int
    kla: Array  # (lane,)
    ex: Array  # doses filled in
    per_pump: Array  # (pump, flow)
    pumps: Array  # (pump,) flows as drawn

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """What a record holds: (place, quantity) for every column."""
        size = LANES * len(self.rows)
        states: list[tuple[str, str]] = []
        names = _state_names(self)
        for i in self.layout.active:
            states.append(names[int(i)])
        pipes = [("pipe", str(i)) for i in range(self.layout.n_edges)]
        streams = [(f"stream {stream}", row) for stream in self.streams for row in self.rows]
        assert size
        return (*states, *pipes, *streams, *((tank, "kla") for tank in self.tanks))


def tank_order(drawing: Drawing) -> tuple[str, ...]:
    """Order the tanks along the line, so that most water comes from the left neighbour."""
    onward = {p.source: p.target for p in drawing.pipes if p.flow is None and p.share is None}
    order: list[str] = []
    starts = [INFLUENT, *sorted(drawing.settlers), *sorted(drawing.tanks)]
    for start in starts:
        name = start if start in drawing.tanks else onward.get(start, "")
        while name in drawing.tanks and name not in order:
            order.append(name)
            name = onward.get(name, "")
    return tuple(order)


def _settler_order(drawing: Drawing) -> tuple[str, ...]:
    """Order the settlers so that each comes after those that feed it."""
    order: list[str] = []
    left = sorted(drawing.settlers)
    while left:
        ready = [
            name
            for name in left
            if not any(p.target == name and p.source in left for p in drawing.pipes)
        ]
        if not ready:
            where = f"plant '{drawing.name}'"
            what = f"{', '.join(left)} feed each other directly."
            raise PlantError(Fault(where=where, what=what, do="Put a tank between them."))
        order.extend(ready)
        left = [name for name in left if name not in ready]
    return tuple(order)


def build(drawing: Drawing, model: Model, network: Network) -> Plan:
    """Lay a plant out.

    Raises
    ------
    PlantError
        When a dose names an unknown component, or settlers feed each other in a circle.
    """
    tanks, settlers = tank_order(drawing), _settler_order(drawing)
    rows = (*model.components, "T")
    streams = (INFLUENT, *drawing.doses, *(f"{s}{o}" for s in settlers for o in ("", ".sludge")))
    n_blocks = -(-len(tanks) // LANES)
    starts = {
        name: LANES + k // LANES * LANES * len(rows) + k % LANES for k, name in enumerate(tanks)
    }
    solubles = np.array(
        [r for r, c in enumerate(model.page.components) if not c.is_particulate] + [len(rows) - 1]
    )
    settling = np.array([r for r, c in enumerate(model.page.components) if c.is_particulate])
    unit_state, first_meter = _settler_places(drawing, settlers, len(solubles), n_blocks, len(rows))
    finder = _Finder(drawing, tanks, streams, starts, len(rows))
    layout = Layout(
        n_rows=len(rows),
        n_blocks=n_blocks,
        n_tanks=len(tanks),
        n_edges=len(drawing.pipes),
        n_active=0,
        oxygen=rows.index(model.page.oxygen) if model.page.oxygen else -1,
        first_through=len(drawing.pipes),
        first_meter=first_meter,
        inverse_volume=_lanes([1.0 / drawing.tanks[n].volume for n in tanks], n_blocks),
        volume=_lanes([drawing.tanks[n].volume for n in tanks], n_blocks),
        saturation=_lanes([drawing.tanks[n].saturation for n in tanks], n_blocks),
        chain=finder.chain(n_blocks),
        tank_start=np.array([starts[n] for n in tanks], dtype=np.int64),
        tank_pipes=finder.tank_pipes(),
        feed_pipes=np.concatenate([finder.feed(s) for s in settlers] or [np.zeros((0, 3), np.int64)]),
        border_pipes=finder.border_pipes(),
        unit_kind=np.array([KINDS.index(drawing.settlers[s].kind) for s in settlers], np.int64),
        unit_feed=_slices([len(finder.feed(s)) for s in settlers]),
        unit_flow=_pairs(len(settlers), len(drawing.pipes) + LANES * n_blocks, 1),
        unit_outlet=_pairs(len(settlers), (1 + len(drawing.doses)) * len(rows), len(rows)),
        unit_state=np.array(unit_state, dtype=np.int64),
        unit_numbers=np.array([_settler_numbers(drawing.settlers[s]) for s in settlers]).reshape(-1, 11),
        solubles=solubles,
        settling=settling,
        solids=_solids(model),
        active=_active(starts, unit_state, first_meter, len(rows)),
        per_influent=finder.spread(network.per_influent, settlers, n_blocks),
    )  # fmt: skip
    return Plan(
        layout=layout._replace(n_active=len(layout.active)),
        numbers=numbers_of(model, n_blocks),
        network=network,
        tanks=tanks,
        settlers=settlers,
        streams=streams,
        rows=rows,
        n_states=first_meter + len(rows),
        kla=_lanes([drawing.tanks[n].kla for n in tanks], n_blocks),
        ex=_doses(drawing, rows, len(streams)),
        per_pump=np.array(
            [finder.spread(row, settlers, n_blocks) for row in network.per_pump]
        ).reshape(len(network.pumped), -1),
        pumps=np.array([drawing.pipes[i].flow or 0.0 for i in network.pumped]),
    )


class _Finder:
    """Knows where each source and target lies."""

    def __init__(
        self,
        drawing: Drawing,
        tanks: tuple[str, ...],
        streams: tuple[str, ...],
        starts: dict[str, int],
        n_rows: int,
    ) -> None:
        self.pipes = drawing.pipes
        self.drawing = drawing
        self.tanks, self.streams, self.starts, self.n_rows = tanks, streams, starts, n_rows

    def source(self, i: int) -> tuple[int, int, int]:
        pipe = self.pipes[i]
        if pipe.source in self.starts:
            return self.starts[pipe.source], i, 0
        stream = f"{pipe.source}.sludge" if pipe.outlet == "sludge" else pipe.source
        return self.streams.index(stream) * self.n_rows, i, 1

    def is_chain(self, i: int) -> bool:
        pipe = self.pipes[i]
        if pipe.source not in self.tanks or pipe.target not in self.tanks:
            return False
        k = self.tanks.index(pipe.target)
        first = next(
            j
            for j, other in enumerate(self.pipes)
            if (other.source, other.target) == (pipe.source, pipe.target)
        )
        return k % LANES > 0 and self.tanks[k - 1] == pipe.source and first == i

    def chain(self, n_blocks: int) -> Whole:
        found = np.full(n_blocks * LANES, -1, dtype=np.int64)
        for i, pipe in enumerate(self.pipes):
            if self.is_chain(i):
                found[self.tanks.index(pipe.target)] = i
        return found

    def tank_pipes(self) -> Whole:
        rows = [
            (*self.source(i), self.starts[pipe.target], self.tanks.index(pipe.target))
            for i, pipe in enumerate(self.pipes)
            if pipe.target in self.starts and not self.is_chain(i)
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 5)

    def feed(self, settler: str) -> Whole:
        rows = [self.source(i) for i, pipe in enumerate(self.pipes) if pipe.target == settler]
        return np.array(rows, dtype=np.int64).reshape(-1, 3)

    def border_pipes(self) -> Whole:
        inner = {*self.drawing.tanks, *self.drawing.settlers}
        rows = [
            (*self.source(i), sign)
            for i, pipe in enumerate(self.pipes)
            for sign, is_border in ((1, pipe.source not in inner), (-1, pipe.target not in inner))
            if is_border
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 4)

    def spread(self, flows: Array, settlers: tuple[str, ...], n_blocks: int) -> Array:
        """Add to pipe flows what passes each tank and leaves each settler above and below."""
        through = np.zeros(n_blocks * LANES)
        leave = np.zeros(2 * len(settlers))
        for flow, pipe in zip(flows, self.pipes, strict=True):
            if pipe.target in self.tanks:
                through[self.tanks.index(pipe.target)] += flow
            if pipe.source in settlers:
                leave[2 * settlers.index(pipe.source) + (pipe.outlet == "sludge")] += flow
        return np.concatenate([flows, through, leave])


def _lanes(values: list[float], n_blocks: int) -> Array:
    lanes = np.zeros(n_blocks * LANES)
    lanes[: len(values)] = values
    return lanes


def _slices(lengths: list[int]) -> Whole:
    ends = np.cumsum([0, *lengths])
    return np.stack([ends[:-1], ends[1:]], axis=1).astype(np.int64).reshape(-1, 2)


def _pairs(count: int, first: int, step: int) -> Whole:
    return (first + step * np.arange(2 * count, dtype=np.int64)).reshape(-1, 2)


def _settler_places(
    drawing: Drawing, settlers: tuple[str, ...], n_solubles: int, n_blocks: int, n_rows: int
) -> tuple[list[int], int]:
    place = LANES + n_blocks * LANES * n_rows
    places: list[int] = []
    for name in settlers:
        places.append(place)
        settler = drawing.settlers[name]
        place += settler.layers * (n_solubles + 1) if settler.kind == "takacs" else 0
    return places, place


def _settler_numbers(s: Settler) -> list[float]:
    if s.kind == "ideal":
        return [s.removal, *[0.0] * 10]
    shape = [s.area, s.height, float(s.layers), float(s.feed_layer - 1)]
    return [*shape, s.v0, s.v0_max, s.r_h, s.r_p, s.f_ns, s.X_t, SMOOTH]


def _solids(model: Model) -> Array:
    if "TSS" not in model.observables:
        where = f"model '{model.page.name}'"
        do = "Add TSS to its observables."
        raise PlantError(Fault(where=where, what="does not say what settles.", do=do))
    return np.append(model.observables["TSS"], 0.0)


def _active(starts: dict[str, int], states: list[int], first_meter: int, n_rows: int) -> Whole:
    tanks = [start + LANES * r for start in starts.values() for r in range(n_rows)]
    first = states[0] if states else first_meter
    return np.array([*tanks, *range(first, first_meter)], dtype=np.int64)


def _doses(drawing: Drawing, rows: tuple[str, ...], n_streams: int) -> Array:
    ex = np.zeros((n_streams, len(rows)))
    faults: list[Fault] = []
    for i, (name, dose) in enumerate(drawing.doses.items(), start=1):
        for component, value in {"T": 15.0, **dose.composition}.items():
            if component in rows:
                ex[i, rows.index(component)] = value
            else:
                where = f"plant '{drawing.name}', {name}, '{component}'"
                faults.append(Fault(where=where, what="is no component.", do=near(component, rows)))
    if faults:
        raise PlantError(faults)
    return ex.ravel()


def numbers_of(model: Model, n_blocks: int) -> Numbers:
    """Give a model's numbers for so many blocks of tanks."""
    numbers = kernel_numbers(model)
    h = np.tile(np.repeat(numbers.h, LANES), n_blocks)
    return Numbers(
        s=numbers.s,
        p=numbers.p,
        h=h,
        warm=numbers.h,
        log_theta=numbers.log_theta,
        temperature=model.temperature,
        n_heated=len(numbers.h),
    )


def _state_names(plan: Plan) -> dict[int, tuple[str, str]]:
    names: dict[int, tuple[str, str]] = {}
    for tank, start in zip(plan.tanks, plan.layout.tank_start, strict=True):
        for r, row in enumerate(plan.rows):
            names[int(start) + LANES * r] = (tank, row)
    solubles = [plan.rows[r] for r in plan.layout.solubles]
    for j, settler in enumerate(plan.settlers):
        if plan.layout.unit_kind[j] == 0:
            place = int(plan.layout.unit_state[j])
            layers = int(plan.layout.unit_numbers[j, 2])
            for i in range(layers):
                for row in solubles:
                    names[place] = (f"{settler}, layer {i + 1}", row)
                    place += 1
            for i in range(layers):
                names[place] = (f"{settler}, layer {i + 1}", "TSS")
                place += 1
    return names


def work_for(plan: Plan) -> Work:
    """Make room for a plant's run."""
    n, q = plan.n_states, len(plan.layout.per_influent)
    lanes, rows = len(plan.kla), len(plan.rows)
    rooms: dict[str, Any] = {name: np.zeros(n) for name in ("y", "f0", "f1", "f", "a", "b", "c", "v", "scale")}
    layers = max([int(x) for x in plan.layout.unit_numbers[:, 2]] or [1], default=1)
    return Work(
        **rooms,
        feed=np.zeros(rows),
        flux=np.zeros(layers + 1),
        come=np.zeros(lanes),
        leave=np.zeros(lanes),
        q=np.zeros(q),
        u=np.zeros(rows + 1),
        slope=np.zeros(rows + 1),
        stages=stage_table(),
    )


def stage_table(most: int = 80) -> Array:
    """Coefficients of the Runge-Kutta-Chebyshev method of order 2 for 2 to `most` stages.

    Returns
    -------
    array (stages, stage, 5)
        mu, nu, mu~, gamma~ and the time of the stage as part of the step.

    References
    ----------
    sommeijer1998
    """
    table = np.zeros((most + 1, most, 5))
    for m in range(2, most + 1):
        w0 = 1.0 + 2.0 / 13.0 / m**2
        T, dT, ddT = [1.0, w0], [0.0, 1.0], [0.0, 0.0]
        for j in range(2, m + 1):
            T.append(2 * w0 * T[j - 1] - T[j - 2])
            dT.append(2 * T[j - 1] + 2 * w0 * dT[j - 1] - dT[j - 2])
            ddT.append(4 * dT[j - 1] + 2 * w0 * ddT[j - 1] - ddT[j - 2])
        w1 = dT[m] / ddT[m]
        b = [0.0, 0.0, *(ddT[j] / dT[j] ** 2 for j in range(2, m + 1))]
        b[0] = b[1] = b[2]
        table[m, 0] = (0.0, 0.0, b[1] * w1, 0.0, b[1] * w1)
        time = [0.0, b[1] * w1]
        for j in range(2, m + 1):
            mu, nu = 2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2]
            gain = 2 * b[j] * w1 / b[j - 1]
            back = -(1 - b[j - 1] * T[j - 1]) * gain
            time.append(mu * time[j - 1] + nu * time[j - 2] + gain + back)
            table[m, j - 1] = (mu, nu, gain, back, time[j])
    return table
