"""Mistakes in moving levels, cycles, delays, doses and controllers, and what each is told."""

import tomllib

import pytest

from renvand.errors import PlantError
from renvand.plant import Plant
from renvand.plant.drawing import read_drawing
from renvand.process.model import load_model
from tests.law.engine.test_engine_laws import constant

DRAWING = """
name = "batch"
model = "asm1"

[tanks]
buffer = {volume = 2000, lowest = 200}
one = {volume = 9000, lowest = 6000, kla = 180}

[settlers]
settler = {area = 1500, height = 4}

[delays]
sewer = {volume = 500}

[dosing]
carbon = {to = "one", flow = 1, S_S = 400000}

[cycles.one]
area = 1800
phases = [
  {name = "fill", hours = 2, fills = true, pumps = ["feed"]},
  {name = "react", hours = 2, aerated = true},
  {name = "decant", hours = 2, decants = true, pumps = ["waste sludge"]},
]

[flow]
lines = ["influent > sewer > settler > buffer > overflow", "one > effluent"]
pumps = [
  {path = "buffer > one", flow = 60_000, name = "feed"},
  {path = "one.sludge > waste", flow = 600, name = "waste sludge"},
  {path = "settler.sludge > one", flow = 10, name = "return sludge"},
]

[sensors]
NH = {measures = "one.S_NH"}
Q = {measures = "influent.Q"}

[controllers.recycle]
kind = "ratio"
follows = "Q"
ratio = 0.1
acts_on = "return sludge"
low = 1
high = 5000
"""

SLIPS = [
    ("lowest = 6000, kla", "lowest = 9500, kla",
     "plant 'batch', one, lowest: is 9500, and the tank holds 9000. Give less than the volume."),
    ("one = {volume = 9000, lowest = 6000,", "one = {volume = 9000,",
     "plant 'batch', cycle 'one': has no tank whose level moves. "
     "Give the tank of this name its lowest volume: lowest = … in m³."),
    ("area = 1800\n", "", "plant 'batch', cycle 'one': has no area. Add area = … in m²."),
    ("area = 1800", "area = '1800'",
     "plant 'batch', cycle 'one', area: '1800' is not a number. Write digits."),
    ("area = 1800", "area = 1800\nareas = 3",
     "plant 'batch', cycle 'one', 'areas': is not known. Did you mean 'area'?"),
    ("hours = 2, fills = true", "hours = 2, fill = true",
     "plant 'batch', cycle 'one', phase 'fill', 'fill': is not known. Did you mean 'fills'?"),
    ("hours = 2, fills = true", "hours = 2, fills = 1",
     "plant 'batch', cycle 'one', phase 'fill', fills: '1' is neither true nor false. "
     "Write fills = true."),
    ('name = "react", hours = 2', 'name = "react", hours = 0',
     "plant 'batch', cycle 'one', phase 'react', hours: is 0. Give above 0."),
    ('name = "react", hours = 2', 'name = "react"',
     "plant 'batch', cycle 'one', phase 'react': has no hours. "
     "Write phases = [{name = 'fill', hours = 1, fills = true}, …]."),
    ("aerated = true", "aerated = true, settles = true",
     "plant 'batch', cycle 'one', phase 'react': settles while it is aerated. "
     "Make two phases of it."),
    ("decants = true", "settles = true",
     "plant 'batch', cycle 'one': never decants. Write decants = true in a phase."),
    ('pumps = ["waste sludge"]', 'pumps = ["waste sludg"]',
     "plant 'batch', cycle 'one', phase 'decant', pumps: no pump 'waste sludg' with a flow. "
     "Did you mean 'waste sludge'?"),
    ("flow = 60_000", "share = 0.5",
     "plant 'batch', pump 'buffer > one': takes a share of what comes to 'buffer', which keeps it. "
     "Give the pump a flow."),
    ("sewer = {volume = 500}", "sewer = {volume = 500, cells = 0}",
     "plant 'batch', sewer, cells: is 0. Give 1 to 100."),
    ("sewer = {volume = 500}", "sewer = {cells = 9}",
     "plant 'batch', sewer: has no volume. Add volume = … in m³."),
    ('to = "one"', 'to = "on"', "plant 'batch', carbon, to: no unit 'on'. Did you mean 'one'?"),
    ('to = "one", ', "", "plant 'batch', carbon, to: goes nowhere. Write to = 'UNIT'."),
    ("height = 4}", "height = 4, kind = 'burger-deihl'}",
     "plant 'batch', settler, kind: 'burger-deihl' is not known. Did you mean 'burger-diehl'?"),
    ("height = 4}", "height = 4, kind = 'burger-diehl', X_c = 0}",
     "plant 'batch', settler, X_c: is 0. Give a size above 0."),
    ('follows = "Q"', 'follows = "R"',
     "plant 'batch', controller 'recycle', follows: 'R' is not a sensor. Allowed: NH, Q."),
    ('follows = "Q"\n', "",
     "plant 'batch', controller 'recycle': needs what it follows and a ratio above 0. "
     "Write follows = 'SENSOR' of a flow, and ratio = …."),
    ("low = 1\nhigh = 5000", "",
     "plant 'batch', controller 'recycle': needs low < high. "
     "Say between which flows the pump can run."),
    ('kind = "ratio"', 'kind = "sludge-age"',
     "plant 'batch', controller 'recycle': has no age_d. Give it in days."),
    ('kind = "ratio"', 'kind = "PID"\nsensor = "NH"\nintegral_d = 1\ntracking_d = 1',
     "plant 'batch', controller 'recycle': needs derivative_d with kind PID, and no other. "
     "Give it in days, or choose PI."),
    ('kind = "ratio"', 'kind = "intermittent"\nsensor = "NH"\non_above = 1\noff_below = 2',
     "plant 'batch', controller 'recycle': switches off above where it switches on. "
     "Give off_below < on_above."),
    ('"influent.Q"', '"influnt.Q"', "plant 'batch', sensor 'Q', measures: 'influnt' is not a tank. "
     "Did you mean 'influent'?"),
    ('"one.S_NH"', '"one.TS"', "plant 'batch', sensor 'NH', measures: 'TS' is no component. "
     "Did you mean 'TSS'?"),
]  # fmt: skip


def run(text):
    plant = Plant(read_drawing(tomllib.loads(text)), load_model("asm1"))
    return plant.simulate(constant(plant), days=0.3)


def told(text):
    """What is said of a drawing, line by line."""
    with pytest.raises(PlantError) as caught:
        run(text)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(("old", "new", "message"), SLIPS)
def test_a_slip_in_a_unit_or_controller(old, new, message):
    """Each slip names its place, what is wrong and what to do."""
    assert old in DRAWING
    assert message in told(DRAWING.replace(old, new, 1))


def test_the_drawing_without_slips_runs():
    """So what is told above is of the slip alone."""
    assert abs(run(DRAWING).balance["COD"]) < 1e-4


def test_somebody_must_fill_at_every_hour():
    """Without storage before it, a tank that does not fill leaves the water nowhere to go."""
    text = DRAWING.replace("buffer = {volume = 2000, lowest = 200}\n", "")
    text = text.replace("> buffer > overflow", "> one").replace(', pumps = ["feed"]', "")
    text = text.replace('  {path = "buffer > one", flow = 60_000, name = "feed"},\n', "")
    assert told(text) == [
        "plant 'batch', cycles: at hour 2 nobody takes what 'influent' brings. Shift starts_h, "
        "fill longer, or let a pump bring it from a tank with lowest."
    ]


def test_a_pump_that_finds_nothing_in_some_phase_is_told_with_its_hour():
    """What is possible while a tank decants may not be while it fills."""
    text = DRAWING.replace('"one > effluent"', '"one > last > effluent"')
    text = text.replace("[settlers]", "last = {volume = 100}\n\n[settlers]")
    text = text.replace("pumps = [\n", 'pumps = [\n  {path = "last > one", flow = 5},\n')
    assert told(text) == [
        "plant 'batch': pumps take 5 m³/d more from 'last' than flows into it, at an influent of "
        "18000 m³/d. Lower a pump, or its share."
    ]


def test_all_slips_are_told_at_once():
    """A drawing with five slips gives five lines."""
    text = DRAWING
    for old, new in (
        ("area = 1800", "area = -1"), ("hours = 2, aerated", "hours = -1, aerated"),
        ('["waste sludge"]', '["wasting"]'), ("lowest = 200}", "lowest = 2500}"),
        ("decants = true", "settles = true"),
    ):  # fmt: skip
        text = text.replace(old, new, 1)
    assert len(told(text)) == 5
