"""Lay a plant out."""

from __future__ import annotations

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant.drawing import INFLUENT, LAYERED, Drawing, Settler
from renvand.plant.layout.find import Finder, lanes
from renvand.plant.layout.plan import (
    DELAYS,
    KINDS,
    PLACES,
    SMOOTH,
    TRIDIAGONAL,
    Flows,
    Plan,
    Whole,
)
from renvand.plant.network import Network
from renvand.process.digester import GASES
from renvand.process.generate import kernel_numbers
from renvand.process.model import Array, Model, load_model
from renvand.process.names import LANES

GRAVITY = 9.81  # m/s²
GRAMS = 1000.0  # g/kg
FINE = 5001  # solids at which the largest flux is looked for
STIRRED = 0.5  # of a cycle's lowest volume: its pumps draw from below the decanter, down to here


def tank_order(drawing: Drawing) -> tuple[str, ...]:
    """Order the tanks along the line, so that most water comes from the left neighbour."""
    onward = {p.source: p.target for p in drawing.pipes if p.is_gravity}
    order: list[str] = []
    starts = [INFLUENT, *sorted(drawing.settlers), *sorted(drawing.tanks)]
    for start in starts:
        name = start if start in drawing.tanks else onward.get(start, "")
        while name in drawing.tanks and name not in order:
            order.append(name)
            name = onward.get(name, "")
    return tuple(order)


def _settler_order(drawing: Drawing) -> tuple[str, ...]:
    """Order the settlers so that each comes after those that feed it.

    What a primary clarifier gives off is known from its state, so it may come late.
    """
    order: list[str] = []
    left = sorted(drawing.settlers)
    late = {name for name, settler in drawing.settlers.items() if settler.kind == "primary"}
    while left:
        ready = [
            name
            for name in left
            if not any(
                p.target == name and p.source in left and p.source not in late
                for p in drawing.pipes
            )
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
        When a dose names an unknown component, settlers feed each other in a circle, or a digester
        is fed by another model than ASM1.
    """
    tanks, settlers = tank_order(drawing), (*_settler_order(drawing), *sorted(drawing.delays))
    rows = (*model.components, "T")
    parted = (f"{s}{o}" for s in settlers if s in drawing.settlers for o in ("", ".sludge"))
    decanted = (f"{s}{o}" for s in sorted(drawing.cycles) for o in (".decant", ".sludge"))
    streams = (INFLUENT, *drawing.doses, *parted, *decanted, *drawing.digesters)
    streams = (*streams, *sorted(drawing.delays))
    states = _States(drawing, model, tanks, settlers)
    finder = Finder(drawing, tanks, settlers, streams, states.starts, len(rows))
    active = np.array(sorted(states.names), dtype=np.int64)
    n_moving = int((active < states.first_meter).sum())
    numbers = kernel_numbers(model)
    shared = [_solids(model), [model.temperature], numbers.h, numbers.log_theta]
    packing = _Packing(drawing, finder, states, first=sum(map(len, shared)))
    drawn = [network.pumped[n] for n in network.drawn]
    I = packing.whole(active, n_moving, drawn)  # noqa: E741
    return Plan(
        network=network,
        tanks=tanks,
        settlers=settlers,
        streams=streams,
        rows=rows,
        starts=states.starts,
        layers=states.layers,
        levels=states.levels,
        first_meter=states.first_meter,
        size=states.size,
        I=I,
        F=np.concatenate([*shared, packing.real]),
        s=numbers.s,
        p=numbers.p,
        gas=np.array(
            [of[row] for row in states.gases for of in (model.gas_speed, model.gas_saturation)]
        ),
        h=np.tile(np.repeat(numbers.h, LANES), finder.n_blocks),
        ex=np.append(
            _doses(drawing, rows, len(streams)),
            np.zeros(len(finder.taps) * len(rows) + len(drawing.stores) * (len(rows) + 1)),
        ),
        kla=lanes([drawing.tanks[n].kla for n in tanks], finder.n_blocks),
        active=active,
        n_moving=n_moving,
        flows=_flows(drawing, finder, network),
        per_pump=_spread(finder, network.per_pump),
        pumps=np.array([drawing.pipes[i].flow or 0.0 for i in network.pumped]),
        columns=(
            *(states.names[int(i)] for i in active),
            *(("pipe", str(i)) for i in range(len(drawing.pipes))),
            *((f"stream {stream}", row) for stream in streams for row in rows),
            *((tank, "kla") for tank in tanks),
        ),
        deepest=max([s.layers for s in drawing.settlers.values()], default=1),
        volumes={n: int(np.searchsorted(active, at)) for n, at in states.levels.items()},
    )


def flows_of(drawing: Drawing, plan: Plan, network: Network) -> tuple[Flows, Array]:
    """Give the flows of a plan's arrays, and those per pump, for the same pipes taking other parts.

    Parameters
    ----------
    drawing : Drawing
        The plant with other shares, or other tanks draining.
    plan : Plan
        Of the plant as drawn.
    network : Network
        The drawing's.
    """
    n = len(plan.rows)
    finder = Finder(drawing, plan.tanks, plan.settlers, plan.streams, plan.starts, n)
    return _flows(drawing, finder, network), _spread(finder, network.per_pump)


def _flows(drawing: Drawing, finder: Finder, network: Network) -> Flows:
    drawn = network.per_pump[list(network.drawn)]
    return Flows(
        per_influent=finder.spread(network.per_influent),
        following=_spread(finder, np.concatenate([network.per_thickened, drawn])),
        per_over=_spread(finder, network.per_over),
        limits=np.array([drawing.pipes[i].above or 0.0 for i in network.over]),
    )


def _spread(finder: Finder, per: Array) -> Array:
    return np.array([finder.spread(row) for row in per]).reshape(len(per), finder.n_flows)


class _States:
    """Where each state stands in y, and what it is."""

    def __init__(
        self, drawing: Drawing, model: Model, tanks: tuple[str, ...], settlers: tuple[str, ...]
    ) -> None:
        self.rows = (*model.components, "T")
        self.solubles = [r for r, c in enumerate(model.page.components) if not c.is_particulate]
        self.solubles.append(len(self.rows) - 1)
        self.gases = [model.components.index(gas.name) for gas in model.page.gases]
        self.names: dict[int, tuple[str, str]] = {}
        n, block = len(self.rows), LANES * len(self.rows)
        self.starts = {name: LANES + k // LANES * block + k % LANES for k, name in enumerate(tanks)}
        for tank, start in self.starts.items():
            self.names |= {start + LANES * r: (tank, row) for r, row in enumerate(self.rows)}
        self.first_meter = LANES + -(-len(tanks) // LANES) * block
        self.levels: dict[str, int] = {}
        self.layers: dict[str, int] = {}
        for name in settlers:
            self.layers[name] = self.first_meter
            if name in drawing.settlers:
                self._settler(name, drawing.settlers[name])
                continue
            cells = range(1, drawing.delays[name].cells + 1)
            held = [(f"{name}, cell {i}", row) for i in cells for row in self.rows]
            self.names |= {self.first_meter + i: one for i, one in enumerate(held)}
            self.first_meter += len(held)
        for name in drawing.stores:
            self.levels[name] = self.first_meter
            held = ("V", "blanket", "settles") if name in drawing.cycles else ("V",)
            self.names |= {self.first_meter + i: (name, what) for i, what in enumerate(held)}
            self.first_meter += len(held)
        self.digested = self.size = self.first_meter + n
        for name in drawing.digesters:
            self._digester(drawing, name, model)

    def _settler(self, name: str, settler: Settler) -> None:
        names: list[tuple[str, str]] = []
        if settler.kind in LAYERED:
            layers = [f"{name}, layer {i + 1}" for i in range(settler.layers)]
            names = [(layer, self.rows[r]) for layer in layers for r in self.solubles]
            names += [(layer, "TSS") for layer in layers]
        elif settler.kind == "primary":
            names = [(f"{name}, inside", row) for row in (*self.rows, "Q with lag")]
        self.names |= {self.first_meter + i: one for i, one in enumerate(names)}
        self.first_meter += len(names)

    def _digester(self, drawing: Drawing, name: str, model: Model) -> None:
        asm = load_model("asm1").components
        if set(model.components) != set(asm):
            where = f"plant '{drawing.name}', {name}"
            what = f"'{model.page.name}' has no interface to a digester."
            raise PlantError(Fault(where=where, what=what, do="Choose model = 'asm1'."))
        self.size += len(self.rows) + 1
        held = (*load_model("adm1").components, *(f"gas {name}" for name in GASES), "T")
        self.names |= {self.size + i: (f"{name}, inside", one) for i, one in enumerate(held)}
        self.size += len(held)


class _Packing:
    """All whole and real numbers of a plant, in the two arrays of the kernels."""

    def __init__(self, drawing: Drawing, finder: Finder, states: _States, *, first: int) -> None:
        self.drawing, self.finder, self.states, self.first = drawing, finder, states, first
        self.reals: list[float] = []
        self.lists: dict[str, list[int]] = {}

    @property
    def real(self) -> Array:
        """The real numbers, after :meth:`whole`."""
        return np.array(self.reals)

    def _keep(self, values: list[float]) -> int:
        """Put real numbers down; give where they begin."""
        at = self.first + len(self.reals)
        self.reals.extend(values)
        return at

    def whole(self, active: Whole, n_moving: int, drawn: list[int]) -> Whole:
        """Give the whole numbers."""
        head = self._of_tanks()
        self.lists = self._lists(active, drawn)
        self._units()
        self._thickened()
        self._stores()
        head |= self._counts() | {"N_ACTIVE": len(active), "N_MOVING": n_moving}
        body: list[int] = [*self.states.solubles, *self.states.gases]
        for name, values in self.lists.items():
            head[name] = len(PLACES) + len(body)
            body.extend(values)
        whole = np.array([*(head[name] for name in PLACES), *body], dtype=np.int64)
        whole[head["UNITS"] + 1 : head["UNITS"] + 8 * head["N_UNITS"] : 8] += head["FEEDS"]
        end = head["THICKENED"] + 3 * head["N_THICKENED"]
        whole[head["THICKENED"] : end : 3] += head["FEEDS"]
        return whole

    def _of_tanks(self) -> dict[str, int]:
        """Keep a number for each lane; say where each kind begins."""
        tanks = [self.drawing.tanks[n] for n in self.finder.tanks]
        numbers = {
            "INVERSE_VOLUME": [1.0 / t.volume for t in tanks],
            "VOLUME": [t.volume for t in tanks],
            "SATURATION": [t.saturation for t in tanks],
            "FOLLOWS": [float(t.follows_temperature) for t in tanks],
        }
        n_blocks = self.finder.n_blocks
        return {name: self._keep(lanes(v, n_blocks).tolist()) for name, v in numbers.items()}

    def _lists(self, active: Whole, drawn: list[int]) -> dict[str, list[int]]:
        """Give the lists that follow the numbers; those of units are filled by others."""
        finder = self.finder
        return {
            "TANK_START": [finder.starts[n] for n in finder.tanks],
            "ACTIVE": active.tolist(),
            "TAPS": [i for name, at in finder.taps.items() for i in (finder.starts[name], at)],
            "TANK_PIPES": finder.tank_pipes(),
            "BORDER_PIPES": finder.border_pipes(),
            "DIGESTER_PIPES": finder.digester_pipes(),
            "UNITS": [],
            "THICKENED": [],
            "FEEDS": [],
            "STORES": [],
            "DRAWS": finder.draws(drawn),
            "OUTS": finder.outs(),
            "FILLS": finder.fills(),
            "SHOWN": self._shown(active),
        }

    def _counts(self) -> dict[str, int]:
        """Say how many there are of everything, and where some stand."""
        drawing, finder, states, lists = self.drawing, self.finder, self.states, self.lists
        return {
            "N_BLOCKS": finder.n_blocks,
            "N_TANKS": len(finder.tanks),
            "N_EDGES": len(drawing.pipes),
            "N_STREAMS": len(finder.streams),
            "FIRST_METER": states.first_meter,
            "COME": len(drawing.pipes),
            "N_TAPS": len(finder.taps),
            "N_UNITS": len(finder.settlers),
            "N_THICKENED": len(lists["THICKENED"]) // 3,
            "N_STORES": len(drawing.stores),
            "N_DRAWS": len(lists["DRAWS"]) // 3,
            "N_OUTS": len(lists["OUTS"]) // 3,
            "N_FILLS": len(lists["FILLS"]) // 3,
            "N_TANK_PIPES": len(lists["TANK_PIPES"]) // 4,
            "N_BORDER_PIPES": len(lists["BORDER_PIPES"]) // 3,
            "N_DIGESTER_PIPES": len(lists["DIGESTER_PIPES"]) // 2,
            "DIGESTER": finder.place(finder.digesters[0]) if finder.digesters else -1,
            "DIGESTED": states.digested,
        }

    def _feed(self, entries: list[int]) -> int:
        at = len(self.lists["FEEDS"])
        self.lists["FEEDS"] += entries
        return at

    def _units(self) -> None:
        """Each: kind, feed, its length, flows, streams, states, numbers, factors."""
        finder = self.finder
        for j, name in enumerate(finder.settlers):
            feed, settler = finder.feed(name), self.drawing.settlers.get(name)
            if settler is None:
                delay = self.drawing.delays[name]
                kind, numbers = DELAYS, [delay.volume, float(delay.cells)]
            else:
                kind, numbers = KINDS[settler.kind], _settler_numbers(settler)
            self.lists["UNITS"] += [
                kind, self._feed(feed), len(feed) // 2, finder.first_leave + 2 * j,
                finder.place(name), self.states.layers[name], self._keep(numbers), TRIDIAGONAL * j,
            ]  # fmt: skip

    def _stores(self) -> None:
        """Each: lane, volume, numbers, which tank, room in ex, whether it parts, streams."""
        finder, n = self.finder, self.finder.n_rows
        for j, name in enumerate(finder.stores):
            tank, cycle = self.drawing.tanks[name], self.drawing.cycles.get(name)
            numbers, top = [tank.volume, tank.lowest], -1
            if cycle is not None:
                numbers = [tank.volume, STIRRED * tank.lowest, cycle.area]
                numbers += [cycle.v0, cycle.v0_max, cycle.r_h, cycle.r_p, cycle.f_ns]
                top = finder.place(name)
            self.lists["STORES"] += [
                finder.starts[name], self.states.levels[name], self._keep(numbers),
                finder.tanks.index(name), finder.kept + j * (n + 1), int(cycle is not None), top, 0,
            ]  # fmt: skip

    def _shown(self, active: Whole) -> list[int]:
        """Columns of a record in which tanks stand whose level moves."""
        starts = [self.finder.starts[name] for name in self.finder.stores]
        places = [start + LANES * r for start in starts for r in range(self.finder.n_rows)]
        return np.searchsorted(active, places).tolist()

    def _thickened(self) -> None:
        """Each: feed with solids and flow, its length, and the number that makes a flow of them."""
        per_layer = len(self.states.solubles)
        bottom = {
            name: self.states.layers[name] + settler.layers * (per_layer + 1) - 1
            for name, settler in self.drawing.settlers.items()
            if settler.kind in LAYERED
        }
        for pipe in self.drawing.pipes:
            if pipe.solids is None:
                continue
            feed: list[int] = []
            for i, comes in enumerate(self.drawing.pipes):
                if comes.target == pipe.source:
                    feed += [self.finder.solids(comes, bottom), i]
            share = self.drawing.settlers[pipe.source].removal / pipe.solids
            self.lists["THICKENED"] += [self._feed(feed), len(feed) // 2, self._keep([share])]


def _settler_numbers(s: Settler) -> list[float]:
    if s.kind == "ideal":
        return [s.removal, *[0.0] * 10]
    if s.kind == "primary":
        return [s.volume, s.f_corr, s.f_X, s.lag_d, *[0.0] * 7]
    shape = [s.area, s.height, float(s.layers), float(s.feed_layer - 1)]
    numbers = [*shape, s.v0, s.v0_max, s.r_h, s.r_p, s.f_ns, s.X_t, SMOOTH]
    if s.kind == "takacs":
        return [*numbers, 0.0]
    stress = s.rho * s.alpha * GRAMS / (GRAVITY * s.excess)
    X = np.linspace(0.0, 5.0 / s.r_h, FINE)
    sinks = X * np.minimum(s.v0_max, s.v0 * (np.exp(-s.r_h * X) - np.exp(-s.r_p * X)))
    return [*numbers, 1.0, stress, s.beta, s.X_c, float(X[np.argmax(sinks)])]


def _solids(model: Model) -> Array:
    if "TSS" not in model.observables:
        where = f"model '{model.page.name}'"
        settles = next((name for name in model.components if name.startswith("X")), "X")
        row = f"TSS  g/m3  0.75 * {settles}  suspended solids"
        do = f"Add TSS to its observables, such as '{row}'."
        raise PlantError(Fault(where=where, what="does not say what its solids weigh.", do=do))
    return np.append(model.observables["TSS"], 0.0)


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
