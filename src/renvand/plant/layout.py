"""Where everything of a plant lies in the arrays of the kernels.

State ``y``: eight zeros; the tanks in blocks of eight lanes (row = component, and last the
temperature); the settlers (soluble rows of every layer from the top, then solids of every layer);
the meter (what entered less what left, for each row). ``ex``: the streams, one after the other:
influent, doses, overflow and sludge of each settler, and copies of tanks that pumps draw from.
``q``: all pipes, what comes from the left neighbour of each lane and what passes through it (both
by volume), overflow and sludge flow of each settler. ``I`` and ``F``: all other numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, PlantError, near
from renvand.plant.drawing import INFLUENT, Drawing, Settler
from renvand.plant.network import Network
from renvand.process.generate import Transport, kernel_numbers
from renvand.process.names import LANES, PLACE
from renvand.process.model import Array, Model

Whole = NDArray[np.int64]
SMOOTH = 1e-14  # of the settler's minimum: 1e-7 of the flux, squared
KINDS = ("takacs", "ideal")
TRIDIAGONAL = 192  # numbers of a settler's factors


# What the kernels find at these places of I: numbers, or where a list begins
PLACES = (
    "N_BLOCKS", "N_TANKS", "N_EDGES", "N_ACTIVE", "N_STREAMS", "FIRST_METER", "COME",
    "TANK_START", "ACTIVE", "TAPS", "N_TAPS", "UNITS", "N_UNITS", "TANK_PIPES", "N_TANK_PIPES",
    "BORDER_PIPES", "N_BORDER_PIPES", "INVERSE_VOLUME", "VOLUME", "SATURATION",
)  # fmt: skip


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
    q: Array
    ex: Array
    u: Array
    slope: Array
    w: Array
    flux: Array
    feed: Array
    stages: Array
    L: Array  # factors of the reactions
    G: Array  # flow along the line
    last: Array  # the layer before
    q_then: Array  # what the factors were made with
    kla_then: Array
    shape: Array  # composition of each settler's feed, per solids
    T: Array  # factors of settlers
    dw: Array
    dx: Array


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The arrays of a plant and how to find things in them."""

    network: Network
    tanks: tuple[str, ...]  # in the order of the line
    settlers: tuple[str, ...]
    streams: tuple[str, ...]  # of ex: influent, doses, 'settler', 'settler.sludge'
    rows: tuple[str, ...]  # components and 'T'
    starts: dict[str, int]  # where each tank begins in y
    layers: dict[str, int]  # where each settler begins in y
    first_meter: int
    I: Whole  # noqa: E741
    F: Array
    s: Array
    p: Array
    h: Array
    ex: Array  # doses filled in
    kla: Array  # (lane,)
    active: Whole  # states that are more than filling
    per_influent: Array  # (flow,)
    per_pump: Array  # (pump, flow)
    pumps: Array  # (pump,) flows as drawn
    columns: tuple[tuple[str, str], ...]  # (place, quantity) of every column of a record
    deepest: int  # layers of the deepest settler

    @property
    def n_states(self) -> int:
        """How long y is; eight more than there are states, for loops that read in eights."""
        return self.first_meter + len(self.rows) + LANES

    @property
    def n_active(self) -> int:
        """How many states are more than filling."""
        return len(self.active)


def constants_text(model: Model) -> str:
    """Write the constants that the kernels of a model's plants share."""
    heated = len(kernel_numbers(model).h)
    rows = len(model.components) + 1
    constants = {
        "N_ROWS": rows,
        "N_SOLUBLE": 1 + sum(not c.is_particulate for c in model.page.components),
        "N_HEATED": heated,
        "OXYGEN": model.components.index(model.page.oxygen) if model.page.oxygen else -1,
        "SOLIDS": 0,
        "TEMPERATURE": rows,
        "WARM": rows + 1,
        "LOG_THETA": rows + 1 + heated,
        **{name: i for i, name in enumerate(PLACES)},
        "SOLUBLES": len(PLACES),
    }
    text = "".join(f"{name} = {value}\n" for name, value in constants.items())
    return f"{text}\n\n{_moves_text(model)}"


def _moves_text(model: Model) -> str:
    """Write how rows move between tanks (a lane apart) and streams, one assignment each.

    As loops these become gather and scatter instructions, which cost ten times as much.
    """
    rows = range(len(model.components) + 1)
    sinks = [*(c.is_particulate for c in model.page.components), False]
    layer = {r: j for j, r in enumerate(r for r in rows if not sinks[r])}
    tap = [f"ex[place + {r}] = y[source + {LANES * r}]" for r in rows]
    pour = [f"dy[target + {LANES * r}] += feed[{r}]" for r in rows]
    arrive = [f"dy[s + {j}] = rate * (feed[{r}] - y[s + {j}])" for r, j in layer.items()]
    back = [f"b[s + {j}] = share * (b[s + {j}] + weight * feed[{r}])" for r, j in layer.items()]
    metered = [
        f"b[m + {r}] -= top * b[s + {j}] + bottom * b[source + {j}]" for r, j in layer.items()
    ]
    leave = [
        f"ex[place + {r}] = " + (f"share * feed[{r}]" if sinks[r] else f"y[s + {layer[r]}]")
        for r in rows
    ]
    weighed = " + ".join(f"F[SOLIDS + {r}] * feed[{r}]" for r in rows if sinks[r])
    bodies = {
        "solids_of(feed, F)": [f"return {weighed or '0.0'}"],
        "tap(ex, y, place, source)": tap,
        "pour(dy, feed, target)": pour,
        "arrive(dy, y, feed, s, rate)": arrive,
        "arrive_back(b, feed, s, weight)": ["share = 1.0 / (1.0 + weight)", *back],
        "part_meter(b, m, s, source, top, bottom)": metered,
        "leave(ex, y, feed, place, s, share)": leave,
    }
    parts: list[str] = []
    for signature, lines in bodies.items():
        names = signature.partition("(")[2].rstrip(")").split(", ")
        places = [n for n in names if n in ("place", "source", "target", "s", "m")]
        lines = [*(f"{n} &= {PLACE}" for n in places), *lines]
        body = "".join(f"    {line}\n" for line in lines)
        parts.append(f"# inline\ndef {signature}:\n{body}")
    return "\n\n".join(parts)


def transport(model: Model) -> Transport:
    """Say what flow and aeration do to eight tanks at once.

    Each takes from its left neighbour and loses what passes through.
    """
    rows: list[str] = []
    for r, name in enumerate((*model.components, "T")):
        row = f"given * y[left + {LANES * r} + k] - lost * y[o + {LANES * r} + k]"
        if name == model.page.oxygen:
            row += f" + kla[tank + k] * (F[saturation + k] - y[o + {LANES * r} + k])"
        rows.append(row)
    places = ("left", "come", "leave_at", "tank", "saturation")
    return Transport(
        arguments=("q", "kla", "F", *places),
        lines=("given = q[come + k]", "lost = q[leave_at + k]"),
        rows=tuple(rows),
    )


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
    solubles = [r for r, c in enumerate(model.page.components) if not c.is_particulate]
    solubles.append(len(rows) - 1)
    layers, first_meter = _settler_places(
        drawing, settlers, len(solubles), LANES * (1 + n_blocks * len(rows))
    )
    names = _state_names(drawing, rows, starts, layers, [rows[r] for r in solubles])
    finder = _Finder(drawing, tanks, settlers, streams, starts, len(rows))
    numbers = kernel_numbers(model)
    active = np.array(sorted(names), dtype=np.int64)
    I, F = _packed(drawing, finder, layers, active, first_meter, solubles)  # noqa: E741
    shared = [_solids(model), [model.temperature], numbers.h, numbers.log_theta]
    start = sum(map(len, shared))
    for place in ("INVERSE_VOLUME", "VOLUME", "SATURATION"):
        I[PLACES.index(place)] += start
    for j in range(len(settlers)):
        I[I[PLACES.index("UNITS")] + 8 * j + 6] += start
    return Plan(
        network=network,
        tanks=tanks,
        settlers=settlers,
        streams=streams,
        rows=rows,
        starts=starts,
        layers=layers,
        first_meter=first_meter,
        I=I,
        F=np.concatenate([*shared, F]),
        s=numbers.s,
        p=numbers.p,
        h=np.tile(np.repeat(numbers.h, LANES), n_blocks),
        ex=np.append(_doses(drawing, rows, len(streams)), np.zeros(len(finder.taps) * len(rows))),
        kla=_lanes([drawing.tanks[n].kla for n in tanks], n_blocks),
        active=active,
        per_influent=finder.spread(network.per_influent),
        per_pump=np.array([finder.spread(row) for row in network.per_pump]).reshape(
            len(network.pumped), finder.n_flows
        ),
        pumps=np.array([drawing.pipes[i].flow or 0.0 for i in network.pumped]),
        columns=(
            *(names[int(i)] for i in active),
            *(("pipe", str(i)) for i in range(len(drawing.pipes))),
            *((f"stream {stream}", row) for stream in streams for row in rows),
            *((tank, "kla") for tank in tanks),
        ),
        deepest=max([s.layers for s in drawing.settlers.values()], default=1),
    )  # fmt: skip


def _packed(
    drawing: Drawing,
    finder: _Finder,
    layers: dict[str, int],
    active: Whole,
    first_meter: int,
    solubles: list[int],
) -> tuple[Whole, Array]:
    """Pack whole and real numbers; places in F count from its own part of it."""
    tanks, n_blocks = finder.tanks, finder.n_blocks
    volumes = [drawing.tanks[n].volume for n in tanks]
    lists: dict[str, list[int]] = {
        "TANK_START": [finder.starts[n] for n in tanks],
        "ACTIVE": active.tolist(),
        "TAPS": [i for name, place in finder.taps.items() for i in (finder.starts[name], place)],
        "TANK_PIPES": finder.tank_pipes(),
        "BORDER_PIPES": finder.border_pipes(),
        "UNITS": [],
    }
    real: list[float] = []
    at: dict[str, int] = {}
    for name, values in (
        ("INVERSE_VOLUME", [1.0 / v for v in volumes]),
        ("VOLUME", volumes),
        ("SATURATION", [drawing.tanks[n].saturation for n in tanks]),
    ):
        at[name] = len(real)
        real.extend(_lanes(values, n_blocks))
    feeds: list[int] = []
    for j, name in enumerate(finder.settlers):
        settler, feed = drawing.settlers[name], finder.feed(name)
        feeds_at = len(feeds)
        feeds.extend(feed)
        lists["UNITS"] += [
            KINDS.index(settler.kind), feeds_at, len(feed) // 2, finder.first_leave + 2 * j,
            finder.place(name), layers[name], len(real), TRIDIAGONAL * j,
        ]  # fmt: skip
        real.extend(_settler_numbers(settler))
    lists["FEEDS"] = feeds
    head = {
        **at,
        "N_BLOCKS": n_blocks,
        "N_TANKS": len(tanks),
        "N_EDGES": len(drawing.pipes),
        "N_ACTIVE": len(active),
        "N_STREAMS": len(finder.streams),
        "FIRST_METER": first_meter,
        "COME": len(drawing.pipes),
        "N_TAPS": len(finder.taps),
        "N_UNITS": len(finder.settlers),
        "N_TANK_PIPES": len(lists["TANK_PIPES"]) // 4,
        "N_BORDER_PIPES": len(lists["BORDER_PIPES"]) // 3,
    }
    body: list[int] = list(solubles)
    for name, values in lists.items():
        head[name] = len(PLACES) + len(body)
        body.extend(values)
    whole = np.array([*(head[name] for name in PLACES), *body], dtype=np.int64)
    for j in range(len(finder.settlers)):
        whole[head["UNITS"] + 8 * j + 1] += head["FEEDS"]
    return whole, np.array(real)


class _Finder:
    """Knows where each source and target lies."""

    def __init__(
        self,
        drawing: Drawing,
        tanks: tuple[str, ...],
        settlers: tuple[str, ...],
        streams: tuple[str, ...],
        starts: dict[str, int],
        n_rows: int,
    ) -> None:
        self.pipes, self.n_rows = drawing.pipes, n_rows
        self.tanks, self.settlers, self.streams = tanks, settlers, streams
        self.starts = starts
        self.n_blocks = -(-len(tanks) // LANES)
        self.volumes = np.array([drawing.tanks[n].volume for n in tanks])
        self.first_leave = len(self.pipes) + 2 * LANES * self.n_blocks
        self.n_flows = self.first_leave + 2 * len(settlers)
        tapped = dict.fromkeys(
            pipe.source
            for i, pipe in enumerate(self.pipes)
            if pipe.source in starts and not self.is_chain(i)
        )
        self.taps = {name: (len(streams) + n) * n_rows for n, name in enumerate(tapped)}

    def place(self, source: str, outlet: str = "overflow") -> int:
        """Where a source's water stands in ex."""
        if source in self.taps:
            return self.taps[source]
        stream = f"{source}.sludge" if outlet == "sludge" else source
        return self.streams.index(stream) * self.n_rows

    def is_chain(self, i: int) -> bool:
        """Whether a pipe is the (first) one from the left neighbour in the same block."""
        pipe = self.pipes[i]
        if pipe.source not in self.starts or pipe.target not in self.starts:
            return False
        ends = [(p.source, p.target) for p in self.pipes]
        k = self.tanks.index(pipe.target)
        is_first = ends.index((pipe.source, pipe.target)) == i
        return k % LANES > 0 and self.tanks[k - 1] == pipe.source and is_first

    def tank_pipes(self) -> list[int]:
        """Source, flow, tank and where it begins; -1 while more comes to the same tank."""
        rows: list[int] = []
        for k, tank in enumerate(self.tanks):
            mine = [
                i for i, p in enumerate(self.pipes) if p.target == tank and not self.is_chain(i)
            ]
            for i in mine:
                pipe = self.pipes[i]
                end = self.starts[tank] if i == mine[-1] else -1
                rows += [self.place(pipe.source, pipe.outlet), i, k, end]
        return rows

    def feed(self, settler: str) -> list[int]:
        """Source and flow of everything that comes to a settler."""
        pipes = [(i, p) for i, p in enumerate(self.pipes) if p.target == settler]
        return [n for i, p in pipes for n in (self.place(p.source, p.outlet), i)]

    def border_pipes(self) -> list[int]:
        """Source, flow and sign of everything that crosses the plant's border."""
        inner = {*self.tanks, *self.settlers}
        rows: list[int] = []
        for i, pipe in enumerate(self.pipes):
            for sign, crosses in ((1, pipe.source not in inner), (-1, pipe.target not in inner)):
                if crosses:
                    rows += [self.place(pipe.source, pipe.outlet), i, sign]
        return rows

    def spread(self, flows: Array) -> Array:
        """Add to pipe flows what the kernels need besides; see q above."""
        lanes = LANES * self.n_blocks
        come, through = np.zeros(lanes), np.zeros(lanes)
        leave = np.zeros(2 * len(self.settlers))
        for i, (flow, pipe) in enumerate(zip(flows, self.pipes, strict=True)):
            if pipe.target in self.starts:
                k = self.tanks.index(pipe.target)
                through[k] += flow / self.volumes[k]
                come[k] += flow / self.volumes[k] if self.is_chain(i) else 0.0
            if pipe.source in self.settlers:
                leave[2 * self.settlers.index(pipe.source) + (pipe.outlet == "sludge")] += flow
        return np.concatenate([flows, come, through, leave])


def _lanes(values: list[float], n_blocks: int) -> Array:
    lanes = np.zeros(n_blocks * LANES)
    lanes[: len(values)] = values
    return lanes


def _settler_places(
    drawing: Drawing, settlers: tuple[str, ...], n_solubles: int, first: int
) -> tuple[dict[str, int], int]:
    places: dict[str, int] = {}
    for name in settlers:
        places[name] = first
        settler = drawing.settlers[name]
        first += settler.layers * (n_solubles + 1) if settler.kind == "takacs" else 0
    return places, first


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


def _state_names(
    drawing: Drawing,
    rows: tuple[str, ...],
    starts: dict[str, int],
    layers: dict[str, int],
    solubles: list[str],
) -> dict[int, tuple[str, str]]:
    names: dict[int, tuple[str, str]] = {}
    for tank, start in starts.items():
        for r, row in enumerate(rows):
            names[start + LANES * r] = (tank, row)
    for settler, place in layers.items():
        n = drawing.settlers[settler].layers if drawing.settlers[settler].kind == "takacs" else 0
        for i in range(n):
            for j, row in enumerate(solubles):
                names[place + i * len(solubles) + j] = (f"{settler}, layer {i + 1}", row)
            names[place + n * len(solubles) + i] = (f"{settler}, layer {i + 1}", "TSS")
    return names
