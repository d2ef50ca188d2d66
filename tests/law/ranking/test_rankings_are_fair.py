"""What must hold for any table of alternatives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from renvand.ranking import (
    Preference,
    additive,
    cumulative_share,
    efficiency,
    promethee,
    smaa,
    topsis,
)

sizes = st.tuples(st.integers(1, 7), st.integers(1, 4))
tables = sizes.flatmap(lambda s: arrays(np.float64, s, elements=st.floats(-1e6, 1e6)))
GAUSS = Preference(kind="gaussian", inflection=1.0)
METHODS = [additive, topsis, promethee]


@pytest.mark.parametrize("method", METHODS)
@given(x=tables)
def test_contributions_explain_the_whole_score(method, x):
    """Nothing in a score is left unexplained, whatever the method."""
    made = method(x)
    assert made.baseline + made.contribution.sum(axis=1) == pytest.approx(made.score, abs=1e-12)
    assert sorted(made.rank) == list(range(1, len(x) + 1))


@pytest.mark.parametrize("method", METHODS)
@given(x=tables, seed=st.integers(0, 9))
def test_the_order_of_the_rows_changes_nothing(method, x, seed):
    """Ties go by name, so that a shuffled file gives the same list."""
    frame = pd.DataFrame(x, index=[f"site-{i}" for i in range(len(x))])
    shuffled = frame.sample(frac=1, random_state=seed)
    assert method(frame).order == method(shuffled).order


@given(x=tables)
def test_turning_costs_round_turns_the_preference_round(x):
    """Less of a cost is as good as more of its negative."""
    m = x.shape[1]
    for method in (topsis, promethee):
        assert method(x, is_cost=[True] * m).score == pytest.approx(method(-x).score, abs=1e-9)


@given(x=tables)
def test_net_flows_sum_to_zero(x):
    """What one is preferred by, another is preferred to."""
    made = promethee(x, preferences=[GAUSS] * x.shape[1])
    assert abs(made.score.sum()) < 1e-9


@given(x=tables, seed=st.integers(0, 9))
@settings(max_examples=25)
def test_every_place_is_taken_in_every_draw(x, seed):
    """Probabilities of places sum to one over the places, and over the alternatives."""
    made = smaa(x, sd=np.full(x.shape, 0.1), draws=60, first=len(x), seed=seed)
    assert made.rank_probability.sum(axis=0) == pytest.approx(np.ones(len(x)))
    assert made.rank_probability.sum(axis=1) == pytest.approx(np.ones(len(x)))
    assert (made.rank_low <= made.rank_high).all()
    assert made.mean_rank.sum() == pytest.approx(len(x) * (len(x) + 1) / 2)


@given(x=arrays(np.float64, 8, elements=st.floats(0, 1e6)), share=st.floats(0.01, 1))
def test_the_cut_is_the_shortest_that_reaches_the_share(x, share):
    """One less would not do."""
    if x.sum() <= 0:
        return
    cut = cumulative_share(x.tolist(), share)
    inside = cut.is_inside.sum()
    assert cut.cumulative[inside - 1] >= share * (1 - 1e-9)
    assert inside == 1 or cut.cumulative[inside - 2] < share


@given(x=arrays(np.float64, (6, 2), elements=st.floats(0.1, 100)), unit=st.floats(0.01, 1e4))
@settings(max_examples=25, deadline=None)
def test_efficiency_knows_no_units(x, unit):
    """Kilowatt-hours or megajoules: the same efficiency; and somebody is best."""
    y = [[1.0]] * 6
    made = efficiency(x, y)
    assert efficiency(x * [unit, 1.0], y).theta == pytest.approx(made.theta, abs=1e-7)
    assert made.theta.max() == pytest.approx(1.0)
    assert (efficiency(x, y, returns="variable").theta >= made.theta - 1e-7).all()
