"""Plants to begin with: at any capacity, at rest and through days, within the design code."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from renvand.cli.door import enter
from renvand.errors import PlantError
from renvand.plant import load_plant, own_influent
from renvand.plant.energy import electricity, own_equipment
from renvand.plant.templates import RANGES, TEMPLATES, judged, template


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_keeps_the_code_and_the_limits(kind):
    """Sludge age, load, settler and effluent at rest. Phosphorus of class 1A within a tenth."""
    table = judged(kind).set_index("what")
    assert table["is_within"].drop("TP_g_m3").all()
    assert table.loc["TP_g_m3", "value"] < 0.55
    assert set(RANGES[kind]) <= set(table.index)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_runs_through_days(kind):
    """Flow by three tenths and strength by a seventh around the mean: figures of the field."""
    plant = load_plant(kind)
    mean = own_influent(kind, plant.model)
    hours = np.arange(0, 3, 1 / 48)
    rows = np.repeat(mean.rows, len(hours), axis=0)
    rows[:, -1] *= 1 + 0.3 * np.sin(2 * np.pi * (hours - 0.3))
    rows[:, :-2] *= 1 + 0.15 * np.sin(2 * np.pi * (hours[:, None] - 0.35))
    ran = plant.simulate(replace(mean, times=hours, rows=rows), evaluate_from=1)
    energy = electricity(ran, own_equipment(kind, plant.drawing))
    assert ran.effluent["NH4"] < 5
    assert 5 < ran.effluent["TN"] < 15
    assert 0.2 < energy.total / ran.effluent["Q"] < 0.55  # kWh/m³: China 0.32, MBR 0.49
    assert 0.15 < energy.oxygen / ran.effluent["Q"] < 0.25  # kg/m³
    assert energy.too_little < 0.01


def test_a_capacity_six_times_as_large_is_the_same_plant():
    """Times and loads stay: the effluent at rest is the same."""
    small, large = judged("ao"), judged("ao", capacity=60_000)
    assert large["value"].to_numpy() == pytest.approx(small["value"].to_numpy(), rel=2e-3)


def test_a_template_stays_a_page_with_its_comments():
    """Sizes change, words do not."""
    text = template("a2o", capacity=60_000)["plant.toml"]
    assert "for 60,000 m3/d" in text
    assert "HRT anaerobic                 1.5 h" in text
    assert tomllib.loads(text)["tanks"]["anaerobic"] == {"volume": 3750}


def test_mistakes_are_said():
    with pytest.raises(PlantError, match=r"template 'a20': is not known\. Did you mean 'a2o'\?"):
        template("a20")
    with pytest.raises(PlantError, match="Give the mean flow"):
        template("a2o", capacity=-1)


def test_the_door_writes_a_folder_once(tmp_path, capsys):
    """A second time it refuses; what was written can be loaded."""
    into = tmp_path / "north"
    order = ["plant", "template", "mbr", "--capacity", "20000", "--into", str(into)]
    assert enter(order) == 0
    assert load_plant(into).drawing.tanks["anoxic"].volume == 3334
    assert own_equipment(into, load_plant(into).drawing)
    assert enter(order) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_check_against_the_code_says_that_its_ranges_were_not_read(capsys):
    assert enter(["plant", "template", "ao", "--check"]) == 0
    said = capsys.readouterr()
    assert "sludge_age_d" in said.out
    assert said.err.endswith("The ranges of GB 50014-2021 are from memory: confidence low.\n")
