"""Find where each source and target of water lies in the arrays."""

from __future__ import annotations

import numpy as np

from renvand.errors import Fault, PlantError
from renvand.plant.drawing import Drawing, Pipe
from renvand.plant.layout.plan import stream_name
from renvand.process.model import Array
from renvand.process.names import LANES


class Finder:
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
        self.settlers_of, self.digesters = drawing.settlers, tuple(drawing.digesters)
        self.stores, self.cycles = drawing.stores, tuple(drawing.cycles)
        self.first_leave = len(self.pipes) + 2 * LANES * self.n_blocks
        self.n_flows = self.first_leave + 2 * len(settlers)
        tapped = dict.fromkeys(
            pipe.source
            for i, pipe in enumerate(self.pipes)
            if pipe.source in starts and pipe.source not in self.cycles and not self.is_chain(i)
        )
        self.taps = {name: (len(streams) + n) * n_rows for n, name in enumerate(tapped)}
        self.kept = (len(streams) + len(tapped)) * n_rows  # where in ex, of moving levels

    def place(self, source: str, outlet: str = "overflow") -> int:
        """Where a source's water stands in ex."""
        if source in self.taps:
            return self.taps[source]
        stream = stream_name(source, outlet, parts=source in self.cycles)
        return self.streams.index(stream) * self.n_rows

    def is_chain(self, i: int) -> bool:
        """Whether a pipe comes from the left neighbour in the same block."""
        pipe = self.pipes[i]
        if pipe.source not in self.starts or pipe.target not in self.starts:
            return False
        if pipe.source in self.stores or pipe.target in self.stores:
            return False
        k = self.tanks.index(pipe.target)
        return k % LANES > 0 and self.tanks[k - 1] == pipe.source

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

    def digester_pipes(self) -> list[int]:
        """Source and flow of everything that comes to the digester."""
        return [n for name in self.digesters for n in self.feed(name)]

    def solids(self, pipe: Pipe, bottom: dict[str, int]) -> int:
        """Where the kernels find the solids of what a pipe carries: a stream, or -1 - a state."""
        if pipe.outlet == "sludge" and pipe.source in bottom:
            return -1 - bottom[pipe.source]
        parted = self.settlers_of.get(pipe.source)
        if parted is not None and parted.kind != "primary":
            where = f"pipe '{pipe.path}'"
            what = "feeds a thickener with what has just been parted."
            raise PlantError(Fault(where=where, what=what, do="Put a tank between them."))
        return self.place(pipe.source, pipe.outlet)

    def outs(self) -> list[int]:
        """Source, flow and store of everything that leaves a tank whose level moves."""
        pipes = [(i, p) for i, p in enumerate(self.pipes) if p.source in self.stores]
        place, number = self.place, self.stores.index
        return [n for i, p in pipes for n in (place(p.source, p.outlet), i, number(p.source))]

    def fills(self) -> list[int]:
        """Flow, store and sign of everything that moves a level."""
        rows: list[int] = []
        for i, pipe in enumerate(self.pipes):
            for end, sign in ((pipe.target, 1), (pipe.source, -1)):
                if end in self.stores:
                    rows += [i, self.stores.index(end), sign]
        return rows

    def draws(self, drawn: list[int]) -> list[int]:
        """Pipe, store and whether it is its line, of what takes from a moving level."""
        pipes = [(i, self.pipes[i]) for i in drawn]
        return [n for i, p in pipes for n in (i, self.stores.index(p.source), int(p.is_gravity))]

    def border_pipes(self) -> list[int]:
        """Source, flow and sign of everything that crosses the plant's border."""
        inner = {*self.tanks, *self.settlers}  # what a digester changes is its own affair
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
            if pipe.target in self.starts and pipe.target not in self.stores:
                k = self.tanks.index(pipe.target)
                through[k] += flow / self.volumes[k]
                come[k] += flow / self.volumes[k] if self.is_chain(i) else 0.0
            if pipe.source in self.settlers:
                leave[2 * self.settlers.index(pipe.source) + (pipe.outlet == "sludge")] += flow
        return np.concatenate([flows, come, through, leave])


def lanes(values: list[float], n_blocks: int) -> Array:
    lanes = np.zeros(n_blocks * LANES)
    lanes[: len(values)] = values
    return lanes
