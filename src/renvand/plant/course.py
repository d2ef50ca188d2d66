"""What happens when in a run: rows of the influent, records, looks, feedings, phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from renvand.errors import Fault, PlantError
from renvand.plant.drive import TURN
from renvand.plant.influent import Influent
from renvand.plant.layout import Whole
from renvand.plant.phases import moments as phase_moments
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

Interpolation = Literal["hold", "linear"]
SAME_TIME = 1e-5  # d: moments closer than 1 s are one, for files print days with five decimals
MINUTES = 1440.0
NEW_ROW, RECORD, LOOK, DIGEST = 1, 2, 4, 8
FED_EVERY = 15.0 / MINUTES  # d between two feedings of a digester, see docs/decisions/digester.md


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """What happens when; the same for runs that differ only in their numbers."""

    times: Array  # (row,) of the influent [d]
    rows: Array  # (row, component + temperature + flow)
    records: Array  # (record,) [d]
    moments: Array  # (moment,) [d]
    kinds: Whole  # (moment,), see :func:`calendar`
    interpolate: Interpolation

    @property
    def comes(self) -> Array:
        """What comes at each record, array (record, component + temperature + flow)."""
        return self.at(self.rows)

    def at(self, values: Array) -> Array:
        """Give what belongs to rows of the influent, array (row, k), at each record."""
        if self.interpolate == "linear" and len(self.times) > 1:
            columns = [np.interp(self.records, self.times, column) for column in values.T]
            return np.stack(columns, axis=1)
        place = np.searchsorted(self.times, self.records + SAME_TIME, side="right") - 1
        return values[np.clip(place, 0, len(values) - 1)]


def course_of(
    plant: Plant,
    influent: Influent,
    *,
    days: float | None,
    interpolate: Interpolation,
    output_min: float,
    is_controlled: bool = False,
) -> Course:
    """Plan a run; `is_controlled` says that a controller of one's own looks, too.

    Raises
    ------
    PlantError
        When days or times make no sense.
    """
    if not output_min > 0:
        fault = Fault(where="output_min", what=f"is {output_min:g}.", do="Give minutes above 0.")
        raise PlantError(fault)
    days, rows, times = _stretch(influent, days, interpolate)
    begin, end = float(times[0]), float(times[0]) + days
    count = int(np.ceil(days * MINUTES / output_min - 1e-6))
    records = np.append(begin + output_min / MINUTES * np.arange(count), end)
    drawing = plant.drawing
    moments, kinds = calendar(
        times,
        start=begin,
        end=end,
        output=records,
        look=drawing.sample_min / MINUTES if drawing.controllers or is_controlled else None,
        digest=FED_EVERY if drawing.digesters else None,
        turns=phase_moments(drawing, begin=begin, end=end),
    )
    return Course(
        times=times,
        rows=rows,
        records=records,
        moments=moments,
        kinds=kinds,
        interpolate=interpolate,
    )


def calendar(
    rows: Array,
    *,
    start: float,
    end: float,
    output: Array,
    look: float | None = None,
    digest: float | None = None,
    turns: Array | None = None,
) -> tuple[Array, Whole]:
    """Merge the moments when something happens.

    Parameters
    ----------
    rows : array (row,)
        When influent rows begin. [d]
    start, end : float
        Of the run. [d]
    output : array (record,)
        When to record. [d]
    look : float or None
        Time between two looks of the controllers. [d]
    digest : float or None
        Time between two feedings of the digester. [d]
    turns : array (moment,) or None
        When phases of cycles begin. [d]

    Returns
    -------
    array (moment,), array (moment,)
        Times, and what happens: 1 new row, 2 record, 4 look, 8 digest, 16 a phase begins, added
        up. [d], whole
    """

    def every(step: float | None) -> Array:
        if step is None:
            return np.zeros(0)
        count = int(np.floor((end - start) / step + 1e-6)) + 1
        return start + step * np.arange(count, dtype=float)

    parts = [np.array([start]), rows[(rows > start + SAME_TIME) & (rows < end - SAME_TIME)]]
    parts += [np.zeros(0) if turns is None else turns]
    parts += [output, every(look), every(digest), np.array([end])]
    kinds = [NEW_ROW, NEW_ROW, TURN, RECORD, LOOK, DIGEST, DIGEST if digest is not None else 0]
    times = np.concatenate(parts)
    what = np.concatenate([np.full(len(p), k) for p, k in zip(parts, kinds, strict=True)])
    order = np.argsort(times, kind="stable")
    times, what = times[order], what[order]
    group = np.concatenate([[0], np.cumsum(np.diff(times) > SAME_TIME)])
    merged = np.zeros(group[-1] + 1, dtype=np.int64)
    np.bitwise_or.at(merged, group, what)
    first = np.flatnonzero(np.concatenate([[True], np.diff(group) > 0]))
    return times[first], merged


def _stretch(
    influent: Influent, days: float | None, interpolate: Interpolation
) -> tuple[float, Array, Array]:
    """Repeat an influent until it is long enough; its last row lasts as long as the one before."""
    times, rows = influent.times, influent.rows
    if interpolate not in ("hold", "linear"):
        do = "Choose 'hold' or 'linear'."
        raise PlantError(Fault(where="interpolate", what=f"'{interpolate}' is not known.", do=do))
    if len(times) == 1:
        if days is None:
            do = "Say how many days."
            raise PlantError(Fault(where="days", what="a constant influent has no end.", do=do))
        return days, rows, times
    length = float(times[-1] - times[0] + (times[-1] - times[-2]))
    days = length if days is None else float(days)
    if not 0 < days < 1e6:
        raise PlantError(Fault(where="days", what=f"is {days:g}.", do="Give a time above 0."))
    count = int(np.ceil(days / length - 1e-6))
    if count > 1:
        times = np.concatenate([times + length * k for k in range(count)])
        rows = np.concatenate([rows] * count)
    return days, rows, times
