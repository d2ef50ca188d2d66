"""``out/manifest.json``: what was run, on what, with what, how long, citing whom."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.trace import Origin

_LIBRARIES = ("numpy", "scipy", "numba", "pandas", "duckdb", "pyscipopt", "highspy", "typst")


def start(case: CaseData) -> dict[str, Any]:
    """Begin the manifest of a case."""
    settings = case.settings["case"]
    return {
        "case": settings["id"],
        "seed": settings["seed"],
        "renvand": version("renvand"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "stages": {},
    }


def sources_cited(outcome: Outcome) -> list[str]:
    """Name every source that a figure of an outcome goes back to."""
    origins = (o for figure in outcome.figures for o in figure.made_of if isinstance(o, Origin))
    return sorted({origin.source for origin in origins if origin.source})


def read(path: Path) -> dict[str, Any]:
    """Read a manifest; none, or one cut short, counts as empty."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {"stages": {}}
    return found


def write(manifest: dict[str, Any], path: Path) -> None:
    """Write a manifest whole or not at all."""
    fresh = path.with_suffix(".new")
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(path)
