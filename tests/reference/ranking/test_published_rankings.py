"""Published rankings, to the digits printed; sources stand in the file of examples."""

import csv
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from renvand.ranking import (
    Preference,
    additive,
    cumulative_share,
    efficiency,
    pairwise_weights,
    promethee,
    smaa,
    topsis,
)
from tests.shared import shared


@pytest.fixture(scope="module")
def published():
    return json.loads(shared("data", "reference", "mcda_screening_examples.json").read_text())


def test_topsis_gives_the_closeness_of_hwang_and_yoon(published):
    """With vector scaling; min-max scaling would swap the third and the fourth aircraft."""
    case = published["topsis_hwang_yoon_1981"]
    ranking = topsis(case["X"], case["w"], is_cost=[t < 0 for t in case["types"]])
    # The book rounds on the way: it prints .613 where full digits give .6135.
    assert ranking.score == pytest.approx(case["C"], abs=6e-4)
    assert ranking.order == ("1", "3", "4", "2")


def preference(words):
    kind, *lengths = words.split()
    name = {"q": "indifference", "p": "preference", "s": "inflection"}
    return Preference(kind=kind, **{name[word[0]]: float(word[1:]) for word in lengths})


def test_promethee_gives_the_net_flows_of_brans_vincke_mareschal(published):
    """The paper sums over the others; we take the mean."""
    case = published["promethee_BVM_1986"]
    ranking = promethee(
        case["X"],
        preferences=[preference(words) for words in case["functions"]],
        is_cost=[t < 0 for t in case["types"]],
    )
    others = len(case["X"]) - 1
    assert ranking.score * others == pytest.approx(case["net_sum"], abs=1.01e-3)
    assert ranking.order == tuple(map(str, case["rank"]))


def test_ahp_gives_the_weights_of_saatys_house(published):
    case = published["ahp_saaty_1990_house"]
    path = Path(__file__).parents[1] / "data" / "ahp_saaty_1990_house.csv"
    _, _, *rows = csv.reader(path.read_text().splitlines())
    made = pairwise_weights([[float(Fraction(cell)) for cell in row] for row in rows])
    assert made.weights == pytest.approx(case["w"], abs=5.1e-4)
    assert made.eigenvalue == pytest.approx(case["lambda_max"], abs=5.1e-4)
    assert made.consistency_index == pytest.approx(case["CI"], abs=1e-3)  # printed cut, not rounded
    assert made.consistency_ratio == pytest.approx(case["CR_RI1.41"], abs=5.1e-4)
    assert not made.is_consistent


def test_dea_gives_the_efficiencies_of_cooper_seiford_tone(published):
    one = published["dea_CST_ex1_1"]
    made = efficiency([[x] for x in one["x"]], [[y] for y in one["y"]])
    assert made.theta == pytest.approx(one["theta"], abs=5.1e-4)
    two = published["dea_CST_2in"]
    made = efficiency(two["X"], [[two["y"]]] * len(two["X"]))
    assert made.theta == pytest.approx(two["theta"], abs=5.1e-5)
    # The last one uses two units more of the first input than its peer: efficient in name only.
    assert made.is_efficient.tolist() == [False, False, True, True, True, False]


def test_smaa_meets_the_analytic_acceptabilities(published):
    """Within four standard errors of the number of draws."""
    case = published["smaa_analytic"]
    made = smaa(case["U2"], draws=100_000, ranges=[(0, 1), (0, 1)])
    room = 4 * made.standard_error
    assert made.probability_first() == pytest.approx(case["rank1"], abs=room)
    assert made.rank_probability[2] == pytest.approx(
        [case["rank1"][2], case["A3_rank2"], 0], abs=room
    )
    made = smaa(np.eye(3), draws=100_000)
    want = case["U3_identity_central_weight"]
    assert made.central_weights[0] == pytest.approx(want, abs=room)


def test_the_main_zones_of_chongqing_are_those_of_the_study(published):
    """Zhou 2016: two zones make nine tenths of the equal-standard load; shares as printed."""
    case = published["equal_standard_load_chongqing_2013"]
    load = {zone: sum(parts) for zone, parts in case["P_1e4m3_per_a_COD_TN_TP"].items()}
    cut = cumulative_share(load)
    printed = case["zone_share_pct"]
    assert dict(zip(cut.alternatives, 100 * cut.share, strict=True)) == pytest.approx(
        printed, abs=5.1e-3
    )
    assert cut.chosen == ("urban_development", "northeast_eco")


def test_additive_value_of_the_analytic_case_is_its_definition(published):
    case = published["smaa_analytic"]
    made = additive(case["U2"], [0.8, 0.2], ranges=[(0, 1), (0, 1)])
    assert made.score == pytest.approx([0.8, 0.2, 0.6], abs=1e-12)
