"""Room for a plant's run, and the coefficients of its stepper."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from renvand.plant.layout import LANES, TRIDIAGONAL, Plan, Room, Solving, Work
from renvand.process.generate import kernel_numbers
from renvand.process.model import Array, Model


def work_for(plan: Plan, *, n_factors: int) -> Work:
    """Make room for a plant's run; `n_factors` is how many each tank's reactions have."""
    n_blocks, n_flows = len(plan.kla) // LANES, len(plan.flows.per_influent)
    n_thickened = plan.number("N_THICKENED")
    names = ("y", "f0", "f1", "f", "a", "b", "c", "v", "scale")
    rooms: dict[str, Any] = {name: np.zeros(plan.n_states) for name in names}
    room = Room(
        q=np.zeros(n_flows),
        base=np.zeros(n_flows),
        ex=plan.ex.copy(),
        feed=np.zeros(len(plan.rows)),
        w=np.zeros(plan.deepest + 2 * LANES),
        flux=np.zeros(plan.deepest + 2 * LANES),
        thick=np.zeros((n_thickened, n_thickened + 1)),
        air=plan.kla.copy(),
        gain=np.ones(len(plan.kla)),
        sat=np.zeros(len(plan.kla)),
        gas=plan.gas,
    )
    return Work(
        **rooms,
        u=np.zeros(len(plan.rows) + 1),
        slope=np.zeros(len(plan.rows) + 1),
        stages=stage_table(),
        R=room,
        S=Solving(
            L=np.zeros(n_blocks * LANES * n_factors),
            G=np.zeros(n_blocks * 3 * LANES),
            T=np.zeros(len(plan.settlers) * TRIDIAGONAL),
            q_then=np.zeros(n_flows),
            air_then=np.zeros(n_blocks * LANES),
            shape=np.zeros(len(plan.settlers) * len(plan.rows)),
            last=np.zeros(len(plan.rows)),
            dw=np.zeros(plan.deepest + LANES),
            dx=np.zeros(len(plan.ex)),
            **{name: getattr(room, name) for name in ("q", "ex", "feed", "w", "air", "gas")},
        ),
    )


def renumbered(plan: Plan, model: Model) -> Plan:
    """Give the plan of the same drawing with other numbers in its model."""
    numbers, of_gas = kernel_numbers(model), (model.gas_speed, model.gas_saturation)
    solids = np.append(model.observables["TSS"], 0.0)
    F = np.concatenate([solids, [model.temperature], numbers.h, numbers.log_theta])
    gases = [model.components.index(gas.name) for gas in model.page.gases]
    return replace(
        plan,
        F=np.concatenate([F, plan.F[len(F) :]]),
        s=numbers.s,
        p=numbers.p,
        gas=np.array([of[row] for row in gases for of in of_gas]),
        h=np.tile(np.repeat(numbers.h, LANES), len(plan.kla) // LANES),
    )


@cache
def stage_table(most: int = 80) -> Array:
    """Coefficients of the Runge-Kutta-Chebyshev method of order 2 for 2 to `most` stages.

    Returns
    -------
    array (stages, stage, 5)
        mu, nu, mu~, gamma~ and the time of the stage as part of the step.

    References
    ----------
    sommeijer1998
    """
    table = np.zeros((most + 1, most, 5))
    for m in range(2, most + 1):
        w0 = 1.0 + 2.0 / 13.0 / m**2
        T, dT, ddT = [1.0, w0], [0.0, 1.0], [0.0, 0.0]
        for j in range(2, m + 1):
            T.append(2 * w0 * T[j - 1] - T[j - 2])
            dT.append(2 * T[j - 1] + 2 * w0 * dT[j - 1] - dT[j - 2])
            ddT.append(4 * dT[j - 1] + 2 * w0 * ddT[j - 1] - ddT[j - 2])
        w1 = dT[m] / ddT[m]
        b = [0.0, 0.0, *(ddT[j] / dT[j] ** 2 for j in range(2, m + 1))]
        b[0] = b[1] = b[2]
        table[m, 0] = (0.0, 0.0, b[1] * w1, 0.0, b[1] * w1)
        time = [0.0, b[1] * w1]
        for j in range(2, m + 1):
            mu, nu = 2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2]
            gain = 2 * b[j] * w1 / b[j - 1]
            back = -(1 - b[j - 1] * T[j - 1]) * gain
            time.append(mu * time[j - 1] + nu * time[j - 2] + gain + back)
            table[m, j - 1] = (mu, nu, gain, back, time[j])
    return table
