"""A settler in layers after Takács, a primary clarifier, and what parts without volume."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


# inline
def fall(x):
    # exp(x) for x <= 0 as polynomial and squarings: it becomes vector code, libm's does not
    z = max(x, -690.0) * (1.0 / 4096.0)
    e = 1.0 + z * (1.0 + z * (0.5 + z * (1 / 6 + z * (1 / 24 + z * (1 / 120 + z * (1 / 720))))))
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    return e * e


# inline
def lesser(a, b, smooth):
    both = a + b
    return 0.5 * (both - math.sqrt((a - b) * (a - b) + smooth * both * both))


def sink(y, w, flux, F, numbers, x, below, n, f, X_f, thin):
    # Takács: what sinks to each layer. w is velocity times solids; layers count from the top
    x, below, numbers, n = x & PLACE, below & PLACE, numbers & PLACE, n & 0xFFFF
    v0, v0_max, r_h, r_p = F[numbers + 4], F[numbers + 5], F[numbers + 6], F[numbers + 7]
    f_ns, X_t, smooth = F[numbers + 8], F[numbers + 9], F[numbers + 10]
    for eight in range(0, n, 8):
        at = x + (eight & PLACE)
        for k in range(8):
            # may read past the last layer into the meter: those lanes are not used
            X = y[at + k]
            above = f_ns * X_f - X
            v = v0 * (fall(min(r_h * above, 0.0)) - fall(min(r_p * above, 0.0)))
            w[eight + k] = max(0.0, min(v0_max, v)) * X
    for i in range(n - 1):
        is_free = (i < f) & (y[below + i] <= X_t)
        flux[i + 1] = thin * (w[i] if is_free else lesser(w[i], w[i + 1], smooth))
    flux[n] = 0.0


def stack(y, dy, flux, x, above, below, n, f, up, down, arriving, X_f):
    # solids of the layers: carried up above the feed, down below it
    x, above, below, n = x & PLACE, above & PLACE, below & PLACE, n & 0xFFFF
    for i in range(n):
        X = y[x + i]
        # reads one past either end, where the result is not used
        rises, falls = up * (y[below + i] - X), down * (y[above + i] - X)
        carried = rises if i < f else falls
        carried = arriving * (X_f - X) if i == f else carried
        dy[x + i] = carried + flux[i] - flux[i + 1]


def carry(y, dy, o, at_feed, lower, n_upper, n_lower, up, down):
    # what is dissolved in the layers above and below the feed
    o, at_feed, lower = o & PLACE, at_feed & PLACE, lower & PLACE
    for i in range(n_upper):
        dy[o + i] = up * (y[o + N_SOLUBLE + i] - y[o + i])
    for i in range(n_lower):
        dy[lower + i] = down * (y[at_feed + i] - y[lower + i])


# inline
def settle(y, dy, o, feed, ex, top, F, numbers, over, under, w, flux):
    # the arrays are handed on with plain places: only then do the loops become vector code
    area, height = F[numbers], F[numbers + 1]
    n, f = int(F[numbers + 2]), int(F[numbers + 3])
    thin = n / height
    up, down = over / area * thin, under / area * thin
    X_f = solids_of(feed, F)
    x, at_feed = o + n * N_SOLUBLE, o + f * N_SOLUBLE
    if F[numbers + 11] > 0.5:
        sink_diehl(y, w, flux, F, numbers, x, n, X_f, thin)
    else:
        sink(y, w, flux, F, numbers, x, x + 1, n, f, X_f, thin)
    stack(y, dy, flux, x, x - 1, x + 1, n, f, up, down, up + down, X_f)
    carry(y, dy, o, at_feed, at_feed + N_SOLUBLE, f * N_SOLUBLE, (n - f - 1) * N_SOLUBLE, up, down)
    arrive(dy, y, feed, at_feed, up + down)
    share = 1.0 / X_f if X_f > 0.0 else 0.0
    leave(ex, y, feed, top, o, y[x] * share)
    leave(ex, y, feed, top + N_ROWS, x - N_SOLUBLE, y[x + n - 1] * share)


# inline
def part(feed, ex, top, bottom, I, removal, over, under):
    # a separator without volume: the share `removal` of the particles leaves below
    if top < 0 or bottom < 0:
        return
    through = over + under
    lift = (1.0 - removal) * through / over if over > 0.0 else 0.0
    sink = removal * through / under if under > 0.0 else 0.0
    for r in range(N_ROWS):
        ex[top + r] = lift * feed[r]
        ex[bottom + r] = sink * feed[r]
    for j in range(N_SOLUBLE):
        r = I[SOLUBLES + j]
        ex[top + r] = feed[r]
        ex[bottom + r] = feed[r]


def show_primary(y, ex, o, top, I, F, numbers, over, under):
    # overflow and sludge of a primary clarifier: its mixed contents, parted by a published
    # efficiency of the retention time, which follows the flow with a lag (otterpohl1992)
    minutes = F[numbers] / max(y[o + N_ROWS], 1e-3) * 1440.0
    f_X = F[numbers + 2]
    percent = F[numbers + 1] * (2.88 * f_X - 0.118) * (1.45 + 6.15 * math.log(minutes)) / f_X
    left = 1.0 - 0.01 * min(100.0, max(0.0, percent))
    thick = (1.0 - left) * (over + under) / under + left if under > 0.0 else 0.0
    for r in range(N_ROWS):
        ex[top + r] = left * y[o + r]
        ex[top + N_ROWS + r] = thick * y[o + r]
    for j in range(N_SOLUBLE):
        r = I[SOLUBLES + j]
        ex[top + r] = y[o + r]
        ex[top + N_ROWS + r] = y[o + r]


def hold(y, dy, o, feed, F, numbers, through):
    # a mixed tank, and its flow with a lag
    rate = through / F[numbers]
    for r in range(N_ROWS):
        dy[o + r] = rate * (feed[r] - y[o + r])
    dy[o + N_ROWS] = (through - y[o + N_ROWS]) / F[numbers + 3]
