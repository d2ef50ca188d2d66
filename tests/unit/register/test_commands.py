"""The commands of the register."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from renvand.cli.register import app

CASE = Path(__file__).resolve().parents[3] / "examples" / "chongqing"


def said(*arguments):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def told(*arguments):
    return json.loads(said(*arguments, "--json"))


COMMANDS = ("guess", "import", "link", "rank", "census", "sectors", "shortlist")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example_and_tells_json(name):
    text = said(name, "--help")
    assert f"Example: renvand register {name}" in " ".join(text.split())
    assert "--json" in text


def test_guess_tells_columns_and_mapping():
    found = told("guess", CASE / "inbox" / "monitoring-2025.csv")
    assert found["entry"]["kind"] == "observations"
    assert {column["ours"] for column in found["columns"]} >= {"substance", "year", "unit"}
    assert "[[list]]" in found["mapping"]
    assert "监测项目" in said("guess", CASE / "inbox" / "monitoring-2025.csv")


def test_rank_tells_the_first_and_writes_them_all(tmp_path):
    first = told("rank", CASE, "--top", 3, "--to", tmp_path / "sites.geojson")
    assert [row["rank"] for row in first] == [1, 2, 3]
    page = json.loads((tmp_path / "sites.geojson").read_text("utf-8"))
    assert len(page["features"]) > 250


def test_a_ranking_names_districts_and_comes_with_what_to_look_at(tmp_path):
    """A slip can decide a place: who shows the list must have seen it."""
    from renvand.partnership.new import new
    from renvand.steps.register.received import receive

    new(tmp_path / "a")
    listed = tmp_path / "results.csv"
    head = "企业名称,区县,年份,废水流量,污染物,监测结果,许可排放浓度限值,排放天数\n"
    row = "甲厂,璧山区,2025,120,化学需氧量,63000,80,300\n"
    listed.write_text(head + row, encoding="utf-8")
    for kind in ("observations", "permit_limits"):
        receive(tmp_path / "a", listed, source="received-lists", kind=kind)
    done = CliRunner().invoke(app, ["rank", str(tmp_path / "a")])
    assert "璧山区" in done.stdout
    assert "63,000 mg/l is 788 times the limit of 80 mg/l, by 1 samples." in done.stderr


def test_sectors_and_shortlist_tell_what_was_chosen():
    found = told("sectors", CASE)
    assert sum(row["is_chosen"] for row in found["comparison"]) == 2
    assert 0 < found["probability_of_choice"] < 1
    companies = told("shortlist", CASE, "--per-division", 1)
    chosen = [row["division"] for row in companies if row["state"] == "chosen"]
    assert len(set(chosen)) == len(chosen) == 5


@pytest.mark.slow
def test_a_decision_is_written_into_the_case_and_obeyed(tmp_path):
    case = tmp_path / "case"
    shutil.copytree(CASE, case, ignore=shutil.ignore_patterns("out", ".renvand"))
    before = told("link", case)
    first, second = (row["id"] for row in told("rank", case, "--top", 2))
    after = told("link", case, "--same", first, second, "--by", "Li")
    assert after["sites"] == before["sites"] - 1
    assert (case / "inbox" / "decisions.csv").read_text("utf-8").count("\n") == 2
    wrong = CliRunner().invoke(app, ["link", str(case), "--different", first, "nobody"])
    assert "no site 'nobody'." in str(wrong.exception)
    assert (case / "inbox" / "decisions.csv").read_text("utf-8").count("\n") == 2
