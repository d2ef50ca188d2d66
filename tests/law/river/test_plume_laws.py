"""What must hold for any plume, any sag and any dispersion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renvand.river import plume
from renvand.river.dispersion import dispersed
from renvand.river.network import connect
from renvand.river.oxygen import STATES, Rates, carry_oxygen, reach_matrix, through


@given(
    st.floats(0.01, 5000), st.floats(5, 900), st.floats(1, 20), st.floats(0.1, 2), st.floats(0, 0.5)
)
def test_a_plume_carries_exactly_what_was_discharged(km, width, depth, velocity, from_bank):
    """Integrated across the river, the plume is the load, near or far, with or without banks."""
    across = np.linspace(0, width, 20_001)
    rise = plume(
        86.4,
        km * 1000,
        y=across,
        width=width,
        depth=depth,
        velocity=velocity,
        coefficient=0.2,
        from_bank=from_bank * width,
    )
    carried = np.trapezoid(rise, across) * depth * velocity
    spread = np.sqrt(2 * 0.2 * km * 1000 / velocity)
    assert carried == pytest.approx(1.0, rel=1e-6 + (width / 20_000 / spread) ** 2)


@given(st.floats(0.05, 2), st.floats(0.1, 1000), st.floats(0, 3))
def test_dispersion_vanishes_into_plain_flow(velocity, dispersion, decay):
    """Never more than the start, and with no dispersion the exponential of the travel time."""
    assert 0 <= dispersed(5000, velocity=velocity, dispersion=dispersion, decay=decay) <= 1
    calm = dispersed(5000, velocity=velocity, dispersion=1e-4, decay=decay)
    assert calm == pytest.approx(np.exp(-decay * 5000 / velocity / 86_400), rel=1e-4)


rate = st.floats(0, 5)


@given(rate, rate, rate, rate, rate, rate, st.floats(0, 3), st.floats(0.01, 0.99))
@settings(deadline=None)  # compiles once
def test_a_reach_cut_in_two_is_the_same_reach(bod, settling, nit, denit, phos, reair, time, cut):
    """The chain is exact: two parts of a reach carry like the whole."""
    rates = Rates(
        **{
            name: np.array([value])
            for name, value in {
                "bod": bod,
                "bod_settling": settling,
                "nitrification": nit,
                "uptake": phos,
                "denitrification": denit,
                "hydrolysis": phos,
                "organic_settling": settling,
                "phosphorus": denit,
                "reaeration": reair,
                "sediment_demand": 0.1,
            }.items()
        }
    )
    head = np.array([[2.0, 1.0, 1.0, 0.1, 0.2, 1e4]])  # so much oxygen that it never runs out
    whole = through(reach_matrix(rates, [time]), head, oxygen_saturation=[1e4])
    first = through(reach_matrix(rates, [time * cut]), head, oxygen_saturation=[1e4])
    second = through(reach_matrix(rates, [time * (1 - cut)]), first, oxygen_saturation=[1e4])
    assert second == pytest.approx(whole, rel=1e-5, abs=1e-5)


def test_the_network_pass_is_the_chain_of_reaches():
    """All states in one compiled pass equal reach after reach by hand."""
    net = connect([1, 2, -1], ids=["a", "b", "c"])
    rates = Rates(
        bod=np.full(3, 0.3),
        bod_settling=np.full(3, 0.1),
        nitrification=np.full(3, 0.4),
        uptake=np.full(3, 0.1),
        denitrification=np.full(3, 0.05),
        hydrolysis=np.full(3, 0.2),
        organic_settling=np.full(3, 0.1),
        phosphorus=np.full(3, 0.02),
        reaeration=np.full(3, 2.0),
        sediment_demand=np.full(3, 0.5),
    )
    matrix, sat = reach_matrix(rates, np.array([0.2, 0.4, 0.1])), np.full(3, 9.0)
    load = np.zeros((3, len(STATES)))
    load[0] = np.array([5.0, 1.0, 2.0, 0.3, 0.1, 8.0]) * 86.4
    heads, ends = carry_oxygen(
        net, load=load, flow=np.ones(3), matrix=matrix, oxygen_saturation=sat
    )
    state = np.array([[5.0, 1.0, 2.0, 0.3, 0.1, 8.0]])
    for i in range(3):
        assert heads[i] == pytest.approx(state[0], rel=1e-12)
        state = through(matrix[i : i + 1], state, oxygen_saturation=sat[i : i + 1])
        assert ends[i] == pytest.approx(state[0], rel=1e-12)
