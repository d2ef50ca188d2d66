"""Slips of a power of ten are set aside and proposed, never applied unasked."""

import pandas as pd
import pytest

from renvand.knowledge import SHIPPED
from renvand.steps.register.decisions import Decision, Decisions
from renvand.steps.register.plausible import beyond, judged, sectorless, strangers
from renvand.steps.register.totals import misprints
from tests.unit.register.engine import observations

NOTHING = Decisions([])
PLACE = "inbox/a.csv, line 4, concentration_mg_l"


def samples(*values, **common):
    rows = [{"concentration_mg_l": value} for value in values]
    made = observations(rows, **common)
    return made.assign(origin=[f"inbox/a.csv, line {n}" for n in range(2, 2 + len(values))])


def decided(verdict):
    return Decisions([Decision(first=PLACE, second="1070", verdict=verdict, by="Li")])


def test_a_thousandfold_sample_is_set_aside_with_its_proposal():
    made, (finding,), changes = judged(samples(1.0, 1.2, 1070.0, 0.9), NOTHING)
    assert made["suspect"].tolist() == ["", "", "concentration_mg_l", ""]
    assert made["concentration_mg_l"].tolist() == [1.0, 1.2, 1070.0, 0.9]
    assert changes == []
    assert str(finding) == (
        f"{PLACE}: 1070 mg/l (COD at o) is about 10^3 times what the other samples there say; "
        "it is set aside. Perhaps 1.07 is meant. Decide in inbox/decisions.csv: "
        "'as-written' or 'proposed'."
    )


def test_a_value_decided_to_stand_is_not_asked_for_again():
    made, findings, _ = judged(samples(1.0, 1.2, 1070.0, 0.9), decided("as-written"))
    assert findings == []
    assert not made["is_suspect"].any()


def test_a_correction_that_was_decided_is_made_and_written_down():
    made, findings, (change,) = judged(samples(1.0, 1.2, 1070.0, 0.9), decided("proposed"))
    assert findings == []
    assert made["concentration_mg_l"].tolist() == [1.0, 1.2, 1.07, 0.9]
    assert (change.rule, change.old, change.new) == ("decided", "1070", "1.07")


@pytest.mark.parametrize("values", [(1.0, 1.2, 9.0, 0.9), (1.0, 1000.0)])
def test_spread_and_pairs_are_no_slips(values):
    """Ninefold happens; of two values nobody can tell which is wrong."""
    assert judged(samples(*values), NOTHING)[1] == []


def test_a_yearly_load_that_its_own_row_contradicts_is_told():
    rows = [{"concentration_mg_l": 50.0, "load_kg_a": 1_500_000.0}]
    made = observations(rows).assign(origin="inbox/a.csv, line 2")
    _, (finding,), _ = judged(made, NOTHING)
    assert str(finding) == (
        "inbox/a.csv, line 2, load_kg_a: 1.5e+06 kg/a is about 10^3 times concentration × flow "
        "× days of the same row. Perhaps 1500 is meant; it counts as written."
    )


def sites(*divisions):
    return pd.DataFrame(
        {
            "id": "a",
            "division": divisions,
            "name_zh": "甲机械厂",
            "origin": "x, line 2",
            "sector": "",
            "sector_code": "",
        }
    )


def test_a_site_of_another_region_is_told():
    (finding,) = strangers(sites("500120", "500111", "511623"), SHIPPED)
    assert finding.what == "'511623' of 甲机械厂 is no district of the region."


def test_where_the_tables_know_no_district_nobody_is_a_stranger():
    assert list(strangers(sites("310101", "310104", "500120"), SHIPPED)) == []


def test_a_missing_sector_is_told_with_what_the_name_says():
    (finding,) = sectorless(sites("500120"))
    assert finding.do == "The name speaks for metalworking. Add its code to enterprises.csv."


def test_sectors_that_nothing_tells_make_one_finding_each_way():
    """Lists of thousands of sites name hundreds of industries that are none of ours."""
    many = sites(*["500120"] * 8).assign(name_zh="甲厂", sector_code=["", "", *"制制药纸油酒"])
    unsaid, other = sectorless(many)
    assert str(unsaid) == (
        "sector_code: no list gives the sector of 甲厂, 甲厂. They count in none. "
        "Add its code to enterprises.csv."
    )
    assert str(other) == (
        "sector_code: 制, 药, 纸, 油, 酒: in none of our sectors. "
        "The 6 sites count in none; write a code of sectors.csv if they should."
    )


def test_a_sum_that_comes_out_has_no_misprint():
    assert list(misprints({"a": 1.0, "b": 2.0}, 3.0)) == []


def test_a_sum_that_no_single_sign_explains_has_no_misprint():
    assert list(misprints({"a": 135.0, "b": 246.0}, 999.0)) == []


def test_every_cell_that_explains_the_sum_is_proposed():
    """1234 for 1243, or 560 for 569: nobody can tell which."""
    found = misprints({"a": 1234.0, "b": 560.0, "c": 77.0}, 1880.0)
    assert [(slip.cell, slip.proposed) for slip in found] == [("a", 1243.0), ("b", 569.0)]


def test_a_result_far_beyond_its_limit_that_nothing_confirms_is_named():
    loads = pd.DataFrame(
        {
            "outlet": ["a.total", "b.total"],
            "substance": ["COD", "COD"],
            "samples": [2, 12],
            "concentration_mg_l": [31_531.0, 31_531.0],
            "limit_mg_l": [80.0, 80.0],
            "exceedance": [394.1, 394.1],
        }
    )
    (finding,) = beyond(loads)
    assert str(finding) == (
        "outlet a.total, COD: 31,531 mg/l is 394 times the limit of 80 mg/l, by 2 samples. "
        "Look for a slip of the unit; it counts as written."
    )
