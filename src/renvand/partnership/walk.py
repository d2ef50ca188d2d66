"""What lies in a case folder, and what does not belong there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from renvand.errors import Fault, near
from renvand.knowledge.schema import SLUG
from renvand.partnership.schema import ADDITIONS, plant_schemas, review_schemas, schemas

FOLDERS = ("confidential", "inbox", "out", "plants", "reviews")
NEEDED_IN_REVIEW = ("review.toml", "units.csv", "streams.csv", "meters.csv")
_NOBODYS = ("Thumbs.db", "desktop.ini", "__MACOSX")  # left behind by other programs
IS_READ_IN = "Keep it elsewhere; read it in: renvand import-workbook, or renvand review read."
_FREE = ("README", "LICENSE", ".", "~$")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The files of a case that may be read, by path within it, and what is wrong with the rest."""

    files: frozenset[str]
    reviews: tuple[str, ...]
    plants: tuple[str, ...]
    faults: tuple[Fault, ...]


def allowed_files(place: str) -> tuple[str, ...]:
    """Name the files that may lie in a place: '' for the case, 'reviews', 'plants'."""
    if place == "reviews":
        return ("review.toml", *(f"{name}.csv" for name in review_schemas()))
    if place == "plants":
        series = ("equipment.toml", "influent.csv", "measured.csv", "driven.csv")
        return ("plant.toml", *series, *(f"{name}.csv" for name in plant_schemas()))
    pages = ("case.toml", "sources.toml", "seminars.toml")
    shapes = ("divisions.geojson", "rivers.geojson")
    return (*pages, *shapes, *(f"{name}.csv" for name in (*schemas(), *ADDITIONS)))


def walk(folder: Path) -> Layout:
    """Look through a case without opening a file.

    Links that leave the folder are faults and are not followed; ``out/`` and ``confidential/``
    are not looked at.
    """
    faults: list[Fault] = []
    files = set(_places(folder, folder, at="", faults=faults, words=(*allowed_files(""), *FOLDERS)))
    if "case.toml" not in files:
        do = "Add the file, or name the folder of a case."
        faults.append(Fault(where="case.toml", what="is not there.", do=do))
    named: dict[str, tuple[str, ...]] = {}
    for place in ("reviews", "plants"):
        named[place] = tuple(_folders(folder, place, faults=faults))
        for name in named[place]:
            at, words = f"{place}/{name}", allowed_files(place)
            files.update(_places(folder, folder / at, at=at, faults=faults, words=words))
    for review in named["reviews"]:
        for file in NEEDED_IN_REVIEW:
            if f"reviews/{review}/{file}" not in files:
                where = f"reviews/{review}/{file}"
                faults.append(Fault(where=where, what="is not there.", do="Every review has one."))
    if (folder / "inbox").is_dir() and os.access(folder / "inbox", os.R_OK | os.X_OK):
        files.update(_inbox(folder, faults=faults))
    return Layout(
        files=frozenset(files),
        reviews=named["reviews"],
        plants=named["plants"],
        faults=tuple(faults),
    )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        entries = [e for e in found if not e.name.startswith(_FREE) and e.name not in _NOBODYS]
    return sorted(entries, key=lambda entry: entry.name)


def printable(name: str) -> str:
    """Write a file name so that any screen can show it."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _unsafe(folder: Path, entry: os.DirEntry[str], name: str) -> Fault | None:
    real = Path(os.path.realpath(entry.path))  # unlike Path.resolve, no error where links circle
    if entry.is_symlink() and not real.is_relative_to(os.path.realpath(folder)):
        what = "is a link that leads out of the case."
        return Fault(where=name, what=what, do="Copy the file into the case.")
    try:
        needed = os.R_OK | (os.X_OK if entry.is_dir() else 0)
    except OSError:  # links that circle
        return Fault(where=name, what="leads nowhere.", do="Put a file in its place.")
    if os.path.lexists(real) and not os.access(real, needed):
        return Fault(where=name, what="may not be read.", do="Ask for the right to read it.")
    return None


def _places(
    folder: Path, inside: Path, *, at: str, faults: list[Fault], words: tuple[str, ...]
) -> Iterator[str]:
    for entry in _entries(inside):
        name = printable(f"{at}/{entry.name}" if at else entry.name)
        if unsafe := _unsafe(folder, entry, name):
            faults.append(unsafe)
        elif entry.name not in words:
            what = "is not a file of a case." if entry.is_file() else "is not a folder of a case."
            do = IS_READ_IN if name.endswith(".xlsx") else near(printable(entry.name), words)
            faults.append(Fault(where=name, what=what, do=do))
        elif entry.is_file():
            yield name
        elif entry.name not in FOLDERS:
            faults.append(Fault(where=name, what="is not a file.", do="Put a file in its place."))


def _folders(folder: Path, place: str, *, faults: list[Fault]) -> Iterator[str]:
    is_readable = os.access(folder / place, os.R_OK | os.X_OK)
    if not is_readable or not (folder / place).is_dir() or (folder / place).is_symlink():
        return  # not there, or a fault already
    for entry in _entries(folder / place):
        name = printable(entry.name)
        if unsafe := _unsafe(folder, entry, f"{place}/{name}"):
            faults.append(unsafe)
        elif entry.is_symlink():
            faults.append(
                Fault(where=f"{place}/{name}", what="is a link.", do="Copy the folder itself.")
            )
        elif not entry.is_dir():
            do = f"Put it in a folder: {place}/<id>/."
            faults.append(Fault(where=f"{place}/{name}", what="lies outside a folder.", do=do))
        elif not SLUG.fullmatch(entry.name):
            do = "Use small letters, digits and hyphens."
            faults.append(Fault(where=f"{place}/{name}", what="is not a name.", do=do))
        else:
            yield entry.name


def _inbox(folder: Path, *, faults: list[Fault]) -> Iterator[str]:
    for entry in _entries(folder / "inbox"):
        name = printable(f"inbox/{entry.name}")
        if unsafe := _unsafe(folder, entry, name):
            faults.append(unsafe)
        elif entry.is_file():
            yield name
