"""Mistakes in drawings and influents, and the message each of them gives."""

import tomllib
from dataclasses import replace
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError, PlantError, SolveError
from renvand.plant import Plant, load_plant, shipped_influent
from renvand.plant.drawing import read_drawing
from renvand.plant.influent import make_influent
from renvand.process.digester import Digester
from renvand.process.interfaces import to_digester
from renvand.process.model import load_model

DRAWING = (resources.files("renvand.plant") / "plants" / "bsm1-closed" / "plant.toml").read_text(
    encoding="utf-8"
)


def swapped(text, old, new):
    assert old in text, old
    return tomllib.loads(text.replace(old, new, 1))


DRAWINGS = [
    ("anoxic_1  = {volume = 1000}", "anoxic_1  = {volume = -1}",
     "plant 'BSM1 closed loop', anoxic_1, volume: is -1. Give a size above 0."),
    ("settler > effluent", "settlr > effluent",
     "plant 'BSM1 closed loop': no unit 'settlr'. Did you mean 'settler'?"),
    ("flow = 385", "flow = 385, nergy = 1",
     "plant 'BSM1 closed loop', flow, pump 'settler.sludge > waste', 'nergy': is not known. "
     "Did you mean 'energy'?"),
    ("kla = 84", "kla = '84'",
     "plant 'BSM1 closed loop', aerobic_3, kla: '84' is not a number. Write digits."),
    ('kind = "A"', 'kind = "Z"',
     "plant 'BSM1 closed loop', sensor 'DO_5', kind: 'Z' is not a class. "
     "Allowed: A, B0, B1, C0, C1, D, ideal."),
    ('"aerobic_3.S_O"', '"aerobic_3.S_O2"',
     "plant 'BSM1 closed loop', sensor 'DO_5', measures: 'S_O2' is no component. "
     "Did you mean 'S_O'?"),
    ('acts_on    = "aerobic_3.kla"', 'acts_on    = "aerobic_9.kla"',
     "plant 'BSM1 closed loop', controller 'DO', acts_on: 'aerobic_9.kla' is not there. "
     "Did you mean 'aerobic_3.kla'?"),
    ("integral_d = 0.002", "integral_d = 0",
     "plant 'BSM1 closed loop', controller 'DO': needs integral_d and tracking_d above 0. "
     "Give both in days."),
    ("> settler > effluent", "> settler > anoxic_1",
     "plant 'BSM1 closed loop': water goes round without a way out. "
     "Let the line end at an outlet, such as 'effluent'."),
    ("flow = 385", "flow = 20000",
     "plant 'BSM1 closed loop': pumps take 1554 m³/d more from 'settler' than flows into it, "
     "at an influent of 18446 m³/d. Lower a pump, or its share."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), DRAWINGS)
def test_a_slip_in_a_drawing(old, new, message):
    """Each slip names its place, what is wrong and what to do."""
    page, model = swapped(DRAWING, old, new), load_model("asm1")
    influent = shipped_influent("bsm1", model)
    with pytest.raises(PlantError) as caught:
        Plant(read_drawing(page), model).steady(influent)
    assert message in str(caught.value).splitlines()


def rows(count=6):
    plant = load_plant("bsm1")
    row = shipped_influent("bsm1", plant.model)
    frame = pd.DataFrame([row.rows[0]] * count, columns=list(row.columns))
    frame.insert(0, "t_d", 0.25 * np.arange(count))
    return plant.model, frame.drop(columns="S_N2")


INFLUENTS = [
    (lambda f: f.rename(columns={"S_S": "S_s"}),
     "in.csv, line 1, column 'S_s': is not known. Did you mean 'S_S'?\n"
     "in.csv, line 1: lacks column 'S_S'. Add it."),
    (lambda f: f.assign(t_d=[0, 0.25, 0.5, 0.75, 5, 5.25]),
     "in.csv, line 6, t_d: a gap of 4.25 d, while rows are 0.25 d apart. "
     "Fill it, or say so with a row at its end."),
    (lambda f: f.assign(t_d=[0, 0.25, 0.25, 0.5, 0.75, 1]),
     "in.csv, line 4, t_d: 0.25 d comes after 0.25 d. Sort by time, each once."),
    (lambda f: f.assign(S_S=[1, 2, 3, float("nan"), 5, 6]),
     "in.csv, line 5, S_S: 'nan' is not a number. Write digits with a point."),
    (lambda f: f.assign(Q=[1, 2, 3, -4, 5, 6]),
     "in.csv, line 5, Q: is -4. Give 0 or more."),
    (lambda f: f.assign(S_ALK=[1, 2, 3, 4, 5, 1e308]),
     "in.csv, line 7, S_ALK: is 1e+308. Give 3e+06 at most."),
    (lambda f: f.assign(**{c: f[c] / 1000 for c in f if c not in ("t_d", "Q", "T")}),
     "in.csv: has at most 0.381 gCOD/m³. That looks like g/L: multiply concentrations by 1000."),
    (lambda f: f.iloc[:0], "in.csv: has no rows. Add at least one."),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), INFLUENTS)
def test_a_slip_in_an_influent(spoil, message):
    """Each slip names its line and what to do."""
    model, frame = rows()
    with pytest.raises(FileError) as caught:
        make_influent(spoil(frame), model, name="in.csv")
    assert str(caught.value) == message


LEVERS = [
    ("aerobic_3.kal", 1.0, "plant 'BSM1', lever 'aerobic_3.kal': is not there. "
     "Did you mean 'aerobic_3.kla'?"),
    ("mu_B", 1.0, "plant 'BSM1', lever 'mu_B': is not there. Did you mean 'mu_H'?"),
    ("anoxic_1.volume", -1.0, "plant 'BSM1', anoxic_1, volume: is -1. Give a size above 0."),
]  # fmt: skip


@pytest.mark.parametrize(("lever", "value", "message"), LEVERS)
def test_a_lever_that_is_not_there(lever, value, message):
    """A change that cannot be made says what could."""
    with pytest.raises(PlantError) as caught:
        load_plant("bsm1").changed({lever: value})
    assert str(caught.value) == message


def test_a_run_that_blows_up_says_when_and_keeps_the_state():
    """An absurd influent ends the run with the day, the state and a state to look at."""
    plant = load_plant("bsm1")
    start = plant.steady(shipped_influent("bsm1", plant.model))
    model, frame = rows()
    influent = make_influent(frame, model, name="in.csv")
    influent.rows[3:, influent.columns.index("S_S")] = 1e200
    with pytest.raises(SolveError) as caught:
        plant.simulate(influent, start=start)
    assert str(caught.value).startswith("plant 'BSM1', day 0.75")
    assert "the run blew up: S_S of anoxic_1 is" in str(caught.value)
    assert caught.value.state.y.shape == start.y.shape


def test_an_unknown_plant_suggests_one():
    """The name of a shipped plant, mistyped."""
    with pytest.raises(PlantError) as caught:
        load_plant("bsm9")
    assert str(caught.value) == (
        "plant 'bsm9': is neither a folder nor a plant that comes with renvand. "
        "Did you mean 'bsm2'?"
    )


SLUDGE = {
    "name": "P", "model": "asm1",
    "tanks": {"tank": {"volume": 1000, "kla": 100}},
    "settlers": {"settler": {"area": 1500, "height": 4}},
    "flow": {"line": "influent > tank > settler > effluent",
             "pumps": [{"path": "settler.sludge > tank", "flow": 1000},
                       {"path": "settler.sludge > waste", "flow": 100}]},
}  # fmt: skip


def test_a_sludge_line_says_everything_wrong_with_it():
    """Unknown words, impossible sizes and shares, pumps that cannot thicken."""
    page = {
        **SLUDGE,
        "settlers": {**SLUDGE["settlers"],
                     "primary": {"kind": "primry"}, "belt": {"kind": "ideal", "removal": 1.2},
                     "first": {"kind": "primary", "volume": -1}},
        "digesters": {"digester": {"volumes": 3}, "second": {}},
        "flow": {"lines": ["influent > primary > first > tank > settler > effluent",
                           "belt > tank", "digester > second > belt"],
                 "pumps": [{"path": "settler.sludge > tank", "flow": 1000},
                           {"path": "settler.sludge > digester", "solids": 4},
                           {"path": "primary.sludge > digester", "share": 0.1},
                           {"path": "first.sludge > digester", "share": 0.1},
                           {"path": "tank > belt", "above": 4},
                           {"path": "belt.sludge > waste", "solids": 0}]},
    }  # fmt: skip
    with pytest.raises(PlantError) as caught:
        read_drawing(page)
    assert str(caught.value) == (
        "plant 'P', digester, 'volumes': is not known. Did you mean 'volume'?\n"
        "plant 'P', first, volume: is -1. Give a size above 0.\n"
        "plant 'P', pump 'belt.sludge > waste', solids: is 0. Give a size above 0.\n"
        "plant 'P', primary, kind: 'primry' is not known. Did you mean 'primary'?\n"
        "plant 'P', belt, removal: is 1.2. Give 0 to 1.\n"
        "plant 'P', pump 'settler.sludge > digester': 'settler' is no thickener. "
        "Give its kind as ideal, or the pump a flow or share.\n"
        "plant 'P', pump 'tank > belt': begins at 'tank'. Let only the influent overflow.\n"
        "plant 'P', digesters: has 2 digesters. Draw one with the volume of all."
    )


def test_a_thickener_needs_something_to_thicken():
    """What another separator has just parted is not yet known."""
    page = {
        **SLUDGE,
        "settlers": {**SLUDGE["settlers"], "one": {"kind": "ideal"}, "two": {"kind": "ideal"}},
        "flow": {"line": "influent > tank > settler > effluent",
                 "lines": ["one > tank", "two > tank"],
                 "pumps": [{"path": "settler.sludge > tank", "flow": 1000},
                           {"path": "settler.sludge > one", "flow": 100},
                           {"path": "one.sludge > two", "flow": 20},
                           {"path": "two.sludge > waste", "solids": 70_000}]},
    }  # fmt: skip
    with pytest.raises(PlantError) as caught:
        Plant(read_drawing(page), load_model("asm1")).plan  # noqa: B018
    assert str(caught.value) == (
        "pipe 'one.sludge > two': feeds a thickener with what has just been parted. "
        "Put a tank between them."
    )


def test_a_digester_needs_asm1():
    """Only it has an interface."""
    plant = load_plant("bsm1-p")
    drawing = replace(plant.drawing, digesters=load_plant("bsm2").drawing.digesters)
    with pytest.raises(PlantError) as caught:
        Plant(drawing, plant.model).plan  # noqa: B018
    assert str(caught.value) == (
        f"plant '{plant.name}', digester: 'asm2d' has no interface to a digester. "
        "Choose model = 'asm1'."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"S_NO": 1e6}, "sludge to the digester: brings oxygen and nitrate for "),
        ({"S_NH": 0.0, "S_ND": 0.0, "X_ND": 0.0, "X_BH": 0.0, "S_I": 1e5, "X_S": 1e4}, "lacks "),
        (
            {"S_ALK": -500.0},
            "sludge to the digester: has less alkalinity than its ammonium needs. Check S_ALK.",
        ),
    ],
)
def test_sludge_that_cannot_be_digested_says_why(change, message):
    """Before the digester is asked."""
    sludge = dict.fromkeys(
        ("S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P", "S_O", "S_NO", "S_NH", "S_ND", "X_ND",
         "S_ALK"), 10.0,
    )  # fmt: skip
    contents = {"i_XB": 0.08, "i_XP": 0.06}
    with pytest.raises(PlantError, match=message):
        to_digester({**sludge, **change}, Digester(), pH=7.0, contents=contents)


def test_a_digester_without_sludge_says_so():
    """A flow of nothing."""
    digester = Digester()
    with pytest.raises(PlantError, match=r"digester: gets no sludge\. Let sludge flow to it\."):
        digester.steady(digester.start[:-3], flow=0.0)


def test_a_controller_that_asks_for_a_sensor_that_is_not_drawn():
    """It is told which are; one that gives nothing changes nothing."""
    plant = load_plant("bsm1-closed")
    known = r"control: no sensor 'DO'\. Draw it under \[sensors\]\. Drawn are DO_5, NO3_2\.$"
    with pytest.raises(PlantError, match=known):
        plant.simulate(days=0.01, control=lambda look: {"aerobic_1.kla": look.seen["DO"]})
    quiet = plant.simulate(days=0.01, control=lambda _: None)
    assert quiet.effluent == plant.simulate(days=0.01).effluent


def test_a_page_or_an_arrow_that_is_slightly_wrong(tmp_path):
    """The page beside the drawing is proposed; a line needs its arrows."""
    folder = resources.files("renvand.plant") / "plants" / "bsm1-ideal"
    text = (folder / "plant.toml").read_text(encoding="utf-8")
    drawing = tmp_path / "plant.toml"
    (tmp_path / "monod.toml").write_text("", encoding="utf-8")
    drawing.write_text(text.replace('"asm1"', '"monodd"'), encoding="utf-8")
    with pytest.raises(FileError, match=r"neither a page .* with renvand\. Did you mean 'monod'\?"):
        load_plant(tmp_path)
    drawing.write_text(text.replace("influent >", "influent -", 1), encoding="utf-8")
    with pytest.raises(PlantError, match=r"no unit 'influent - .*'\. Write > between two places\."):
        load_plant(tmp_path)
