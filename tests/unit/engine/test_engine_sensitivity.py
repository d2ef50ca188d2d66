"""Which lever moves what."""

import numpy as np
import pytest

from renvand.errors import PlantError
from renvand.plant import Plant, load_plant, sensitivities, shipped_influent
from renvand.plant.drawing import read_drawing
from renvand.process.model import load_model


@pytest.fixture(scope="module")
def bsm1():
    plant = load_plant("bsm1")
    return plant, shipped_influent("bsm1", plant.model)


def test_a_tank_without_life_answers_as_its_formula_says():
    """Oxygen at rest is kla S / (kla + Q/V): its elasticity to kla is (Q/V) / (kla + Q/V)."""
    page = {
        "name": "aerated", "model": "asm1",
        "tanks": {"tank": {"volume": 1000, "kla": 10.0, "saturation": 8.0}},
        "flow": {"line": "influent > tank > effluent"},
    }  # fmt: skip
    plant = Plant(read_drawing(page), load_model("asm1").changed({"mu_H": 0.0, "mu_A": 0.0}))
    water = shipped_influent("bsm1", plant.model)
    row = np.zeros((1, len(water.columns)))
    row[0, -2:] = 15.0, 5000.0
    row[0, plant.model.components.index("S_I")] = 30.0
    clean = type(water)(times=water.times[:1], rows=row, columns=water.columns)
    found = sensitivities(plant, clean, ["tank.kla", "tank.volume"], place="tank")
    assert found.loc["tank.kla", "S_O"] == pytest.approx(5 / 15, rel=1e-5)
    assert found.loc["tank.volume", "S_O"] == pytest.approx(5 / 15, rel=1e-5)
    assert found.loc["tank.kla", "S_I"] == pytest.approx(0.0, abs=1e-9)


def test_nitrifiers_that_grow_faster_leave_less_ammonium(bsm1):
    """And one percent of change is what one percent of the lever gives."""
    plant, comes = bsm1
    found = sensitivities(plant, comes, ["mu_A", "return sludge"])
    before, after = (
        p.steady(comes).values["effluent"]["S_NH"] for p in (plant, plant.changed(mu_A=0.5025))
    )
    assert found.loc["mu_A", "S_NH"] < 0
    assert after / before - 1 == pytest.approx(0.005 * found.loc["mu_A", "S_NH"], rel=0.05)


def test_what_cannot_be_moved_is_said(bsm1):
    """A slip of the pen and a lever at 0, both at once; then a place that is not there."""
    plant, comes = bsm1
    with pytest.raises(PlantError) as caught:
        sensitivities(plant, comes, ["mu_B", "anoxic_1.kla"])
    assert str(caught.value) == (
        "plant 'BSM1', lever 'mu_B': is not there. Did you mean 'mu_H'?\n"
        "plant 'BSM1', lever 'anoxic_1.kla': is 0: nothing is relative to it. "
        "Give it a value first, with changed()."
    )
    with pytest.raises(PlantError, match=r"no 'efluent'\. Did you mean 'effluent'\?"):
        sensitivities(plant, comes, ["mu_A"], place="efluent")
