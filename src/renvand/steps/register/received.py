"""A new list taken into the inbox of a case, with a proposal how it is to be read."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

from renvand.errors import Fault, FileError
from renvand.steps.register.guess import Guess, as_toml, guess

MAPPING = "inbox/mapping.toml"


def receive(folder: Path, path: Path, *, source: str, coordinates: str = "") -> Guess:
    """Copy a list into the inbox and add the proposed entry to ``inbox/mapping.toml``.

    Nothing that is there is changed: the list keeps its bytes, the entry is added at the end and
    is to be looked over before the next run.

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

    Raises
    ------
    FileError
        When a list of that name is in the inbox already, or the file cannot be opened.
    """
    mapping, target = folder / MAPPING, folder / "inbox" / path.name
    known = tomllib.loads(mapping.read_text("utf-8")) if mapping.is_file() else {}
    if target.exists() or any(e.get("file") == path.name for e in known.get("list", [])):
        raise FileError(
            Fault(
                where=f"inbox/{path.name}",
                what="is there already.",
                do="Give the new list a name of its own, with its year.",
            )
        )
    found = guess(path)
    entry = {**found.entry, "source": source}
    columns = entry.pop("columns")
    if coordinates:
        entry["coordinates"] = coordinates
    made = Guess(
        entry={**entry, "columns": columns},
        columns=found.columns,
        unused=found.unused,
        ask=tuple(line for line in found.ask if not _is_answered(line, coordinates)),
    )
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, target)
    with mapping.open("a", encoding="utf-8") as file:
        file.write(("\n" if known else "") + as_toml(made))
    return made


def _is_answered(line: str, coordinates: str) -> bool:
    return line.startswith("source:") or (line.startswith("coordinates:") and bool(coordinates))
