"""The bank plume of a large river: concentrations before the water is mixed across."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renvand.river.network import Floats

GRAVITY = 9.81  # m/s²
SECONDS_PER_DAY = 86_400.0  # s/d
EVEN = 3.0  # widths of spread after which the water is even across, to 1e-19
WALLS = 10  # images on either side: 20 widths are over six times the widest spread
REACH = 6.0  # spreads at which a plume ends, to 1e-8


def transverse_mixing(
    depth: npt.ArrayLike, width: npt.ArrayLike, *, slope: npt.ArrayLike
) -> Floats:
    """Transverse mixing coefficient by Taylor's formula of the Chinese guideline.

    Parameters
    ----------
    depth, width : array
        Mean depth and width. [m]
    slope : array
        Slope of the water. [m/m]

    Returns
    -------
    array
        Coefficient. [m²/s]

    References
    ----------
    hj2.3-2018
    """
    h, b, s = (np.asarray(v, dtype=np.float64) for v in (depth, width, slope))
    return (0.058 * h + 0.0065 * b) * np.sqrt(GRAVITY * h * s)


def mixing_length(
    width: npt.ArrayLike,
    velocity: npt.ArrayLike,
    *,
    coefficient: npt.ArrayLike,
    from_bank: npt.ArrayLike = 0.0,
) -> Floats:
    """Distance after which a discharge is mixed across the river, Chinese guideline.

    Parameters
    ----------
    width : array
        Width. [m]
    velocity : array
        Mean velocity. [m/s]
    coefficient : array
        Transverse mixing. [m²/s]
    from_bank : array
        Distance of the outlet from the nearer bank. [m]

    Returns
    -------
    array
        Length. [m]

    References
    ----------
    hj2.3-2018
    """
    b, u, e = (np.asarray(v, dtype=np.float64) for v in (width, velocity, coefficient))
    off = 0.5 - np.asarray(from_bank, dtype=np.float64) / b
    return (0.11 + 0.7 * np.sqrt(off - 1.1 * off**2)) * u * b**2 / e


def mixing_length_fischer(
    width: npt.ArrayLike,
    velocity: npt.ArrayLike,
    *,
    coefficient: npt.ArrayLike,
    is_central: npt.ArrayLike = False,
) -> Floats:
    """Distance to 95 % mixing: 0.4 u B²/E from a bank, 0.1 from the middle. [m]

    References
    ----------
    fischer1979
    """
    b, u, e = (np.asarray(v, dtype=np.float64) for v in (width, velocity, coefficient))
    return np.where(is_central, 0.1, 0.4) * u * b**2 / e


def across(y: float, *, spread: float) -> float:
    """How much more than the mean a bank discharge gives at a point across.

    Parameters
    ----------
    y : float
        Distance from the outlet's bank over the width: 0 that bank, 1 the other.
    spread : float
        Standard deviation of the plume over the width; above ``EVEN`` it is even.

    Returns
    -------
    float
        Concentration over that of full mixing; NaN at the outlet, and for an unknown spread.

    References
    ----------
    fischer1979
    """
    if spread > EVEN:
        return 1.0
    if not spread > 0:
        return float("nan")
    images = 2 * np.arange(-WALLS, WALLS + 1)
    shape = np.exp(-0.5 * ((y - images) / spread) ** 2).sum()
    return float(2 * shape / (spread * np.sqrt(2 * np.pi)))


def plume(
    load_kg_d: float,
    x: npt.ArrayLike,
    *,
    y: npt.ArrayLike,
    width: float,
    depth: float,
    velocity: float,
    coefficient: float,
    from_bank: float = 0.0,
    decay: float = 0.0,
) -> Floats:
    """Rise of concentration below one outlet in a straight river with two banks.

    Parameters
    ----------
    load_kg_d : float
        Steady load. [kg/d]
    x : array
        Distance downstream, above 0. [m]
    y : array
        Distance from the bank nearest to the outlet. [m]
    width, depth : float
        Of the river. [m]
    velocity : float
        Mean velocity. [m/s]
    coefficient : float
        Transverse mixing. [m²/s]
    from_bank : float
        Distance of the outlet from that bank. [m]
    decay : float
        First-order rate. [1/d]

    Returns
    -------
    array
        Rise above the river's own concentration. [mg/L]

    Notes
    -----
    The banks are mirrors: images at plus and minus two widths, as many as the spread reaches.
    Not for the first hundred metres, where momentum and density of the effluent rule.

    References
    ----------
    fischer1979, hj2.3-2018
    """
    along, across = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    full = np.sqrt(2 * coefficient * along / velocity)
    spread = np.minimum(full, EVEN * width)  # then the images add up to the even state
    pairs = int(np.ceil(REACH * float(np.max(spread)) / (2 * width))) + 1
    shape = np.zeros(along.shape)
    for n in range(-pairs, pairs + 1):
        for image in (from_bank, -from_bank):
            shape += np.exp(-0.5 * ((across - 2 * n * width - image) / spread) ** 2)
    grams_per_s = load_kg_d * 1e3 / SECONDS_PER_DAY
    peak = grams_per_s / (depth * velocity * spread * np.sqrt(2 * np.pi))
    return peak * shape * np.exp(-decay * along / velocity / SECONDS_PER_DAY)
