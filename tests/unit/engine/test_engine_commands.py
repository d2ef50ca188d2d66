"""The commands simulate, steady and model."""

import json

import pytest
import typer
from typer.testing import CliRunner

from renvand.cli import simulate as commands
from renvand.errors import FileError
from tests.shared import shared

APP = typer.Typer()
commands.register(APP)
FOLDER = ("data", "reference", "wwtp", "influent")


def run(*words):
    done = CliRunner().invoke(APP, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("how", [[], ["--from-steady"], ["--from-steady", "FILE"]])
def test_simulate_gives_the_promised_keys(how):
    """A bare --from-steady, one with a file, and none."""
    constant = shared(*FOLDER, "bsm1_constant_official_mat.csv")
    how = [constant if word == "FILE" else word for word in how]
    out = json.loads(
        run("simulate", "bsm1", "--influent", shared(*FOLDER, "bsm1_dry_official_mat.csv"),
            "--days", 2, *how, "--interpolate", "linear", "--evaluate-from", 1, "--json")
    )  # fmt: skip
    assert {"effluent", "performance", "violations", "balance", "steps", "rhs", "seconds"} <= set(
        out
    )
    assert {"EQI", "IQI", "OCI", "AE", "PE", "ME", "SP", "EC"} <= set(out["performance"])
    assert abs(out["balance"]["COD"]) < 1e-9
    assert out["effluent"]["S_I"] == pytest.approx(30.0, rel=1e-6)


def test_a_state_goes_from_one_run_to_the_next(tmp_path):
    """--save and --start chain runs; --out writes everything."""
    constant = shared(*FOLDER, "bsm1_constant_official_mat.csv")
    state, table = tmp_path / "s.npz", tmp_path / "all.csv"
    run("steady", "bsm1", "--influent", constant, "--save", state)
    run("simulate", "bsm1", "--influent", constant, "--days", 1, "--start", state, "--out", table)
    assert table.read_text().startswith("t_d,")


def test_steady_gives_units_and_outlets():
    """With the residual."""
    constant = shared(*FOLDER, "bsm1_constant_official_mat.csv")
    out = json.loads(run("steady", "bsm1", "--influent", constant, "--json"))
    assert out["effluent"]["S_NH"] == pytest.approx(1.7333, rel=1e-4)
    assert out["residual"] < 1e-9
    assert "aerobic_3" in out["units"]
    changed = json.loads(
        run("steady", "bsm1", "--influent", constant, "--set", "aerobic_3.kla=240", "--json")
    )
    assert changed["effluent"]["S_NH"] < out["effluent"]["S_NH"]


def test_a_shipped_plant_brings_its_own_influent(tmp_path):
    """Without --influent; a plant that has none says so."""
    assert json.loads(run("steady", "bsm1", "--json"))["residual"] < 1e-9
    drawing = tmp_path / "plant.toml"
    drawing.write_text(
        'name = "P"\nmodel = "asm1"\n[tanks]\ntank = {volume = 1}\n'
        '[flow]\nline = "influent > tank > effluent"\n'
    )
    with pytest.raises(FileError, match=r"has no influent\.csv beside its drawing\. Put one there"):
        run("steady", drawing)
