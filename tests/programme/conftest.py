"""One run of the example for all tests that look at what a run leaves."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "chongqing"


def copy_of_example(folder: Path) -> Path:
    """Copy the example without what a run has left in it."""
    case = folder / "chongqing"
    shutil.copytree(EXAMPLE, case, ignore=shutil.ignore_patterns("out", ".renvand"))
    return case


def renvand(*arguments: object, **how):
    """Run the command line as a user would."""
    command = [sys.executable, "-m", "renvand", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **how)


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """The example case after a whole run; test processes side by side share one."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "example.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "example"
        if not folder.exists():
            case = copy_of_example(shared / "example.new")
            done = renvand("run", case)
            assert done.returncode in (0, 1), done.stderr
            (shared / "example.new").rename(folder)
    return folder / "chongqing"
