"""Each function does its sentence, and says what is wrong in words."""

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError, OurFault
from renvand.ranking import (
    Preference,
    additive,
    cumulative_share,
    efficiency,
    leaders,
    lognormal,
    pairwise_weights,
    promethee,
    smaa,
    topsis,
)

SITES = pd.DataFrame(
    {"load": [10.0, 8.0, 2.0], "dilution": [50.0, 10.0, 10.0]}, index=["a", "b", "c"]
)


def test_a_ranking_says_why_a_site_is_second():
    ranking = additive(SITES, {"load": 3, "dilution": 1}, is_cost={"dilution": True})
    assert ranking.why("b").ahead is None
    second = ranking.why("a")
    assert second.rank == 2
    assert second.ahead == "b"
    assert second.contribution == pytest.approx({"load": 0.75, "dilution": 0.0})
    assert second.gap == pytest.approx({"dilution": 0.25, "load": -0.1875})


def test_a_criterion_that_is_the_same_everywhere_tells_nothing():
    for is_cost in (True, False):
        made = additive([[1.0, 5.0], [2.0, 5.0]], is_cost=[False, is_cost])
        assert made.contribution[:, 1].tolist() == [0.0, 0.0]


def test_each_preference_function_has_its_shape():
    d = np.array([-1.0, 0.0, 1.0, 2.0, 3.0])
    shapes = {
        Preference(): [0, 0, 1, 1, 1],
        Preference(kind="ushape", indifference=1): [0, 0, 0, 1, 1],
        Preference(kind="vshape", preference=2): [0, 0, 0.5, 1, 1],
        Preference(kind="linear", indifference=1, preference=3): [0, 0, 0, 0.5, 1],
        Preference(kind="level", indifference=1, preference=2): [0, 0, 0, 0.5, 1],
        Preference(kind="gaussian", inflection=1): [0, 0, *(1 - np.exp(-(d[2:] ** 2) / 2))],
    }
    for preference, shape in shapes.items():
        assert preference(d) == pytest.approx(shape, abs=1e-12)


def test_smaa_repeats_with_its_seed_and_only_then():
    one, same, other = (smaa(SITES, is_cost=[0, 1], draws=500, seed=seed) for seed in (1, 1, 2))
    assert (one.rank_probability == same.rank_probability).all()
    assert (one.rank_probability != other.rank_probability).any()


def test_smaa_without_doubt_is_the_ranking():
    sure = smaa(SITES, [1, 2], draws=10)
    assert sure.probability_first().tolist() == [1, 0, 0]
    assert sure.rank_low.tolist() == sure.rank_high.tolist() == [1, 2, 3]
    assert np.isnan(sure.central_weights[1]).all()
    assert smaa(SITES, [1, 2], draws=10, method="topsis").mean_rank.tolist() == [1, 2, 3]


def test_weights_scatter_as_their_concentration_says():
    seen = smaa([[1.0, 0.0]], [0.3, 0.7], concentration=20, draws=20_000).central_weights
    assert seen[0] == pytest.approx([0.3, 0.7], abs=0.003)


def test_data_errors_alone_make_places_uncertain():
    """Two values one standard deviation of their difference apart: 84 : 16."""
    made = smaa([[1.0], [0.0]], sd=[[0.5**0.5], [0.5**0.5]], draws=40_000)
    assert made.probability_first() == pytest.approx([0.8413, 0.1587], abs=0.01)
    loads = np.array([[np.e], [1.0]])
    made = smaa(loads, sampler=lognormal(loads, 0.5**0.5), draws=40_000)
    assert made.probability_first() == pytest.approx([0.8413, 0.1587], abs=0.01)


def test_equal_alternatives_share_their_places():
    made = smaa([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]], draws=4_000)
    assert made.rank_probability[:2, :2] == pytest.approx(np.full((2, 2), 0.5), abs=0.04)


def test_a_long_list_counts_far_places_in_bins():
    x = np.arange(5_000.0)[:, None]
    made = smaa(x, draws=3, first=5)
    assert made.rank_probability.shape == (5_000, 5)
    assert made.rank_low[-1] == made.rank_high[-1] == 1
    assert made.rank_low[0] <= 5_000 == made.rank_high[0]
    assert (made.rank_high - made.rank_low).max() <= 2
    with pytest.raises(OurFault, match="counted 5 places, not 6"):
        made.probability_first(6)


def test_small_plants_are_compared_with_small_ones():
    made = efficiency([[1.0], [10.0], [30.0]], [[1.0], [20.0], [30.0]], returns="variable")
    assert made.theta == pytest.approx([1, 1, 1])
    assert efficiency([[1.0], [10.0]], [[1.0], [20.0]]).theta == pytest.approx([0.5, 1])
    assert efficiency([[1.0], [10.0]], [[1.0], [20.0]]).peers[0] == pytest.approx([0, 0.05])


BAD = {
    "values, b, dilution: is not a number. Fill it or leave the row out.": lambda: topsis(
        SITES.replace(10.0, np.nan).assign(load=1.0)[:2]
    ),
    "weights: no criterion 'lod'. Did you mean 'load'?\nweights: lacks 'load'. Add it.": (
        lambda: additive(SITES, {"lod": 1, "dilution": 1})
    ),
    "weights: has 1 entries for 2 criteria. Give one for each criterion.": lambda: additive(
        SITES, [1]
    ),
    "weights, load: -1 is not a weight. Give zero or more.": lambda: additive(SITES, [-1, 1]),
    "weights: are all zero. Give one criterion weight.": lambda: additive(SITES, [0, 0]),
    "ranges, dilution: 5 to 5 is no range. Give low, then high.": lambda: additive(
        SITES, ranges=[(0, 1), (5, 5)]
    ),
    "preferences, load: preference is not above indifference. See Preference for its lengths.": (
        lambda: promethee(SITES, preferences={"load": Preference(kind="linear", indifference=2)})
    ),
    "values: 'a' stands twice. Give every row its own name.": lambda: additive(
        pd.concat([SITES[:1], SITES[:1]])
    ),
    "values: has the shape (0, 2). Give alternatives by criteria.": lambda: topsis(SITES[:0]),
    "smaa: has sd and sampler. Give one of the two.": lambda: smaa(
        SITES, sd=SITES, sampler=lognormal(SITES, 0.1)
    ),
    "sd: does not fit the values. Give one standard deviation, zero or more, for each cell.": (
        lambda: smaa(SITES, sd=-SITES)
    ),
    "amounts: sum to zero. Nothing can be cut.": lambda: cumulative_share([0.0, 0.0]),
    "comparisons, 1 and 2: 2 and 2 are not the inverse of each other."
    " Give one; the other is 1 divided by it.": lambda: pairwise_weights([[1, 2], [2, 1]]),
    "inputs, 1, 1: is 0. Give a number above zero.": lambda: efficiency([[0.0]], [[1.0]]),
    "ranking: has no 'd'. Allowed: a, b, c.": lambda: additive(SITES).why("d"),
}


@pytest.mark.parametrize("message", BAD, ids=range(len(BAD)))
def test_a_mistake_is_told_in_words(message):
    with pytest.raises(FileError) as caught:
        BAD[message]()
    assert str(caught.value) == message


def test_leaders_of_a_long_list_are_those_of_smaa():
    """One number a draw and alternative says the same as one for each criterion."""
    rng = np.random.default_rng(1)
    values, sd = rng.random((300, 4)), 0.1 * rng.random((300, 4))
    how = {"concentration": 50.0, "ranges": [(0.0, 1.0)] * 4, "draws": 20_000, "first": 3}
    weights = [0.4, 0.3, 0.2, 0.1]
    found = leaders(values, weights, sd=sd, seed=1, **how)
    counted = smaa(values, weights, sd=sd, seed=2, **how).probability_first(3)
    assert found.sum() == pytest.approx(3.0)
    assert found == pytest.approx(counted, abs=5 * np.sqrt(2 * 0.25 / 20_000))
    assert (leaders(values, weights, sd=sd, seed=1, **how) == found).all()
