"""Bring in the fonts and the chart library that Renvand ships, the same bytes every time.

    python scripts/assets.py           fetch with npm, check, subset, write
    python scripts/assets.py --check   compare what is there with assets/manifest.toml

Needs npm, and fontTools from the development requirements. Nothing else of the project does.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "src" / "renvand" / "publish" / "assets"
FOR_TESTS = ROOT / "tests" / "web" / "vendor"


@dataclass(frozen=True, kw_only=True)
class Package:
    """One npm package: what is taken from it, and the SHA-256 of its archive."""

    name: str
    version: str
    sha256: str
    copied: dict[str, str]  # path in the package: path under assets
    fonts: dict[str, str]  # the same, subset on the way
    folder: Path = ASSETS


PACKAGES = (
    Package(
        name="@expo-google-fonts/noto-sans",
        version="0.4.2",
        sha256="98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548",
        copied={"LICENSE_FONT": "fonts/NotoSans-OFL.txt"},
        fonts={
            "400Regular/NotoSans_400Regular.ttf": "fonts/NotoSans-Regular.ttf",
            "700Bold/NotoSans_700Bold.ttf": "fonts/NotoSans-Bold.ttf",
        },
    ),
    Package(
        name="@expo-google-fonts/noto-sans-sc",
        version="0.4.3",
        sha256="0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
        copied={"LICENSE_FONT": "fonts/NotoSansSC-OFL.txt"},
        fonts={
            "400Regular/NotoSansSC_400Regular.ttf": "fonts/NotoSansSC-Regular.ttf",
            "700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC-Bold.ttf",
        },
    ),
    Package(
        name="echarts",
        version="6.1.0",
        sha256="681aff88cc1038c3fa941a3a53d1b177a52250b05335efc607d6105ae13be481",
        copied={
            "dist/echarts.min.js": "echarts/echarts.min.js",
            "LICENSE": "echarts/LICENSE",
            "NOTICE": "echarts/NOTICE",
        },
        fonts={},
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        sha256="e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        copied={"axe.min.js": "axe-core/axe.min.js", "LICENSE": "axe-core/LICENSE"},
        fonts={},
        folder=FOR_TESTS,
    ),
)

# Latin, Greek, punctuation, sub- and superscripts, arrows, mathematics, shapes, full-width forms.
BLOCKS = (
    *(range(0x20, 0x250), range(0x2B0, 0x400), range(0x1E00, 0x1F00), range(0x2000, 0x2070)),
    *(range(0x2070, 0x20D0), range(0x2100, 0x2270), range(0x2460, 0x2474), range(0x25A0, 0x2600)),
    *(range(0x3000, 0x3040), range(0xFF00, 0xFFF0)),
)
FEATURES = ("kern", "liga", "locl", "ccmp", "mark", "mkmk", "tnum", "lnum", "palt", "vert", "halt")


def gb2312() -> Iterator[int]:
    """Yield the code points of GB 2312-80: 6,763 hanzi and its symbols."""
    for high in range(0xA1, 0xFF):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue


def unpack(package: Package, folder: Path) -> Path:
    """Fetch a package by name and version, and check its bytes."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    archive = next(folder.glob("*.tgz"))
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.name}: SHA-256 is {found}, not {package.sha256}. Do not use it.")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def subset(source: Path, target: Path) -> set[int]:
    """Write the part of a font that Danish, English and GB 2312 Chinese need."""
    from fontTools import subset as ft

    options = ft.Options(
        layout_features=list(FEATURES), hinting=False, notdef_outline=True, name_IDs=["*"]
    )
    font = ft.load_font(source, options)
    cutter = ft.Subsetter(options)
    cutter.populate(unicodes={c for block in BLOCKS for c in block} | set(gb2312()))
    cutter.subset(font)
    ft.save_font(font, target, options)
    return set(font.getBestCmap())


def build() -> None:
    """Write every asset, the list of characters the fonts hold, and the manifest."""
    covered: set[int] = set()
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as scratch:
            unpacked = unpack(package, Path(scratch))
            for source, target in (package.copied | package.fonts).items():
                path = package.folder / target
                path.parent.mkdir(parents=True, exist_ok=True)
                if source in package.fonts:
                    covered |= subset(unpacked / source, path)
                else:
                    path.write_bytes((unpacked / source).read_bytes())
    characters = "".join(chr(c) for c in sorted(covered) if c > 0x1F)
    (ASSETS / "fonts" / "characters.txt").write_text(characters, encoding="utf-8")
    (ASSETS / "manifest.toml").write_text(manifest(), encoding="utf-8")


def manifest() -> str:
    """List packages with versions and checksums, and every file written."""
    lines = ["# Written by scripts/assets.py; do not edit."]
    for package in (p for p in PACKAGES if p.folder == ASSETS):
        lines += ["", "[[package]]", f'name = "{package.name}"', f'version = "{package.version}"']
        lines += [f'sha256 = "{package.sha256}"']
    lines += ["", "[files]"]
    for path in sorted(p for p in ASSETS.rglob("*") if p.is_file() and p.parent != ASSETS):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f'"{path.relative_to(ASSETS).as_posix()}" = "{digest}"')
    return "\n".join(lines) + "\n"


def check() -> None:
    """Stop with a message when a file is not what the manifest says."""
    listed = tomllib.loads((ASSETS / "manifest.toml").read_text(encoding="utf-8"))["files"]
    found = tomllib.loads(manifest())["files"]
    wrong = sorted(k for k in listed.keys() | found.keys() if listed.get(k) != found.get(k))
    if wrong:
        sys.exit(f"assets: {', '.join(wrong)} differ from manifest.toml. Run scripts/assets.py.")


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else build()
