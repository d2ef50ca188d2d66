"""List what the package needs when it runs, with version and licence: a page of the reference.

Run ``python scripts/licences.py`` after the locks have changed.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKED = ROOT / "requirements" / "run.txt"
PAGE = ROOT / "docs" / "reference" / "licences.md"
NOT_SAID = {  # the wheel's metadata names none; as its source repository says
    "quickjs-ng": "MIT",
    "graphemeu": "MIT",
}
HEAD = """# Licences of what comes along

Renvand is under the MIT licence. `pip install renvand` brings these libraries; all may be used,
changed and passed on, also for money. Those under the LGPL (`moocore`, and GEOS within `shapely`)
are called as libraries and may be replaced. Fonts, river lines and the charts library that lie in
the package have their licences beside them.

| library | version | licence |
|---|---|---|
"""


def needed() -> dict[str, str]:
    """Give each locked library with its version; those of other systems are left out."""
    lines = LOCKED.read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([\w.-]+)==([^ ]+)(.*)", line) for line in lines)
    return {m[1]: m[2] for m in found if m and "sys_platform" not in m[3]}


def licence(name: str) -> str:
    """Read the licence from a library's own metadata."""
    about = metadata(name)
    classes = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or () if "License ::" in c]
    said = about.get("License-Expression") or "; ".join(c for c in classes if c != "OSI Approved")
    return NOT_SAID.get(name) or said or (about.get("License") or "").partition("\n")[0]


def main() -> None:
    """Write the page."""
    rows = [f"| {name} | {version} | {licence(name)} |\n" for name, version in needed().items()]
    PAGE.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
