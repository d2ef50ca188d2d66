"""What goes to the air."""

import pytest

from renvand.errors import PlantError
from renvand.plant import load_plant, shipped_influent
from renvand.plant.emissions import emissions, stripped


@pytest.fixture(scope="module")
def day():
    """A day of BSM1 with nitrous oxide, at rest."""
    plant = load_plant("bsm1-n2o")
    comes = shipped_influent("bsm1-n2o", plant.model)
    return plant.simulate(comes, days=1.0, start=plant.steady(comes))


def test_what_is_stripped_is_what_the_balance_of_nitrogen_lacks(day):
    """Nitrous oxide counts in the hundredth of a percent to the percent of nitrogen in."""
    gone = stripped(day)
    nitrogen = day.influent[0, :-2] @ day.plant.model.observables["TN"] * day.influent[0, -1] / 1e3
    assert 1e-4 < gone["S_N2O"] / nitrogen < 1e-2
    assert gone["S_NO"] > 0


def test_carbon_dioxide_follows_from_energy_and_factor(day):
    """Energy times the grid's factor; nitrous oxide between its bounds by factor."""
    found = emissions(day, grid="grid-cn-2023")
    energy = sum(day.performance[name] for name in ("AE", "PE", "ME"))
    assert found["electricity"] == pytest.approx(0.5306 * energy)
    assert found["N2O low"] < found["N2O model"] < found["N2O high"]


def test_an_unknown_grid_is_told(day):
    """With what could be meant."""
    with pytest.raises(PlantError, match=r"grid 'grid-cn-2032': is not known\. Did you mean"):
        emissions(day, grid="grid-cn-2032")
