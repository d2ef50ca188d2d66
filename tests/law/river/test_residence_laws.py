"""What must hold in any reach, from a brook to a lake."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renvand.river import decayed
from renvand.river.residence import handed_on

rate, time = st.floats(0, 5), st.floats(1e-3, 20)
peclet = st.one_of(st.just(0.0), st.just(np.inf), st.floats(1e-3, 1e6))


@given(rate, time, peclet)
def test_a_backwater_lies_between_river_and_lake(k, t, p):
    """Whatever the spread, more is left than in a river and less than in a lake."""
    river, lake = np.exp(-k * t), 1 / (1 + k * t)
    assert river * (1 - 1e-9) <= decayed(k, t, peclet=p) <= lake * (1 + 1e-9)


@given(rate, time)
def test_little_and_much_spread_are_the_two_ends(k, t):
    """A Péclet number near 0 is a lake, a great one a river."""
    assert decayed(k, t, peclet=1e-9) == pytest.approx(1 / (1 + k * t), rel=1e-7)
    assert decayed(k, t, peclet=1e9) == pytest.approx(np.exp(-k * t), rel=1e-6)


@given(rate, time, peclet)
def test_what_one_substance_loses_the_next_one_gains(k, t, p):
    """If the second is conservative, it ends with exactly what the first lost."""
    assert k * handed_on(k, 0.0, time=t, peclet=p) == pytest.approx(
        1 - decayed(k, t, peclet=p), rel=1e-7, abs=1e-9
    )


@given(rate, rate, time, peclet)
def test_handing_on_does_not_mind_the_order_of_rates(k, m, t, p):
    """And equal rates are no corner."""
    one = handed_on(k, m, time=t, peclet=p)
    assert one == pytest.approx(handed_on(m, k, time=t, peclet=p), rel=1e-9)
    near = handed_on(k, k + 2e-6, time=t, peclet=p)
    assert handed_on(k, k, time=t, peclet=p) == pytest.approx(near, rel=1e-4, abs=1e-8)


@given(rate, rate, time)
def test_a_lake_hands_on_what_its_balance_says(k, m, t):
    """t / ((1 + kt)(1 + mt)): the balance of a mixed volume, solved by hand."""
    by_hand = t / ((1 + k * t) * (1 + m * t))
    assert handed_on(k, m, time=t, peclet=0.0) == pytest.approx(by_hand, rel=1e-6)
