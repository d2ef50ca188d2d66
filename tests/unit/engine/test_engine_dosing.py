"""Carbon, metal salt, step feed, by-pass: what they do, and that nothing is lost."""

import tomllib
from importlib import resources

import pytest

from renvand.plant import Plant, load_plant, shipped_influent
from renvand.plant.drawing import read_drawing

PLANTS = resources.files("renvand.plant") / "plants"


def dosed(name, dose):
    """A shipped plant with one more liquid pumped in."""
    page = tomllib.loads((PLANTS / name / "plant.toml").read_text("utf-8"))
    plant = load_plant(name)
    return Plant(read_drawing(page | {"dosing": {"dose": dose}}), plant.model), plant


def test_carbon_takes_nitrate_and_is_counted():
    """Two cubic metres a day with 400 kg COD each: less nitrate, EC of 800 kg/d."""
    with_carbon, without = dosed("bsm1", {"to": "anoxic_1", "flow": 2.0, "S_S": 400_000.0})
    influent = shipped_influent("bsm1", without.model)
    before, after = without.steady(influent), with_carbon.steady(influent)
    assert after.values["effluent"]["S_NO"] < 0.8 * before.values["effluent"]["S_NO"]
    result = with_carbon.simulate(influent, days=0.5, start=after)
    assert result.performance["EC"] == pytest.approx(800.0, rel=1e-9)
    assert abs(result.balance["COD"]) < 1e-9


def test_metal_salt_takes_phosphate_and_makes_sludge():
    """Iron hydroxide into the last tank: less phosphate out, more solids wasted, no P lost."""
    with_iron, without = dosed("bsm1-p", {"to": "aerobic_3", "flow": 5.0, "X_MeOH": 100_000.0})
    influent = shipped_influent("bsm1-p", without.model)
    before, after = without.steady(influent), with_iron.steady(influent)
    assert after.values["effluent"]["S_PO4"] < before.values["effluent"]["S_PO4"]
    assert after.values["waste"]["TSS"] > before.values["waste"]["TSS"]
    assert after.values["aerobic_3"]["X_MeP"] > 0.0
    result = with_iron.simulate(influent, days=0.5, start=after)
    assert abs(result.balance["P"]) < 1e-6


def test_what_by_passes_reaches_the_effluent_as_it_came():
    """A third past the plant: inert matter in the effluent is the same, ammonium far more."""
    page = tomllib.loads((PLANTS / "bsm1" / "plant.toml").read_text("utf-8"))
    page["flow"]["pumps"].append({"path": "influent > effluent", "above": 12_000.0})
    model = load_plant("bsm1").model
    plant, influent = Plant(read_drawing(page), model), shipped_influent("bsm1", model)
    values = plant.steady(influent).values
    past = 18_446.0 - 12_000.0
    due = (
        values["settler"]["S_NH"] * (12_000.0 - 385.0)
        + past * influent.mean.rows[0][influent.columns.index("S_NH")]
    )
    assert values["effluent"]["S_NH"] == pytest.approx(due / (18_446.0 - 385.0), rel=1e-9)
    assert values["effluent"]["S_I"] == pytest.approx(30.0, rel=1e-6)


def test_step_feed_saves_carbon_for_a_later_tank():
    """Forty percent of the influent into the second anoxic tank: less nitrate there."""
    page = tomllib.loads((PLANTS / "bsm1" / "plant.toml").read_text("utf-8"))
    page["flow"]["pumps"].append({"path": "influent > anoxic_2", "share": 0.4})
    model = load_plant("bsm1").model
    plant, plain = Plant(read_drawing(page), model), load_plant("bsm1")
    influent = shipped_influent("bsm1", model)
    one, other = (p.steady(influent).values for p in (plant, plain))
    assert one["anoxic_1"]["S_S"] < other["anoxic_1"]["S_S"]
    result = plant.simulate(influent, days=0.5)
    assert abs(result.balance["COD"]) < 1e-9
