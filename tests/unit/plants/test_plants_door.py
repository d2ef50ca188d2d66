"""The commands on plants print what the library computes."""

import csv
import io
import json

from typer.testing import CliRunner

from renvand.cli.plants import app
from tests.shared import ROOT

CASE = str(ROOT / "examples/chongqing")


def call(*arguments):
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_check_names_slips_and_ends_with_one():
    """For people and as JSON."""
    result = call("check", CASE)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "3 findings in 144 rows."
    twin = json.loads(call("check", CASE, "--json").stdout)
    assert [f["where"].split(",")[0] for f in twin] == [
        "plants/liangping/operation.csv",
        "plants/xiaojiahe/operation.csv",
        "plants/xiaojiahe/operation.csv",
    ]


def test_benchmark_has_all_key_figures_as_csv():
    """The screen shows some of them."""
    rows = list(csv.DictReader(io.StringIO(call("benchmark", CASE, "--csv").stdout)))
    assert {"kwh_m3", "kwh_pe_cod", "kwh_kg_tpe", "n2o_high_t_a"} <= set(rows[0])
    assert len(rows) == 11
    assert "kwh_m3_best_tenth" in call("benchmark", CASE).stdout


def test_the_shortlist_says_why_in_three_languages():
    """Reasons of the shortlisted, the veto of the other."""
    for language, words in (("en", "small river"), ("da", "lille vandløb"), ("zh", "小河")):
        assert words in call("shortlist", CASE, "--language", language).stdout
    assert (
        "Under seks måneders brugbare driftsdata"
        in call("shortlist", CASE, "--language", "da").stdout
    )
    assert call("shortlist", CASE, "--language", "fr").exit_code == 2
