"""What joins ASM1 and ADM1 conserves charge, over any sludge and any state of the digester.

COD and nitrogen: tests/law/engine/test_engine_digester_laws.py.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from renvand.process.digester import Digester
from renvand.process.interfaces import to_digester, to_sludge

DIGESTER = Digester()
CONTENTS = {"i_XB": 0.08, "i_XP": 0.06}
ACIDS = {"S_va": 208.0, "S_bu": 160.0, "S_pro": 112.0, "S_ac": 64.0}  # kgCOD/kmol, rosen2006
ORGANIC = ("S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P", "S_ND", "X_ND")
amounts = st.floats(0.0, 2e4)
sludges = st.fixed_dictionaries(
    dict.fromkeys(ORGANIC, amounts)
    | {
        "X_BH": st.floats(100.0, 2e4),
        "S_O": st.floats(0.0, 5.0),
        "S_NO": st.floats(0.0, 10.0),
        "S_NH": st.floats(1500.0, 3000.0),
        "S_ALK": st.floats(250.0, 400.0),
    }
)
states = arrays(float, len(DIGESTER.start), elements=st.floats(1e-6, 10.0))
acidity = st.floats(6.0, 8.5)


def charge(held, pH):
    """What is dissociated in ADM1's water, but the ions that take no part. [kmol/m³]"""
    K, S_H = DIGESTER.model.values, 10.0**-pH
    ammonium = held["S_IN"] * S_H / (K["K_a_IN"] + S_H)
    bicarbonate = held["S_IC"] * K["K_a_co2"] / (K["K_a_co2"] + S_H)
    dissolved = {name: K[f"K_a_{name.removeprefix('S_')}"] for name in ACIDS}
    acids = sum(held[name] / ACIDS[name] * K_a / (K_a + S_H) for name, K_a in dissolved.items())
    return ammonium - bicarbonate - acids


@settings(deadline=None)
@given(sludge=sludges, pH=acidity)
def test_what_enters_the_digester_keeps_its_charge(sludge, pH):
    """Ammonium less nitrate less alkalinity becomes ammonium less bicarbonate less acids."""
    made = to_digester(sludge, DIGESTER, pH=pH, contents=CONTENTS)
    brought = sludge["S_NH"] / 14 - sludge["S_NO"] / 14 - sludge["S_ALK"]
    assert np.isclose(1e3 * charge(made, pH), brought, rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(state=states, pH=acidity)
def test_what_leaves_the_digester_keeps_its_charge(state, pH):
    """And back."""
    held = DIGESTER.named(state)
    made = to_sludge(held, DIGESTER, pH=pH, contents=CONTENTS)
    assert np.isclose(
        made["S_NH"] / 14 - made["S_ALK"], 1e3 * charge(held, pH), rtol=1e-9, atol=1e-6
    )


@settings(deadline=None)
@given(sludge=sludges, pH=acidity)
def test_there_and_back_only_oxidants_are_lost(sludge, pH):
    """COD less what oxygen and nitrate took, nitrogen less nitrate, charge: through both."""
    made = to_digester(sludge, DIGESTER, pH=pH, contents=CONTENTS)
    again = to_sludge(made, DIGESTER, pH=pH, contents=CONTENTS)
    cod = ("S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P")
    due = sum(sludge[n] for n in cod) - sludge["S_O"] - sludge["S_NO"] * 40 / 14
    assert np.isclose(sum(again[n] for n in cod), due, rtol=1e-9)
    brought = sludge["S_NH"] / 14 - sludge["S_NO"] / 14 - sludge["S_ALK"]
    assert np.isclose(again["S_NH"] / 14 - again["S_ALK"], brought, rtol=1e-9, atol=1e-6)
