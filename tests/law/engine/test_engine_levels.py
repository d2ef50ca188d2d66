"""Tanks whose level moves: storage, and reactors that fill, settle and decant."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from renvand.plant import Plant, read_state
from renvand.plant.control import Controller, Sensor
from renvand.plant.drawing import read_drawing
from renvand.plant.steady import filled as drawn_full
from renvand.process.model import load_model
from tests.law.engine.test_engine_laws import constant

ASM1 = load_model("asm1")
FLOW = 18_000.0


def buffered(*, pump, volume=2000.0):
    """A storage tank before an aerated one."""
    page = {
        "name": "buffered", "model": "asm1",
        "tanks": {"buffer": {"volume": volume, "lowest": 200.0},
                  "aerobic": {"volume": 5000.0, "kla": 200.0}},
        "flow": {"lines": ["influent > buffer > overflow", "aerobic > effluent"],
                 "pumps": [{"path": "buffer > aerobic", "flow": pump, "name": "feed"}]},
    }  # fmt: skip
    return Plant(read_drawing(page), ASM1)


def cycle(*, starts_h=0.0, hours=(1.0, 2.0, 1.0, 1.0, 1.0), number=1):
    """Fill, fill with air, react with air and waste, settle, decant."""
    names = ("fill", "aerated fill", "react", "settle", "decant")
    does = (
        {"fills": True}, {"fills": True, "aerated": True},
        {"aerated": True, "pumps": [f"waste {number}"]}, {"settles": True}, {"decants": True},
    )  # fmt: skip
    phases = [
        {"name": n, "hours": h, **d} for n, h, d in zip(names, hours, does, strict=True) if h > 0
    ]
    return {"area": 1800.0, "starts_h": starts_h, "phases": phases}


def batch(*, hours=(1.0, 2.0, 1.0, 1.0, 1.0), volume=9000.0, lowest=6000.0, kla=180.0, waste=1200):
    """Two such tanks, half a cycle apart; between them they always fill."""
    apart = sum(hours) / 2.0
    tank = {"volume": volume, "lowest": lowest, "kla": kla}
    page = {
        "name": "batch", "model": "asm1", "tanks": {"one": tank, "two": tank},
        "cycles": {"one": cycle(hours=hours), "two": cycle(hours=hours, starts_h=apart, number=2)},
        "flow": {
            "lines": ["influent > one > effluent", "two > effluent"],
            "pumps": [
                {"path": "influent > two", "share": 0.5},
                {"path": "one.sludge > waste", "flow": waste, "name": "waste 1"},
                {"path": "two.sludge > waste", "flow": waste, "name": "waste 2"},
            ],
        },
    }  # fmt: skip
    return Plant(read_drawing(page), ASM1)


def begun(plant):
    """Every tank holding water and sludge, as the search for a steady state begins."""
    from renvand.plant.simulate import machine_for, take
    from renvand.plant.steady import _run

    influent = constant(plant)
    machine = machine_for(plant, row_times=influent.times)
    machine.work.y[:] = drawn_full(plant, influent.rows[0])
    _run(plant, machine, influent.rows, 0.0, np.zeros((1, len(plant.plan.columns)), np.float32))
    return take(machine, plant)


def water(result):
    """Volume that came, less what left and what is held more than before, as share of what came."""
    frame, record = result.frame, result.record.astype(float)
    came = np.sum(np.diff(result.times) * result.influent[:-1, -1])
    gone = 0.0
    for i, pipe in enumerate(result.plant.drawing.pipes):
        if pipe.target in result.plant.drawing.outlets:
            flow = record[:, result.plant.plan.n_active + i]
            gone += np.sum(np.diff(result.times) * flow[:-1])
    held = sum(
        float(frame[name, "V"].iloc[-1] - frame[name, "V"].iloc[0])
        for name in result.plant.drawing.stores
    )
    return (came - gone - held) / came


def test_storage_falls_as_its_pump_draws_more_than_comes():
    """V = 2000 − 2000 t; where it reaches the lowest, only what comes is drawn."""
    plant = buffered(pump=20_000.0)
    result = plant.simulate(constant(plant), days=1.5, start=begun(plant), tolerance=1e-5)
    V = result.frame["buffer", "V"].to_numpy()
    falling = result.times < 0.89
    assert V[falling] == pytest.approx(2000.0 - 2000.0 * result.times[falling], rel=1e-6)
    assert 0.98 * 200.0 < V[-1] < 200.0
    assert result.frame["buffer > aerobic", "Q"].iloc[-1] == pytest.approx(FLOW, rel=1e-5)


def test_storage_runs_over_where_more_comes_than_its_pump_draws():
    """The line takes what the pump leaves, and the level stays at the rim."""
    plant = buffered(pump=15_000.0)
    result = plant.simulate(constant(plant), days=1.0, start=begun(plant))
    assert result.frame["buffer > overflow", "Q"].iloc[-1] == pytest.approx(3000.0, rel=1e-4)
    assert result.frame["buffer", "V"].iloc[-1] == pytest.approx(2003.0, rel=1e-4)  # a weir's head


def test_storage_mixes_what_comes_into_what_it_holds():
    """S_I in a tank that fills: (V0 c0 + Q t c) / (V0 + Q t), worked by hand."""
    plant = buffered(pump=0.0, volume=50_000.0)
    start = begun(plant)
    y = start.y.copy()
    y[plant.plan.levels["buffer"]] = 1000.0
    rows = plant.plan.starts["buffer"] + 8 * np.arange(len(plant.plan.rows))
    y[rows] *= 1000.0 / 50_000.0
    before = start.values["buffer"]["S_I"]
    result = plant.simulate(constant(plant), days=1.0, start=replace(start, y=y), tolerance=1e-6)
    due = (1000.0 * before + 18_000.0 * result.times * 30.0) / (1000.0 + 18_000.0 * result.times)
    assert result.frame["buffer", "S_I"].to_numpy() == pytest.approx(due, rel=1e-5)


@settings(max_examples=12, deadline=None)
@given(
    hours=st.tuples(*(st.integers(10, most).map(lambda n: n / 30) for most in (60, 60, 30, 20, 20)))
    .filter(lambda h: h[0] + h[1] >= h[2] + h[3] + h[4]),
    lowest=st.floats(3000.0, 7000.0), kla=st.sampled_from([0.0, 60.0, 240.0]),
    waste=st.floats(0.0, 3000.0),
)  # fmt: skip
def test_any_cycle_keeps_cod_nitrogen_and_water(hours, lowest, kla, waste):
    """Whatever the phases, also where a tank overflows or its sludge is carried over."""
    plant = batch(hours=hours, lowest=lowest, kla=kla, waste=waste)
    result = plant.simulate(constant(plant), days=1.0, start=begun(plant), output_min=1.0)
    assert abs(result.balance["COD"]) < 1e-12
    assert abs(result.balance["N"]) < 1e-12
    assert abs(water(result)) < 1e-3  # of records a minute apart


def test_any_level_keeps_water_to_rounding_where_flows_are_constant():
    """Filling and drawing: what came less what left is held."""
    plant = buffered(pump=17_000.0, volume=9000.0)
    start = begun(plant)
    start.y[plant.plan.levels["buffer"]] = 5000.0
    result = plant.simulate(constant(plant), days=1.0, start=start)
    assert abs(water(result)) < 1e-6  # of records in single precision
    assert abs(result.balance["COD"]) < 1e-12


def test_phases_begin_and_end_to_the_second():
    """The level after filling, and after decanting, is that of the drawing."""
    plant = batch(waste=0.0)
    result = plant.simulate(constant(plant), days=0.5, start=begun(plant), output_min=15.0)
    V = result.frame["one", "V"]
    assert V.iloc[12] == pytest.approx(6000.0 + FLOW / 8.0, rel=1e-6)  # three hours of all
    assert V.iloc[24] == pytest.approx(6000.0, rel=1e-6)
    kla = result.frame["one", "kla"].to_numpy()
    assert (kla[4:16] == 180.0).all()
    assert (kla[:4] == 0.0).all()
    assert (kla[16:24] == 0.0).all()


def test_a_cycle_is_what_scipy_makes_of_its_equations():
    """Fill, fill with air, react: integrated as masses and volume by another code."""
    plant = batch(waste=0.0)
    start, influent = begun(plant), constant(plant)
    result = plant.simulate(influent, days=1 / 6, start=start, output_min=60.0, tolerance=1e-6)
    comes, C0 = influent.rows[0, :-2], np.array([start.values["one"][c] for c in ASM1.components])
    oxygen = ASM1.components.index("S_O")

    def change(t, x, flow, kla):
        C = x[:-1] / x[-1]
        made = ASM1.conversion(C[None, :])[0]
        made[oxygen] += kla * (8.0 - C[oxygen])
        return np.append(x[-1] * made + flow * comes, flow)

    x = np.append(C0 * 6000.0, 6000.0)
    for hours, flow, kla in ((1, FLOW, 0.0), (2, FLOW, 180.0), (1, 0.0, 180.0)):
        solved = solve_ivp(
            change, (0.0, hours / 24.0), x, method="BDF", rtol=1e-7, atol=1e-3, args=(flow, kla)
        )
        x = solved.y[:, -1]
    found = [result.state.values["one"][c] for c in ASM1.components]
    assert found == pytest.approx(x[:-1] / x[-1], rel=2e-4, abs=2e-4)


def test_a_blanket_falls_as_fast_as_solids_of_its_thickness():
    """dh/dt = −v(X), X = solids below the blanket; integrated by another code."""
    plant = batch(waste=0.0)
    result = plant.simulate(constant(plant), days=5 / 24, start=begun(plant), tolerance=1e-6)
    frame, c = result.frame, plant.drawing.cycles["one"]
    first, last = 16, 20
    solids = plant.model.observables["TSS"]
    mean = float(solids @ [frame["one", n].iloc[first] for n in plant.model.components])
    depth = frame["one", "V"].iloc[first] / c.area

    def falls(t, h):
        thick = mean * (depth - c.f_ns * (depth - h)) / h
        above = thick - c.f_ns * mean
        return -c.v0 * (np.exp(-c.r_h * above) - np.exp(-c.r_p * above))

    solved = solve_ivp(falls, (0.0, 1 / 24), [depth], rtol=1e-9, atol=1e-9)
    assert frame["one", "blanket"].iloc[first] == pytest.approx(depth, rel=1e-6)
    assert frame["one", "blanket"].iloc[last] == pytest.approx(solved.y[0, -1], rel=5e-3)
    # 0.3 % less: sludge lives on meanwhile


def test_what_is_decanted_is_clear_and_what_is_wasted_thick():
    """Above the blanket stands f_ns of the solids, below it the rest."""
    plant = batch()
    result = plant.simulate(constant(plant), days=0.23, start=begun(plant), output_min=15.0)
    solids = plant.model.observables["TSS"]
    mixed = float(solids @ [result.state.values["one"][c] for c in plant.model.components])
    clear = result.state.values["one.decant"]["TSS"]
    thick = result.state.values["one.sludge"]["TSS"]
    assert clear == pytest.approx(2.28e-3 * mixed, rel=1e-9)
    assert thick > mixed


def test_the_order_of_batch_tanks_changes_nothing():
    """Nor does their name."""
    plant = batch()
    drawing = plant.drawing
    other = Plant(
        replace(
            drawing,
            tanks=dict(reversed(drawing.tanks.items())),
            cycles=dict(reversed(drawing.cycles.items())),
            pipes=tuple(reversed(drawing.pipes)),
        ),
        ASM1,
    )
    a = plant.simulate(constant(plant), days=0.3, start=begun(plant)).state.values
    b = other.simulate(constant(other), days=0.3, start=begun(other)).state.values
    for name, row in a.items():
        assert b[name] == pytest.approx(row, rel=1e-9, abs=1e-9)


def test_storage_comes_to_rest_at_its_rim_or_at_its_bottom():
    """Where more comes than is drawn it runs over, where less it is nearly empty."""
    for pump, level, over in ((15_000.0, 2003.0, 3000.0), (20_000.0, 199.6, 0.0)):
        plant = buffered(pump=pump)
        values = plant.steady(constant(plant)).values
        assert values["buffer"]["V"] == pytest.approx(level, rel=1e-6)
        assert values["overflow"]["Q"] == pytest.approx(over, rel=1e-6, abs=1e-6)


def test_a_run_goes_on_from_the_middle_of_a_phase(tmp_path):
    """Stopped while the sludge settles, saved, read and gone on with: as if never stopped."""
    plant = batch()
    influent, how = constant(plant), {"tolerance": 1e-6}
    whole = plant.simulate(influent, days=0.30, start=begun(plant), **how).state
    half = plant.simulate(influent, days=0.17, start=begun(plant), **how).state
    half.save(tmp_path / "state.npz")
    later = replace(influent, times=np.array([0.17]))
    start = read_state(tmp_path / "state.npz", plant)
    found = plant.simulate(later, days=0.13, start=start, **how).state
    assert found.values["one"] == pytest.approx(whole.values["one"], rel=1e-5, abs=1e-5)
    assert found.y[plant.plan.levels["one"]] == pytest.approx(whole.values["one"]["V"], rel=1e-9)


def test_a_controller_acts_in_aerated_phases_alone():
    """A PI on the oxygen of a batch tank; its blower stands still while sludge settles."""
    plain = batch()
    loop = Controller(
        sensor="oxygen", acts_on={"one.kla": 1.0}, setpoint=2.0, gain=25.0, integral_d=0.01,
        tracking_d=0.005, low=0.0, high=300.0,
    )  # fmt: skip
    sensors = {"oxygen": Sensor(measures="one.S_O")}
    drawing = replace(plain.drawing, sensors=sensors, controllers={"air": loop})
    plant = Plant(drawing, ASM1)
    state = plant.steady(constant(plant))
    frame = plant.simulate(constant(plant), days=0.25, start=state).frame["one"]
    kla = frame["kla"].to_numpy()
    assert (kla[16:24] == 0.0).all()
    assert len(set(kla[5:16])) == 11
    assert frame["S_O"].iloc[15] == pytest.approx(2.0, abs=0.8)


def test_cycles_come_to_repeat_themselves():
    """From the steady state on, one day is as the next."""
    plant = batch()
    state = plant.steady(constant(plant))
    assert state.residual < 1e-5
    after = plant.simulate(constant(plant), days=1.0, start=state).state
    for name in ("one", "two"):
        assert after.values[name] == pytest.approx(state.values[name], rel=1e-2, abs=1e-3)
