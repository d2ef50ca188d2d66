"""The tax of a worked example, and investments brought to one year and currency by hand."""

import numpy as np
import pytest
import yaml

from renvand.errors import FileError
from renvand.knowledge import SHIPPED
from renvand.steps.potential.economy import cost_level, curve_cost
from renvand.steps.potential.tax import tax_per_m3, taxed_equivalents, water_rate
from tests.law.potential.companies import plating_shop
from tests.shared import shared


def test_the_tax_of_the_worked_example():
    """Two first-class metals count in full; of four others the first three."""
    path = shared("data", "industry", "tea_anchors.yaml")
    known = yaml.safe_load(path.read_text(encoding="utf-8"))["env_tax_anchor"]
    loads = {k.replace("NH3_N", "NH4-N"): v for k, v in known["inputs"]["loads_kg"].items()}
    tax = known["inputs"]["rate"] * taxed_equivalents(loads, knowledge=SHIPPED)
    assert tax == pytest.approx(known["tax"])


def test_what_lies_below_its_limit_is_taxed_less():
    """Three quarters at 30 % below, half at 50 % below."""
    for below, share in ((0.0, 1.0), (0.29, 1.0), (0.3, 0.75), (0.5, 0.5), (0.9, 0.5)):
        assert taxed_equivalents(
            {"COD": 8.0}, below_limit={"COD": below}, knowledge=SHIPPED
        ) == pytest.approx(8 * share)


def test_one_of_the_oxygen_demands_counts():
    """BOD5 weighs double, so at 0.6 of the COD it is the one that counts."""
    assert taxed_equivalents({"COD": 10.0, "BOD5": 6.0}, knowledge=SHIPPED) == pytest.approx(12.0)


def test_only_a_direct_discharger_pays():
    """A park or a sewer: nothing. Directly: 0.3 g/m3 of nickel at 0.025 kg an equivalent."""
    from dataclasses import replace

    shop = plating_shop()
    assert tax_per_m3(shop, rate=3.0, knowledge=SHIPPED) == 0.0
    direct = replace(shop, outlet_kind="direct")
    assert tax_per_m3(direct, rate=3.0, knowledge=SHIPPED) == pytest.approx(
        3.0 * 0.3 / 1000 / 0.025
    )


def test_the_rate_is_that_of_the_region():
    """Chongqing's own; elsewhere the least of the country."""
    assert water_rate("Chongqing", knowledge=SHIPPED) == 3.0
    assert water_rate("Nowhere", knowledge=SHIPPED) == 1.4


def test_an_investment_curve_by_hand():
    """30 USD of 2018 a square metre, to 2023: x 797.9 / 603.1 x 7.08, at 0.8 of the place."""
    size = np.array([100.0])
    money = curve_cost("reverse-osmosis-membrane", size, year=2023, location=0.8, knowledge=SHIPPED)
    assert money[0] == pytest.approx(30 * 100 * 797.9 / 603.1 * 7.08 * 0.8)
    own = curve_cost("evaporator-cn", np.array([2.0]), year=2023, location=0.8, knowledge=SHIPPED)
    assert own[0] == pytest.approx(6_000_000)


def test_money_of_other_currencies():
    """By the last rate known up to the year."""
    assert SHIPPED.bought("USD", year=2023) == 7.08
    assert SHIPPED.bought("DKK", year=2023) == pytest.approx(7.08 / 6.89)
    with pytest.raises(FileError) as caught:
        SHIPPED.bought("SEK", year=2023)
    assert str(caught.value) == (
        "exchange_rates: no rate of SEK for 2023. Add a row to exchange_rates.csv of the case, "
        "or give prices in CNY."
    )


def test_a_year_beyond_the_index_is_told():
    """Never a guess of next year's prices."""
    assert cost_level(2007, end=2020, knowledge=SHIPPED) == pytest.approx(596.2 / 525.4)
    with pytest.raises(FileError) as caught:
        cost_level(2020, end=2030, knowledge=SHIPPED)
    assert str(caught.value) == (
        "cost_indices: does not reach 2030. Add a row, or give prices of 2023."
    )
