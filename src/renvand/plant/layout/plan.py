"""Where everything of a plant lies in the arrays of the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from renvand.plant.network import Network
from renvand.process.model import Array
from renvand.process.names import LANES

Whole = NDArray[np.int64]
Record = NDArray[np.floating[Any]]  # a run keeps single precision: half the memory
SMOOTH = 1e-14  # of the settler's minimum: 1e-7 of the flux, squared
KINDS = {"takacs": 0, "burger-diehl": 0, "ideal": 1, "primary": 2}  # as the kernels call them
DELAYS = 3
TRIDIAGONAL = 192  # numbers of a settler's factors
OF_STORE = 8  # whole numbers of a tank whose level moves

# What the kernels find at these places of I: numbers, or where a list begins
PLACES = (
    "N_BLOCKS", "N_TANKS", "N_EDGES", "N_ACTIVE", "N_MOVING", "N_STREAMS", "FIRST_METER", "COME",
    "TANK_START", "ACTIVE", "TAPS", "N_TAPS", "UNITS", "N_UNITS", "TANK_PIPES", "N_TANK_PIPES",
    "BORDER_PIPES", "N_BORDER_PIPES", "THICKENED", "N_THICKENED", "DIGESTER", "DIGESTED",
    "DIGESTER_PIPES", "N_DIGESTER_PIPES", "INVERSE_VOLUME", "VOLUME", "SATURATION", "FOLLOWS",
    "STORES", "N_STORES", "DRAWS", "N_DRAWS", "OUTS", "N_OUTS", "FILLS", "N_FILLS", "SHOWN",
)  # fmt: skip


class Flows(NamedTuple):
    """How flows follow from what is given; the kernels call it N."""

    per_influent: Array  # (flow,)
    following: Array  # (pipe that follows a state, flow): thickened, then from moving levels
    per_over: Array  # (pipe of over, flow)
    limits: Array  # (pipe of over,)  [m³/d]


class Room(NamedTuple):
    """What a right-hand side works in; the kernels call it R. Few arrays: each costs at a call."""

    q: Array
    base: Array  # flows but for those that depend on solids
    ex: Array
    feed: Array
    w: Array
    flux: Array
    thick: Array
    air: Array  # aeration at the tanks' temperature
    gain: Array  # and how much more that is than at 15 °C
    sat: Array
    gas: Array


class Solving(NamedTuple):
    """What an implicit step's equations are solved in; the kernels call it S."""

    L: Array  # factors of the reactions
    G: Array  # flow along the line
    T: Array  # factors of settlers
    q_then: Array  # what the factors were made with
    air_then: Array
    shape: Array  # composition of each settler's feed, per solids
    last: Array  # the layer before
    dw: Array
    dx: Array
    q: Array  # and from here on the same as in R
    ex: Array
    feed: Array
    w: Array
    air: Array
    gas: Array


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
    u: Array
    slope: Array
    stages: Array
    R: Room
    S: Solving


def stream_name(source: str, outlet: str, *, parts: bool) -> str:
    """Name what leaves a source; `parts` says that it is a tank which settles and decants."""
    over = f"{source}.decant" if parts else source
    return f"{source}.sludge" if outlet == "sludge" else over


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The arrays of a plant and how to find things in them."""

    network: Network
    tanks: tuple[str, ...]  # in the order of the line
    settlers: tuple[str, ...]  # and, last, delays
    streams: tuple[str, ...]  # of ex: influent, doses, 'settler', 'settler.sludge', digester
    rows: tuple[str, ...]  # components and 'T'
    starts: dict[str, int]  # where each tank begins in y
    layers: dict[str, int]  # where each settler begins in y
    levels: dict[str, int]  # where the volume of each tank whose level moves stands in y
    first_meter: int
    size: int  # of y without filling at its end
    I: Whole  # noqa: E741
    F: Array
    s: Array
    p: Array
    gas: Array  # (2 * gas,) speed and saturation of what goes to the air besides oxygen
    h: Array
    ex: Array  # doses filled in
    kla: Array  # (lane,)
    active: Whole  # states that are more than filling; the digester's stand last
    n_moving: int  # how many of them change all the time
    flows: Flows
    per_pump: Array  # (pump, flow)
    pumps: Array  # (pump,) flows as drawn; 0 of a line out of a moving level
    columns: tuple[tuple[str, str], ...]  # (place, quantity) of every column of a record
    deepest: int  # layers of the deepest settler
    volumes: dict[str, int]  # record's column of what a tank holds, where its level moves

    def number(self, name: str) -> int:
        """One of the whole numbers by its name in :data:`PLACES`."""
        return int(self.I[PLACES.index(name)])

    def stream(self, source: str, outlet: str = "overflow") -> str:
        """Name what leaves a source: one of the streams, or the tank itself."""
        return stream_name(source, outlet, parts=f"{source}.decant" in self.streams)

    @property
    def n_states(self) -> int:
        """How long y is; eight more than there are states, for loops that read in eights."""
        return self.size + LANES

    @property
    def n_active(self) -> int:
        """How many states are more than filling."""
        return len(self.active)
