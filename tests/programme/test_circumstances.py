"""The run where things are not as at home: another language and time zone, no network, no room."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programme.conftest import copy_of_example, renvand
from tests.programme.test_run import left_by

pytestmark = pytest.mark.slow


@contextmanager
def mounted(*options: str, at: Path) -> Iterator[Path]:
    """Mount something for a while; only the system's owner may."""
    at.mkdir()
    done = subprocess.run(["mount", *options, str(at)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"nothing may be mounted here: {done.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


@pytest.mark.parametrize(
    "odd",
    [
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "zh_CN.GB18030", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "C", "TZ": "America/St_Johns", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["turkish", "bare"],
)
def test_language_and_time_zone_change_no_byte(odd, example, tmp_path):
    case = copy_of_example(tmp_path)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    done = renvand("run", case, env=kept | odd)
    assert done.returncode in (0, 1), done.stderr
    assert left_by(case) == left_by(example)


def test_no_network_is_needed(example, tmp_path):
    case = copy_of_example(tmp_path)
    command = ["unshare", "--net", sys.executable, "-m", "renvand", "run", str(case)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "unshare" in done.stderr:
        pytest.skip(f"no network can be taken away here: {done.stderr.strip()}")
    assert done.returncode in (0, 1), done.stderr
    assert left_by(case) == left_by(example)


def test_two_cases_run_side_by_side_and_one_case_only_once(example, tmp_path):
    cases = [copy_of_example(tmp_path / name) for name in ("a", "b")]
    command = [sys.executable, "-m", "renvand", "run"]
    runs = [subprocess.Popen([*command, str(c)], stdout=subprocess.DEVNULL) for c in cases]
    while not (cases[0] / "out/.lock").exists():
        assert runs[0].poll() is None
    twice = renvand("run", cases[0])
    assert twice.returncode == 1
    assert "is being written by another run. Wait for it." in twice.stderr
    assert {run.wait() for run in runs} <= {0, 1}
    for case in cases:
        assert left_by(case) == left_by(example)


def test_a_full_disk_is_told_and_the_next_run_goes_on(example, tmp_path):
    with mounted("-t", "tmpfs", "-o", "size=9m", "tmpfs", at=tmp_path / "small") as disk:
        case = copy_of_example(disk)
        done = renvand("run", case)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].endswith(
            "is full. Make room and run it again: what was finished is kept."
        )
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        assert renvand("run", case).returncode in (0, 1)
        assert left_by(case) == left_by(example)


def test_a_folder_that_may_only_be_read_is_told(example, tmp_path):
    with mounted("--bind", "-o", "ro", str(example), at=tmp_path / "read") as case:
        assert renvand("check", case).returncode == 0
        done = renvand("run", case)
        assert done.returncode == 1
        assert done.stderr.endswith(
            "cannot be written. Copy the folder to a place of your own and take the copy.\n"
        )
