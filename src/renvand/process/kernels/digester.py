"""A digester: pH from the charges, gas between water and headspace, one implicit step.

What follows the line ``# kernels`` is compiled with the text that ADM1's page gives. A state ``X``
holds each row eight lanes apart, of which the first is used: ADM1's components, one row that the
page's kernels fill, then hydrogen, methane and carbon dioxide of the headspace. ``D`` holds the
numbers named in capitals, see :mod:`renvand.process.digester`.
"""

# Types are those of numba; names in capitals come from renvand.process.digester.
# ruff: noqa: ANN001, ANN201, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


def charges(X, S_H, D):
    # of all ions, and how that changes with the logarithm of S_H
    S_IN, S_IC = X[8 * ADM_S_IN], X[8 * ADM_S_IC]
    share = 1.0 / (D[K_A_IN] + S_H)
    whole = S_IN * S_H * share
    slope = whole * D[K_A_IN] * share
    share = D[K_A_CO2] / (D[K_A_CO2] + S_H)
    whole -= S_IC * share
    slope += S_IC * share * (1.0 - share)
    share = D[K_A_VA] / (D[K_A_VA] + S_H)
    whole -= X[8 * ADM_S_va] / 208.0 * share
    slope += X[8 * ADM_S_va] / 208.0 * share * (1.0 - share)
    share = D[K_A_BU] / (D[K_A_BU] + S_H)
    whole -= X[8 * ADM_S_bu] / 160.0 * share
    slope += X[8 * ADM_S_bu] / 160.0 * share * (1.0 - share)
    share = D[K_A_PRO] / (D[K_A_PRO] + S_H)
    whole -= X[8 * ADM_S_pro] / 112.0 * share
    slope += X[8 * ADM_S_pro] / 112.0 * share * (1.0 - share)
    share = D[K_A_AC] / (D[K_A_AC] + S_H)
    whole -= X[8 * ADM_S_ac] / 64.0 * share
    slope += X[8 * ADM_S_ac] / 64.0 * share * (1.0 - share)
    return whole, slope


def find_S_H(X, S_H, D):
    # where all charges cancel: Newton on the logarithm, along which their sum only rises
    low, high = 1e-18, 1e2
    for _ in range(200):
        whole, slope = charges(X, S_H, D)
        water = D[K_W] / S_H
        left = whole + S_H - water + X[8 * ADM_S_cat] - X[8 * ADM_S_an]
        if left > 0.0:
            high = S_H
        else:
            low = S_H
        move = -left / (slope + S_H + water)
        following = S_H * math.exp(min(5.0, max(-5.0, move)))
        if abs(move) < 1e-13:
            return following
        if not low < following < high:
            following = math.sqrt(low * high)
        S_H = following
    return S_H


def gas_flow(X, D):
    # pressure of the headspace and how much leaves it, at its own pressure
    pressure = D[P_H2O] + D[WARM] * (X[8 * GAS_H2] / 16.0 + X[8 * GAS_CH4] / 64.0 + X[8 * GAS_CO2])
    return pressure, D[K_P] * (pressure - D[P_ATM])


def digester_slopes(X, dX, feed, flow, Z):
    # how fast a state changes, per day; S_H is brought up to date
    D = Z.D
    S_H = find_S_H(X, X[8 * ADM_S_H], D)
    X[8 * ADM_S_H] = S_H
    adm_react(X, dX, 0, Z.s, Z.p, Z.h, 0)
    through = flow / D[D_VOLUME]
    for r in range(N_ADM - 1):
        dX[8 * r] += through * (feed[r] - X[8 * r])
    dX[8 * ADM_S_H] = 0.0
    _, leaves = gas_flow(X, D)
    held = X[8 * ADM_S_IC] * S_H / (D[K_A_CO2] + S_H)
    h2 = D[D_KLA] * (X[8 * ADM_S_h2] - D[K_H_H2] * D[WARM] * X[8 * GAS_H2])
    ch4 = D[D_KLA] * (X[8 * ADM_S_ch4] - D[K_H_CH4] * D[WARM] * X[8 * GAS_CH4])
    co2 = D[D_KLA] * (held - D[K_H_CO2] * D[WARM] * X[8 * GAS_CO2])
    dX[8 * ADM_S_h2] -= h2
    dX[8 * ADM_S_ch4] -= ch4
    dX[8 * ADM_S_IC] -= co2
    widens, leaves = D[D_VOLUME] / D[D_HEADSPACE], leaves / D[D_HEADSPACE]
    dX[8 * GAS_H2] = widens * h2 - leaves * X[8 * GAS_H2]
    dX[8 * GAS_CH4] = widens * ch4 - leaves * X[8 * GAS_CH4]
    dX[8 * GAS_CO2] = widens * co2 - leaves * X[8 * GAS_CO2]


def digester_pull(X, b, flow, hg, Z):
    # solve with an approximate matrix: reactions, then flow and gas row by row
    D = Z.D
    adm_substitute(Z.L, b, 0, 0)
    through = 1.0 / (1.0 + hg * flow / D[D_VOLUME])
    for r in range(N_ADM - 1):
        b[8 * r] *= through
    strips = 1.0 / (1.0 + hg * D[D_KLA])
    b[8 * ADM_S_h2] *= strips
    b[8 * ADM_S_ch4] *= strips
    S_H = X[8 * ADM_S_H]
    b[8 * ADM_S_IC] /= 1.0 + hg * D[D_KLA] * S_H / (D[K_A_CO2] + S_H)
    pressure, leaves = gas_flow(X, D)
    widens = D[D_KLA] * D[D_VOLUME] * D[WARM]
    swept = leaves + D[K_P] * pressure
    b[8 * GAS_H2] /= 1.0 + hg * (swept + widens * D[K_H_H2]) / D[D_HEADSPACE]
    b[8 * GAS_CH4] /= 1.0 + hg * (swept + widens * D[K_H_CH4]) / D[D_HEADSPACE]
    b[8 * GAS_CO2] /= 1.0 + hg * (swept + widens * D[K_H_CO2]) / D[D_HEADSPACE]


def digester_run(X, feed, flow, step, Z):
    # X moves on by `step`, in parts short enough for what the matrix leaves out: gas to water
    count = int(step / 0.004) + 1
    for _ in range(count):
        digester_step(X, feed, flow, step / count, Z)


def digester_step(X, feed, flow, step, Z):
    # ROS2 (verwer1999): X moves on by `step`
    hg = (1.0 - math.sqrt(0.5)) * step
    digester_slopes(X, Z.k1, feed, flow, Z)
    adm_factor(X, Z.L, 0, Z.s, Z.p, Z.h, 0, Z.still, Z.still, 0, hg, 0)
    digester_pull(X, Z.k1, flow, hg, Z)
    for i in range(X.size):
        Z.new[i] = X[i] + step * Z.k1[i]
    digester_slopes(Z.new, Z.k2, feed, flow, Z)
    for i in range(X.size):
        Z.k2[i] -= 2.0 * Z.k1[i]
    digester_pull(X, Z.k2, flow, hg, Z)
    for i in range(X.size):
        X[i] += step * (1.5 * Z.k1[i] + 0.5 * Z.k2[i])
    X[8 * ADM_S_H] = Z.new[8 * ADM_S_H]
