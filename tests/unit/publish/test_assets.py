"""What is shipped is what was vendored, with its licence, within the budget."""

import hashlib
import tomllib
from pathlib import Path

import renvand.publish

ASSETS = Path(renvand.publish.__file__).parent / "assets"
BUDGET = 7e6  # bytes of fonts and chart library


def test_every_asset_has_the_bytes_of_the_manifest():
    listed = tomllib.loads((ASSETS / "manifest.toml").read_text(encoding="utf-8"))["files"]
    found = {
        path.relative_to(ASSETS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in ASSETS.rglob("*")
        if path.is_file() and path.parent != ASSETS
    }
    assert found == listed


def test_licences_lie_beside_fonts_and_library():
    for name in ("fonts/NotoSans-OFL.txt", "fonts/NotoSansSC-OFL.txt"):
        assert "SIL OPEN FONT LICENSE" in (ASSETS / name).read_text(encoding="utf-8")
    assert "Apache License" in (ASSETS / "echarts/LICENSE").read_text(encoding="utf-8")


def test_assets_stay_within_the_budget():
    assert sum(p.stat().st_size for p in ASSETS.rglob("*") if p.is_file()) < BUDGET
