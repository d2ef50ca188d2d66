"""What a sewer does to the strength of sewage when it rains: first a flush, then dilution."""

from __future__ import annotations

import numpy as np

from renvand.process.model import Array

SLOW = 1e-6  # below it the first terms of a series are exact enough


def strength(times: Array, flow: Array, *, dry_flow: float, volume: float) -> Array:
    """Give the concentration of sewage as share of that in dry weather.

    A mixed volume V holds sewage; people send a constant load into it, rain only water:
    V ds/dt = Q_dry - Q s. When more comes, what was stored is flushed out at full strength; after
    a time of V / Q the load is again what people send. Not for sewers whose overflow spills much.

    Parameters
    ----------
    times : array (row,)
        When each flow begins; it holds until the next. [d]
    flow : array (row,)
        [m³/d]
    dry_flow : float
        Of dry weather. [m³/d]
    volume : float
        Of sewage held by sewers and tanks. [m³]

    Returns
    -------
    array (row,)
        1 in dry weather.
    """
    lengths = np.diff(times, append=2.0 * times[-1] - times[-2]) if len(times) > 1 else np.ones(1)
    turned = flow * lengths / volume  # how often the sewer's water is changed in a step
    sent = dry_flow * lengths / volume
    stays, is_slow = np.exp(-turned), turned < SLOW
    fast = np.where(is_slow, 1.0, turned)
    mean_held = np.where(is_slow, 1.0 - turned / 2.0, (1.0 - stays) / fast)
    mean_sent = np.where(is_slow, 0.5, (1.0 - mean_held) / fast)
    held, found = 1.0, np.empty_like(flow)
    for i in range(len(flow)):
        found[i] = held * mean_held[i] + sent[i] * mean_sent[i]
        held = held * stays[i] + sent[i] * mean_held[i]
    return found
