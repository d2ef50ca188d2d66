"""The guide to a model of one's own does what it says, word for word."""

import json
import re
from pathlib import Path

import pytest

from renvand.cli.door import enter

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "own-model.md"


@pytest.fixture
def folder(tmp_path):
    """The files of the guide, in a folder."""
    text = GUIDE.read_text("utf-8")
    for name, body in re.findall(r'```\w+ title="([\w.]+)"\n(.*?)```', text, flags=re.S):
        (tmp_path / name).write_text(body, "utf-8")
    return tmp_path


def told(capsys, *words):
    assert enter([str(word) for word in words]) == 0
    return capsys.readouterr().out


def test_the_page_is_checked_shown_and_exported(folder, capsys):
    """With the very words of the guide."""
    page = folder / "nitrifiers.toml"
    said = told(capsys, "model", "check", page).strip()
    assert f"`{said}`" in GUIDE.read_text("utf-8")
    assert "Batch tests of nitrification" in told(capsys, "model", "show", page)
    told(capsys, "model", "export", page, folder / "n.xlsx")
    told(capsys, "model", "export", page, folder / "n.tex", "--set", "cautious")
    assert "mu" in (folder / "n.tex").read_text("utf-8")
    assert str(page) in told(capsys, "model", "list", folder)


SLIPS = [
    ("sat(S_NH, K_NH)", "sat(S_NH4, K_NH)"),
    ("0.62   1/d ", "0.026  1/h "),
    ("1.0    gN/m3 ", "0.001  kgN/m3"),
    ("grow     ?    ?     1/Y_A", "grow     ?    ?     ?"),
]


@pytest.mark.parametrize(("old", "new"), SLIPS)
def test_slips_are_told_as_the_guide_says(old, new, folder, capsys):
    """The messages printed there are the real ones."""
    page = folder / "nitrifiers.toml"
    text = page.read_text("utf-8")
    assert old in text
    page.write_text(text.replace(old, new), "utf-8")
    assert enter(["model", "check", str(page)]) == 1
    assert capsys.readouterr().err.strip() in GUIDE.read_text("utf-8")


def test_what_is_left_over_is_told_as_the_guide_says(folder, capsys):
    """A component that holds no nitrogen makes the row of decay lose some."""
    page = folder / "nitrifiers.toml"
    text = page.read_text("utf-8")
    row = "X_P   gCOD/m3   1       "
    page.write_text(text.replace(f"{row}i_XB", f"{row}0   "), "utf-8")
    assert enter(["model", "check", str(page)]) == 1
    assert capsys.readouterr().err.strip() in GUIDE.read_text("utf-8")


@pytest.mark.slow
def test_the_plant_of_the_guide_runs(folder, capsys):
    """Its steady state nitrifies, and its fortnight closes COD and nitrogen."""
    rest = json.loads(told(capsys, "steady", folder, "--json"))
    assert rest["effluent"]["S_NH"] < 5 < 30 < rest["effluent"]["S_NO"]
    run = json.loads(told(capsys, "simulate", folder, "--days", 14, "--json"))
    assert abs(run["balance"]["COD"]) < 1e-9
    assert abs(run["balance"]["N"]) < 1e-9
