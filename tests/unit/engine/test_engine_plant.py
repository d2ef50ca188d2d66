"""Drawings, flows, levers, calendars, loops, states and what a run gives."""

from dataclasses import replace

import numpy as np
import pytest

from renvand.errors import FileError, PlantError
from renvand.plant import Plant, load_plant, plant_names, read_state, shipped_influent
from renvand.plant.course import calendar
from renvand.plant.drawing import read_drawing
from renvand.plant.lags import actuator_matrices, lag_matrices, t90_lag
from renvand.plant.layout import tank_order
from renvand.plant.network import solve
from renvand.plant.work import stage_table
from renvand.process.model import load_model


@pytest.fixture(scope="module")
def bsm1():
    plant = load_plant("bsm1")
    return plant, plant.steady(shipped_influent("bsm1", plant.model))


def test_a_plant_knows_the_influent_beside_its_drawing(bsm1):
    """A notebook needs no second file name; changes keep it; it is told in one line."""
    plant, state = bsm1
    assert plant.changed({"aerobic_3.kla": 84}).steady().values == state.values
    assert plant.simulate(days=0.1).effluent["Q"] == pytest.approx(18061, abs=100)
    assert repr(plant) == "<Plant 'BSM1', model asm1: 5 tanks, 1 settler>"


@pytest.mark.parametrize("name", plant_names())
def test_every_shipped_plant_loads_with_its_influent(name):
    """And its flows are those drawn."""
    plant = load_plant(name)
    assert shipped_influent(name, plant.model).rows.shape[0] >= 1
    assert plant.plan.n_active > 0


def test_flows_follow_from_one_solve():
    """What the pumps leave runs by gravity."""
    plant = load_plant("bsm1")
    network = solve(plant.drawing)
    flows = network.flows(18446.0, plant.plan.pumps)
    by_path = dict(zip((p.path for p in plant.drawing.pipes), flows, strict=True))
    assert by_path["aerobic_3 > settler"] == pytest.approx(2 * 18446)
    assert by_path["anoxic_1 > anoxic_2"] == pytest.approx(2 * 18446 + 55338)
    assert by_path["settler > effluent"] == pytest.approx(18061)


def test_a_share_of_the_influent_feeds_a_later_tank():
    """Step feed is a share, no new kind of unit."""
    page = {
        "name": "step", "model": "asm1", "tanks": {"a": {"volume": 10}, "b": {"volume": 10}},
        "flow": {"line": "influent > a > b > effluent",
                 "pumps": [{"path": "influent > b", "share": 0.3}]},
    }  # fmt: skip
    network = solve(read_drawing(page))
    flows = network.flows(100.0, np.zeros(0))
    assert flows == pytest.approx([70.0, 70.0, 100.0, 30.0])


def test_tanks_are_ordered_along_the_line():
    """Not as they happen to stand in the file."""
    drawing = load_plant("bsm1").drawing
    mixed = replace(drawing, tanks=dict(reversed(drawing.tanks.items())))
    assert tank_order(mixed) == tuple(drawing.tanks)


def test_a_lever_changes_one_number(bsm1):
    """Levers of tanks, pumps and the model; the plant itself stays as it was."""
    plant, _ = bsm1
    other = plant.changed({"aerobic_3.kla": 100.0, "return sludge": 15_000.0, "mu_A": 0.4})
    assert other.drawing.tanks["aerobic_3"].kla == 100.0
    assert other.drawing.pipes[other.drawing.pipe("return sludge")].flow == 15_000.0
    assert other.model.values["mu_A"] == 0.4
    assert plant.drawing.tanks["aerobic_3"].kla == 84.0
    assert {"aerobic_3.kla", "return sludge"} <= set(plant.levers)


def test_more_air_costs_more_and_leaves_less_ammonium(bsm1):
    """A lever acts the way it must."""
    plant, state = bsm1
    influent = shipped_influent("bsm1", plant.model)
    more = plant.changed({"aerobic_3.kla": 200.0})
    before = plant.simulate(influent, days=3, start=state)
    after = more.simulate(influent, days=3, start=state)
    assert after.performance["AE"] > before.performance["AE"]
    assert after.effluent["S_NH"] < before.effluent["S_NH"]


def test_a_calendar_merges_moments_that_are_one():
    """Rows given to nine digits and records every quarter of an hour meet."""
    rows = np.array([0.0, 0.010416666, 0.020833333])
    times, kinds = calendar(rows, start=0.0, end=1 / 32, output=np.arange(4) / 96, look=1 / 1440)
    assert len(times) == 46
    assert kinds[0] == 7
    assert kinds[15] == 7
    assert kinds[1] == 4


def test_stages_integrate_a_line_exactly():
    """Every number of stages gives c = 1 at the end, and order 2 on y' = -y."""
    table = stage_table(12)
    for m in range(2, 13):
        y0, h, older, last = 1.0, 0.01, 1.0, 1.0 - 0.01 * table[m, 0, 2]
        for j in range(1, m):
            mu, nu, gain, back, _ = table[m, j]
            new = mu * last + nu * older + (1 - mu - nu) * y0 - h * gain * last - h * back * y0
            older, last = last, new
        assert last == pytest.approx(np.exp(-h), abs=h**3)
        assert table[m, m - 1, 4] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("order", [1, 2, 8])
def test_a_sensor_shows_ninety_percent_after_its_response_time(order):
    """Of a step, whatever the number of its lags."""
    step, response = 0.05, 10.0
    A, before, now = lag_matrices(order, lag=t90_lag(response, order=order), step=step)
    x = np.zeros(order)
    for _ in range(round(response / step)):
        x = A @ x + before + now
    assert x[-1] == pytest.approx(0.9, abs=1e-9)


def test_an_actuator_s_mean_is_the_integral_of_its_output():
    """The last row is the exact mean over the step."""
    A, B = actuator_matrices(2, lag=1.0, step=0.5)
    x, fine = np.array([0.2, 0.4]), 20_000
    mean = A[2] @ x + B[2]
    total, (p, q) = 0.0, x
    for _ in range(fine):
        total += q / fine
        p, q = p + 0.5 / fine * (1 - p), q + 0.5 / fine * (p - q)
    assert mean == pytest.approx(total, abs=1e-4)
    assert A[:2] @ x + B[:2] == pytest.approx([p, q], abs=1e-4)


def test_a_closed_loop_rests_at_its_setpoints():
    """Newton finds what the controllers must do."""
    plant = load_plant("bsm1-closed")
    state = plant.steady(shipped_influent("bsm1", plant.model))
    assert state.values["aerobic_3"]["S_O"] == pytest.approx(2.0, rel=1e-9)
    assert state.values["anoxic_2"]["S_NO"] == pytest.approx(1.0, rel=1e-9)
    stays = plant.simulate(shipped_influent("bsm1", plant.model), days=0.5, start=state)
    assert stays.state.values["aerobic_3"]["S_O"] == pytest.approx(2.0, rel=1e-6)


def test_noise_is_the_seed_s(bsm1):
    """The same seed gives the same run, another seed another, none no noise."""
    plant = load_plant("bsm1-closed")
    influent = shipped_influent("bsm1", plant.model)
    start = plant.steady(influent)
    runs = [plant.simulate(influent, days=0.5, start=start, seed=s).record for s in (1, 1, 2)]
    assert (runs[0] == runs[1]).all()
    assert (runs[0] != runs[2]).any()


@pytest.mark.parametrize(
    "controller",
    [
        {"kind": "timer", "acts_on": "aerobic_3.kla", "on_min": 30, "off_min": 30, "high": 200},
        {"kind": "switch", "acts_on": "aerobic_3.kla", "sensor": "NH", "high": 200,
         "on_above": 3, "off_below": 2},
    ],
)  # fmt: skip
def test_intermittent_aeration_goes_on_and_off(bsm1, controller):
    """By the clock, or by two marks of ammonium."""
    plant, _ = bsm1
    from renvand.plant.control import read_controllers, read_sensors

    faults = []
    sensors = read_sensors({"NH": {"measures": "aerobic_3.S_NH"}}, where="p", faults=faults)
    loops = read_controllers({"air": controller}, where="p", faults=faults)
    assert not faults
    on_off = Plant(replace(plant.drawing, sensors=sensors, controllers=loops), plant.model)
    influent = shipped_influent("bsm1", plant.model)
    start = on_off.steady(influent, days=5.0)
    kla = on_off.simulate(influent, days=1, start=start).frame["aerobic_3", "kla"]
    assert set(kla.unique()) == {0.0, 200.0}
    if controller["kind"] == "timer":
        assert kla.iloc[:-1].mean() == pytest.approx(100.0)


def test_ammonia_sets_the_oxygen_setpoint(bsm1):
    """A controller may act on another one's set-point."""
    plant = load_plant("bsm1-ideal")
    from renvand.plant.control import read_controllers, read_sensors

    faults = []
    outer = read_controllers(
        {"NH": {"sensor": "NH", "acts_on": "DO.setpoint", "setpoint": 2.5, "gain": -0.5,
                "integral_d": 0.1, "tracking_d": 0.1, "low": 0.2, "high": 3, "start": 2}},
        where="p", faults=faults,
    )  # fmt: skip
    sensors = read_sensors({"NH": {"measures": "aerobic_3.S_NH"}}, where="p", faults=faults)
    assert not faults
    drawing = replace(
        plant.drawing,
        sensors={**plant.drawing.sensors, **sensors},
        controllers={**outer, **plant.drawing.controllers},
    )
    cascade = Plant(drawing, plant.model)
    state = cascade.steady(shipped_influent("bsm1", plant.model))
    assert state.values["aerobic_3"]["S_NH"] == pytest.approx(2.5, rel=1e-6)


def test_a_state_is_saved_and_read(bsm1, tmp_path):
    """Reading back gives the same numbers; another plant refuses them."""
    plant, state = bsm1
    state.save(tmp_path / "state.npz")
    again = read_state(tmp_path / "state.npz", plant)
    assert (again.y == state.y).all()
    page = {"name": "one", "model": "asm1", "tanks": {"a": {"volume": 10}},
            "flow": {"line": "influent > a > effluent"}}  # fmt: skip
    with pytest.raises(FileError, match="belongs to another plant than 'one'"):
        read_state(tmp_path / "state.npz", Plant(read_drawing(page), load_model("asm1")))
    (tmp_path / "no.npz").write_text("nothing")
    with pytest.raises(FileError, match="is not a saved state"):
        read_state(tmp_path / "no.npz", plant)


def test_two_halves_are_the_whole(bsm1):
    """A run from a saved state goes on as if it had not been stopped."""
    plant, state = bsm1
    influent = shipped_influent("bsm1", plant.model)
    more = plant.changed({"aerobic_3.kla": 120.0})
    whole = more.simulate(influent, days=2, start=state, tolerance=1e-6)
    half = more.simulate(influent, days=1, start=state, tolerance=1e-6)
    rest = more.simulate(influent, days=1, start=half.state, tolerance=1e-6)
    assert rest.state.values["effluent"] == pytest.approx(whole.state.values["effluent"], rel=1e-5)


def test_a_dose_of_carbon_lowers_nitrate(bsm1):
    """Carbon is counted in EC, and does what it is bought for."""
    plant, state = bsm1
    from renvand.plant.drawing import Dose, Pipe

    pipe = Pipe(source="carbon", outlet="overflow", target="anoxic_1", flow=2.0, name="carbon")
    drawing = replace(
        plant.drawing,
        doses={"carbon": Dose(to="anoxic_1", flow=2.0, composition={"S_S": 400_000.0})},
        pipes=(*plant.drawing.pipes, pipe),
    )
    dosed = Plant(drawing, plant.model)
    influent = shipped_influent("bsm1", plant.model)
    resting = dosed.steady(influent)
    assert resting.values["effluent"]["S_NO"] < state.values["effluent"]["S_NO"] - 1
    result = dosed.simulate(influent, days=1, start=resting)
    assert result.performance["EC"] == pytest.approx(800.0)
    assert abs(result.balance["COD"]) < 1e-9


def test_a_state_of_another_plant_is_refused(bsm1):
    """Shapes differ, so the numbers would mean something else."""
    _, state = bsm1
    page = {"name": "one", "model": "asm1", "tanks": {"a": {"volume": 10}},
            "flow": {"line": "influent > a > effluent"}}  # fmt: skip
    one = Plant(read_drawing(page), load_model("asm1"))
    with pytest.raises(PlantError, match="the state is of another plant"):
        one.simulate(shipped_influent("bsm1", one.model), days=1, start=state)


def test_many_runs_are_the_single_ones_and_resume(bsm1, tmp_path):
    """Each row is the run of its changes; what is on disk is not computed again."""
    from renvand.plant import simulate_many

    plant, state = bsm1
    influent = shipped_influent("bsm1", plant.model)
    changes = [{"mu_A": 0.4}, {"aerobic_3.kla": 120.0}]
    table = simulate_many(plant, influent, changes, start=state, folder=tmp_path, days=1.0)
    single = plant.changed({"mu_A": 0.4}).simulate(influent, days=1.0, start=state)
    assert table.loc[0, "EQI"] == single.performance["EQI"]
    assert table.loc[1, "AE"] > table.loc[0, "AE"]
    (part,) = tmp_path.glob("*.parquet")
    written = part.stat().st_mtime_ns
    again = simulate_many(plant, influent, changes, start=state, folder=tmp_path, days=1.0)
    assert part.stat().st_mtime_ns == written
    assert (again["EQI"] == table["EQI"]).all()


def test_an_ideal_settler_lets_its_share_pass(bsm1):
    """What it removes goes below; what is dissolved goes with the water."""
    plant, _ = bsm1
    from renvand.plant.drawing import Settler

    ideal = replace(plant.drawing, settlers={"settler": Settler(kind="ideal", removal=0.998)})
    values = Plant(ideal, plant.model).steady(shipped_influent("bsm1", plant.model)).values
    feed, above, below = values["aerobic_3"], values["effluent"], values["settler.sludge"]
    assert above["S_NH"] == pytest.approx(feed["S_NH"])
    carried = above["X_BH"] * 18061
    assert carried == pytest.approx(0.002 * feed["X_BH"] * 2 * 18446, rel=1e-9)
    assert carried + below["X_BH"] * 18831 == pytest.approx(feed["X_BH"] * 2 * 18446, rel=1e-9)


def test_any_page_runs_in_a_plant():
    """ASM3 in two tanks: ammonium goes, and with an ideal settler all balances close."""
    from renvand.plant import Influent

    page = {
        "name": "small", "model": "asm3",
        "tanks": {"anoxic": {"volume": 1000}, "aerobic": {"volume": 3000, "kla": 200}},
        "settlers": {"settler": {"kind": "ideal", "removal": 0.998}},
        "flow": {
            "line": "influent > anoxic > aerobic > settler > effluent",
            "pumps": [{"path": "aerobic > anoxic", "flow": 20_000.0},
                      {"path": "settler.sludge > anoxic", "flow": 10_000.0},
                      {"path": "settler.sludge > waste", "flow": 150.0}],
        },
    }  # fmt: skip
    plant = Plant(read_drawing(page), load_model("asm3"))
    row = {"S_I": 30, "S_S": 60, "S_NH4": 30, "S_ALK": 7, "X_I": 25, "X_S": 115, "X_H": 30,
           "T": 15, "Q": 10_000}  # fmt: skip
    columns = (*plant.model.components, "T", "Q")
    rows = np.array([[row.get(c, 0.0) for c in columns]], dtype=float)
    influent = Influent(times=np.zeros(1), rows=rows, columns=columns)
    state = plant.steady(influent)
    assert state.values["effluent"]["S_NH4"] < 3
    result = plant.changed({"aerobic.kla": 60.0}).simulate(influent, days=2, start=state)
    assert max(abs(gap) for gap in result.balance.values()) < 1e-9


def test_a_larger_digester_gives_more_gas():
    """Levers of the sludge line are levers like others."""
    plant = load_plant("bsm2")
    assert {"digester.volume", "thickened sludge", "primary.volume"} <= set(plant.levers)
    comes = shipped_influent("bsm2", plant.model)
    as_drawn, larger = plant.steady(comes), plant.changed({"digester.volume": 6800}).steady(comes)
    assert larger.values["digester, gas"]["CH4_kg_d"] > as_drawn.values["digester, gas"]["CH4_kg_d"]
    assert as_drawn.gap < 1e-9


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_equations_are_solved_as_numpy_solves_them(bsm1, n):
    """Also where a pivot is 0 until rows change places; a singular matrix is told."""
    rng = np.random.default_rng(n)
    A, b = rng.standard_normal((n, n)), rng.standard_normal(n)
    A[0, 0] = 0.0 if n > 1 else 2.0
    x = b.copy()
    assert bsm1[0].kernels.eliminate(A.copy(), x)
    assert x == pytest.approx(np.linalg.solve(A, b), rel=1e-9, abs=1e-12)
    assert not bsm1[0].kernels.eliminate(np.zeros((n, n)), b)


def test_a_controller_of_ones_own_does_what_the_built_in_one_does(tmp_path):
    """The same PI written in Python, without lags, keeps oxygen where the drawing's does."""
    ideal = load_plant("bsm1-ideal")
    comes = shipped_influent("bsm1-ideal", ideal.model)
    plant = Plant(replace(ideal.drawing, controllers={}), ideal.model)
    start = plant.steady(comes)
    (sensor,) = [n for n, s in plant.drawing.sensors.items() if s.measures == "aerobic_3.S_O"]
    memory = {"integral": start.kla[4]}

    def keep_oxygen(look):
        gap = 2.0 - look.seen[sensor]
        memory["integral"] += 25.0 / 0.002 * gap / 1440.0
        return {"aerobic_3.kla": max(0.0, 25.0 * gap + memory["integral"])}

    result = plant.simulate(comes, days=1.0, start=start, control=keep_oxygen)
    assert result.frame["aerobic_3", "S_O"].iloc[-1] == pytest.approx(2.0, abs=1e-2)
    assert abs(result.balance["COD"]) < 1e-9


def test_a_controller_that_sets_what_is_no_lever_is_told_so(bsm1):
    """Both slips at once, with what could be meant."""
    plant, start = bsm1
    comes = shipped_influent("bsm1", plant.model)
    with pytest.raises(PlantError) as caught:
        plant.simulate(
            comes, days=0.1, start=start, control=lambda _: {"aerobic_3.kl": 1, "aerobic_2.kla": -1}
        )
    assert str(caught.value) == (
        "plant 'BSM1', control, 'aerobic_3.kl': is no lever. Did you mean 'aerobic_3.kla'?\n"
        "plant 'BSM1', control, 'aerobic_2.kla': is set to -1. Give 0 or more."
    )


def test_the_explicit_method_agrees():
    """Runge-Kutta-Chebyshev needs no derivatives: it checks the other method."""
    plant = load_plant("bsm1")
    comes = shipped_influent("bsm1", plant.model)
    start = plant.steady(comes)
    more = plant.changed({"aerobic_3.kla": 160.0})
    one, other = (
        more.simulate(comes, days=1, start=start, tolerance=1e-4, method=method).state.values
        for method in ("ros2", "rkc")
    )
    assert one["effluent"] == pytest.approx(other["effluent"], rel=2e-4, abs=1e-3)
