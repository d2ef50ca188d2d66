"""The logo in the head of the sheets: ``logo.png`` beside ``case.toml``, where there is one."""

from __future__ import annotations

import base64
from pathlib import Path

from renvand.errors import Fault, FileError

NAME = "logo.png"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 200_000  # bytes: it stands in every file


def logo_of(folder: Path) -> str:
    """Read the logo of a case as base64; empty without one.

    Raises
    ------
    FileError
        When the file is no PNG, or too large to stand in every document.
    """
    path = folder / NAME
    if not path.is_file():
        return ""
    data = path.read_bytes()
    if not data.startswith(PNG):
        raise FileError(
            Fault(where=NAME, what="is not a PNG picture.", do="Save it as PNG, or take it away.")
        )
    if len(data) > LARGEST:
        what = f"has {len(data) // 1000} kB."
        do = f"Make it smaller than {LARGEST // 1000} kB."
        raise FileError(Fault(where=NAME, what=what, do=do))
    return base64.b64encode(data).decode("ascii")
