"""The doors open fast, and what is offered there is documented."""

import subprocess
import sys

import pytest

import renvand

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
