"""A settler in layers after Bürger and Diehl: Godunov's flux between layers, and compression.

References: burger2011, burger2013
"""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


def squeezed(X, F, numbers):
    # stress between flocs, by its own scale: ln(1 + (X - X_c) / beta) above the critical solids
    return math.log(1.0 + max(X - F[numbers + 14], 0.0) / F[numbers + 13])


def sink_diehl(y, w, flux, F, numbers, x, n, X_f, thin):
    # Godunov's flux of a velocity with one maximum: the lesser of what the layer above gives, which
    # beyond the maximum is the maximum, and what the one below takes, which before it is the same;
    # compression: solids move against the slope of the stress as fast as they settle
    peak = F[numbers + 15]
    F_max, smooth = peak * fall_of(peak, F, numbers, X_f), F[numbers + 10]
    for i in range(n):
        w[i] = y[x + i] * fall_of(y[x + i], F, numbers, X_f)
    for i in range(n - 1):
        above, below = y[x + i], y[x + i + 1]
        moved = lesser(w[i] if above < peak else F_max, w[i + 1] if below > peak else F_max, smooth)
        stress = squeezed(below, F, numbers) - squeezed(above, F, numbers)
        if stress != 0.0:
            v = 0.5 * (w[i] / max(above, 1.0) + w[i + 1] / max(below, 1.0))
            moved -= F[numbers + 12] * v * stress * thin
        flux[i + 1] = thin * moved
    flux[n] = 0.0


def fall_of(X, F, numbers, X_f):
    # Takács's velocity; the library's exp, for thin layers need its last digits to come to rest
    above = min(F[numbers + 8] * X_f - X, 0.0)
    v = F[numbers + 4] * (math.exp(F[numbers + 6] * above) - math.exp(F[numbers + 7] * above))
    return max(0.0, min(F[numbers + 5], v))


def diehl_factor(y, T, w, dw, F, numbers, x, t, X_f, over, under, hg):
    # factors of the layers' solids, as for Takács's, with the slope of the stress
    n, f = int(F[numbers + 2]), int(F[numbers + 3])
    thin = n / F[numbers + 1]
    up, down = over / F[numbers] * thin, under / F[numbers] * thin
    sink_slopes(y, w, dw, F, numbers, x, n, X_f)
    a, peak = hg * thin, F[numbers + 15]
    F_max = peak * fall_of(peak, F, numbers, X_f)
    from_above = own = pivot = after = 0.0
    for i in range(n):
        out_own = out_below = 0.0
        if i < n - 1:
            gives = w[i] if y[x + i] < peak else F_max
            takes = w[i + 1] if y[x + i + 1] > peak else F_max
            part = lean(gives, takes)
            out_own = part * dw[i] if y[x + i] < peak else 0.0
            out_below = (1.0 - part) * dw[i + 1] if y[x + i + 1] > peak else 0.0
            v = 0.5 * (w[i] / max(y[x + i], 1.0) + w[i + 1] / max(y[x + i + 1], 1.0))
            press = F[numbers + 12] * v * thin
            if y[x + i] > F[numbers + 14]:
                out_own += press / (F[numbers + 13] + y[x + i] - F[numbers + 14])
            if y[x + i + 1] > F[numbers + 14]:
                out_below -= press / (F[numbers + 13] + y[x + i + 1] - F[numbers + 14])
        pivot, after = put_layer(
            T, t, i, f, up, down, hg, a, out_own - own, from_above, out_below, pivot, after
        )
        from_above, own = out_own, out_below
