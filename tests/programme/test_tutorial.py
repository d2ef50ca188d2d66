"""The tutorial is true: every command on the page runs and prints what the page shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.programme.conftest import EXAMPLE, ROOT, renvand

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ renvand (.*)\n((?:.*\n)*?)```", PAGE)


@pytest.fixture(scope="module")
def folder(example, tmp_path_factory):
    """A folder as after a clone, in which the example has been run once."""
    root = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(example, root / EXAMPLE.relative_to(ROOT))
    return root


def fits(shown: str, printed: str) -> bool:
    """Compare line by line; '...' stands for anything."""
    pattern = re.escape(shown.strip()).replace(re.escape("..."), "(?:.|\n)*?")
    return re.fullmatch(pattern, printed.strip()) is not None


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[c.split()[0] for c, _ in BLOCKS])
def test_a_command_prints_what_the_page_shows(command, shown, folder: Path):
    done = renvand(*shlex.split(command), cwd=folder, env={"COLUMNS": "200", "PATH": ""})
    assert done.returncode in (0, 1), done.stderr
    assert fits(shown, done.stdout), done.stdout


def test_the_page_has_its_commands():
    assert len(BLOCKS) >= 5
