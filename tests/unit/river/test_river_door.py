"""The commands on rivers print what the library computes."""

import csv
import io
import json
import shutil

import pytest
from typer.testing import CliRunner

from renvand.cli.river import app
from renvand.errors import FileError
from tests.shared import ROOT

CASE = str(ROOT / "examples/chongqing")


def call(*arguments):
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_the_network_from_the_sources_down():
    """Every reach once, upstream first."""
    result = call("network", CASE, "--csv")
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    names = [row["reach"] for row in rows]
    assert len(names) == len(set(names)) == 45
    assert all(
        names.index(row["downstream"]) > i for i, row in enumerate(rows) if row["downstream"]
    )


def test_the_rivers_today_with_findings_on_the_error_stream():
    """Classes for people, what was assumed beside it, code 1."""
    result = call("run", CASE)
    assert result.exit_code == 1
    assert "binan-bishan" in result.stdout
    assert "has no discharge class" in result.stderr


def test_benefit_has_a_json_twin():
    """Best first."""
    result = call("benefit", CASE, "--substance", "NH4-N", "--json")
    rows = json.loads(result.stdout)
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert ranks == sorted(ranks)
    assert rows[0]["substance"] == "NH4-N"


def test_a_long_table_is_cut_for_people():
    """And says how many more there are."""
    assert "more; --csv prints all." in call("benefit", CASE, "--rows", "3").stdout


def test_wrong_words_are_answered():
    """A substance and a flow that nobody knows."""
    with pytest.raises(FileError) as caught:
        call("benefit", CASE, "--substance", "Cr66")
    assert str(caught.value).startswith("--substance: 'Cr66' is not known. Did you mean 'Cr6'?")
    assert call("run", CASE, "--flow", "high").exit_code == 2


def test_a_file_of_reaches_is_listed_as_rows_of_a_case(tmp_path):
    """HydroRIVERS in, columns of reaches.csv out."""
    path = tmp_path / "hydro.csv"
    path.write_text("HYRIV_ID,NEXT_DOWN,LENGTH_KM,DIS_AV_CMS\n2,0,4,9\n1,2,3,5\n", "utf-8")
    rows = list(csv.DictReader(io.StringIO(call("network", str(path), "--csv").stdout)))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert list(rows[0]) == ["id", "downstream", "length_km", "flow_mean_m3_s"]


def test_sections_are_shown_on_request():
    """What a kilogram less at each place takes off at the sections of the Yangtze."""
    rows = json.loads(call("benefit", CASE, "--sections", "--json").stdout)
    assert "yangtze-cuntan" in {row["section"] for row in rows}
    assert rows[0]["mg_l_per_kg_d"] >= rows[-1]["mg_l_per_kg_d"] > 0


@pytest.fixture
def folder(tmp_path):
    """The rivers of the example and what it takes to read them, to be changed."""
    for name in ("case.toml", "sources.toml", "reaches.csv", "background.csv"):
        shutil.copy(ROOT / "examples/chongqing" / name, tmp_path)
    return tmp_path


TAIL = "estimated,hydrowaste2022,,low"


def test_a_folder_with_partings_intakes_and_rates(folder):
    """The files are read, and change what is computed."""
    before = json.loads(call("network", str(folder), "--json").stdout)
    (folder / "splits.csv").write_text(
        "reach,downstream,share,basis,source,locator,confidence\n"
        f"laixi-dazu,laixi-rongchang,0.5,{TAIL}\nlaixi-dazu,binan-lower,0.5,{TAIL}\n", "utf-8"
    )  # fmt: skip
    (folder / "intakes.csv").write_text(
        "id,reach,distance_km,basis,source,locator,confidence\n"
        f"tap,binan-lower,50,{TAIL}\n", "utf-8"
    )  # fmt: skip
    (folder / "river_rates.csv").write_text(
        "id,substance,process,typical,unit,source,locator,confidence\n"
        "cu,Cu,settling,0.5,m/d,hydrowaste2022,,low\n", "utf-8"
    )  # fmt: skip
    result = call("network", str(folder), "--json")
    assert len(json.loads(result.stdout)) == len(before)
    assert result.exit_code == 1
    assert result.stderr.startswith("intakes.csv, 'tap': lies 50 km down 'binan-lower'")


def test_faults_of_a_folder_are_named(folder):
    """A width of nothing and a branch that is no reach, each with its place."""
    path = folder / "reaches.csv"
    path.write_text(path.read_text("utf-8").replace(",45,650,10,", ",45,0,10,"), "utf-8")
    with pytest.raises(FileError) as caught:
        call("network", str(folder))
    assert str(caught.value) == (
        "reaches.csv, reach 'yangtze-jiangjin', width_m: is 0 m. Give a number above 0."
    )


def test_measures_need_a_run(folder):
    """The door says which."""
    with pytest.raises(FileError) as caught:
        call("benefit", str(folder), "--measures")
    assert str(caught.value) == (
        f"{folder}: holds no run of the programme. Run it once: renvand run {folder}"
    )
