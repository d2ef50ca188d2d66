"""A run: from one moment when something happens to the next."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821, PLR0915
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def look_round(after, q0, s, p, h, I, F, N, W):
    # let flows and streams be those of this moment
    set_inputs(q0, N, W, after)
    rhs(W.y, W.f0, s, p, h, I, F, N, W.R)


def run(times, kinds, U, q0, kla, s, p, h, I, F, N, W, C, Z, tune, clock, out):
    # kinds: 1 a new influent row begins, 2 record, 4 look, 8 digest; U: (row, rows of ex + flow)
    row, record, m = int(clock[11]), 0, U.shape[1]
    t, is_first, ok = times[0], True, True
    t_row = C.row_times[row] if row >= 0 else t
    for i in range(times.size):
        t = times[i]
        if kinds[i] & 1 and row < U.shape[0] - 1:
            row += 1
            clock[11] = row
            t_row, is_first = t, True
            is_moving = tune[3] > 0.0 and row < U.shape[0] - 1
            for r in range(m):
                W.u[r], W.slope[r] = U[row, r], 0.0
                if is_moving:
                    gap = C.row_times[row + 1] - C.row_times[row]
                    W.slope[r] = (U[row + 1, r] - U[row, r]) / gap
        if kinds[i] & 3:  # tanks go on warming or cooling where one row holds for long
            open_stores(W.y, W.R.ex, I, F)
            heat(W.y, h, I, F, W.R)
            shut_stores(W.y, W.R.ex, I)
            breathe(kla, W.R)
        if kinds[i] & 8:
            clock[10] = digest(t - clock[9], W.y, W.R.ex, I, Z)
            clock[9] = t
            if clock[10] > 0.0:
                return t, False, record
        if kinds[i] & 4:
            if C.sees_flows > 0:
                look_round(t - t_row, q0, s, p, h, I, F, N, W)
            come = W.u[N_ROWS] + W.slope[N_ROWS] * (t - t_row)
            control(t, W.y, q0, kla, come, I, F, C, W.R)
            breathe(kla, W.R)
        if kinds[i] & 2:
            set_inputs(q0, N, W, t - t_row)
            rhs(W.y, W.f0, s, p, h, I, F, N, W.R)
            write(out, record, W.y, W.R.q, W.R.ex, kla, I)
            clock[6] += 1
            record += 1
        if i == times.size - 1:
            break
        until = times[i + 1]
        if tune[2] > 0.0:
            is_known = kinds[i] & 2 > 0
            t, ok = implicit(
                t, until, t_row, is_first, is_known, q0, s, p, h, I, F, N, W, tune, clock
            )
        else:
            t, ok = advance(t, until, t_row, is_first, q0, s, p, h, I, F, N, W, tune, clock)
        is_first = False
        if not ok:
            break
    return t, ok, record
