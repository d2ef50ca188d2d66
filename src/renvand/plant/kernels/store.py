"""Tanks whose level moves: storage, and reactors that fill, settle and decant.

``y`` holds what the full tank would contain, so that masses are sums of states and steps keep them
to rounding. While a right-hand side is worked out the tank's own concentrations stand there.
"""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels
FADE = 0.02  # of the lowest volume: a pump stops over so much, that steps meet no corner
WEIR = 1000.0  # 1/d: what stands above the rim runs off in one to two minutes
ZONE = 0.1  # m: a decanter begins to take sludge when the blanket is so near the surface
THIN = 1e-3  # m: a blanket is no lower


def open_stores(y, ex, I, F):
    # concentrations in place of amounts, which are kept
    for j in range(I[N_STORES]):
        at = I[STORES] + 8 * j
        lane, keep = I[at], I[at + 4]
        share = F[I[at + 2]] / y[I[at + 1]]
        for r in range(N_ROWS):
            ex[keep + r] = y[lane + 8 * r]
            y[lane + 8 * r] = share * ex[keep + r]


def shut_stores(y, ex, I):
    # amounts again; concentrations stay in sight
    for j in range(I[N_STORES]):
        at = I[STORES] + 8 * j
        lane, keep = I[at], I[at + 4]
        for r in range(N_ROWS):
            held = y[lane + 8 * r]
            y[lane + 8 * r] = ex[keep + r]
            ex[keep + r] = held


def draw(y, I, F, N, R):
    # what the level does to flows: near the bottom pumps take less, above the rim the line takes
    q = R.q
    for e in range(I[N_DRAWS]):
        at = I[DRAWS] + 3 * e
        store = I[STORES] + 8 * I[at + 1]
        V, numbers = y[I[store + 1]], I[store + 2]
        full, floor = F[numbers], F[numbers + 1]
        taken = max(0.0, q[I[at]])
        more = -taken * min(1.0, max(0.0, (floor - V) / (FADE * floor)))
        if I[at + 2] > 0:
            more += WEIR * max(0.0, V - full) + taken - q[I[at]]
        if more != 0.0:
            row = I[N_THICKENED] + e
            for i in range(q.size):
                q[i] += more * N.following[row, i]


def lean_levels(y, ex, q, I, F):
    # how steeply what leaves depends on the level, for implicit steps
    for j in range(I[N_STORES]):
        ex[I[I[STORES] + 8 * j + 4] + N_ROWS] = 0.0
    for e in range(I[N_DRAWS]):
        at = I[DRAWS] + 3 * e
        store = I[STORES] + 8 * I[at + 1]
        V, numbers, place = y[I[store + 1]], I[store + 2], I[store + 4] + N_ROWS
        full, floor = F[numbers], F[numbers + 1]
        share = 1.0 - (floor - V) / (FADE * floor)
        if share < 1.0:
            ex[place] += max(0.0, q[I[at]]) / (FADE * floor * max(share, 0.1))
        if I[at + 2] > 0 and full < V:
            ex[place] += WEIR


def level_back(b, ex, I, hg):
    # solve for the levels
    for j in range(I[N_STORES]):
        at = I[STORES] + 8 * j
        b[I[at + 1]] /= 1.0 + hg * ex[I[at + 4] + N_ROWS]


def part_stores(y, ex, I, F):
    # overflow and sludge of a cycle: mixed, or clear above the blanket and thick in it
    for j in range(I[N_STORES]):
        at = I[STORES] + 8 * j
        if I[at + 5] > 0:
            lane, top, numbers, V = I[at], I[at + 6], I[at + 2], I[at + 1]
            clear = thick = 1.0
            if y[V + 2] > 0.5:
                depth = y[V] / F[numbers + 2]
                high = min(depth, max(y[V + 1], THIN))
                clear = F[numbers + 7]
                thick = (depth - clear * (depth - high)) / high
                clear += (thick - clear) * max(0.0, (high - depth) / ZONE + 1.0)
            for r in range(N_ROWS):
                ex[top + r] = clear * y[lane + 8 * r]
                ex[top + N_ROWS + r] = thick * y[lane + 8 * r]
            for i in range(N_SOLUBLE):
                r = I[SOLUBLES + i]
                ex[top + r] = y[lane + 8 * r]
                ex[top + N_ROWS + r] = y[lane + 8 * r]


def swell(y, dy, I, F):
    # reactions of what a tank holds, as of the full tank
    for j in range(I[N_STORES]):
        at = I[STORES] + 8 * j
        share = y[I[at + 1]] / F[I[at + 2]]
        for r in range(N_ROWS):
            dy[I[at] + 8 * r] *= share


def blanket(y, dy, ex, I, F, at):
    # how fast the sludge of a cycle falls: as fast as solids of its thickness (takacs1991)
    V, numbers, top, solids, mean = I[at + 1], I[at + 2], I[at + 6], 0.0, 0.0
    dy[V + 1] = dy[V + 2] = 0.0
    if y[V + 2] > 0.5:
        for r in range(N_ROWS):
            solids += F[SOLIDS + r] * ex[top + N_ROWS + r]
            mean += F[SOLIDS + r] * y[I[at] + 8 * r]
        above = min(0.0, F[numbers + 7] * mean - solids)
        v = F[numbers + 3] * (fall(F[numbers + 5] * above) - fall(F[numbers + 6] * above))
        if y[V + 1] > THIN:
            dy[V + 1] = -max(0.0, min(F[numbers + 4], v))


def spill(y, dy, ex, q, I, F, R):
    # what leaves, how the level moves, and what the meter must know of it
    m = I[FIRST_METER]
    for j in range(I[N_STORES]):
        at = I[STORES] + 8 * j
        lane, V, k = I[at], I[at + 1], I[at + 3]
        less = y[V] - F[I[at + 2]]  # the meter has counted the air of a full tank
        if OXYGEN >= 0:
            dy[m + OXYGEN] += less * R.air[k] * (R.sat[k] - y[lane + 8 * OXYGEN])
        for g in range(N_GASES):
            row = I[GAS_ROWS + g]
            gap = R.gas[2 * g + 1] - y[lane + 8 * row]
            dy[m + row] += less * R.gas[2 * g] * R.air[k] * gap
        dy[V] = 0.0
        if I[at + 5] > 0:
            blanket(y, dy, ex, I, F, at)
    for i in range(I[N_FILLS]):
        at = I[FILLS] + 3 * i
        dy[I[I[STORES] + 8 * I[at + 1] + 1]] += I[at + 2] * q[I[at]]
    for i in range(I[N_OUTS]):
        at = I[OUTS] + 3 * i
        source, store = I[at], I[STORES] + 8 * I[at + 2]
        w = q[I[at + 1]] / F[I[store + 2]]
        for r in range(N_ROWS):
            dy[I[store] + 8 * r] -= w * ex[source + r]
        if I[store + 5] > 0 and y[I[store + 1] + 2] > 0.5:
            sink_with(y, dy, ex, q[I[at + 1]], source, I, F, store)


def sink_with(y, dy, ex, flow, source, I, F, store):
    # the blanket falls by the sludge that is drawn, at the bottom or carried over the decanter
    V, numbers, top = I[store + 1], I[store + 2], I[store + 6]
    depth = y[V] / F[numbers + 2]
    part = 1.0
    if source == top:
        part = max(0.0, (min(depth, y[V + 1]) - depth) / ZONE + 1.0)
    if y[V + 1] > THIN:
        dy[V + 1] -= part * flow / F[numbers + 2]


def show_stores(out, record, ex, I):
    # what such tanks hold, as concentrations
    for j in range(I[N_STORES]):
        keep = I[I[STORES] + 8 * j + 4]
        for r in range(N_ROWS):
            out[record, I[I[SHOWN] + j * N_ROWS + r]] = ex[keep + r]
