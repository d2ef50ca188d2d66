"""Derivatives of what a plant gives: exact, so that differences come to them as they shrink."""

import numpy as np
import pytest

from renvand.errors import PlantError
from renvand.plant import Plant, load_plant, rest_slopes, run_slopes, shipped_influent
from renvand.plant.drawing import read_drawing
from renvand.plant.resting import Resting
from renvand.process.model import load_model
from tests.law.engine.test_engine_laws import constant
from tests.law.engine.test_engine_levels import batch, begun

OUTPUTS = ("effluent.S_NH", "effluent.TN", "tank_2.X_BA", "effluent.TSS")


@pytest.fixture(scope="module")
def small():
    """Two tanks and an ideal settler: nothing in it jumps, so differences can be trusted."""
    page = {
        "name": "small", "model": "asm1",
        "tanks": {"tank_1": {"volume": 2000}, "tank_2": {"volume": 4000, "kla": 120}},
        "settlers": {"settler": {"kind": "ideal", "removal": 0.998}},
        "flow": {
            "line": "influent > tank_1 > tank_2 > settler > effluent",
            "pumps": [{"path": "settler.sludge > tank_1", "flow": 15_000, "name": "return"},
                      {"path": "settler.sludge > waste", "flow": 300, "name": "waste"}],
        },
    }  # fmt: skip
    plant = Plant(read_drawing(page), load_model("asm1"))
    return plant, shipped_influent("bsm1", plant.model)


def differences(value, run):
    """Central differences of order 4."""
    h = 3e-3 * value
    return (8 * (run(value + h) - run(value - h)) - run(value + 2 * h) + run(value - 2 * h)) / (
        12 * h
    )


@pytest.mark.parametrize("name", ["mu_A", "Y_H", "tank_2.kla", "tank_1.volume", "waste"])
def test_a_plant_at_rest_answers_as_differences_say(small, name):
    """Parameters of rates and of the matrix, and levers of tanks and pumps."""
    plant, comes = small
    found = rest_slopes(plant, comes, [name], outputs=OUTPUTS)

    def rest(value):
        values = plant.changed({name: value}).steady(comes).values
        effluent = values["effluent"]
        model = plant.model
        row = np.array([effluent[c] for c in model.components])
        weights = plant.changed({name: value}).model.observables
        whole = [weights[o] @ row for o in ("TN", "TSS")]
        return np.array([effluent["S_NH"], whole[0], values["tank_2"]["X_BA"], whole[1]])

    due = differences(found.at[0], rest)
    assert found.slopes[0, :, 0] == pytest.approx(due, rel=1e-5, abs=1e-7 * np.abs(due).max())
    assert found.values[0] == pytest.approx(rest(found.at[0]), rel=1e-9)


@pytest.mark.parametrize("begins", ["at rest", "given"])
def test_a_run_answers_as_differences_say(small, begins):
    """From a rest that moves with the parameter, or from a state that does not."""
    plant, comes = small
    rows = np.repeat(comes.rows[:1], 8, axis=0)
    rows[:, -1] *= 1 + 0.3 * np.sin(np.arange(8))
    wave = type(comes)(times=np.arange(8) / 8, rows=rows, columns=comes.columns)
    start = None if begins == "at rest" else plant.steady(comes)
    found = run_slopes(
        plant, wave, ["mu_A", "tank_2.kla"], outputs=OUTPUTS[:3], start=start, tolerance=1e-5
    )
    for i, name in enumerate(found.names):

        def run(value, name=name):
            other = plant.changed({name: value})
            result = other.simulate(wave, start=start, tolerance=1e-5)
            effluent = result.stream("effluent")
            held = result.frame["tank_2", "X_BA"]
            return np.stack([effluent["S_NH"], effluent["TN"], held], axis=1).astype(float)

        due = differences(found.at[i], run)
        gap = np.abs(found.slopes[:, :, i] - due).max(axis=0)
        assert (gap <= 2e-3 * np.abs(due).max(axis=0) + 1e-4).all()


def test_a_controller_s_setpoint_is_a_lever_like_others():
    """At rest the loop holds it: one more of it is one more of what it measures."""
    plant = load_plant("bsm1-ideal")
    comes = shipped_influent("bsm1-ideal", plant.model)
    found = rest_slopes(plant, comes, ["DO.setpoint"], outputs=["aerobic_3.S_O", "effluent.S_NH"])
    assert found.slopes[0, 0, 0] == pytest.approx(1.0, rel=1e-9)
    assert found.elasticities[0, 1, 0] < 0


def test_what_is_asked_for_in_vain_is_said(small):
    """Both slips of outputs at once; then levers."""
    plant, comes = small
    with pytest.raises(PlantError) as caught:
        rest_slopes(plant, comes, ["mu_A"], outputs=["efluent.S_NH", "tank_2.S_NH4"])
    assert str(caught.value) == (
        "plant 'small', output 'efluent.S_NH': no 'efluent'. Did you mean 'effluent'?\n"
        "plant 'small', output 'tank_2.S_NH4': no 'S_NH4' there. Did you mean 'S_NH'?"
    )
    with pytest.raises(PlantError, match=r"lever 'tank_1\.kla': is 0: nothing is relative to it"):
        run_slopes(plant, comes, ["tank_1.kla"], days=1)


def test_a_plant_with_cycles_is_refused_with_what_to_do_instead():
    """Its phases begin at moments, whatever the levers are; and it never rests."""
    plant, do = batch(), "Compare plant.simulate(…) with plant.changed({lever: value}).simulate(…)."
    comes = constant(plant)
    with pytest.raises(PlantError) as caught:
        run_slopes(plant, comes, ["mu_A"], days=1)
    said = "plant 'batch': 'one' fills and decants: phases have no derivative."
    assert str(caught.value) == f"{said} {do}"
    with pytest.raises(PlantError) as caught:
        Resting(plant, comes, begun(plant))
    said = "plant 'batch': 'one' never rests: there is no derivative of a steady state."
    assert str(caught.value) == f"{said} {do}"
