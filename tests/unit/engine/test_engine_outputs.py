"""What a run gives besides its frame: balances around units, labelled arrays."""

import numpy as np
import pytest

from renvand.errors import PlantError
from renvand.plant import load_plant, shipped_influent


@pytest.fixture(scope="module")
def run():
    plant = load_plant("bsm1")
    comes = shipped_influent("bsm1", plant.model)
    more = plant.changed({"aerobic_3.kla": 160.0, "return sludge": 15_000.0})
    return more.simulate(comes, days=2, start=plant.steady(comes))


def test_every_unit_and_the_plant_close(run):
    """To what records of 15 minutes show; the plant's COD, which steps keep, to rounding."""
    found = run.balances
    assert set(found) == {*run.plant.plan.tanks, "settler", "plant"}
    assert max(abs(row["closure"]) for unit in found.values() for row in unit.values()) < 2e-3
    assert abs(found["plant"]["COD"]["closure"]) < 1e-12
    assert found["aerobic_3"]["COD"]["air"] < 0  # oxygen is negative COD
    assert found["plant"]["N"]["in"] == pytest.approx(found["plant"]["N"]["out"], rel=0.02)


def test_shorter_records_close_better(run):
    """What is missing of a unit is what its records do not show."""
    plant, start = run.plant, run.before
    comes = shipped_influent("bsm1", plant.model)
    fine = plant.simulate(comes, days=2, start=start, output_min=2.0).balances

    def worst(found):
        return max(abs(found[tank]["COD"]["closure"]) for tank in plant.plan.tanks)

    assert worst(fine) < 0.3 * worst(run.balances)


def test_what_is_stored_is_what_came_and_did_not_leave(run):
    """Units' stores add up to the plant's."""
    found = run.balances
    units = sum(rows["COD"]["stored"] for name, rows in found.items() if name != "plant")
    assert found["plant"]["COD"]["stored"] == pytest.approx(units)


def test_a_digester_s_balance_has_its_gas():
    """Sludge brings COD, gas takes it along; nitrogen passes."""
    plant = load_plant("bsm2")
    comes = shipped_influent("bsm2", plant.model)
    start = plant.steady(comes)
    found = plant.simulate(comes, days=1, start=start).balances["digester"]
    gas = start.values["digester, gas"]
    assert -found["COD"]["air"] == pytest.approx(4 * gas["CH4_kg_d"], rel=1e-2)
    assert abs(found["COD"]["closure"]) < 1e-3
    assert abs(found["N"]["closure"]) < 1e-3


def test_a_run_is_labelled(run):
    """A variable for each quantity over time and place, with its unit."""
    whole = run.to_xarray()
    assert whole["S_NH"].attrs["units"] == "gN/m3"
    assert {"aerobic_3", "effluent", "settler"} <= set(whole["S_NH"].place.values)
    some = run.to_xarray(quantities=["S_NO"], places=["anoxic_2"])
    frame = run.frame["anoxic_2", "S_NO"]
    assert np.array_equal(some["S_NO"].sel(place="anoxic_2"), frame)
    assert some["S_NO"].t_d.values[1] == pytest.approx(1 / 96)
    with pytest.raises(PlantError) as caught:
        run.to_xarray(quantities=["S_NH4"], places=["aerobic_4"])
    assert str(caught.value) == (
        "to_xarray, quantity 'S_NH4': is not there. Did you mean 'S_NH'?\n"
        "to_xarray, place 'aerobic_4': is not there. Did you mean 'aerobic_3'?"
    )
