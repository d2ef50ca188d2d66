"""The class of a water by its concentrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from renvand.river.network import Floats

WORSE = "worse"  # than the last class of a standard


def water_class(
    concentration: Floats, *, limits: Sequence[float], is_minimum: bool = False
) -> Floats:
    """Which class of one substance: 0 for the best, the number of classes for worse than all.

    Parameters
    ----------
    concentration : array
        Concentration. [mg/L]
    limits : sequence of float
        Limits of the classes, the best first. [mg/L]
    is_minimum : bool
        The limit is a minimum, as for oxygen.

    Returns
    -------
    array
        Index of the class; NaN where the concentration is not known.
    """
    bounds = np.asarray(limits, dtype=np.float64)
    c = np.asarray(concentration, dtype=np.float64)[..., None]
    fails = c < bounds if is_minimum else c > bounds
    return np.where(np.isnan(c[..., 0]), np.nan, fails.sum(axis=-1).astype(np.float64))


def worst_class(
    concentrations: Mapping[str, Floats], *, limits: Mapping[str, Sequence[float]]
) -> tuple[Floats, tuple[str, ...]]:
    """Class of a water by its worst substance, as standards of water quality judge.

    Parameters
    ----------
    concentrations : mapping of substance to array (reach,)
        What is known. [mg/L]
    limits : mapping of substance to the limits of the classes
        Substances without limits do not count. [mg/L]

    Returns
    -------
    tuple
        Index of the class for each reach, and the substance that decides it.
    """
    judged = [s for s in concentrations if s in limits]
    table = np.array(
        [water_class(concentrations[s], limits=limits[s], is_minimum=s == "DO") for s in judged]
    )
    known = np.where(np.isnan(table), -1.0, table)
    decides = known.argmax(axis=0)
    worst = known.max(axis=0)
    return np.where(worst < 0, np.nan, worst), tuple(judged[int(i)] for i in decides)
