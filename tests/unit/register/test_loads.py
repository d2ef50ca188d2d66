"""Annual loads, and what they are measured against."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from renvand.steps.register import burden
from renvand.steps.register.censored import with_quantile
from renvand.steps.register.load import by_outlet
from tests.unit.register.engine import made, observations, tables


def loads(*rows, **common):
    given = tables(observations=observations(rows, **common))
    return made(by_outlet(given["observations"]).order_by("outlet", "substance"))


def load(*rows, **common):
    (row,) = loads(*rows, **common).to_dict("records")
    return row


def sample(value, *, below=False, **more):
    return {"concentration_mg_l": value, "is_censored": below, **more}


def test_a_load_is_mean_concentration_times_mean_flow_times_days():
    row = load(sample(40.0, flow_m3_d=90.0), sample(60.0, flow_m3_d=110.0))
    assert row["load_kg_a"] == pytest.approx(50e-3 * 100 * 300)  # kg/m³ · m³/d · d/a
    assert (row["method"], row["gap"], row["samples"]) == ("detected", "", 2)
    assert row["load_low_kg_a"] == row["load_high_kg_a"] == row["load_kg_a"]


def test_a_load_that_the_source_gives_counts_first():
    row = load(sample(40.0, load_kg_a=7.0), sample(40.0, load_kg_a=8.0))
    assert (row["load_kg_a"], row["method"]) == (15.0, "given")


def test_only_the_latest_year_counts():
    row = load(sample(40.0, year=2024), sample(10.0, year=2025))
    assert (row["year"], row["concentration_mg_l"]) == (2025, 10.0)


def test_few_detected_values_are_helped_by_half_the_limit_and_say_so():
    row = load(sample(4.0), sample(2.0, below=True))
    assert (row["method"], row["concentration_mg_l"]) == ("substitution", 2.5)
    assert row["load_low_kg_a"] == pytest.approx(2e-3 * 100 * 300)
    assert row["load_high_kg_a"] == pytest.approx(3e-3 * 100 * 300)


def test_three_detected_values_make_a_regression():
    row = load(*(sample(x) for x in (2.0, 4.0, 8.0)), sample(1.0, below=True))
    assert row["method"] == "regression"
    assert row["load_low_kg_a"] < row["load_kg_a"] <= row["load_high_kg_a"]


def test_equal_detected_values_lie_on_a_flat_line():
    row = load(*(sample(2.0) for _ in range(3)), sample(5.0, below=True))
    assert row["method"] == "regression"
    assert row["concentration_mg_l"] == pytest.approx(2.0)


def test_a_limit_above_all_detected_values_tells_nothing():
    few = load(*(sample(x) for x in (2.0, 4.0, 8.0)), sample(1.0, below=True))
    more = load(
        *(sample(x) for x in (2.0, 4.0, 8.0)), sample(1.0, below=True), sample(99.0, below=True)
    )
    assert more["concentration_mg_l"] == pytest.approx(few["concentration_mg_l"])
    assert more["load_high_kg_a"] > few["load_high_kg_a"]


def test_what_is_suspected_counts_in_no_mean():
    row = load(
        sample(4.0),
        sample(4000.0, suspect="concentration_mg_l"),
        sample(4.0, flow_m3_d=1e5, suspect="flow_m3_d"),
    )
    assert (row["concentration_mg_l"], row["flow_m3_d"], row["suspects"]) == (4.0, 100.0, 2)


@pytest.mark.parametrize(
    ("lacking", "gap"),
    [
        ({"flow_m3_d": None}, "flow"),
        ({"days": None}, "days"),
        ({"flow_m3_d": None, "days": None}, "flow and days"),
        ({"concentration_mg_l": None}, "concentration"),
    ],
)
def test_a_load_that_cannot_be_told_says_what_it_lacks(lacking, gap):
    row = load({"concentration_mg_l": 4.0, **lacking})
    assert row["gap"] == gap
    assert math.isnan(row["load_kg_a"])


def test_the_normal_quantile_is_right_to_seven_digits():
    p = np.concatenate([[1e-11, 1e-6, 1e-3, 0.075], np.linspace(0.076, 0.999, 40)])
    given = tables(p=pd.DataFrame({"p": p}))["p"]
    z = made(with_quantile(given))
    assert z["z"].tolist() == pytest.approx(norm.ppf(z["p"]).tolist(), rel=1e-6, abs=1e-6)


LIMITS = ["outlet", "substance", "limit_mg_l"]
STANDARDS = ["sector", "discharge", "substance", "standard", "standard_limit_mg_l"]


def judged(*, permits=(), standards=(), discharge="direct"):
    given = tables(
        observations=observations([sample(40.0)]),
        outlets=pd.DataFrame(
            [("o", "s", "textile-dyeing", discharge)],
            columns=["outlet", "site", "sector", "discharge"],
        ),
        permits=pd.DataFrame(permits, columns=LIMITS).astype(
            {"limit_mg_l": "float64"} | dict.fromkeys(LIMITS[:2], "str")
        ),
        standards=pd.DataFrame(standards, columns=STANDARDS).astype(
            {"standard_limit_mg_l": "float64"} | dict.fromkeys(STANDARDS[:4], "str")
        ),
    )
    compared = burden.against_limits(
        by_outlet(given["observations"]),
        given["outlets"],
        permits=given["permits"],
        standards=given["standards"],
    )
    return made(compared).iloc[0]


NATIONAL = ("textile-dyeing", "direct", "COD", "gb-4287-2012", 80.0)


def test_the_own_permit_comes_first():
    row = judged(permits=[("o", "COD", 20.0)], standards=[NATIONAL])
    assert (row["exceedance"], row["limit_basis"]) == (2.0, "permit")


def test_without_a_permit_the_national_standard_stands_in_and_is_named():
    row = judged(standards=[NATIONAL])
    assert (row["exceedance"], row["limit_basis"]) == (0.5, "gb-4287-2012")


def test_the_standard_of_another_way_of_discharge_does_not_stand_in():
    row = judged(standards=[NATIONAL], discharge="indirect")
    assert row["limit_basis"] == ""
    assert math.isnan(row["exceedance"])


def taxed(amounts, *, discharge="direct", exceedance=1.0, first=()):
    rows = pd.DataFrame(
        {
            "outlet": "o",
            "substance": list(amounts),
            "equivalents": [float(a) for a in amounts.values()],
            "category": ["1" if name in first else "2" for name in amounts],
            "is_oxygen_demand": [name in ("COD", "BOD5") for name in amounts],
            "exceedance": exceedance,
            "discharge": discharge,
        }
    )
    given = tables(loads=rows)
    out = burden.taxed(given["loads"], first_class=5, others=3, reductions=(0.75, 0.5))
    return made(out).set_index("substance")["taxed_equivalents"].to_dict()


def test_the_three_largest_are_taxed_and_of_oxygen_demand_one():
    found = taxed({"COD": 100, "BOD5": 120, "SS": 50, "TP": 40, "TN": 30})
    assert found == {"COD": 0, "BOD5": 120, "SS": 50, "TP": 40, "TN": 0}


def test_substances_of_the_first_class_count_beside_the_others():
    names = {"Cr": 9, "Ni": 8, "Pb": 7, "Cd": 6, "Hg": 5, "As": 4, "SS": 1}
    found = taxed(names, first={"Cr", "Ni", "Pb", "Cd", "Hg", "As"})
    assert [name for name, amount in found.items() if amount] == [
        "Cr",
        "Ni",
        "Pb",
        "Cd",
        "Hg",
        "SS",
    ]


@pytest.mark.parametrize(("ratio", "share"), [(0.71, 1.0), (0.7, 0.75), (0.5, 0.5)])
def test_the_tax_is_less_well_below_the_limit(ratio, share):
    assert taxed({"SS": 100}, exceedance=ratio) == {"SS": 100 * share}


def test_what_goes_to_a_treatment_plant_is_not_taxed_and_nobody_guesses():
    assert taxed({"SS": 100}, discharge="indirect") == {"SS": 0}
    assert math.isnan(taxed({"SS": 100}, discharge="")["SS"])
