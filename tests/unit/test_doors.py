"""The doors open fast, and what is offered there is documented."""

import errno
import subprocess
import sys

import pytest

import renvand
from renvand.cli import door

HEAVY = ("numpy", "pandas", "numba", "scipy", "django", "duckdb", "ibis", "pyscipopt", "typst")


def test_importing_renvand_loads_nothing_heavy():
    code = f"import renvand, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_line_loads_nothing_heavy_until_it_must():
    code = (
        "from renvand.cli.door import door; door(); import sys; "
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", renvand.__all__)
def test_every_public_name_exists_and_says_what_it_does(name):
    assert getattr(renvand, name).__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        renvand.nothing  # noqa: B018


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "The disk: is full. Make room and run it again: what was finished is kept.\n",
        ),
        (
            OSError(errno.EISDIR, "Is a directory", "forms"),
            "forms: is a folder. Name a file in it.\n",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "case/out"),
            "case/out: cannot be written. Copy the folder to a place of your own and take the "
            "copy.\n",
        ),
    ],
)
def test_a_disk_that_takes_nothing_is_told_without_a_trace(error, told, monkeypatch, capsys):
    def refuse():
        raise error

    monkeypatch.setattr(door, "door", refuse)
    assert door.enter([]) == 1
    assert capsys.readouterr().err == told
