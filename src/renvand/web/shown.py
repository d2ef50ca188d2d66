"""What can be shown of a case: the files of its last run, read and never changed."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from renvand.programme import manifest
from renvand.programme.stages import STAGES
from renvand.programme.why import ledger as read_ledger
from renvand.trace import Ledger

DOCUMENTS = (".pdf", ".docx", ".pptx", ".xlsx", ".html", ".ics", ".svg", ".png")
ROWS_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table as text, with what is known about its columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __hash__(self) -> int:
        """Tell listings apart: worked out once, for it walks over every cell."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.columns, self.rows))

    def column(self, name: str) -> list[str]:
        """Give the cells of a column; none where there is no such column."""
        if name not in self.columns:
            return []
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def numbers(self) -> frozenset[str]:
        """Name the columns that hold numbers only."""
        return self._numbers

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(
            column
            for place, column in enumerate(self.columns)
            if _are_numbers([row[place] for row in self.rows if row[place]])
        )

    def amounts(self) -> frozenset[str]:
        """Name the columns of numbers with fractions; whole numbers may be codes or years."""
        return self._amounts

    @cached_property
    def _amounts(self) -> frozenset[str]:
        numbers = self.numbers()
        return frozenset(
            column
            for place, column in enumerate(self.columns)
            if column in numbers and any(_is_broken(row[place]) for row in self.rows)
        )

    def find(self, words: str) -> Listing:
        """Keep the rows that hold all of some words."""
        wanted = words.casefold().split()
        if not wanted:
            return self
        rows = (
            row
            for row, text in zip(self.rows, self._folded, strict=True)
            if all(word in text for word in wanted)
        )
        return replace(self, rows=tuple(rows))

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(" ".join(row).casefold() for row in self.rows)

    def only(self, column: str, value: str) -> Listing:
        """Keep the rows with one value in a column."""
        if column not in self.columns:
            return self
        place = self.columns.index(column)
        return replace(self, rows=tuple(row for row in self.rows if row[place] == value))

    def sort(self, by: str) -> Listing:
        """Order by a column, downwards after a minus; empty cells always come last."""
        column, is_down = by.lstrip("-"), by.startswith("-")
        if column not in self.columns:
            return self
        place, is_number = self.columns.index(column), column in self.numbers()
        full = [row for row in self.rows if row[place]]
        full.sort(key=lambda row: float(row[place]) if is_number else row[place], reverse=is_down)
        return replace(self, rows=(*full, *(row for row in self.rows if not row[place])))

    def dicts(self) -> list[dict[str, str]]:
        """Give the rows by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_broken(text: str) -> bool:
    """Say whether a number has a fraction; '26.0' counts what is whole."""
    return "." in text and not float(text).is_integer()


def _are_numbers(cells: Sequence[str]) -> bool:
    return bool(cells) and all(map(_is_number, cells))


def listing(path: Path) -> Listing:
    """Read a table of a run; it is read again only when the file has changed."""
    return _listing(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _listing(path: Path, _: int) -> Listing:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return Listing(columns=tuple(header), rows=tuple(map(tuple, rows)))


def figures(case: Path) -> Ledger:
    """Read all figures of the last run."""
    return _figures(case, _stamps(case))


def figure_ids(case: Path) -> frozenset[str]:
    """Name all figures of the last run."""
    return _figure_ids(case, _stamps(case))


def _stamps(case: Path) -> tuple[Any, ...]:
    return tuple(sorted((p, p.stat().st_mtime_ns) for p in (case / "out").glob("*/ledger.json")))


@lru_cache(maxsize=2)
def _figures(case: Path, stamps: tuple[Any, ...]) -> Ledger:
    return read_ledger(case) if stamps else Ledger()


@lru_cache(maxsize=2)
def _figure_ids(case: Path, stamps: tuple[Any, ...]) -> frozenset[str]:
    return frozenset(_figures(case, stamps).figures)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that a run made."""

    stage: str
    path: str  # within out/
    kind: str
    kilobytes: int


def documents(case: Path, stage: str = "*") -> list[Document]:
    """Name the documents of a run, by step."""
    out = case / "out"
    found = sorted(p for p in out.glob(f"{stage}/**/*") if p.suffix in DOCUMENTS and p.is_file())
    return [
        Document(
            stage=path.relative_to(out).parts[0],
            path=path.relative_to(out).as_posix(),
            kind=path.suffix.lstrip(".").upper(),
            kilobytes=max(1, round(path.stat().st_size / 1024)),
        )
        for path in found
    ]


def stages(case: Path) -> list[dict[str, Any]]:
    """Give the steps of the programme with what the last run says of each."""
    made: Mapping[str, Any] = manifest.read(case / "out" / "manifest.json")["stages"]
    return [
        {
            "name": stage.name,
            "is_made": stage.name in made,
            "tables": tables(case, stage.name),
            "documents": len(documents(case, stage.name)),
            **{
                key: made.get(stage.name, {}).get(key) for key in ("findings", "seconds", "sources")
            },
        }
        for stage in STAGES
    ]


def tables(case: Path, stage: str) -> Sequence[str]:
    """Name the tables of a step."""
    return sorted(path.stem for path in (case / "out" / stage).glob("*.csv"))


def findings(case: Path, stage: str) -> list[dict[str, str]]:
    """Give what a step found worth looking at."""
    path = case / "out" / stage / "findings.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
