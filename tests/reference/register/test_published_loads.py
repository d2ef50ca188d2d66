"""Published loads, estimates and registry numbers, to the digits printed."""

import json
from pathlib import Path

import pandas as pd
import pytest

from renvand.steps.register import burden
from renvand.steps.register.censored import by_regression
from renvand.steps.register.identity import credit_code
from renvand.steps.register.totals import misprints
from tests.shared import shared
from tests.unit.register.engine import made, tables

HERE = Path(__file__).parents[1] / "data" / "register"
POLLUTANTS = ("COD", "TN", "TP")


@pytest.fixture(scope="module")
def published():
    return json.loads(shared("data", "reference", "mcda_screening_examples.json").read_text())


@pytest.fixture(scope="module")
def zones(published):
    """Equal-standard loads of Chongqing's five zones, each with the standard of its own water."""
    case = published["equal_standard_load_chongqing_2013"]
    found = {}
    for zone, loads in case["Q_t_per_a_COD_TN_TP"].items():
        rows = {"substance": POLLUTANTS, "load_kg_a": [1e3 * t for t in loads]}
        factors = pd.DataFrame(
            {"substance": POLLUTANTS, "standard_mg_l": case["implied_S_mg_L"][zone]}
        ).assign(equivalent_kg=1.0, toxicity_ef31=0.0, toxicity_traci=0.0)
        given = tables(loads=pd.DataFrame(rows).assign(load_high_kg_a=0.0), factors=factors)
        weighed = made(burden.weighted(given["loads"], given["factors"]))
        found[zone] = weighed.set_index("substance")["equal_standard_m3_a"][list(POLLUTANTS)]
    return pd.DataFrame(found).T


def test_zone_loads_are_those_printed(published, zones):
    """The standards were read back from the printed loads, to 3 to 5 digits: hence 1 %."""
    case = published["equal_standard_load_chongqing_2013"]
    for zone, printed in case["P_1e4m3_per_a_COD_TN_TP"].items():
        assert zones.loc[zone].tolist() == pytest.approx([1e4 * p for p in printed], rel=1e-2)


def test_zone_and_pollutant_shares_are_those_printed(published, zones):
    """The paper's own digits: shares in percent with two decimals."""
    case = published["equal_standard_load_chongqing_2013"]
    total = zones.to_numpy().sum()
    by_zone, by_pollutant = 100 * zones.sum(axis=1) / total, 100 * zones.sum() / total
    assert by_zone.to_dict() == pytest.approx(case["zone_share_pct"], abs=0.01)
    assert by_pollutant.to_dict() == pytest.approx(case["pollutant_share_pct"], abs=0.01)


def test_the_papers_misprint_is_found_by_the_papers_own_total(published):
    """Printed 700 323 where the row's total of 5 754 902 needs 70 033."""
    loads = published["equal_standard_load_chongqing_2013"]["P_1e4m3_per_a_COD_TN_TP"]
    row = dict(zip(POLLUTANTS, loads["urban_development"], strict=True))
    total = 5_754_902
    assert list(misprints(row, total)) == []
    (found,) = misprints({**row, "COD": 700_323}, total)
    assert (found.cell, found.proposed) == ("COD", 70_033)


def censored_groups():
    frame = pd.read_csv(HERE / "censored.csv", comment="#")
    return [pytest.param(rows, id=name) for name, rows in frame.groupby("group")]


@pytest.mark.parametrize("samples", censored_groups())
def test_regression_on_order_statistics_gives_the_published_mean(samples):
    """With one reporting limit, and with two between which detected values lie."""
    given = tables(samples=samples)
    estimate = made(by_regression(given["samples"], ["group"]))["regression_mg_l"].item()
    digits = int(samples["digits"].iloc[0])
    assert estimate == pytest.approx(samples["mean"].iloc[0], abs=0.5 * 10.0**-digits)


def test_registry_numbers_of_real_registers(published):
    """Valid and invalid codes of the lists of Shanghai and Ningxia."""
    for code in published["uscc"]["valid"]:
        assert credit_code(code).is_valid
    for code in published["uscc"]["invalid"]:
        assert not credit_code(code).is_valid or credit_code(code).rule == "look-alike letter"
