"""What a person gets at the doors of one plant."""

import json
import shutil
from pathlib import Path

import pytest

from renvand.cli.door import enter
from renvand.partnership.folder import read_case
from renvand.plant.templates import template
from renvand.publish.charts.front import front_svg
from renvand.steps.trial.site import load_site

CASE = str(Path(__file__).parents[3] / "examples/chongqing")


def test_levers_side_by_side(capsys):
    assert enter(["plant", "scenarios", CASE, "kaizhou", "--levers", "recycle", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["scenario"] for row in rows] == ["today", "recycle-50", "recycle-75", "recycle-125"]
    assert rows[1]["energy_kwh_d"] < rows[0]["energy_kwh_d"]


def test_a_front_with_its_picture(tmp_path, capsys):
    """The picture has the words of its language."""
    picture = tmp_path / "front.svg"
    order = ["plant", "optimise", CASE, "kaizhou", "--levers", "aeration,recycle", "--json"]
    order += ["--evaluations", "16", "--draws", "2", "--picture", str(picture), "--language", "da"]
    paths = tmp_path / "paths.svg"
    order += ["--paths", str(paths)]
    assert enter(order) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"point", "aeration", "recycle", "energy_kwh_m3", "TN_g_m3", "holds"} <= set(rows[0])
    assert "Total-kvælstof (mg/L)" in picture.read_text(encoding="utf-8")
    drawn = paths.read_text(encoding="utf-8")
    assert "beluftning" in drawn
    assert "grænser holder" in drawn


def test_the_plan_names_meters_rules_and_money(capsys):
    order = ["plant", "trial", CASE, "kaizhou", "--levers", "aeration", "--json"]
    assert enter(order) == 1  # there is something to look at
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["plan"][0]["power"] >= 0.8
    assert {row["meter"] for row in found["meters"]} >= {"electricity", "flow", "ammonium"}
    assert all(row["expected"] <= row["stop_at"] for row in found["stop_rules"])
    typical = sum(row["typical"] for row in found["costs"])
    assert found["plan"][0]["cost"] == pytest.approx(typical)
    assert "DKK are free" in said.err
    assert (
        "plants/kaizhou: takes 0.38 kWh/m³ as drawn, by its meter 0.58. Correct its machines in "
        "equipment.toml; shares saved are of what is drawn."
    ) in " ".join(said.err.split())


def test_a_plant_without_a_drawing_is_said(capsys):
    assert enter(["plant", "scenarios", CASE, "kaizho"]) == 1
    assert "'kaizho' has no drawing. Did you mean 'kaizhou'?" in capsys.readouterr().err


def test_a_front_of_one_point_can_be_drawn():
    front = {
        "objectives": ["energy_kwh_m3", "cost_d"],
        "limits": {},
        "points": [{"point": "p1", "energy_kwh_m3": 0.3, "cost_d": 100.0}],
    }
    assert front_svg(front, language="zh").startswith("<svg")


def test_machines_in_a_case_are_read(tmp_path):
    """equipment.toml is a file of a plant, beside its drawing."""
    case = tmp_path / "case"
    shutil.copytree(CASE, case, ignore=shutil.ignore_patterns("out"))
    text = template("a2o", capacity=60_000)["equipment.toml"]
    own = text.replace('"internal recycle"', '"aerobic_3 > anoxic"')
    for name in ("return sludge", "waste sludge", "backwash"):
        own = "\n".join(line for line in own.splitlines() if not line.startswith(f'"{name}"'))
    (case / "plants/kaizhou/equipment.toml").write_text(own, encoding="utf-8")
    site = load_site(read_case(case), "kaizhou")
    assert site.equipment is not None
    assert site.equipment.blowers["main"].flow == 12_000
