"""From ASM1 to ADM1 and back, see :mod:`renvand.process.interfaces` for what is done and why.

ASM1 counts in g/m³ and mol/m³, ADM1 in kg/m³ and kmol/m³.
"""

# Types are those of numba; names in capitals come from renvand.process.digester.
# ruff: noqa: ANN001, ANN201, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def made_of(cod, nitrogen, content):
    # what COD can become with the nitrogen there is
    return min(cod, nitrogen / content)


def to_adm(C, at, feed, X, Z):
    # C[at + row] of ASM1 to `feed` of ADM1, at the pH of the digester X; says what is lacking:
    # 0 nothing, 1 COD for oxygen and nitrate, 2 nitrogen, 3 alkalinity
    D = Z.D
    S_S, X_S, X_BH, X_BA = C[at + ROW_S_S], C[at + ROW_X_S], C[at + ROW_X_BH], C[at + ROW_X_BA]
    S_NH, X_ND, S_ND = C[at + ROW_S_NH], C[at + ROW_X_ND], C[at + ROW_S_ND]
    left = C[at + ROW_S_O] + COD_PER_NITRATE * C[at + ROW_S_NO]
    taken = min(left, S_S)
    S_S, left = S_S - taken, left - taken
    taken = min(left, X_S)
    X_S, left = X_S - taken, left - taken
    taken = min(left, X_BH)
    X_BH, left, S_NH = X_BH - taken, left - taken, S_NH + D[I_XB] * taken
    taken = min(left, X_BA)
    X_BA, left, S_NH = X_BA - taken, left - taken, S_NH + D[I_XB] * taken
    N_aa = 14.0 * D[D_N_AA]
    biomass = X_BH + X_BA
    inert = (1.0 - DEGRADED) * biomass
    freed = biomass * D[I_XB] - inert * D[I_XP]
    living = made_of(biomass - inert, freed, N_aa)
    X_ND += freed - living * N_aa
    stored = made_of(X_S, X_ND, N_aa)
    S_aa = made_of(S_S, S_ND, N_aa)
    free = S_NH + (X_ND - stored * N_aa) + (S_ND - S_aa * N_aa)
    bare, bare_stored = biomass - inert - living, X_S - stored
    X_I, S_I = C[at + ROW_X_I] + C[at + ROW_X_P] + inert, C[at + ROW_S_I]
    S_IN = free + D[I_XP] * X_I - 14.0 * D[D_N_I] * (X_I + S_I)
    for r in range(N_ADM):
        feed[r] = 0.0
    feed[ADM_S_su], feed[ADM_S_aa], feed[ADM_S_I] = 1e-3 * (S_S - S_aa), 1e-3 * S_aa, 1e-3 * S_I
    feed[ADM_X_pr], feed[ADM_X_I] = 1e-3 * (living + stored), 1e-3 * X_I
    feed[ADM_X_li] = 1e-3 * (LIPIDS_BIOMASS * bare + LIPIDS_XS * bare_stored)
    feed[ADM_X_ch] = 1e-3 * ((1.0 - LIPIDS_BIOMASS) * bare + (1.0 - LIPIDS_XS) * bare_stored)
    feed[ADM_S_IN] = 1e-3 * S_IN / 14.0
    # inorganic carbon so that ions carry ASM1's charge at this pH; the benchmark puts that charge,
    # with its sign, into ions that take no part, or the published digester does not come out
    S_H = X[8 * ADM_S_H]
    charge = 1e-3 * ((C[at + ROW_S_NH] - C[at + ROW_S_NO]) / 14.0 - C[at + ROW_S_ALK])
    ammonium = feed[ADM_S_IN] * S_H / (D[K_A_IN] + S_H)
    feed[ADM_S_IC] = (ammonium - charge) * (D[K_A_CO2] + S_H) / D[K_A_CO2]
    unmatched = charge + D[K_W] / S_H - S_H
    feed[ADM_S_cat], feed[ADM_S_an] = max(unmatched, 0.0), max(-unmatched, 0.0)
    if left > 0.0:
        return 1
    if S_IN < 0.0:
        return 2
    return 3 if feed[ADM_S_IC] < 0.0 else 0


def to_asm(X, C, at, Z):
    # what leaves the digester X, as C[at + row] of ASM1; says what is lacking: 0 nothing, 2 N
    D = Z.D
    biomass = 1e3 * (
        X[8 * ADM_X_su] + X[8 * ADM_X_aa] + X[8 * ADM_X_fa] + X[8 * ADM_X_c4]
        + X[8 * ADM_X_pro] + X[8 * ADM_X_ac] + X[8 * ADM_X_h2]
    )  # fmt: skip
    kept = (1.0 - DEGRADED_BACK) * biomass
    gone = biomass - kept
    acids = X[8 * ADM_S_va] + X[8 * ADM_S_bu] + X[8 * ADM_S_pro] + X[8 * ADM_S_ac]
    parts = X[8 * ADM_X_xc] + X[8 * ADM_X_ch] + X[8 * ADM_X_pr] + X[8 * ADM_X_li]
    X_I, S_I = 1e3 * X[8 * ADM_X_I], 1e3 * X[8 * ADM_S_I]
    C[at + ROW_S_I], C[at + ROW_X_I], C[at + ROW_X_P] = S_I, X_I, kept
    C[at + ROW_S_S] = 1e3 * (X[8 * ADM_S_su] + X[8 * ADM_S_aa] + X[8 * ADM_S_fa] + acids)
    C[at + ROW_X_S] = 1e3 * parts + gone
    C[at + ROW_X_BH] = C[at + ROW_X_BA] = 0.0
    C[at + ROW_S_O] = C[at + ROW_S_NO] = C[at + ROW_S_N2] = 0.0
    N_aa, N_xc, N_I = 14.0 * D[D_N_AA], 14.0 * D[D_N_XC], 14.0 * D[D_N_I]
    freed = 14.0 * D[D_N_BAC] * biomass - D[I_XP] * kept - N_xc * gone
    inert = (N_I - D[I_XP]) * X_I + N_I * S_I
    C[at + ROW_S_NH] = 14e3 * X[8 * ADM_S_IN] + freed + inert
    C[at + ROW_S_ND] = N_aa * 1e3 * X[8 * ADM_S_aa]
    C[at + ROW_X_ND] = N_aa * 1e3 * X[8 * ADM_X_pr] + N_xc * (1e3 * X[8 * ADM_X_xc] + gone)
    charge, _ = charges(X, X[8 * ADM_S_H], D)
    C[at + ROW_S_ALK] = C[at + ROW_S_NH] / 14.0 - 1e3 * charge
    return 2 if C[at + ROW_S_NH] < 0.0 else 0
