"""What loads are measured against comes from the tables, for the case's own place and day."""

import datetime as dt

import pytest

from renvand.errors import FileError
from renvand.knowledge import SHIPPED, Knowledge
from renvand.steps.register.factors import factors, standards, tax

CASE = {"country": "CN", "region": "Chongqing", "as_of": dt.date(2026, 11, 23)}
WATER = {"water_standard": "gb-3838-2002", "water_class": "III"}


def test_class_iii_water_has_the_limits_of_rivers():
    table = factors(WATER, knowledge=SHIPPED)
    assert table.loc["COD", "standard_mg_l"] == 20.0
    assert table.loc["TP", "standard_mg_l"] == 0.2  # 0.05 holds in lakes
    assert table.loc["COD", "equivalent_kg"] == 1.0


def test_two_toxicity_methods_are_given_side_by_side():
    cu = factors(WATER, knowledge=SHIPPED).loc["Cu"]
    assert cu["toxicity_traci"] / cu["toxicity_ef31"] > 1000  # they disagree: both are shown


def test_an_unknown_standard_is_told():
    with pytest.raises(FileError, match="'gb-3838-2002' has no class 'VII' in the tables"):
        factors({**WATER, "water_class": "VII"}, knowledge=SHIPPED)


def test_the_limit_of_the_sector_stands_behind_the_permit():
    table = standards(CASE, ["Cr6", "pH"], knowledge=SHIPPED).set_index(
        ["sector", "discharge", "substance"]
    )
    assert table.loc[("surface-treatment", "direct", "Cr6"), "standard_limit_mg_l"] == 0.2
    assert table.loc[("surface-treatment", "direct", "Cr6"), "standard"] == "gb-21900-2008"
    assert "pH" not in table.reset_index()["substance"].tolist()


def test_chinas_standards_and_tax_hold_in_china_only():
    assert standards(CASE, ["Cr6"], knowledge=Knowledge(country="DK")).empty
    assert tax({**CASE, "country": "DK"}, knowledge=SHIPPED) is None


def test_chongqing_has_a_rate_of_its_own_and_others_the_range_of_the_law():
    rule = tax(CASE, knowledge=SHIPPED)
    assert (rule.low, rule.high) == (3.0, 3.0)
    assert (rule.first_class, rule.others, rule.reductions) == (5, 3, (0.75, 0.5))
    elsewhere = tax({**CASE, "region": "Elsewhere"}, knowledge=SHIPPED)
    assert (elsewhere.low, elsewhere.high) == (1.4, 14.0)
