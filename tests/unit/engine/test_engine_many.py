"""Many runs: from the command line, stopped and gone on, on a cluster."""

import json
import subprocess
import sys
import time

import pytest
import typer
from typer.testing import CliRunner

from renvand.cli import simulate as commands
from renvand.errors import FileError, PlantError
from renvand.plant import load_plant, read_changes, shipped_influent, simulate_many
from renvand.plant import many as batches

APP = typer.Typer()
commands.register(APP)


@pytest.fixture(scope="module")
def bsm1():
    plant = load_plant("bsm1")
    comes = shipped_influent("bsm1", plant.model)
    return plant, comes, plant.steady(comes)


def test_a_list_of_changes_is_run_from_the_command_line(tmp_path):
    """Results lie in the folder, in the order of the list, with the fault of a run that failed."""
    import pandas as pd

    (tmp_path / "changes.csv").write_text("mu_A,waste sludge\n0.4,385\n0.5,90000000\n")
    words = ["simulate-many", "bsm1", str(tmp_path / "changes.csv"), "--days", "1", "--json"]
    done = CliRunner().invoke(APP, [*words, "--out", str(tmp_path / "runs")])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["runs"], found["failed"]) == (2, 1)
    (part,) = (tmp_path / "runs").glob("*.parquet")
    table = pd.read_parquet(part)
    assert table.loc[0, "EQI"] > 0
    assert "pumps take" in table.loc[1, "fault"]


def test_every_slip_of_a_list_is_said(tmp_path, bsm1):
    """Columns, cells and rows in one go."""
    path = tmp_path / "changes.csv"
    path.write_text("mu_B,aerobic_3.kla\n0.4,a\n0.5\n")
    with pytest.raises(FileError) as caught:
        read_changes(path, bsm1[0])
    assert str(caught.value) == (
        "changes.csv, line 1, column 'mu_B': is no lever. Did you mean 'mu_H'?\n"
        "changes.csv, line 2, aerobic_3.kla: 'a' is not a number. Write digits with a point.\n"
        "changes.csv, line 3: has 1 cells, the first line has 2. Check the commas."
    )


def test_another_start_is_another_batch(tmp_path, bsm1):
    """What lies in the folder is only used where everything is the same."""
    plant, comes, start = bsm1
    later = plant.changed({"aerobic_3.kla": 200.0}).simulate(comes, days=2, start=start).state
    how = {"folder": tmp_path, "days": 0.5, "workers": 1}
    one = simulate_many(plant, comes, [{"mu_A": 0.4}], start=start, **how)
    two = simulate_many(plant, comes, [{"mu_A": 0.4}], start=later, **how)
    assert len([*tmp_path.glob("*.parquet")]) == 2
    assert one["effluent S_NH"][0] != two["effluent S_NH"][0]


KILLED = """
import os
from pathlib import Path
from renvand.plant import load_plant, many, shipped_influent, simulate_many
plant = load_plant("bsm1")
comes = shipped_influent("bsm1", plant.model)
many.CHUNK, whole = 2, many._Batch.run
def run(batch, change):
    if change["mu_A"] > 0.52:
        os.kill(os.getpid(), 9)
    return whole(batch, change)
many._Batch.run = run
changes = [{"mu_A": 0.40 + 0.03 * k} for k in range(6)]
simulate_many(plant, comes, changes, folder=Path(FOLDER), days=0.5, workers=1)
"""


def test_a_killed_batch_goes_on_where_it_was(tmp_path, monkeypatch, bsm1):
    """What was written before the kill is not computed again; the whole is as if never killed."""
    plant, comes, _ = bsm1
    text = KILLED.replace("FOLDER", repr(str(tmp_path)))
    done = subprocess.run([sys.executable, "-c", text], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr
    before = {part: part.stat().st_mtime_ns for part in tmp_path.glob("*.parquet")}
    assert len(before) == 2
    monkeypatch.setattr(batches, "CHUNK", 2)
    changes = [{"mu_A": 0.40 + 0.03 * k} for k in range(6)]
    table = simulate_many(plant, comes, changes, folder=tmp_path, days=0.5, workers=1)
    assert {part: part.stat().st_mtime_ns for part in before} == before
    whole = simulate_many(plant, comes, changes, days=0.5, workers=2)
    assert table.drop(columns="seconds").equals(whole.drop(columns="seconds"))


@pytest.mark.slow
def test_a_cluster_gives_what_threads_give(tmp_path, bsm1):
    """A scheduler and a worker of their own, reached by address."""
    distributed = pytest.importorskip("distributed")
    plant, comes, start = bsm1
    changes = [{"mu_A": 0.4}, {"aerobic_3.kla": 120.0}, {"waste sludge": 9e7}]
    here = simulate_many(plant, comes, changes, start=start, days=1)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", local_directory=str(tmp_path)
    ) as cluster:
        address = cluster.scheduler_address
        there = simulate_many(plant, comes, changes, start=start, days=1, cluster=address)
        time.sleep(0.1)  # for its own messages
    assert here.drop(columns="seconds").equals(there.drop(columns="seconds"))


def test_a_cluster_out_of_reach_is_said(monkeypatch, bsm1):
    """With its address."""
    plant, comes, start = bsm1
    monkeypatch.setattr(batches, "PATIENCE", 1)
    with pytest.raises(PlantError, match=r"cluster tcp://127\.0\.0\.1:9: cannot be reached"):
        simulate_many(plant, comes, [{}], start=start, days=1, cluster="tcp://127.0.0.1:9")
