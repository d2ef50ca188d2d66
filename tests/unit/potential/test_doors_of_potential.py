"""``renvand technique`` and ``renvand potential`` from the shell."""

import json
from pathlib import Path

import pytest

from renvand.cli.door import enter

EXAMPLE = str(Path(__file__).resolve().parents[3] / "examples" / "chongqing")


def test_a_technique_is_shown_in_the_language_asked_for(capsys):
    """By its own name or that of its page."""
    assert enter(["technique", "reverse-osmosis-plating", "--language", "zh"]) == 0
    assert "反渗透" in capsys.readouterr().out


def test_all_techniques_are_listed(capsys):
    """One line a page."""
    assert enter(["technique", "--json"]) == 0
    assert "chromate-reduction" in json.loads(capsys.readouterr().out)


def test_a_technique_has_a_twin_in_json(capsys):
    """With its formulas and numbers."""
    assert enter(["technique", "bioscouring", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["parameters"]["dose_kg_t"]["typical"] == 6
    assert record["costs"] == {"enzyme": "enzyme_kg_d"}


def test_an_unknown_technique_names_the_near_one(capsys):
    """With exit code 1."""
    assert enter(["technique", "bioscourin"]) == 1
    assert capsys.readouterr().err == (
        "techniques: no page 'bioscourin'. Did you mean 'bioscouring'?\n"
    )


def test_an_unknown_company_names_the_near_one(capsys):
    """With exit code 1."""
    assert enter(["potential", EXAMPLE, "dazu-platin"]) == 1
    assert capsys.readouterr().err == (
        "reviews: no review 'dazu-platin'. Did you mean 'dazu-plating'?\n"
    )


@pytest.mark.slow
def test_the_potential_of_a_company(capsys, tmp_path):
    """Tables as JSON; pictures and the list of pipes in a folder."""
    assert (
        enter(["potential", EXAMPLE, "tongliang-plating", "--json", "--pictures", str(tmp_path)])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert {"options", "account", "totals", "portfolio", "pareto", "ranks", "macc"} <= set(told)
    assert (tmp_path / "water_after.en.svg").is_file()
    assert (tmp_path / "pipes_to_build.csv").is_file()
