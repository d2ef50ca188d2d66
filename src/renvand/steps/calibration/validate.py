"""Predict a later time with what was calibrated before it, and score that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, SolveError
from renvand.process.model import Array
from renvand.steps.calibration.fit import Calibration, ensemble
from renvand.steps.calibration.identify import Tell, silent
from renvand.steps.calibration.parameters import Evidence
from renvand.steps.calibration.series import Series
from renvand.steps.calibration.skill import band, mean_day, persistence, relative, scores

if TYPE_CHECKING:
    import pandas as pd


Mask = NDArray[np.bool_]
LEVEL = 0.9  # of the measurements should lie in the band
FEWEST = 3  # times on either side of a split


@dataclass(frozen=True, kw_only=True)
class Validation:
    """Predictions of the whole time, and how good they are before and after the split."""

    split: float  # d
    times: Array  # (row,)  [d]
    predicted: Mapping[str, Array]  # column to (row,): with the calibrated values
    low: Mapping[str, Array]  # of the band in which 90 % of the measurements should lie
    high: Mapping[str, Array]
    scores: pd.DataFrame  # a row for each column and period


def split_of(evidence: Evidence, share: float) -> float:
    """Give the day before which a share of the measured time lies.

    Raises
    ------
    SolveError
        When the share is not between 0 and 1, or leaves no time to compare before or after.
    """
    times = evidence.measured.times
    if not 0 < share < 1:
        do = "Give a share above 0 and below 1, such as 0.7."
        raise SolveError(Fault(where="split", what=f"is {share:g}.", do=do))
    split = float(times[0] + share * (times[-1] - times[0])) if len(times) else np.nan
    times = evidence.compared().times
    before, after = int((times < split).sum()), int((times >= split).sum())
    if min(before, after) < FEWEST:
        what = f"leaves {before} times to calibrate on and {after} to predict."
        raise SolveError(Fault(where="split", what=what, do="Measure longer."))
    return split


def validate(
    evidence: Evidence,
    calibration: Calibration,
    *,
    split: float,
    seed: int,
    workers: int = 2,
    tell: Tell = silent,
) -> Validation:
    """Run the whole time from its beginning and score what lies after the split.

    The plant is never corrected on the way: what it knows after the split is what came and what
    drove it, not what was measured.

    Parameters
    ----------
    evidence : Evidence
        The whole time.
    calibration : Calibration
        On the time before the split alone.
    split : float
        [d]
    seed : int
        Of the ensemble and of the band.
    workers, tell
        As for :func:`renvand.steps.calibration.fit.ensemble`.

    Returns
    -------
    Validation
        Scores beside the last value before the split ('persistence') and the mean of each hour of
        the day before the split ('mean_day').
    """
    import pandas as pd

    seen = evidence.compared()
    predicted = evidence.simulate(calibration.values)
    members = ensemble(evidence, calibration, seed=seed, workers=workers, tell=tell)
    low, high, rows = dict[str, Array](), dict[str, Array](), list[dict[str, object]]()
    for number, (name, values) in enumerate(seen.columns.items()):
        is_there = np.isfinite(values)
        learned = is_there & (seen.times < split)
        left = relative(predicted[name][learned], values[learned])
        low[name], high[name] = band(members[name], left, level=LEVEL, seed=seed + number)
        for period, here in (("before", learned), ("after", is_there & ~learned)):
            row = scores(
                predicted[name][here],
                values[here],
                rivals=_rivals(seen, name, learned, at=seen.times[here]),
                band=(low[name][here], high[name][here]),
            )
            rows.append({"column": name, "period": period, **row})
    return Validation(
        split=split,
        times=seen.times,
        predicted=predicted,
        low=low,
        high=high,
        scores=pd.DataFrame(rows),
    )


def _rivals(seen: Series, name: str, learned: Mask, *, at: Array) -> dict[str, Array]:
    times, values = seen.times[learned], seen.columns[name][learned]
    return {
        "persistence": persistence(values, at=at),
        "mean_day": mean_day(times, values, at=at),
    }
