"""Edges close every unit; what leaves in the drain has a price; days tell leaks from use."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from renvand.knowledge import SHIPPED, Knowledge
from renvand.steps.case import ReviewData
from renvand.steps.review import check, review
from renvand.steps.review.network import tables_of
from tests.unit.review.small import TAIL, case, dyehouse, meters, samples, streams, units


def test_every_unit_is_closed_for_every_quantity():
    """Added and removed are edges of their own: in is out, to rounding."""
    outcome = review(case())
    edges = outcome.tables["edges"].dropna(subset="value")
    for quantity in ("water", "COD"):
        own = edges[edges["quantity"] == quantity]
        for unit in ("tank", "dyeing", "works"):
            into = own.loc[own["to"] == unit, "value"].sum()
            out = own.loc[own["from"] == unit, "value"].sum()
            assert into == pytest.approx(out, rel=1e-9), (quantity, unit)
    closures = outcome.tables["closures"].query("is_known")
    assert (closures["closure"].abs() < 1e-9).all()
    assert set(closures["quantity"]) >= {"water", "COD"}


def test_what_treatment_takes_out_is_removed_and_what_dyeing_gives_is_added():
    edges = review(case()).tables["edges"].query("quantity == 'COD' and stream == ''")
    ends = {(r["from"], r["to"]) for r in edges.to_dict("records")}
    assert ends == {("added", "dyeing"), ("works", "removed")}


def test_what_is_not_known_is_no_edge_of_the_diagram():
    blind = dyehouse(meters=meters(s1=(1000, 20), s5=(940, 20)))
    outcome = review(case(blind))
    links = outcome.extras["sankey"]["dye-a"]["quantities"]["water"]["links"]
    assert None in {link["value"] for link in links}
    assert outcome.tables["closures"].query("quantity == 'water'")["is_known"].any()


def test_money_in_the_drain_is_amount_times_price_times_days():
    """Water at the planning value of 4.65 CNY/m³, of the case's own price where it has one."""
    losses = review(case()).tables["drain_money"].set_index(["place", "item"])
    row = losses.loc[("dyeing", "water")]
    assert row["value"] == pytest.approx(row["amount"] * 4.65 * 300)
    assert row["low"] < row["value"] < row["high"]
    assert row["unit"] == "CNY/a"
    own = case()
    price = {"id": "water-tap", "currency": "CNY", "low": 8.0, "typical": 8.0, "high": 8.0}
    tables = {**own.tables, "prices": pd.DataFrame([{**price, **TAIL}])}
    paid = review(type(own)(**{**vars(own), "tables": tables})).tables["drain_money"]
    assert paid["price"].tolist() == [8.0] * len(paid)


def test_heat_is_balanced_in_tanks_and_followed_to_the_drain():
    """Two streams meet in a tank: 60 m³ of 20 °C and 40 m³ of 70 °C make 100 m³ of 40 °C."""
    data = dyehouse(
        units=units("a washing", "b washing", "mix equalisation"),
        streams=streams(
            "s1 supply a fresh",
            "s2 supply b fresh",
            "s3 a mix wastewater",
            "s4 b mix wastewater",
            "s5 mix sewer wastewater",
        ),
        meters=meters(s1=(60, 0.1), s2=(40, 0.1)),
        samples=samples(
            "s1 temperature 10 0.01", "s3 temperature 20 0.01", "s4 temperature 70 0.01"
        ),
        chemicals=dyehouse().tables["chemicals"].assign(unit="a"),
        energy=dyehouse().tables["energy"].assign(unit="a", carrier="steam", price_per_kwh=0.3),
    )
    outcome = review(case(data))
    rows = outcome.tables["streams"].set_index(["stream", "quantity"])
    assert rows.loc[("s5", "temperature"), "value"] == pytest.approx(40, abs=0.01)
    assert rows.loc[("s5", "temperature"), "unit"] == "°C"
    edges = outcome.tables["edges"].query("quantity == 'heat'").set_index("stream")
    assert edges.loc["s5", "value"] == pytest.approx(100 * 4.186 / 3.6 * 30, rel=1e-3)
    heat = outcome.tables["drain_money"].query("item == 'heat'").set_index("place")
    assert heat.loc["b", "value"] == pytest.approx(40 * 4.186 / 3.6 * 60 * 0.3 * 300, rel=1e-2)


def diary(*, leak, use, idle=(5, 6), count=21, noise=0.2):
    """Three weeks of a tank's meters: a leak that never rests and a use that does."""
    dice, rows = np.random.default_rng(5), []
    for number in range(count):
        day = dt.date(2026, 3, 2) + dt.timedelta(days=number)
        works = day.weekday() not in idle
        out = 1000.0 if works else 20.0
        for stream, flow in (("s1", out + leak + use * works), ("s2", out)):
            rows.append(
                {
                    "stream": stream,
                    "read_on": day,
                    "flow_m3_d": flow + noise * dice.standard_normal(),
                    "is_production": works,
                    **TAIL,
                }
            )
    return pd.DataFrame(rows)


def test_days_without_production_tell_a_leak_from_an_unmetered_use():
    outcome = review(case(dyehouse(readings=diary(leak=15.0, use=40.0))))
    row = outcome.tables["unseen"].set_index("unit").loc["tank"]
    assert row["leak_low"] < 15 < row["leak_high"]
    assert row["use_low"] < 40 < row["use_high"]
    assert row["leak_m3_d"] == pytest.approx(15, abs=0.3)
    told = [str(f) for f in outcome.findings]
    assert any("m3/d leave unseen also on days without production. It is a leak" in t for t in told)
    assert any("It is a use without a meter: meter it." in t for t in told)
    assert outcome.tables["idle"].set_index("stream").loc["s2", "idle_m3_d"] == pytest.approx(
        20, 0.1
    )


def test_without_idle_days_leak_and_use_are_one_and_the_remedy_is_said():
    outcome = review(case(dyehouse(readings=diary(leak=15.0, use=40.0, idle=()))))
    row = outcome.tables["unseen"].iloc[0]
    assert math.isnan(row["leak_m3_d"])
    assert row["total_m3_d"] == pytest.approx(55, abs=0.5)
    assert any(
        "a leak or a use without a meter. Read the meters on a day without production too."
        in str(f)
        for f in outcome.findings
    )


def test_nothing_missing_is_no_leak():
    outcome = review(case(dyehouse(readings=diary(leak=0.0, use=0.0))))
    assert not [f for f in outcome.findings if "unseen" in str(f)]


def test_each_day_is_reconciled_by_itself():
    days = review(case(dyehouse(readings=diary(leak=0.0, use=0.0, count=3)))).tables["days"]
    assert days["day"].nunique() == 3
    first = days[days["day"] == dt.date(2026, 3, 2)].set_index("stream")
    assert first.loc["s1", "value"] == pytest.approx(first.loc["s2", "value"])


def test_a_meter_whose_days_disagree_with_its_mean_is_told():
    readings = diary(leak=0.0, use=0.0)
    far = dyehouse(readings=readings, meters=meters(s1=(1300, 20), s2=(1000, 20)))
    told = [str(f) for f in review(case(far)).findings]
    assert (
        "reviews/dye-a/meters.csv, s1: 1300 m3/d, but its working days give 999.9."
        " Check the two; the mean of meters.csv was used."
    ) in told


def bad(**changed):
    data = dyehouse(**changed)
    return [str(f) for f in check("dye-a", ReviewData(settings=data.settings, tables=data.tables))]


def test_pieces_do_not_do_where_tonnes_are_counted():
    assert bad(page={"production_unit": "1000pcs"}) == [
        "reviews/dye-a/review.toml: production is in pieces; limits and levels of the sector count"
        " on t. Weigh or measure it, and give t."
    ]


def test_a_component_nobody_measures_is_told():
    demands = pd.DataFrame([{"unit": "tank", "substance": "Ni", "max_in_mg_l": 1.0, **TAIL}])
    assert bad(demands=demands) == [
        "reviews/dye-a/demands.csv: asks for Ni, which nobody measured."
        " Sample Ni where water is used and where it leaves, or take it out."
    ]


def test_a_part_is_not_more_than_the_whole():
    assert bad(samples=samples("s5 Cr 0.5 0.05", "s5 Cr6 5 0.1")) == [
        "reviews/dye-a/samples.csv, s5, Cr6: 5 mg/l is more than the 0.5 mg/l of Cr."
        " Check unit and sample; it is a part of the other."
    ]


def test_daily_readings_need_their_meter():
    readings = diary(leak=0, use=0, count=1).assign(stream="s4").drop_duplicates("stream")
    assert bad(readings=readings) == [
        "reviews/dye-a/readings.csv, s4: has no row in meters.csv."
        " Add one: the mean of the operating days and the meter's standard deviation."
    ]


def test_bounds_that_contradict_each_other_are_named_and_only_those():
    """At most 500 into the tank, at least 700 from it to the dyeing; the third is innocent."""
    lines = (
        dyehouse()
        .tables["streams"]
        .assign(
            low_m3_d=[np.nan, 700, np.nan, np.nan, np.nan, np.nan],
            high_m3_d=[500, np.nan, np.nan, np.nan, 2000, np.nan],
        )
    )
    assert bad(streams=lines) == [
        "reviews/dye-a, bounds of streams: 's2' at least 700, 's1' at most 500 m3/d cannot hold"
        " together: the water balances forbid it. Correct one of them."
    ]


def test_a_ring_without_an_end_is_told():
    lines = streams(
        "s1 supply tank fresh", "s5 tank sewer wastewater",
        "s2 dyeing works wastewater", "s6 works dyeing reuse",
    )  # fmt: skip
    assert bad(streams=lines, meters=meters(s1=(5, 1)), samples=samples("s5 COD 5 1")) == [
        "reviews/dye-a, units dyeing, works: no stream enters or leaves this ring."
        " Add the stream that fills it and the one that empties it."
    ]


def test_a_stream_without_ends_is_told():
    lines = streams("s1 supply tank fresh", "s5 tank sewer wastewater").assign(
        to_unit=["tank", None]
    )
    assert bad(streams=lines, meters=meters(s1=(5, 1)), samples=samples("s1 COD 5 1")) == [
        "reviews/dye-a, stream 's5': has no to_unit. Name a unit, or one of supply, drain, sewer,"
        " air, product, sludge."
    ]


def test_the_day_that_was_not_sampled_has_its_own_risk():
    """Three days of 100, 150, 200: a fourth may well be above 200; their mean is not."""
    days = samples("s5 COD 100 5", "s5 COD 150 5", "s5 COD 200 5", "s4 COD 1500 100")
    days["sampled_on"] = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-01"]
    row = review(case(dyehouse(samples=days), COD=300)).tables["compliance"]
    cod = row[row["substance"] == "COD"].iloc[0]
    logs = np.log([100, 150, 200])
    assert 0.01 < cod["probability_day"] < 0.2
    assert cod["probability_day"] > cod["probability_exceeded"]
    assert logs.mean() < np.log(300)


def test_stricter_grades_are_shown_beside_the_one_that_binds():
    grades = review(case()).tables["grades"]
    cod = grades[grades["substance"] == "COD"].set_index("grade")["limit"]
    assert cod["new"] == 200
    assert cod["special"] < cod["new"]


def test_the_cheapest_meters_close_all_gaps():
    blind = dyehouse(meters=meters(s1=(1000, 20), s5=(940, 20)))
    priced = blind.tables["streams"].assign(meter_price=[1, 1, 1, 9000.0, 1, 4000.0])
    chosen = review(case(dyehouse(meters=meters(s1=(1000, 20), s5=(940, 20)), streams=priced)))
    assert chosen.tables["cheapest_meters"][["stream", "price"]].to_dict("records") == [
        {"stream": "s6", "price": 4000.0}
    ]


def test_the_case_says_which_substances_add_up_to_loads():
    """COD called a physical quantity by the case is measured, not balanced."""
    row = {**SHIPPED.by_id("substances")["COD"], "kind": "physical"}
    own = Knowledge(own={"substances": pd.DataFrame([row])})
    _, _, shipped_units = tables_of(dyehouse())
    _, _, own_units = tables_of(dyehouse(), own)
    assert "COD" in " ".join(shipped_units["conserves"])
    assert "COD" not in " ".join(own_units["conserves"])
