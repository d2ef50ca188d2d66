"""The commands of ``renvand model``, on shipped pages and on one's own."""

import json
from importlib import resources

import pytest
from typer.testing import CliRunner

from renvand.cli.model import app
from renvand.errors import FileError, PlantError

PAGE = (resources.files("renvand.process") / "models" / "asm1.toml").read_text("utf-8")


def run(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def own(tmp_path):
    """ASM1 with a slower nitrifier, in a folder of one's own."""
    path = tmp_path / "slow.toml"
    path.write_text(PAGE.replace("mu_A    0.5 ", "mu_A    0.4 "), "utf-8")
    return path


def test_pages_are_listed_with_their_sets(own):
    """Shipped ones, and those of a folder."""
    rows = {row["name"]: row for row in json.loads(run("list", own.parent, "--json"))}
    assert {"adm1", "asm1", "asm1-n2o", "asm2d", "asm3", str(own)} == set(rows)
    assert rows["asm1"]["sets"]["typical-20C"]["confidence"] == "low"
    assert "--set benchmark" in run("list")


@pytest.mark.parametrize("name", ["asm1", "own"])
def test_a_page_is_shown_checked_and_exported(name, own, tmp_path):
    """By name or by file, in three forms."""
    name = own if name == "own" else name
    assert "growth\\_A" in run("show", name)
    assert json.loads(run("show", name, "--set", "benchmark", "--json"))["set"] == "benchmark"
    assert "8 processes conserve COD, N, charge. Sets: benchmark, " in run("check", name)
    assert json.loads(run("check", name, "--json"))["processes"] == 8
    for form in ("md", "tex", "xlsx"):
        run("export", name, tmp_path / f"out.{form}")
        assert (tmp_path / f"out.{form}").stat().st_size > 1000


def test_what_cannot_be_exported_says_why(tmp_path):
    """Another form, a folder that is not there."""
    with pytest.raises(FileError, match=r"asm1\.docx: is no form to export to\. Allowed: md, tex"):
        run("export", "asm1", tmp_path / "asm1.docx")
    with pytest.raises(FileError, match=r"cannot be written: its folder is not there"):
        run("export", "asm1", tmp_path / "gone" / "asm1.md")


def test_a_set_that_breaks_the_page_is_named(own):
    """Check tries every set, and says which of them fails."""
    text = own.read_text("utf-8")
    own.write_text(
        f'{text}\n[sets.bad]\nsource = "bsm1_2018"\nvalues = {{ Y_H = "1-1" }}\n', "utf-8"
    )
    with pytest.raises(PlantError, match=r"growth_H_aer, S_S, with set 'bad': divides by zero"):
        run("check", own)
