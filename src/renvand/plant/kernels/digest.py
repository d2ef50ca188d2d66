"""A digester in a plant: fed with all that came since it was last fed, it moves on at once.

Its contents change over weeks, so what leaves it keeps its composition from one feeding to the
next, a quarter of an hour; how much leaves is known at every moment.
"""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def digest(step, y, ex, I, Z):
    # says what is lacking, see renvand.process.interfaces; 0 nothing
    o, place = I[DIGESTED], I[DIGESTER]
    x, volume = o + N_ROWS + 1, y[o + N_ROWS]
    for r in range(N_ADM):
        Z.X[8 * r] = y[x + r]
    for g in range(3):
        Z.X[8 * (N_ADM + 1 + g)] = y[x + N_ADM + g]
    lacks = 0
    if step > 0.0 and volume > 0.0:
        for r in range(N_ROWS):
            Z.sludge[r] = y[o + r] / volume
        lacks = to_adm(Z.sludge, 0, Z.feed, Z.X, Z)
        digester_run(Z.X, Z.feed, volume / step, step, Z)
        for r in range(N_ADM):
            y[x + r] = Z.X[8 * r]
        for g in range(3):
            y[x + N_ADM + g] = Z.X[8 * (N_ADM + 1 + g)]
        y[x + N_ADM + 3] = Z.sludge[N_ROWS - 1]
    for r in range(N_ROWS + 1):
        y[o + r] = 0.0
    ex[place + N_ROWS - 1] = y[x + N_ADM + 3]  # as warm as it came, as the benchmark has it
    return max(lacks, to_asm(Z.X, ex, place, Z))
