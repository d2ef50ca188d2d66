"""The class of a water by its concentrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from renvand.river.network import Floats

CLASSES = ("I", "II", "III", "IV", "V", "worse")


def water_class(
    concentration: Floats, *, limits: Sequence[float], is_minimum: bool = False
) -> Floats:
    """Which class of one substance, 0 for I to 5 for worse than V.

    Parameters
    ----------
    concentration : array
        Concentration. [mg/L]
    limits : sequence of five floats
        Limits of classes I to V. [mg/L]
    is_minimum : bool
        The limit is a minimum, as for oxygen.

    Returns
    -------
    array
        Index into ``CLASSES``; NaN where the concentration is not known.
    """
    bounds = np.asarray(limits, dtype=np.float64)
    c = np.asarray(concentration, dtype=np.float64)[..., None]
    fails = c < bounds if is_minimum else c > bounds
    return np.where(np.isnan(c[..., 0]), np.nan, fails.sum(axis=-1).astype(np.float64))


def worst_class(
    concentrations: Mapping[str, Floats], *, limits: Mapping[str, Sequence[float]]
) -> tuple[Floats, tuple[str, ...]]:
    """Class of a water by its worst substance, as GB 3838 judges.

    Parameters
    ----------
    concentrations : mapping of substance to array (reach,)
        What is known. [mg/L]
    limits : mapping of substance to five limits
        Substances without limits do not count. [mg/L]

    Returns
    -------
    tuple
        Index into ``CLASSES`` for each reach, and the substance that decides it.
    """
    judged = [s for s in concentrations if s in limits]
    table = np.array(
        [water_class(concentrations[s], limits=limits[s], is_minimum=s == "DO") for s in judged]
    )
    known = np.where(np.isnan(table), -1.0, table)
    decides = known.argmax(axis=0)
    worst = known.max(axis=0)
    return np.where(worst < 0, np.nan, worst), tuple(judged[int(i)] for i in decides)
