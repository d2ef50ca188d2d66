"""Sites are ranked on several criteria, and what is not known is said."""

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.steps.register.rank import rank

WEIGHTS = {"weights": {"load": 0.5, "dilution": 0.5}}


def sites(**columns):
    usual = {
        "equal_standard_m3_a": [1e3, 1e5, 1e7],
        "equal_standard_high_m3_a": [1e3, 1e5, 1e7],
        "equivalents": [1.0, 1.0, 1.0],
        "exceedance": [0.5, 0.5, 0.5],
        "dilution": [10.0, 10.0, 10.0],
        "division": ["a", "a", "b"],
    }
    return pd.DataFrame({"id": ["small", "medium", "large"], **usual, **columns})


def ranked(settings=WEIGHTS, **columns):
    return rank(sites(**columns), settings, seed=1).set_index("id")


def test_the_largest_load_is_first_where_all_else_is_equal():
    assert ranked()["rank"].to_dict() == {"large": 1, "medium": 2, "small": 3}


def test_little_dilution_speaks_for_a_site():
    table = ranked({"weights": {"dilution": 1.0}}, dilution=[10.0, 1e3, 1e5])
    assert table["rank"].to_dict() == {"small": 1, "medium": 2, "large": 3}


def test_parts_sum_to_the_value():
    table = ranked(dilution=[5.0, 1e3, 10.0])
    parts = table[["part_load", "part_dilution"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["value"].tolist(), abs=1e-12)


def test_what_is_not_known_is_named_and_neither_helps_nor_harms():
    table = ranked(dilution=[10.0, np.nan, 1e5])
    assert table["missing"].to_dict() == {"small": "", "medium": "dilution", "large": ""}
    known = table.loc[["small", "large"], "part_dilution"]
    assert known.min() < table.loc["medium", "part_dilution"] < known.max()


def test_a_site_without_load_is_not_ranked():
    assert list(ranked(equal_standard_m3_a=[np.nan, 1e5, 0.0]).index) == ["medium"]


def test_without_any_load_the_ranking_is_empty_and_has_its_columns():
    table = rank(sites(equal_standard_m3_a=[np.nan] * 3), WEIGHTS, seed=1)
    assert table.empty
    assert {"rank", "id", "value", "part_load", "probability_first", "is_main"} <= set(table)


def test_the_main_sites_make_eighty_percent_of_the_load():
    table = ranked(equal_standard_m3_a=[10.0, 40.0, 50.0])
    assert table["is_main"].to_dict() == {"large": True, "medium": True, "small": False}


def test_an_unknown_criterion_is_told():
    with pytest.raises(FileError) as told:
        ranked({"weights": {"lode": 1.0}})
    assert str(told.value) == (
        "case.toml, ranking.weights.lode: is not a criterion. Did you mean 'load'?"
    )


def test_districts_have_their_own_places():
    assert ranked()["rank_in_division"].to_dict() == {"large": 1, "medium": 1, "small": 2}


def test_two_other_methods_give_their_places_beside():
    table = ranked(dilution=[5.0, 1e3, 10.0])
    assert sorted(table["rank_topsis"]) == sorted(table["rank_promethee"]) == [1, 2, 3]


def test_a_load_of_undetected_samples_makes_the_place_less_sure():
    sure = ranked()
    unsure = ranked(equal_standard_high_m3_a=[1e9, 1e5, 1e7])
    assert unsure.loc["small", "rank_low"] < sure.loc["small", "rank_low"]


def test_the_same_seed_gives_the_same_table():
    pd.testing.assert_frame_equal(ranked(), ranked())
