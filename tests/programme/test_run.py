"""The whole way through: one folder in, everything out, and each figure with its origin."""

import csv
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from renvand.errors import OurFault
from renvand.partnership.folder import read_case
from renvand.programme import fingerprint, stages
from renvand.programme.run import Progress, run
from tests.programme.conftest import copy_of_example, renvand

STAGES = (
    *("register", "sectors", "shortlist", "review", "potential", "plants"),
    *("trial", "effect", "sheets", "seminars", "secretariat"),
)


def left_by(case: Path) -> dict[str, str]:
    """Hash every file a run left but the manifest, which tells its own seconds."""
    files = fingerprint.of_inputs(case / "out", ["**/*"])
    return {name: h for name, h in files.items() if name not in ("manifest.json", ".lock")}


def test_every_stage_leaves_its_folder_and_its_entry(example):
    stages = json.loads((example / "out/manifest.json").read_text())["stages"]
    assert tuple(sorted(stages)) == tuple(sorted(STAGES))
    for name in STAGES:
        assert (example / "out" / name).is_dir()
        assert stages[name]["files"]


def test_the_manifest_names_versions_seed_and_sources(example):
    manifest = json.loads((example / "out/manifest.json").read_text())
    assert manifest["seed"] == 20261123
    assert {"renvand", "python", "libraries"} <= manifest.keys()
    assert manifest["stages"]["register"]["sources"]


def test_the_index_leads_to_files_that_are_there(example):
    page = (example / "out/index.html").read_text(encoding="utf-8")
    links = {part.split('"')[0] for part in page.split('href="')[1:]}
    files = [link for link in links if not link.startswith("#")]
    assert len(files) > 30
    assert [link for link in files if not (example / "out" / link).is_file()] == []
    assert {"register/sites.gpkg", "register/sites.geojson", "register/register.xlsx"} <= links
    assert {f"register/map.{language}.html" for language in ("en", "da", "zh")} <= links


def test_a_second_run_makes_nothing_anew(example):
    done = renvand("run", example, "--json")
    stages = json.loads(done.stdout)["stages"]
    assert {name: stage["state"] for name, stage in stages.items()} == dict.fromkeys(
        STAGES, "unchanged"
    )


def test_a_changed_section_of_the_settings_remakes_only_what_reads_it(example, tmp_path):
    """Two companies of a district become one: the shortlist is chosen anew, nothing else."""
    case = tmp_path / "case"
    shutil.copytree(example, case)
    page = case / "case.toml"
    page.write_text(page.read_text().replace("per_division = 2", "per_division = 1"))
    told: list[Progress] = []
    run(case, until="effect", tell=told.append)
    made = {step.stage for step in told if step.state == "made"}
    assert made == {"shortlist"}


def test_a_stage_sees_no_settings_but_those_it_names(tmp_path):
    """Otherwise a change of them would leave its tables out of date."""
    case = read_case(copy_of_example(tmp_path))
    seen = next(stage for stage in stages.STAGES if stage.name == "shortlist").view(case)
    assert seen.settings["shortlist"] == case.settings["shortlist"]
    with pytest.raises(OurFault, match=r"stage 'shortlist' reads \[trial\] of case.toml"):
        seen.settings.get("trial")


def test_every_column_a_run_leaves_has_a_word(example):
    """What people read in three languages is not called by the name a program gives it."""
    from renvand.text import LANGUAGES, Words
    from renvand.web.words import COLUMNS

    tables = (example / "out").glob("*/*.csv")
    heads = {c for t in tables for c in t.read_text("utf-8").split("\n", 1)[0].split(",")}
    for words in map(Words, LANGUAGES):
        assert [c for c in sorted(heads) if not words.has(f"column.{c}") and c not in COLUMNS] == []


def test_every_figure_of_the_run_leads_to_an_origin(example):
    """Each chain ends in a cell with a file and a row; what was published names its source."""
    from renvand.programme.why import bibliography, ledger

    figures, sources = ledger(example), bibliography(example)
    for name in figures.figures:
        origins = list(figures.origins(name))
        assert origins, name
        for origin in origins:
            assert origin.file or origin.source, name
            assert not origin.source or origin.source in sources, (name, origin.source)


def test_why_prints_the_chain(example):
    with (example / "out/ledger.csv").open(encoding="utf-8") as lines:
        names = [row["id"] for row in csv.DictReader(lines)]
    for name in random.Random(1).sample(names, 5):
        done = renvand("why", name, "--case", example)
        assert done.returncode == 0, done.stderr
        assert name in done.stdout.replace("\n", "")


def test_an_unknown_stage_is_answered_with_the_nearest(example):
    done = renvand("run", example, "--only", "registr")
    assert done.returncode == 2
    assert "no stage 'registr'. Did you mean 'register'?" in " ".join(done.stderr.split())


def test_a_stage_asked_for_alone_runs_alone(example, tmp_path):
    case = tmp_path / "case"
    shutil.copytree(example, case)
    done = renvand("run", case, "--only", "secretariat", "--json")
    states = {n: s["state"] for n, s in json.loads(done.stdout)["stages"].items()}
    assert states == dict.fromkeys(STAGES, "unchanged") | {"secretariat": "made"}


def test_a_run_up_to_a_stage_goes_no_farther_and_leaves_no_index(tmp_path):
    case = copy_of_example(tmp_path)
    done = run(case, until="sectors")
    made = sorted(path.name for path in (case / "out").iterdir() if path.is_dir())
    assert sorted(done) == made == ["register", "sectors"]
    assert not (case / "out" / "index.html").exists()


def test_a_late_stage_cannot_run_before_the_first(tmp_path):
    case = copy_of_example(tmp_path)
    done = renvand("run", case, "--only", "sheets")
    assert done.returncode == 1
    assert done.stderr == (
        "stage 'sheets': comes after 'register', which was never run. "
        "Run the whole programme once.\n"
    )


@pytest.mark.slow
def test_a_second_whole_run_leaves_the_same_bytes(example, tmp_path):
    case = copy_of_example(tmp_path)
    renvand("run", case)
    assert left_by(case) == left_by(example)


@pytest.mark.slow
def test_killed_at_ten_moments_the_next_run_leaves_the_same_bytes(example, tmp_path):
    case = copy_of_example(tmp_path)
    draw = random.Random(2)
    for _ in range(10):
        run = subprocess.Popen(
            [sys.executable, "-m", "renvand", "run", str(case), "--json"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(draw.uniform(1, 12))
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert renvand("run", case).returncode in (0, 1)
    assert left_by(case) == left_by(example)
