"""Hashes that tell whether a stage has to run again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any


def of_bytes(data: bytes) -> str:
    """Hash some bytes."""
    return hashlib.sha256(data).hexdigest()


def of_file(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def of_value(value: Mapping[str, Any]) -> str:
    """Hash a JSON value, whatever the order of its keys."""
    return of_bytes(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


def of_inputs(folder: Path, patterns: Iterable[str]) -> dict[str, str]:
    """Hash every file of a case that matches a pattern, by its path."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return {path.relative_to(folder).as_posix(): of_file(path) for path in sorted(found)}


@cache
def of_program() -> str:
    """Hash the program itself: code, tables and words, so that a new version runs anew."""
    root = Path(str(resources.files("renvand")))
    kinds = {".py", ".toml", ".csv", ".typ", ".geojson", ".html"}
    files = sorted(path for path in root.rglob("*") if path.suffix in kinds)
    return of_value({path.relative_to(root).as_posix(): of_file(path) for path in files})
