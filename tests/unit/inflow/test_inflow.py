"""Inflows are parted, spread over the day and made up with their mass kept."""

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renvand.errors import FileError
from renvand.process import load_model
from renvand.steps.inflow import Catchment, Pattern, characterise, dynamic, generate
from renvand.steps.inflow.daily import OF_COMPONENT, wave
from renvand.steps.inflow.sewer import strength
from tests.shared import ROOT, shared

ASM1 = load_model("asm1")
DEGRADABLE = ("S_S", "X_S")
PARTS = ("S_I", "S_S", "X_I", "X_S")


def routine(**changed):
    """One published sewage with the nitrogen of BSM1."""
    row = {
        "cod": 300.0,
        "cod_soluble": 132.0,
        "bod5": 140.0,
        "nh4": 31.6,
        "tkn": 49.1,
        "cod_effluent_soluble": 20.0,
    }
    return pd.DataFrame([{**row, **changed}])


def test_a_sewage_worked_by_hand_is_parted_as_by_hand():
    """The numbers of docs/explanation/plant-model.md; the same as in the shared examples."""
    with (ROOT / "tests/reference/data/stowa.csv").open() as file:
        wanted = {row["component"]: float(row["value"]) for row in csv.DictReader(file)}
    found = characterise(routine(), ASM1)
    for component, value in wanted.items():
        assert found.components[component][0] == pytest.approx(value, rel=1e-4)
    assert found.confidence == ("medium",)
    assert not found.findings


def test_the_shared_example_says_the_same():
    import json

    example = json.loads((shared() / "data/reference/worked_examples.json").read_text())["stowa"]
    found = characterise(routine(), ASM1).components
    for name, component in (("SI", "S_I"), ("SS", "S_S"), ("XS", "X_S"), ("XI", "X_I")):
        assert found[component][0] == pytest.approx(example[name], rel=1e-12)


@given(
    cod=st.floats(50, 1500),
    soluble=st.floats(0.1, 0.8),
    bod=st.floats(0.05, 1.0),
    nh4=st.floats(1, 80),
    organic=st.floats(0, 40),
)
def test_cod_and_nitrogen_are_kept_whatever_is_measured(cod, soluble, bod, nh4, organic):
    """Even where BOD5 cannot be and typical shares are taken."""
    table = routine(
        cod=cod, cod_soluble=soluble * cod, bod5=bod * cod, nh4=nh4, tkn=nh4 + organic,
        cod_effluent_soluble=0.05 * cod,
    )  # fmt: skip
    parts = characterise(table, ASM1).components
    row = np.array([parts[c][0] for c in ASM1.components])
    assert sum(parts[p][0] for p in PARTS) == pytest.approx(cod, rel=1e-12)
    assert all(parts[p][0] >= 0 for p in PARTS)
    kept = ASM1.composition[ASM1.page.conserves.index("N")] @ row
    assert kept == pytest.approx(nh4 + organic, rel=1e-12)


def test_a_bod_that_cannot_be_is_replaced_and_said():
    found = characterise(routine(bod5=250.0), ASM1, name="plants/north")
    assert found.confidence == ("low",)
    assert [str(f) for f in found.findings] == [
        "plants/north, bod5: does not fit COD in row 1: X_I would be -148 g/m³. Check BOD5 and COD."
        " Typical shares of COD are taken, confidence low."
    ]


def test_all_faults_of_a_table_come_at_once():
    table = routine(cod=-1.0, tkn=np.nan).rename(columns={"nh4": "nh"})
    with pytest.raises(FileError) as caught:
        characterise(table, ASM1, bod_rate=0.6)
    assert [str(f) for f in caught.value.faults] == [
        "routine, column 'nh': is not known. Did you mean 'nh4'?",
        "routine, cod, row 1: is -1. Give 0 or more.",
        "routine: lacks column 'nh4'. Add ammonium nitrogen [g/m³].",
        "routine, tkn, row 1: is nan. Give 0 or more.",
        "bod_rate: is 0.6 1/d. Take one from 0.15 to 0.35 1/d, or check the BOD.",
    ]


days = st.lists(st.floats(100, 1e6), min_size=1, max_size=6)


@settings(deadline=None, max_examples=25)
@given(flow=days, seed=st.integers(0, 99), depth=st.floats(0, 3), step=st.sampled_from([5, 15, 60]))
def test_every_day_keeps_its_water_and_its_mass(flow, seed, depth, step):
    """Whatever the pattern."""
    rng = np.random.default_rng(seed)
    flow = np.array(flow)
    daily = {c: 300 * rng.random(len(flow)) for c in ("S_S", "X_S", "S_NH", "S_I")}
    made = dynamic(
        flow, daily, ASM1, temperature=np.full(len(flow), 15.0), step_min=step,
        pattern=Pattern(depth=depth, shift_h=2.0),
    )  # fmt: skip
    Q = made.column("Q").reshape(len(flow), -1)
    assert Q.mean(axis=1) == pytest.approx(flow, rel=1e-12)
    assert made.rows[:, :-2].min() >= 0
    for component, values in daily.items():
        carried = (made.column(component).reshape(len(flow), -1) * Q).mean(axis=1)
        assert carried == pytest.approx(values * flow, rel=1e-12, abs=1e-9)


def test_the_waves_are_those_of_bsm1s_dry_weekdays():
    """Hour by hour within a tenth of the mean; the file is the benchmark's own."""
    path = shared() / "data/reference/wwtp/influent/bsm1_dry_official_mat.csv"
    dry = pd.read_csv(path)
    weekdays = dry[(dry["t_d"] // 1 % 7) < 5]
    hour = (weekdays["t_d"] % 1 * 24).astype(int)
    for column in ("S_S", "S_NH", "X_S"):
        mean = weekdays.groupby(hour)[column].mean() / weekdays[column].mean()
        made = wave(OF_COMPONENT[column], (np.arange(24) + 0.5) / 24)
        assert np.sqrt(np.mean((made - mean) ** 2)) < 0.15
        assert np.corrcoef(made, mean)[0, 1] > 0.85


@settings(deadline=None, max_examples=25)
@given(flows=st.lists(st.floats(0, 5e5), min_size=3, max_size=60), volume=st.floats(1e3, 1e6))
def test_a_sewer_gives_back_what_people_send(flows, volume):
    """What came in, what left and what is held balance exactly; without rain nothing changes."""
    flow, times = np.array(flows), np.arange(len(flows)) / 24
    share = strength(times, flow, dry_flow=4e4, volume=volume)
    held = 1.0
    for s, q in zip(share, flow, strict=True):
        held += (4e4 - q * s) / 24 / volume
    assert held >= -1e-9
    calm = strength(times, np.full(len(flows), 4e4), dry_flow=4e4, volume=volume)
    assert calm == pytest.approx(1.0, abs=1e-12)


def test_a_storm_first_flushes_then_dilutes():
    flow = np.r_[np.full(24, 4e4), np.full(48, 16e4)]
    share = strength(np.arange(72) / 24, flow, dry_flow=4e4, volume=2e4)
    assert share[24] > 0.75  # the first hour still carries what the sewer held
    assert share[-1] == pytest.approx(0.25, rel=1e-3)


def test_the_generator_repeats_itself_and_never_goes_below_nothing():
    one, two, other = (generate(Catchment(), ASM1, days=14, seed=seed).rows for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    assert one[:, : len(ASM1.components)].min() >= 0
    assert (one[:, -1] > 0).all()


def test_a_catchment_that_cannot_be_is_told_with_all_its_faults():
    with pytest.raises(FileError) as caught:
        generate(Catchment(people=-1, sealed=1.5, sewer_h=0), ASM1, days=0, seed=1)
    assert [str(f) for f in caught.value.faults] == [
        "catchment, people: is -1. Give 0 or more.",
        "catchment, sealed: is 1.5. Give 0 to 1.",
        "catchment, sewer_h: is 0. Give more than 0.",
        "days: is 0. Give 1 or more.",
    ]


def test_a_storm_stirs_up_what_settled_and_no_more_than_that():
    """Beside the same weather without deposits: a higher peak, in the long run the same load."""
    loads = []
    for deposited in (0.0, 0.05):
        catchment = Catchment(noise=0.0, deposited=deposited, sewer_m3_d=200_000)
        made = generate(catchment, ASM1, days=364, seed=2)
        loads.append(made.column("X_S") * made.column("Q"))
    without, stirred = loads
    assert stirred.max() > 1.3 * without.max()
    assert stirred.sum() == pytest.approx(without.sum(), rel=0.01)
