"""What parts particles from water without chemistry: primary clarifier, thickener, dewatering."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renvand.process.model import Array

MINUTES_PER_DAY = 1440.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Stream:
    """Flowing water."""

    C: Array  # (component,)  [g/m³]
    T: float  # °C
    Q: float  # m³/d


@dataclass(frozen=True, kw_only=True)
class Primary:
    """A primary clarifier after Otterpohl and Freund, at rest."""

    volume: float = 900.0  # m³, lund_matlab
    f_corr: float = 0.65  # 1, correction of the efficiency, lund_matlab
    f_X: float = 0.85  # 1, share of COD in particles, lund_matlab
    f_PS: float = 0.007  # 1, share of the flow that leaves as sludge, lund_matlab


@dataclass(frozen=True, kw_only=True)
class Thickening:
    """A thickener or a dewatering that reaches given solids; it holds no water."""

    solids: float  # g/m³ in the sludge
    removal: float = 0.98  # 1, share of solids that goes to the sludge, lund_matlab


def mix(*streams: Stream) -> Stream:
    """Join streams."""
    Q = sum(stream.Q for stream in streams)
    share = [stream.Q / Q if Q > 0 else 1.0 / len(streams) for stream in streams]
    return Stream(
        C=sum((w * stream.C for w, stream in zip(share, streams, strict=True)), np.zeros(())),
        T=sum(w * stream.T for w, stream in zip(share, streams, strict=True)),
        Q=Q,
    )


def clarify(
    comes: Stream, unit: Primary, *, is_particle: NDArray[np.bool_]
) -> tuple[Stream, Stream]:
    """Part raw water in a primary clarifier.

    Parameters
    ----------
    comes : Stream
        What flows in.
    unit : Primary
        The clarifier.
    is_particle : array (component,)
        What can settle.

    Returns
    -------
    Stream, Stream
        Overflow and sludge. Together they are what comes.

    References
    ----------
    otterpohl1992
    """
    minutes = unit.volume / comes.Q * MINUTES_PER_DAY
    # the published polynomials: percent of COD removed, from retention time and shape of the COD
    removed = unit.f_corr * (2.88 * unit.f_X - 0.118) * (1.45 + 6.15 * np.log(minutes)) / 100.0
    part = float(np.clip(removed / unit.f_X, 0.0, 1.0 - unit.f_PS))
    return _parted(comes, unit.f_PS * comes.Q, left=1.0 - part, is_particle=is_particle)


def thicken(
    comes: Stream, unit: Thickening, *, weights: Array, is_particle: NDArray[np.bool_]
) -> tuple[Stream, Stream]:
    """Part sludge so that it reaches the unit's solids.

    Parameters
    ----------
    comes : Stream
        What flows in.
    unit : Thickening
        The machine.
    weights : array (component,)
        Suspended solids of each component. [g/g]
    is_particle : array (component,)
        What is held back.

    Returns
    -------
    Stream, Stream
        Overflow and sludge. Sludge that is thick enough already passes as it is.
    """
    factor = unit.solids / max(float(weights @ comes.C), 1e-12)
    if factor <= 1.0:
        return Stream(C=comes.C * ~is_particle, T=comes.T, Q=0.0), comes
    down = unit.removal / factor
    left = (1.0 - unit.removal) / (1.0 - down)
    return _parted(comes, down * comes.Q, left=left, is_particle=is_particle)


def _parted(
    comes: Stream, down: float, *, left: float, is_particle: NDArray[np.bool_]
) -> tuple[Stream, Stream]:
    """Part by the sludge's flow and the particles left in the overflow, as share of what comes."""
    over = comes.Q - down
    above = np.where(is_particle, left, 1.0) * comes.C
    below = (comes.Q * comes.C - over * above) / down
    return Stream(C=above, T=comes.T, Q=over), Stream(C=below, T=comes.T, Q=down)
