"""Indices of the benchmark and mass balances, from the records of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.plant.result import Result, outlet_series, source_series
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

# Weights of the effluent and influent quality index, per g: bsm1_2018
QUALITY = {"TSS": 2.0, "COD": 1.0, "TKN": 30.0, "NOx": 10.0, "BOD5": 2.0}
GRAMS = 1000.0  # g/kg
HOURS = 24.0  # h/d


def _window(result: Result) -> tuple[slice, Array]:
    """Records since ``evaluate_from`` but the last, and the time until the next: the benchmark's sums."""
    first = int(np.searchsorted(result.times, result.evaluate_from - 1e-6))
    return slice(first, len(result.times) - 1), np.diff(result.times)[first:]
