"""What was measured at a plant, and what drove it: tables of time, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.knowledge.read import read_text
from renvand.plant import Plant
from renvand.process.model import Array

TIME = "t_d"
AIR = "air"  # of a tank [m³/h]: TANK.air drives TANK.kla through the transfer
HOURS = 24.0  # h/d


@dataclass(frozen=True, kw_only=True)
class Series:
    """Columns over time; NaN where nothing was measured."""

    times: Array  # (row,)  [d]
    columns: Mapping[str, Array]  # 'aerobic_3.S_NH' to (row,)

    def between(self, first: float, last: float) -> Series:
        """Give the rows from `first` to before `last`. [d]"""
        here = (self.times >= first) & (self.times < last)
        return Series(
            times=self.times[here],
            columns={name: values[here] for name, values in self.columns.items()},
        )


def read_series(path: Path, *, name: str) -> Series:
    """Read a CSV with a column t_d [d] and one for each thing; empty cells are gaps.

    Raises
    ------
    FileError
        With all faults: no t_d, no rows, times that do not rise, cells that are no numbers.
    """
    lines = read_text(path, name=name).splitlines()
    head = [cell.strip() for cell in lines[0].split(",")] if lines else []
    faults: list[Fault] = []
    if TIME not in head:
        do = "Name the column of days t_d."
        raise FileError(Fault(where=f"{name}, line 1", what="lacks column 't_d'.", do=do))
    for twice in sorted({cell for cell in head if head.count(cell) > 1}):
        where = f"{name}, line 1, column '{twice}'"
        faults.append(Fault(where=where, what="stands twice.", do="Keep one."))
    rows = [_cells(line, n + 2, head, name, faults) for n, line in enumerate(lines[1:]) if line]
    values = np.array([row for row in rows if row is not None]).reshape(-1, len(head))
    if not len(values) and not faults:
        faults.append(Fault(where=name, what="has no rows.", do="Add at least one."))
    times = values[:, head.index(TIME)]
    for i in np.flatnonzero(~(np.diff(times) > 0))[:5] if not faults else ():
        what = f"{times[i + 1]:g} d comes after {times[i]:g} d."
        where = f"{name}, line {i + 3}, t_d"
        faults.append(Fault(where=where, what=what, do="Sort by time, each once."))
    if faults:
        raise FileError(faults)
    columns = {cell: values[:, i] for i, cell in enumerate(head) if cell != TIME}
    return Series(times=times, columns=columns)


def _cells(
    line: str, number: int, head: Sequence[str], name: str, faults: list[Fault]
) -> list[float] | None:
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != len(head):
        what = f"has {len(cells)} cells, the first line has {len(head)}."
        faults.append(Fault(where=f"{name}, line {number}", what=what, do="Check the commas."))
        return None
    row: list[float] = []
    for column, cell in zip(head, cells, strict=True):
        try:
            row.append(float(cell) if cell else np.nan)
        except ValueError:
            where, what = f"{name}, line {number}, {column}", f"'{cell}' is not a number."
            do = "Write digits with a point, or leave the cell empty."
            faults.append(Fault(where=where, what=what, do=do))
            row.append(np.nan)
    return row


def measured_faults(measured: Series, plant: Plant, *, name: str) -> list[Fault]:
    """Find columns that name no place and quantity of the plant, or hold nothing."""
    faults: list[Fault] = []
    places = (*plant.plan.tanks, *plant.drawing.outlets)
    quantities = (*plant.model.components, *plant.model.observables)
    for column, values in measured.columns.items():
        where = f"{name}, column '{column}'"
        place, _, what = column.partition(".")
        if place not in places:
            faults.append(Fault(where=where, what=f"no '{place}'.", do=near(place, places)))
        elif what not in quantities:
            do = near(what, quantities)
            faults.append(Fault(where=where, what=f"no quantity '{what}'.", do=do))
        elif np.isfinite(values).sum() == 0:
            faults.append(Fault(where=where, what="is empty.", do="Leave the column out."))
        elif np.nanmin(values) < 0:
            what = f"is {np.nanmin(values):g} at day {measured.times[np.nanargmin(values)]:g}."
            faults.append(Fault(where=where, what=what, do="Give 0 or more, or leave it empty."))
    if not measured.columns:
        faults.append(Fault(where=name, what="measures nothing.", do="Add a column TANK.S_NH."))
    return faults


def driven_faults(driven: Series, plant: Plant, *, name: str) -> list[Fault]:
    """Find columns that are no lever that moves, and gaps."""
    faults: list[Fault] = []
    tanks = plant.plan.tanks
    pumps = [p.name or p.path for p in plant.drawing.pipes if not p.is_gravity]
    known = (*(f"{t}.kla" for t in tanks), *(f"{t}.{AIR}" for t in tanks), *pumps)
    for column, values in driven.columns.items():
        where = f"{name}, column '{column}'"
        if column not in known:
            faults.append(Fault(where=where, what="is no lever.", do=near(column, known)))
        elif not np.isfinite(values).all():
            what = f"has {int((~np.isfinite(values)).sum())} gaps."
            faults.append(Fault(where=where, what=what, do="Fill them: what drives has no gaps."))
        elif values.min() < 0:
            what = f"is {values.min():g} at day {driven.times[values.argmin()]:g}."
            faults.append(Fault(where=where, what=what, do="Give 0 or more."))
    return faults
