"""``renvand plant calibrate`` on a case: months, series over time, all faults at once."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from renvand.cli.plants import plant as app
from renvand.errors import FileError, PlantError
from renvand.partnership.folder import check_case, read_case
from renvand.plant import load_plant
from renvand.steps.calibration import Experiment, Known, calibrate
from renvand.steps.calibration.case import chosen_names, evidence_of
from renvand.steps.calibration.known import knowing
from tests.shared import ROOT

EXAMPLE = ROOT / "examples/chongqing"
PLANT = "kaizhou"


def call(*arguments):
    return CliRunner().invoke(app, ["calibrate", *arguments])


@pytest.fixture
def case(tmp_path):
    """The example, without what was computed from it."""
    folder = tmp_path / "case"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out"))
    return folder


def measured(folder, *, days=4.0):
    """Write what the plant as drawn shows: every hour for some days."""
    home = folder / "plants" / PLANT
    plant = load_plant(home)
    result = plant.simulate(plant.influent(home / "influent.csv"), days=days, output_min=60)
    S_NH = result.frame["aerobic_3"]["S_NH"]
    rng = np.random.default_rng(1)
    lines = [f"{t:.5f},{v * (1 + 0.05 * rng.standard_normal()):.4f}" for t, v in S_NH.items()]
    text = "\n".join(["t_d,aerobic_3.S_NH", *lines])
    (home / "measured.csv").write_text(text + "\n", encoding="utf-8")


def test_the_example_is_calibrated_month_by_month_and_told_it_is_no_good():
    """Its effluent was constructed by other means than the model: the skill is below 0."""
    done = call(str(EXAMPLE), PLANT, "--parameter", "mu_A", "--json")
    report = json.loads(done.stdout)
    (row,) = report["parameters"]
    assert row["parameter"] == "mu_A"
    assert row["low"] < row["value"] < row["high"]
    assert not report["is_dynamic"]
    said = "\n".join(report["findings"])
    assert (
        "plants/kaizhou/operation.csv, bod5: does not fit COD in row 1, 2, 3, 4, 5 and 7 more"
        in said
    )
    assert "is predicted worse than by the mean day" in said


def test_measurements_over_time_are_preferred_and_give_back_what_made_them(case, tmp_path):
    measured(case)
    out = tmp_path / "predicted.csv"
    done = call(str(case), PLANT, "--parameter", "mu_A", "--out", str(out))
    assert "mu_A" in done.stdout
    assert out.read_text().startswith("t_d,aerobic_3.S_NH,aerobic_3.S_NH predicted")
    outcome = calibrate(read_case(case), PLANT, names=["mu_A"])
    (row,) = outcome.tables["parameters"].to_dict("records")
    drawn = load_plant(case / "plants" / PLANT).model.values["mu_A"]
    assert row["value"] == pytest.approx(drawn, rel=0.05)  # it began from another rest
    assert outcome.extras["is_dynamic"]


def test_all_series_are_judged_before_anything_is_computed(case):
    home = case / "plants" / PLANT
    (home / "measured.csv").write_text("t_d,aerobic_9.S_NH\n50,1\n51,2\n")
    (home / "driven.csv").write_text("t_d,aerobic_1.air\n0,100\n1,\n")
    with pytest.raises(FileError) as caught:
        evidence_of(read_case(case), PLANT)
    assert [str(f) for f in caught.value.faults] == [
        "plants/kaizhou/measured.csv, column 'aerobic_9.S_NH': no 'aerobic_9'. Did you mean "
        "'aerobic_3'?",
        "plants/kaizhou/driven.csv, column 'aerobic_1.air': has 1 gaps. Fill them: what drives has "
        "no gaps.",
    ]
    (home / "measured.csv").write_text("t_d,aerobic_1.S_NH\n50,1\n51,2\n")
    (home / "driven.csv").unlink()
    with pytest.raises(FileError, match=r"runs from day 50 to 51, the influent from 0 to 13.9896"):
        evidence_of(read_case(case), PLANT)


def test_a_plant_without_a_drawing_is_named_with_one_that_has_it(case):
    with pytest.raises(FileError, match=r"plants/beibei: has no drawing. Allowed: kaizhou"):
        evidence_of(read_case(case), "beibei")


def test_each_month_rests_by_itself(case):
    """Whatever month came before: a plant that rested in the cold once stayed as cold."""
    months = evidence_of(read_case(case), PLANT)
    backwards = replace(months, inflows=months.inflows[::-1]).simulate({})
    for name, values in months.simulate({}).items():
        assert values == pytest.approx(backwards[name][::-1], rel=1e-6)


def test_a_sewer_weights_and_given_parameters_come_by_the_command(case):
    """The sewer's volume is a parameter once the flow of dry weather is known."""
    measured(case)
    options = (
        *("--dry-flow", "45000", "--given", "k_h=2.5", "--given", "sewer_m3=9000"),
        *("--weight", "aerobic_3.S_NH=2", "--top", "aerobic_3.S_NH=30"),
    )
    done = call(str(case), PLANT, "--parameter", "mu_A", *options, "--json")
    assert done.exit_code in (0, 1), done.output
    assert [row["parameter"] for row in json.loads(done.stdout)["parameters"]] == ["mu_A"]
    known = Known(given={"sewer_m3": 9000.0, "k_h": 2.5}, dry_flow=45_000.0)
    evidence = knowing(evidence_of(read_case(case), PLANT), known)
    assert isinstance(evidence, Experiment)
    assert evidence.start_of("sewer_m3") == 9000.0
    assert "k_h" not in chosen_names(evidence, (), given=known.given)
    assert "sewer_m3" in chosen_names(evidence, ())


def test_what_is_given_changes_the_plant_of_the_months(case):
    months = evidence_of(read_case(case), PLANT)
    given = {"mu_A": 0.45, "influent.S_NH": 1.1}
    fixed = knowing(months, Known(given=given))
    for name, values in months.simulate(given).items():
        assert fixed.simulate({})[name] == pytest.approx(values, rel=1e-6)
    assert fixed.start_of("mu_A") == 0.45


def test_what_cannot_be_known_is_told_at_once(case):
    months = evidence_of(read_case(case), PLANT)
    known = Known(
        given={"mu_AA": 1.0, "k_h": -1.0}, weights={"effluent.S_NO": 2.0, "effluent.TN": 0.0},
        top={"effluent.TN": 30.0}, dry_flow=-5.0,
    )  # fmt: skip
    with pytest.raises(PlantError) as caught:
        knowing(months, known)
    assert [str(f) for f in caught.value.faults] == [
        "weight of 'effluent.S_NO': nothing of that name is measured. Did you mean "
        "'effluent.S_NH'?",
        "weight of 'effluent.TN': is 0. Give it above 0, or leave the column out of the file.",
        "dry flow: is -5. Give the flow of dry weather in m³/d.",
        "sewer, top: mean nothing to months at rest. Add measured.csv and influent.csv, or leave "
        "them out.",
        "plant 'Kaizhou (constructed drawing)', parameter 'mu_AA': is not there. Did you mean "
        "'mu_A'?",
        "parameter 'k_h': is -1. Give it above 0.",
    ]
    done = call(str(case), PLANT, "--given", "mu_A", "--weight", "=2")
    assert isinstance(done.exception, FileError)
    assert "--given: 'mu_A' is no name and number. Write NAME=NUMBER" in str(done.exception)


def test_a_check_of_the_case_judges_the_series_of_its_plants(case):
    """All files of all plants at once, before anybody calibrates; without a drawing it says so."""
    home, other = case / "plants" / PLANT, case / "plants" / "beibei"
    (home / "measured.csv").write_text("t_d,aerobic_9.S_NH,effluent.TN\n50,1,-2\n50,2,3\n")
    (home / "driven.csv").write_text("day,aerobic_1.kla\n0,100\n")
    (other / "measured.csv").write_text("t_d,aerobic_1.S_NH\n0,1\n")
    assert [str(fault) for fault in check_case(case)] == [
        "plants/beibei/measured.csv: belongs to no drawing. Add plant.toml.",
        "plants/kaizhou/measured.csv, line 3, t_d: 50 d comes after 50 d. Sort by time, each once.",
        "plants/kaizhou/driven.csv, line 1: lacks column 't_d'. Name the column of days t_d.",
    ]
    (home / "driven.csv").unlink()
    measured(case, days=1.0)
    (other / "measured.csv").unlink()
    assert check_case(case) == ()
