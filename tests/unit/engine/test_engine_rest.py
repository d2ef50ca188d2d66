"""Rests that cannot be are not taken for rests."""

from dataclasses import replace

import numpy as np
import pytest

from renvand.plant import load_plant, shipped_influent
from renvand.plant.control import Controller, Sensor
from tests.law.engine.test_engine_laws import constant
from tests.law.engine.test_engine_levels import buffered
from tests.unit.engine.test_engine_controllers import controlled

LOOP = {"low": 0.0, "high": 360.0, "gain": 25.0, "integral_d": 0.002, "tracking_d": 0.001}


def turned(plant, seed):
    """Many levers of a plant turned far, at random."""
    rng, drawing = np.random.default_rng(seed), plant.drawing
    levers = {f"{name}.volume": tank.volume for name, tank in drawing.tanks.items()}
    levers |= {pipe.name: pipe.flow for pipe in drawing.pipes if pipe.name and pipe.flow}
    turn = np.exp(rng.uniform(-1.6, 1.0, len(levers)))
    return plant.changed(dict(zip(levers, np.array(list(levers.values())) * turn, strict=True)))


def lowest(state):
    """Least of all states but alkalinity, which may be below zero."""
    names = state.plant.plan.columns[: state.plant.plan.n_active]
    return min(v for v, (_, what) in zip(state.record, names, strict=False) if what != "S_ALK")


@pytest.mark.parametrize("seed", range(6))
def test_a_loop_turned_far_rests_at_nothing_below_zero(seed):
    """Newton's method alone went below zero for every fourth of them."""
    plant = turned(load_plant("bsm1-closed"), seed)
    state = plant.steady(shipped_influent("bsm1", plant.model))
    assert lowest(state) >= 0.0
    assert state.residual < 1e-9


def test_what_would_grow_again_is_not_left_out():
    """From a state without nitrifiers the plant comes to the same rest as from one with them."""
    plant = load_plant("bsm1")
    influent = shipped_influent("bsm1", plant.model)
    state = plant.steady(influent)
    y, row = state.y.copy(), plant.plan.rows.index("X_BA")
    for start in plant.plan.starts.values():
        y[start + 8 * row] = 0.0
    again = plant.steady(influent, start=replace(state, y=y))
    assert again.values["aerobic_3"]["X_BA"] == pytest.approx(149.797, rel=1e-5)


def test_what_cannot_live_is_washed_out():
    """Without air nothing nitrifies, and the rest says so."""
    plant = load_plant("bsm1")
    calm = plant.changed({f"aerobic_{i}.kla": 0.0 for i in (1, 2, 3)})
    state = calm.steady(shipped_influent("bsm1", plant.model))
    assert 0.0 <= state.values["aerobic_3"]["X_BA"] < 1e-6


def test_a_loop_in_a_tank_that_is_not_full_sees_concentrations():
    """At rest as in motion; what stands in the state is an amount."""
    plant = buffered(pump=18_200.0)
    drawing = replace(
        plant.drawing,
        sensors={"DO": Sensor(measures="buffer.S_O", low=0.0, high=10.0)},
        controllers={
            "air": Controller(
                kind="PI", sensor="DO", setpoint=1.5, acts_on={"buffer.kla": 1.0}, **LOOP
            )
        },
    )
    plant = replace(plant, drawing=drawing)
    state = plant.steady(constant(plant))
    assert state.values["buffer"]["V"] < 250.0
    assert state.values["buffer"]["S_O"] == pytest.approx(1.5, rel=1e-6)
    after = plant.simulate(constant(plant), days=0.1, start=state)
    assert after.state.values["buffer"]["S_O"] == pytest.approx(1.5, rel=1e-3)


def test_a_loop_may_hold_the_solids_of_a_tank():
    """What a sensor adds up is held at rest, too."""
    plant = controlled("""
[controllers.solids]
kind = "PI"
sensor = "X"
setpoint = 3000
acts_on = "waste sludge"
gain = -0.05
integral_d = 5
tracking_d = 5
low = 10
high = 3000
""")
    state = plant.steady(shipped_influent("bsm1", plant.model))
    assert state.values["aerobic_3"]["TSS"] == pytest.approx(3000.0, rel=1e-6)


def test_a_start_of_another_temperature_leaves_nothing_behind():
    """Kinetics follow the tanks, also where one row of influent holds for months."""
    plant = load_plant("bsm1")
    shipped = plant.influent()

    def warmed(celsius: float):
        rows = shipped.rows.copy()
        rows[:, -2] = celsius
        return replace(shipped, rows=rows)

    cold, warm = plant.steady(warmed(14.0)), plant.steady(warmed(20.0))
    again = plant.steady(warmed(20.0), start=cold)
    run = plant.simulate(warmed(20.0), days=100, start=cold, output_min=60)
    wanted = warm.values["effluent"]["S_NH"]
    assert again.values["effluent"]["S_NH"] == pytest.approx(wanted, rel=1e-6)
    assert run.state.values["effluent"]["S_NH"] == pytest.approx(wanted, rel=0.01)
