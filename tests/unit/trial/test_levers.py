"""Levers change what they say and nothing else; the plant stays one that can be computed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.knowledge import SHIPPED, table
from renvand.steps.trial.account import Measure, account, limits_of, typical_prices
from renvand.steps.trial.compare import best, compare
from renvand.steps.trial.levers import LEVERS, fitting, investment, scenarios, turned, yearly
from renvand.steps.trial.site import Site, open_site, settled, solids

PRICES = typical_prices(SHIPPED)
LIMITS = limits_of("1A", standard="gb-18918-2002", knowledge=SHIPPED)


def constant(name: str, days: float = 2.0) -> Site:
    """A shipped plant under its mean inflow for some days."""
    site = open_site(name)
    times = np.arange(0, days, 1 / 24)
    rows = np.repeat(site.influent.mean.rows, len(times), axis=0)
    return replace(site, influent=replace(site.influent, times=times, rows=rows))


@pytest.fixture(scope="module")
def ao():
    return constant("ao")


@pytest.fixture(scope="module")
def side_by_side(ao):
    return compare(ao, fitting(ao), limits=LIMITS, prices=PRICES, rate=0.08)[0].set_index(
        "scenario"
    )


def test_every_lever_has_its_price_and_its_words():
    from renvand.text.words import catalogue

    assert set(table("levers")["id"]) == set(LEVERS)
    assert {f"plant.lever_{name}" for name in LEVERS} <= set(catalogue())


def test_a_plant_offers_what_it_has(ao):
    assert "bio-p" in fitting(ao)  # its recycle ends in the first of two tanks without air
    assert "aeration" not in fitting(ao)  # all of it is controlled
    assert "bio-p" not in fitting(open_site("a2o"))
    assert "diffusers" not in fitting(open_site("ditch"))
    assert set(fitting(open_site("bsm1"))) == {"aeration", "intermittent", "recycle", "step-feed",
                                               "sludge-age"}  # fmt: skip


def test_less_oxygen_takes_less_air_and_leaves_more_ammonium(side_by_side):
    """Each step of the set-point down, monotonously."""
    rows = side_by_side.loc[["today", "do-1.5", "do-1", "do-0.7"]]
    assert rows["aeration_kwh_d"].is_monotonic_decreasing
    assert rows["S_NH_g_m3"].is_monotonic_increasing


def test_ammonium_is_led_to_its_set_point_or_as_near_as_oxygen_lets(side_by_side):
    rows = side_by_side.loc[["ammonia-1", "ammonia-2", "ammonia-3"]]
    assert rows["S_NH_g_m3"].is_monotonic_increasing
    assert (rows["aeration_kwh_d"] < side_by_side.loc["today", "aeration_kwh_d"]).all()


def test_pauses_let_nitrate_go(side_by_side):
    rows = side_by_side.loc[["today", "intermittent-10", "intermittent-20", "intermittent-30"]]
    assert rows["TN_g_m3"].is_monotonic_decreasing


def test_more_carbon_less_nitrate_more_sludge(side_by_side):
    rows = side_by_side.loc[["today", "carbon-dose-10", "carbon-dose-20", "carbon-dose-40"]]
    assert rows["TN_g_m3"].is_monotonic_decreasing
    assert rows["sludge_kg_d"].is_monotonic_increasing
    assert rows["carbon_kg_d"].to_numpy() == pytest.approx([0, 100, 200, 400])


def test_iron_takes_phosphorus(side_by_side):
    rows = side_by_side.loc[["metal-2", "metal-5", "metal-10"]]
    assert rows["TP_g_m3"].is_monotonic_decreasing
    assert rows["iron_kg_d"].to_numpy() == pytest.approx([20, 50, 100])


def test_wasting_sets_the_age_of_the_sludge(side_by_side):
    rows = side_by_side.loc[["sludge-age-70", "sludge-age-85", "today", "sludge-age-120"]]
    assert rows["sludge_age_d"].is_monotonic_increasing


def test_machines_change_electricity_alone(side_by_side):
    """Better diffusers and blowers: the same water, a tenth to a quarter less for the air."""
    today = side_by_side.loc["today"]
    for name in ("diffusers", "blowers"):
        row = side_by_side.loc[name]
        assert row["TN_g_m3"] == pytest.approx(today["TN_g_m3"], rel=1e-4)
        assert 0.1 < 1 - row["aeration_kwh_d"] / today["aeration_kwh_d"] < 0.25


def test_biological_phosphorus_lets_half_the_iron_go(side_by_side):
    """At half the iron more phosphorus stays; the same iron without it leaves even more."""
    row = side_by_side.loc["bio-p"]
    assert row["iron_kg_d"] == pytest.approx(side_by_side.loc["today", "iron_kg_d"] / 2)
    assert row["TP_g_m3"] < 1.1 * side_by_side.loc["metal-5", "TP_g_m3"]


def test_costs_are_those_of_prices(side_by_side):
    row = side_by_side.loc["carbon-dose-20"]
    cost = row["energy_kwh_d"] * 0.7 + row["carbon_kg_d"] * 3.0 / 0.78
    cost += row["iron_kg_d"] * PRICES.iron + row["sludge_kg_d"] * 1.5
    assert row["cost_d"] == pytest.approx(cost)


def test_the_best_saves_and_keeps_the_limits(side_by_side):
    name = best(side_by_side.reset_index())
    assert side_by_side.loc[name, "keeps_limits"]
    assert side_by_side.loc[name, "energy_saving"] > 0


def test_balances_close(side_by_side):
    """0.5 %: a layered settler knows its solids, not their composition."""
    assert side_by_side[["cod_closure", "n_closure"]].abs().to_numpy().max() < 5e-3


def test_levers_can_be_turned_together(ao):
    """Installed in turn, set together."""
    both = turned(ao, {"ammonia": 2.0, "do": 1.2, "step-feed": 0.3, "diffusers": 1})
    drawing = both.plant.drawing
    assert drawing.controllers["ammonia"].setpoint == 2.0
    assert drawing.controllers["ammonia"].high == 1.2
    assert drawing.pipes[drawing.pipe("step feed")].share == 0.3
    assert both.equipment.diffusers["others"].transfer == 0.065
    today = settled(ao.plant, ao.influent)
    begin = settled(both.plant, both.influent, near_to=today)
    assert begin.record[: both.plant.plan.n_active].min() > -1e-3
    assert solids(begin) > 0.5 * solids(today)


def test_money(ao):
    """Fixed, by capacity, and spread over the years: 60 CNY per m³/d, ten years, 8 %."""
    assert investment(ao, ["diffusers"]) == pytest.approx(600_000)
    assert yearly(ao, ["diffusers"], rate=0.08) == pytest.approx(600_000 * 0.149029, rel=1e-5)
    assert yearly(ao, ["diffusers"], rate=0.0) == pytest.approx(60_000)


def test_unknown_levers_are_said_all_at_once(ao):
    with pytest.raises(FileError) as error:
        scenarios(ao, ["arration", "aeration"])
    assert [str(f) for f in error.value.faults] == [
        "case.toml, trial.levers, 'arration': is not known. Did you mean 'aeration'?",
        "case.toml, trial.levers, 'aeration': turns nothing at plant 'A/O, 10,000 m3/d'. "
        "Leave it out.",
    ]


def test_nitrous_oxide_by_the_published_line():
    """KlicK: TN 94 to 15.77 leaves 0.4505 % of the nitrogen that comes."""
    from renvand.steps.trial.account import LEAST_REMOVED, PER_REMOVED

    removed = 1 - 15.77 / 94
    assert LEAST_REMOVED - PER_REMOVED * removed == pytest.approx(0.004505, rel=2e-3)


def test_without_machines_the_benchmark_counts():
    """BSM1's own indices, and its nitrous oxide where the page has it."""
    site = constant("bsm1-n2o", days=1.0)
    ran = site.plant.simulate(site.influent, start=settled(site.plant, site.influent))
    found = account(ran, equipment=None, prices=PRICES)
    assert found["aeration_kwh_d"] == ran.performance["AE"]
    assert 0.1 < found["n2o_kg_d"] < 30
    assert isinstance(repr(Measure(equipment=None, prices=PRICES)), str)
    assert isinstance(pd.Series(found).sum(), float)
