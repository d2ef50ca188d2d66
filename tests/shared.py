"""Where the reference data lies that comes beside the project, not in it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared(*parts: str) -> Path:
    """Give a path in ``../shared``; skip the test where that folder is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference data in ../shared is not on this machine")
    path = folder.joinpath(*parts)
    assert path.exists(), f"../shared has no {'/'.join(parts)}: a missing reference file is a fault"
    return path
