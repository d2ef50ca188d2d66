"""The commands on rivers print what the library computes."""

import csv
import io
import json

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
