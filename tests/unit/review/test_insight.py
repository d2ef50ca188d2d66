"""Rinses, recipes and fluids, worked out by hand; defaults say where they are from."""

import pandas as pd
import pytest

from renvand.steps.case import ReviewData
from renvand.steps.review import review
from renvand.waternet import dilution, rinse_water
from tests.unit.review.small import PAGE, TAIL, case, dyehouse, meters, samples, streams, units


def frame(**row):
    return pd.DataFrame([{**row, **TAIL}])


def plating(**row):
    """A bath, its rinse and the sewer; half a cubic metre goes over with the parts."""
    tables = {
        "units": units("bath plating-bath", "rinse rinse-cascade"),
        "streams": streams(
            "s1 supply bath fresh",
            "s2 bath rinse process",
            "s3 supply rinse fresh",
            "s4 rinse sewer wastewater",
            "s5 bath air evaporation",
        ),
        "meters": meters(s1=(2, 0.1), s2=(0.5, 0.01), s3=(50, 0.5)),
        "samples": samples("s2 Ni 80000 800", "s4 Ni 700 7"),
        "chemicals": frame(unit="bath", chemical="Ni", amount_kg_d=400.0, price_per_kg=130.0),
        "energy": frame(unit="bath", carrier="electricity", amount_kwh_d=9.0, price_per_kwh=1.0),
        "rinses": frame(unit="rinse", surface_m2_d=2500.0, **row),
    }
    page = {"sector": "surface-treatment", "production": 2500.0, "production_unit": "m2"}
    return ReviewData(settings=PAGE | page, tables=tables)


def insight(data, **wanted):
    table = review(case(data)).tables["insight"]
    return table.set_index("quantity").to_dict("index") | wanted


def test_drag_out_comes_from_the_balance_where_a_stream_is_drawn():
    """0.5 m³/d over 2500 m² is 0.2 l/m²; at 80 g/l it carries 40 kg of nickel."""
    told = insight(plating(stages=2, criterion=1000.0))
    assert told["drag-out"]["value"] == pytest.approx(0.2, rel=1e-3)
    assert not told["drag-out"]["is_default"]
    assert told["metal-carried"]["value"] == pytest.approx(40, rel=1e-2)
    assert told["rinse-use"]["value"] == pytest.approx(20, rel=1e-3)
    assert told["rinse-quality"]["value"] == pytest.approx(700, rel=1e-2)


def test_a_measured_drag_out_goes_before_the_balance_and_before_geometry():
    told = insight(plating(drag_out_l_m2=0.1, geometry="barrel"))
    assert told["drag-out"]["value"] == pytest.approx(0.1)


def test_rinses_follow_the_closed_form_with_the_mixing_that_practice_has():
    """The dilution's logarithm is multiplied by the mixing efficiency, 0.8 of 0.6 to 1."""
    told = insight(plating(stages=2, criterion=1000.0))
    assert told["dilution-reached"]["value"] == pytest.approx(dilution(100, 2) ** 0.8, rel=2e-2)
    for tanks in (1, 2, 3):
        need = 0.5 * rinse_water(1000 ** (1 / 0.8), tanks)
        assert told[f"rinse-needed-{tanks}"]["value"] == pytest.approx(need, rel=1e-2)
    assert told["rinse-needed"]["value"] == told["rinse-needed-2"]["value"]
    assert told["rinse-needed"]["low"] == pytest.approx(0.48 * rinse_water(1000, 2), rel=1e-2)


def test_a_criterion_left_out_comes_from_the_place_in_the_line_and_says_so():
    told = insight(plating(stages=1, placing="final"))
    row = told["dilution-wanted"]
    assert (row["low"], row["value"], row["high"]) == (2000, 5000, 10000)
    assert row["is_default"]
    assert row["defaults"] == "rinsing.rinse-criterion.final=5000"
    assert row["source"] == "poly-products-rinsing"


def test_geometry_gives_the_drag_out_where_nothing_else_does():
    data = plating(geometry="vertical-well")
    tables = dict(data.tables)
    tables["streams"] = streams("s3 supply rinse fresh", "s4 rinse sewer wastewater")
    tables["meters"] = meters(s3=(50, 0.5))
    tables["samples"] = samples("s4 Ni 700 7")
    told = insight(ReviewData(settings=data.settings, tables=tables))
    assert told["drag-out"]["value"] == pytest.approx(0.0163)
    assert told["drag-out"]["source"] == "nmfrc-drag-out"
    assert told["drag-out"]["confidence"] == "low"


def test_metal_that_the_rinse_does_not_drain_reached_the_product():
    """400 kg of nickel bought, 50.5 m³/d of 700 mg/l drained: 91 % used."""
    table = review(case(plating())).tables["key_figures"]
    row = table[table["indicator"] == "metal-use"].iloc[0]
    assert row["value"] == pytest.approx(100 * (1 - 50.5 * 0.7 / 400), rel=1e-2)
    assert row["low"] < row["value"] < row["high"]


def recipe(**row):
    return dyehouse(
        dyeings=frame(unit="dyeing", goods_t_d=10.0, **row),
        chemicals=pd.concat(
            [
                frame(unit="dyeing", chemical="dye", amount_kg_d=300.0, price_per_kg=30.0),
                frame(unit="dyeing", chemical="Na2SO4", amount_kg_d=4000.0, price_per_kg=0.5),
            ],
            ignore_index=True,
        ),
    )


def test_baths_dye_and_salt_of_a_recipe():
    told = insight(
        recipe(liquor_ratio_l_kg=8.0, dye_class="reactive", salt_g_l=50.0, fixation_percent=75.0)
    )
    water = told["water-use"]["value"]  # some 110 m³ for a tonne
    assert told["bath-fills"]["value"] == pytest.approx(water / 8)
    assert told["dye-lost"]["value"] == pytest.approx(75)
    assert told["salt-used"]["value"] == pytest.approx(400)
    assert told["salt-in-bath"]["value"] == pytest.approx(400)


def test_the_class_of_dye_and_the_machine_stand_in_for_what_was_not_measured():
    told = insight(recipe(machine="jigger", dye_class="reactive"))
    assert (told["liquor-ratio"]["low"], told["liquor-ratio"]["high"]) == (3, 6)
    assert (told["fixation"]["low"], told["fixation"]["high"]) == (50, 90)
    assert told["dye-lost"]["low"] == pytest.approx(30)
    assert told["dye-lost"]["high"] == pytest.approx(150)


def test_heat_is_dropped_above_the_water_that_comes_in():
    """Some 1050 m³/d leave the machine at 60 °C, 40 above the supply; 4.186 kJ/kg/K."""
    warm = [("s1 temperature 20 0.5"), ("s4 COD 1500 100"), ("s5 COD 150 15")]
    data = recipe(dropped_at_c=60.0)
    tables = {**data.tables, "samples": samples(*warm)}
    outcome = review(case(ReviewData(settings=data.settings, tables=tables)))
    told = outcome.tables["insight"].set_index("quantity")
    flow = outcome.tables["streams"].set_index(["stream", "quantity"])["value"]["s4", "flow"]
    assert told["value"]["heat-dropped"] == pytest.approx(flow * 4.186 / 3.6 * 40, rel=1e-2)
    assert told["value"]["heat-recoverable"] == pytest.approx(0.75 * told["value"]["heat-dropped"])


def test_fluids_are_changed_thrown_away_and_topped_up():
    """20 m³ changed every 60 of 300 days: five times, 100 m³ a year."""
    fluids = frame(
        unit="works", fluid="emulsion", volume_m3=20.0, life_d=60.0, top_up_m3_d=0.5,
        concentrate_percent=6.0, tramp_oil_kg_d=4.0,
    )  # fmt: skip
    told = insight(dyehouse(fluids=fluids))
    assert told["changes"]["value"] == 5
    assert told["fluid-thrown"]["value"] == 100
    assert told["fluid-topped"]["value"] == 150
    assert told["concentrate"]["value"] == pytest.approx(15)
    assert told["oil-rate"]["value"] == pytest.approx(0.2)


def test_a_sure_waste_of_rinse_water_is_a_quick_win_and_an_unsure_one_is_not():
    surely = review(case(plating(stages=2, criterion=20.0))).tables["quick_wins"]
    assert "throttle-rinse" in set(surely["key"])
    perhaps = review(case(plating(stages=1, criterion=1000.0))).tables["quick_wins"]
    assert "throttle-rinse" not in set(perhaps["key"])
