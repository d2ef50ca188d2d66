"""What differs when a run carries derivatives: its steps follow from the values alone.

Stands after the kernels of a plant, rewritten by :mod:`renvand.process.dual`, whose word `d_value`
gives the value of a dual number.
"""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def set_scale(scale, y, absolute, relative, n):
    for i in range(n):
        scale[i] = 1.0 / (absolute + relative * abs(d_value(y[i])))


def squares(new, k1, k2, scale, half):
    for i in range(new.size):
        e = half * d_value(k1[i] + k2[i]) * scale[i]
        new[i] = e * e


def total(values):
    whole = 0.0
    for i in range(values.size):
        whole += d_value(values[i])
    return whole


def lesser(a, b, smooth):
    # layers of equal flux swing about the corner of the lesser one; its derivative is averaged
    # over them as the solver's own matrix averages it
    x, y = d_value(a), d_value(b)
    share, both = lean(x, y), x + y
    least = 0.5 * (both - math.sqrt((x - y) * (x - y) + d_value(smooth) * both * both))
    return complex(least, share * d_slope(a) + (1.0 - share) * d_slope(b))
