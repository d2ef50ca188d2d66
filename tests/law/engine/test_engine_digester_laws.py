"""What must hold for any sludge and any digester."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from renvand.process.digester import ZERO_CELSIUS, Digester, R
from renvand.process.interfaces import to_digester, to_sludge

DIGESTER = Digester()
CONTENTS = {"i_XB": 0.08, "i_XP": 0.06}
ASM = ("S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P", "S_ND", "X_ND")
amounts = st.floats(0.0, 2e4)
sludges = st.fixed_dictionaries(dict.fromkeys(ASM, amounts) | {"X_BH": st.floats(100.0, 2e4)}).map(
    lambda row: {**row, "S_O": 1.0, "S_NO": 5.0, "S_NH": 2000.0, "S_ALK": 300.0}
)
states = arrays(float, len(DIGESTER.start), elements=st.floats(1e-6, 10.0))


@settings(deadline=None)
@given(sludge=sludges, pH=st.floats(6.0, 8.5))
def test_joining_the_models_moves_cod_and_nitrogen(sludge, pH):
    """What oxygen and nitrate take is all that COD loses; nitrate is all that nitrogen loses."""
    made = to_digester(sludge, DIGESTER, pH=pH, contents=CONTENTS)
    assert min(made.values()) >= 0
    cod, nitrogen = (weights(name) for name in ("COD", "N"))
    held = np.array([made[name] for name in DIGESTER.components])
    organic = sum(sludge[n] for n in ASM[:7])
    assert np.isclose(1e3 * cod @ held, organic - 1.0 - 5.0 * 40 / 14, rtol=1e-9)
    bound = 0.08 * (sludge["X_BH"] + sludge["X_BA"]) + 0.06 * (sludge["X_I"] + sludge["X_P"])
    free = sludge["S_NH"] + sludge["S_ND"] + sludge["X_ND"]
    assert np.isclose(14e3 * nitrogen @ held, bound + free, rtol=1e-9)


@settings(deadline=None)
@given(state=states, pH=st.floats(6.0, 8.5))
def test_leaving_the_digester_moves_cod_and_nitrogen(state, pH):
    """Only dissolved hydrogen and methane are lost."""
    held = DIGESTER.named(state)
    made = to_sludge(held, DIGESTER, pH=pH, contents=CONTENTS)
    n = len(DIGESTER.components)
    gas = held["S_h2"] + held["S_ch4"]
    organic = sum(made[name] for name in ASM[:7])
    assert np.isclose(organic, 1e3 * (weights("COD") @ state[:n] - gas), rtol=1e-9)
    bound = 0.06 * (made["X_I"] + made["X_P"])
    whole = bound + made["S_NH"] + made["S_ND"] + made["X_ND"]
    assert np.isclose(whole, 14e3 * weights("N") @ state[:n], rtol=1e-9)


@settings(max_examples=50, deadline=None)
@given(state=states, feed=states, flow=st.floats(0.0, 500.0))
def test_the_digester_conserves(state, feed, flow):
    """COD, carbon and nitrogen that come either stay, leave with the water, or leave as gas."""
    n = len(DIGESTER.components)
    made = DIGESTER.slopes(state, feed[:n], flow=flow)
    vents = DIGESTER.k_P * (DIGESTER.gas(state).pressure - DIGESTER.P_atm)
    for quantity, in_gas in (("COD", (1, 1, 0)), ("C", (0, 1 / 64, 1)), ("N", (0, 0, 0))):
        weight, gas = weights(quantity), np.array(in_gas)
        if quantity == "C":  # the page counts carbon of methane by its COD
            gas = np.array([0.0, weight[DIGESTER.components.index("S_ch4")], 1.0])
        stays = DIGESTER.volume * weight @ made[:n] + DIGESTER.headspace * gas @ made[n:]
        through = flow * weight @ (feed[:n] - state[:n]) - vents * gas @ state[n:]
        turned = np.abs(DIGESTER.model.rates(np.append(state[:n], 1e-7))).sum()
        size = DIGESTER.volume * turned + abs(vents * gas) @ state[n:]
        size += DIGESTER.kla * DIGESTER.volume * state.sum()
        assert abs(stays - through) <= 1e-11 * size + 1e-9


@settings(deadline=None)
@given(state=states)
def test_the_charges_cancel(state):
    """The pH is where they do."""
    ions, held = DIGESTER.ions(state), DIGESTER.named(state)
    hydroxide = DIGESTER.model.values["K_w"] / ions.S_H
    left = ions.charge + ions.S_H - hydroxide + held["S_cat"] - held["S_an"]
    assert abs(left) <= 1e-9 * state.sum()


@settings(deadline=None)
@given(state=states)
def test_pressure_is_that_of_an_ideal_gas(state):
    """Of hydrogen, methane, carbon dioxide and water vapour."""
    gas, warm = DIGESTER.gas(state), R * (35 + ZERO_CELSIUS)
    kmol = state[-3] / 16 + state[-2] / 64 + state[-1]
    assert np.isclose(gas.pressure, kmol * warm + DIGESTER.model.values["p_H2O"])


def weights(quantity):
    """How much of a quantity each component holds."""
    model = DIGESTER.model
    return model.composition[model.page.conserves.index(quantity)][:-1]
