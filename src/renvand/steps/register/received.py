"""A new list taken into the inbox of a case, with a proposal how it is to be read."""

from __future__ import annotations

import filecmp
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError
from renvand.steps.register.guess import Guess, as_toml, guess
from renvand.steps.register.lists import rows
from renvand.steps.register.values import folded

MAPPING = "inbox/mapping.toml"
_RENAME = "Give the new list a name of its own, with its year."
SHORTEST = 5  # signs of a site number; shorter ones count rows, and say nothing
SHARED = 0.5  # of the numbers of the shorter list; two lists of one register share them


def receive(
    folder: Path,
    path: Path,
    *,
    source: str,
    coordinates: str = "",
    sheet: str = "",
    kind: str = "",
) -> Guess:
    """Copy a list into the inbox and add the proposed entry to ``inbox/mapping.toml``.

    Nothing that is there is changed: the list keeps its bytes, the entry is added at the end and
    is to be looked over before the next run. A list whose site numbers are those of one already
    there is put into the same ``register``. Another sheet or kind of the same file is an entry
    of its own.

    Parameters
    ----------
    folder : Path
        The case.
    path : Path
        The list as received.
    source : str
        Key in the case's ``sources.toml``.
    coordinates : str
        Reference system of its positions; '' for WGS-84.
    sheet, kind : str
        As for :func:`renvand.steps.register.guess.guess`.

    Raises
    ------
    FileError
        When the folder is no case, another list of that name is in the inbox, the same entry is
        in the mapping already, the file cannot be opened, or the list looks like one of
        something else and its kind is not told.
    """
    if not (folder / "case.toml").is_file():
        do = f"Start it with: renvand new {folder}"
        raise FileError(Fault(where=str(folder), what="is no case yet.", do=do))
    mapping, target = folder / MAPPING, folder / "inbox" / path.name
    known = tomllib.loads(mapping.read_text("utf-8")) if mapping.is_file() else {}
    listed = [e for e in known.get("list", []) if e.get("file") == path.name]
    is_same = target.is_file() and filecmp.cmp(path, target, shallow=False)
    if (target.exists() or listed) and not is_same:
        raise FileError(_there(path, _RENAME))
    found = guess(path, sheet=sheet, kind=kind)
    if found.doubts and not kind:
        raise FileError(found.doubts)
    others = [o for o in found.others if (o.sheet, o.kind) not in map(_part, listed)]
    if _part(found.entry) in map(_part, listed):
        more = " or ".join(other.options for other in others)
        raise FileError(_there(path, f"Name another list of it: {more}." if more else _RENAME))
    entry = {**found.entry, "source": source}
    columns = entry.pop("columns")
    if coordinates:
        entry["coordinates"] = coordinates
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, target)
    register = _register(folder, {**entry, "columns": columns}, known.get("list", []))
    made = Guess(
        entry={**entry, **register, "columns": columns},
        columns=found.columns,
        unused=found.unused,
        ask=tuple(line for line in found.ask if not _is_answered(line, coordinates)),
        others=tuple(others),
        certainty=found.certainty,
    )
    with mapping.open("a", encoding="utf-8") as file:
        file.write(("\n" if known else "") + as_toml(made))
    return made


def _there(path: Path, do: str) -> Fault:
    return Fault(where=f"inbox/{path.name}", what="is there already.", do=do)


def _part(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Say which list of a file an entry reads."""
    return str(entry.get("sheet", "")), str(entry["kind"])


def _register(
    folder: Path, entry: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Find a list of the same source whose site numbers this one uses."""
    numbers = _numbers(folder, entry)
    for other in listed:
        theirs = _numbers(folder, other) if other["source"] == entry["source"] else set[str]()
        fewer = min(len(numbers), len(theirs))
        if fewer and len(numbers & theirs) >= SHARED * fewer:
            return {"register": other.get("register", f"inbox/{other['file']}")}
    return {}


def _numbers(folder: Path, entry: Mapping[str, Any]) -> set[str]:
    if "number" not in entry["columns"]:
        return set()
    found = {folded(row.cells["number"]) for row in rows(folder, entry)}
    return {number for number in found if len(number) >= SHORTEST}


def _is_answered(line: str, coordinates: str) -> bool:
    return line.startswith("source:") or (line.startswith("coordinates:") and bool(coordinates))
