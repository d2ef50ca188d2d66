"""Lists as received: how each is to be read is proposed, looked over by a person, then kept."""

from __future__ import annotations

import csv
import shutil
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomli_w
from pyarrow.lib import ArrowException

from renvand.errors import Fault, FileError
from renvand.knowledge.read import DAMAGED
from renvand.partnership.folder import check_case
from renvand.partnership.inbox import KINDS
from renvand.partnership.record import load_case
from renvand.steps.register.guess import Column, Guess, as_toml, guess
from renvand.steps.register.patterns import FILLED

MAPPING, SOURCES = "inbox/mapping.toml", "sources.toml"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person says about a list."""

    kind: str
    columns: Mapping[str, str]  # ours: theirs
    source: str
    new_source: Mapping[str, Any]  # title, year, publisher; empty when the key is known
    coordinates: str = ""


def propose(path: Path) -> Guess:
    """Propose how a list is to be read.

    Raises
    ------
    FileError
        When it cannot be read, whatever is wrong with it.
    """
    try:
        return guess(path)
    except FileError:
        raise
    except (*DAMAGED, csv.Error, ArrowException) as error:
        do = "Open it in Excel and save it anew."
        raise FileError(Fault(where=path.name, what="cannot be read.", do=do)) from error


def offered(found: Guess, kind: str) -> list[dict[str, Any]]:
    """Give our columns with what is proposed for each, and how sure it is."""
    proposed = {column.ours: column for column in found.columns}
    nothing = Column(ours="", theirs="", certainty=0.0, examples=())
    return [
        {
            "ours": ours,
            "theirs": held.theirs,
            "certainty": held.certainty,
            "examples": held.examples,
        }
        for ours in sorted(FILLED[kind])
        for held in (proposed.get(ours, nothing),)
    ]


def headers(found: Guess) -> list[str]:
    """Give the headers of the list."""
    return [*(column.theirs for column in found.columns), *found.unused]


def take(case: Path, path: Path, *, found: Guess, answer: Answer, who: str) -> None:
    """Put a list into the inbox, with the way to read it.

    Parameters
    ----------
    case : path
        The folder.
    path : path
        The list.
    found : Guess
        Its shape.
    answer : Answer
        What a person says.
    who : str
        For the history.

    Raises
    ------
    FileError
        With every fault this would bring; the folder is then as before.
    """
    _judge(case, path, found=found, answer=answer)
    columns = {ours: theirs for ours, theirs in answer.columns.items() if theirs}
    entry = {**found.entry, "kind": answer.kind, "source": answer.source}
    entry.pop("columns")
    if answer.coordinates:
        entry["coordinates"] = answer.coordinates
    written = as_toml(replace(found, entry={**entry, "columns": columns}, ask=()))
    with _all_or_nothing(case, case / "inbox" / path.name):
        (case / "inbox").mkdir(exist_ok=True)
        shutil.copyfile(path, case / "inbox" / path.name)
        _append(case / MAPPING, written)
        if answer.new_source:
            _append(case / SOURCES, tomli_w.dumps({answer.source: dict(answer.new_source)}))
        faults = check_case(case)
        if faults:
            raise FileError(faults)
    load_case(case, None, who=who)


def _judge(case: Path, path: Path, *, found: Guess, answer: Answer) -> None:
    faults: list[Fault] = []
    known = tomllib.loads((case / MAPPING).read_text("utf-8")) if _is(case / MAPPING) else {}
    names = {entry.get("file") for entry in known.get("list", [])}
    if path.name in names or (case / "inbox" / path.name).exists():
        do = "Give the new list a name of its own, with its year."
        faults.append(Fault(where=path.name, what="is in the inbox already.", do=do))
    if answer.kind not in KINDS:
        faults.append(Fault(where="kind", what=f"'{answer.kind}' is not known.", do="Choose one."))
    there = set(headers(found))
    for ours, theirs in answer.columns.items():
        if theirs and (theirs not in there or ours not in FILLED.get(answer.kind, ())):
            faults.append(Fault(where=ours, what=f"'{theirs}' is not there.", do="Choose again."))
    sources = tomllib.loads((case / SOURCES).read_text("utf-8")) if _is(case / SOURCES) else {}
    if answer.new_source and answer.source in sources:
        what = f"'{answer.source}' is there already."
        faults.append(Fault(where="source", what=what, do="Choose it, or give another key."))
    if faults:
        raise FileError(faults)


def _is(path: Path) -> bool:
    return path.is_file()


def _append(path: Path, text: str) -> None:
    old = path.read_text("utf-8") if path.is_file() else ""
    path.write_text(f"{old.rstrip()}\n\n{text}".lstrip(), encoding="utf-8")


@contextmanager
def _all_or_nothing(case: Path, fresh: Path) -> Generator[None]:
    """Give the folder back as it was when anything is wrong."""
    kept = {p: p.read_bytes() if p.is_file() else None for p in (case / MAPPING, case / SOURCES)}
    try:
        yield
    except FileError:
        fresh.unlink(missing_ok=True)
        for path, content in kept.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise
