"""Controllers by name: ratio, sludge age, cascade, PID, intermittent air, dosing by load."""

import tomllib
from importlib import resources

import numpy as np
import pytest

from renvand.errors import PlantError
from renvand.plant import Plant, sensitivities, shipped_influent
from renvand.plant.drawing import read_drawing
from renvand.plant.influent import Influent
from renvand.process.model import load_model

ASM1 = load_model("asm1", set_name="benchmark")
BSM1 = (resources.files("renvand.plant") / "plants" / "bsm1" / "plant.toml").read_text("utf-8")
SENSORS = """
[sensors]
NH = {measures = "aerobic_3.S_NH"}
NO = {measures = "anoxic_2.S_NO"}
DO = {measures = "aerobic_3.S_O"}
Q  = {measures = "influent.Q"}
IN = {measures = "influent.S_NH"}
OUT = {measures = "effluent.S_NH"}
RAS = {measures = "return sludge.Q"}
X  = {measures = "aerobic_3.TSS"}
"""


def controlled(text, **of_page):
    page = tomllib.loads(BSM1 + SENSORS + text) | of_page
    return Plant(read_drawing(page), ASM1)


def wavy(plant, *, swing=0.4):
    """A day of influent whose flow and ammonium swing."""
    row = shipped_influent("bsm1", plant.model)
    times = np.arange(96) / 96.0
    rows = np.repeat(row.rows[:1], 96, axis=0)
    wave = 1.0 + swing * np.sin(2 * np.pi * times)
    rows[:, -1] *= wave
    rows[:, row.columns.index("S_NH")] *= wave
    return Influent(times=times, rows=rows, columns=row.columns)


AGE = """
[controllers.age]
kind = "sludge-age"
age_d = 9
acts_on = "waste sludge"
low = 50
high = 2000
"""


def age(plant, values):
    """Solids of the tanks by what is wasted and lost a day, by hand. [d]"""
    held = sum(t.volume * values[n]["TSS"] for n, t in plant.drawing.tanks.items())
    gone = sum(values[n]["Q"] * values[n]["TSS"] for n in ("waste", "effluent"))
    return held / gone


def test_sludge_keeps_its_age_at_rest_and_in_motion():
    """What is wasted is what age asks for, less what the effluent takes."""
    plant = controlled(AGE)
    state = plant.steady(shipped_influent("bsm1", plant.model))
    assert age(plant, state.values) == pytest.approx(9.0, rel=1e-6)
    after = plant.simulate(wavy(plant), days=2.0, start=state)
    assert age(plant, after.state.values) == pytest.approx(9.0, rel=2e-2)
    young = plant.changed({"age.age_d": 6.0}).steady(shipped_influent("bsm1", plant.model))
    assert young.values["waste"]["Q"] > state.values["waste"]["Q"]


def test_a_recycle_follows_the_influent_by_its_ratio():
    """At every look, within what the pump can."""
    plant = controlled("""
[controllers.recycle]
kind = "ratio"
follows = "Q"
ratio = 0.8
acts_on = "return sludge"
low = 12000
high = 20000
""")
    result = plant.simulate(wavy(plant), days=1.0)
    found = result.frame["settler.sludge > anoxic_1", "Q"].to_numpy()
    due = np.clip(0.8 * result.influent[:, -1], 12_000.0, 20_000.0)
    assert found == pytest.approx(due, rel=1e-6)


def test_ammonium_sets_the_set_point_of_oxygen():
    """Ammonia-based aeration: a cascade of two loops comes to rest at the outer set-point."""
    plant = controlled(
        """
[controllers.air]
sensor = "DO"
acts_on = {"aerobic_1.kla" = 1, "aerobic_2.kla" = 1, "aerobic_3.kla" = 0.5}
setpoint = 2
gain = 25
integral_d = 0.01
tracking_d = 0.005
low = 0
high = 360

[controllers.ammonium]
sensor = "OUT"
acts_on = "air.setpoint"
setpoint = 1.5
gain = -0.5
integral_d = 0.2
tracking_d = 0.1
low = 0.1
high = 4
""".replace('"OUT"', '"NH"')
    )
    state = plant.steady(shipped_influent("bsm1", plant.model))
    assert state.values["aerobic_3"]["S_NH"] == pytest.approx(1.5, rel=1e-6)
    assert 0.1 < state.values["aerobic_3"]["S_O"] < 4.0


PID = """
[controllers.air]
kind = "PID"
sensor = "DO"
acts_on = "aerobic_3.kla"
setpoint = 2
gain = 20
integral_d = 0.01
tracking_d = 0.005
derivative_d = 0.002
low = 0
high = 200
"""


def test_a_pid_does_what_its_formulas_say():
    """The same formulas in Python, as a controller of one's own, give the same run."""
    plant, plain = controlled(PID), controlled("")
    start = plain.steady(shipped_influent("bsm1", plant.model))
    h, kept = 1.0 / 1440.0, {}

    def pid(look):
        seen = look.seen["DO"]
        if not kept:
            kept.update(I=look.now["aerobic_3.kla"], D=0.0, seen=start.values["aerobic_3"]["S_O"])
        gap = 2.0 - seen
        slope = (seen - kept["seen"]) / h
        kept["D"] += (1.0 - np.exp(-h / 0.0002)) * (slope - kept["D"])
        kept["seen"] = seen
        gained = h * 20.0 / 0.01 * gap
        wanted = 20.0 * gap + kept["I"] + 0.5 * gained - 20.0 * 0.002 * kept["D"]
        given = min(200.0, max(0.0, wanted))
        kept["I"] += gained + h * (given - wanted) / 0.005
        return {"aerobic_3.kla": given}

    how = {"days": 0.2, "start": start, "tolerance": 1e-7, "output_min": 0.5}
    a = plant.simulate(wavy(plant), **how)
    b = plain.simulate(wavy(plant), control=pid, **how)
    # half-way between looks, for a record at a look stands before a function's answer
    one, other = (r.frame["aerobic_3", "kla"].to_numpy()[1::2] for r in (a, b))
    assert one == pytest.approx(other, rel=1e-4)
    assert one.max() > one.min()


def test_a_pid_at_its_bound_lets_go_in_time():
    """Anti-windup: the output leaves its bound within minutes of when it should."""
    plant = controlled(PID).changed({"air.high": 60.0})
    result = plant.simulate(wavy(plant), days=2.0, start=None)
    kla, oxygen = (result.frame["aerobic_3", what].to_numpy() for what in ("kla", "S_O"))
    assert kla.max() == pytest.approx(60.0)
    free = np.flatnonzero((oxygen[1:] > 2.05) & (kla[1:] >= 60.0))
    assert len(free) == 0


def test_air_comes_and_goes_with_ammonium_and_nitrate():
    """On at much ammonium or when nitrate is gone, off at little ammonium; each for a while."""
    plant = controlled("""
[controllers.air]
kind = "intermittent"
sensor = "NH"
nitrate = "NO"
acts_on = {"aerobic_1.kla" = 1, "aerobic_2.kla" = 1, "aerobic_3.kla" = 1}
on_above = 4
off_below = 1.5
on_below = 0.5
on_min = 20
off_min = 15
low = 0
high = 240
""")
    influent = wavy(plant)
    result = plant.simulate(influent, days=1.0, output_min=1.0)
    frame = result.frame
    kla = frame["aerobic_3", "kla"].to_numpy()
    assert set(kla) == {0.0, 240.0}
    on, off = (np.flatnonzero(np.diff(kla) * sign > 0) + 1 for sign in (1, -1))
    ammonium, nitrate = frame["aerobic_3", "S_NH"].to_numpy(), frame["anoxic_2", "S_NO"].to_numpy()
    assert len(on) > 2
    assert (ammonium[off] <= 1.5 + 0.1).all()
    assert ((ammonium[on] >= 4.0 - 0.1) | (nitrate[on] <= 0.5 + 0.1)).all()
    turns = np.sort(np.concatenate([on, off]))
    lasts = np.diff(turns)
    assert lasts.min() >= 15
    begins_on = kla[turns[:-1]] > 0
    assert lasts[begins_on].min() >= 20


def test_a_dose_follows_the_load():
    """Feed-forward: so many litres for each gram that comes beyond a threshold."""
    plant = controlled(
        """
[controllers.dose]
kind = "ratio"
follows = "Q"
sensor = "IN"
ratio = 2e-6
setpoint = 20
acts_on = "carbon"
low = 0
high = 5
""",
        dosing={"carbon": {"to": "anoxic_1", "flow": 1.0, "S_S": 400_000.0}},
    )
    result = plant.simulate(wavy(plant), days=1.0)
    flow = result.influent[:, -1]
    comes = result.influent[:, plant.model.components.index("S_NH")]
    due = np.clip(2e-6 * flow * np.maximum(0.0, comes - 20.0), 0.0, 5.0)
    assert result.frame["carbon > anoxic_1", "Q"].to_numpy() == pytest.approx(due, rel=1e-5)
    assert result.performance["EC"] == pytest.approx(400.0 * due[:-1].mean(), rel=1e-2)


def test_instruments_see_flows_streams_and_solids():
    """What they show is what the record says of the place."""
    plant = controlled("")
    state = plant.steady(shipped_influent("bsm1", plant.model))
    seen = {}
    plant.simulate(
        wavy(plant, swing=0.0),
        days=0.01,
        start=state,
        control=lambda look: seen.update(look.seen) or {},
    )
    values = state.values
    assert seen["Q"] == pytest.approx(18446.0)
    assert seen["RAS"] == pytest.approx(18446.0)
    assert seen["X"] == pytest.approx(values["aerobic_3"]["TSS"], rel=1e-5)
    assert seen["OUT"] == pytest.approx(values["effluent"]["S_NH"], rel=1e-5)


def test_what_a_sludge_age_wants_has_no_derivative_at_rest():
    """It is said, not left out."""
    plant = controlled(AGE)
    with pytest.raises(PlantError) as caught:
        sensitivities(plant, shipped_influent("bsm1", plant.model), ["mu_A"])
    assert "'age' never rests" in str(caught.value)
