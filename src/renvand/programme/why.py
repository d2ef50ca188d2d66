"""``renvand why``: the chain from a figure back to measurements and sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.programme import store
from renvand.trace import Figure, Ledger, Origin


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link of the chain, and how deep it lies."""

    depth: int
    item: Figure | Origin
    citation: str = ""  # of an origin: title, year and place of its source


def ledger(case_folder: Path) -> Ledger:
    """Read all figures that the last run left."""
    found = Ledger()
    paths = sorted((case_folder / "out").glob(f"*/{store.LEDGER}"))
    if not paths:
        raise FileError(
            Fault(
                where=str(case_folder / "out"),
                what="holds no figures yet.",
                do=f"Run 'renvand run {case_folder}' first.",
            )
        )
    for path in paths:
        items = json.loads(path.read_text(encoding="utf-8"))
        found.add(store.from_json(item) for item in items)
    return found


def bibliography(case_folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Read the sources of a case over those that come with the package."""
    from renvand.knowledge import read_toml, sources

    own = case_folder / "sources.toml"
    return {**sources(), **(read_toml(own, name="sources.toml") if own.exists() else {})}


def why(
    figure_id: str, figures: Ledger, *, sources: Mapping[str, Mapping[str, Any]]
) -> Iterator[Link]:
    """Walk from a figure to everything it was made of, depth first.

    Parameters
    ----------
    figure_id : str
        For example 'review.plating-a.specific_water'.
    figures : Ledger
        All figures of the run.
    sources : mapping
        The bibliography: key to title, year, publisher.

    Raises
    ------
    FileError
        When there is no such figure; the nearest names are suggested.
    """
    if figure_id not in figures.figures:
        raise FileError(
            Fault(
                where=f"figure '{figure_id}'",
                what="is not in the ledger.",
                do=near(figure_id, figures.figures),
            )
        )
    yield from _walk(figure_id, figures, sources=sources, depth=0, seen=set())


def _walk(
    item: str | Origin,
    figures: Ledger,
    *,
    sources: Mapping[str, Mapping[str, Any]],
    depth: int,
    seen: set[str],
) -> Iterator[Link]:
    if isinstance(item, Origin):
        yield Link(depth=depth, item=item, citation=cite(item, sources))
        return
    figure = figures.figures[item]
    yield Link(depth=depth, item=figure)
    if item in seen:
        return
    seen.add(item)
    for part in figure.made_of:
        yield from _walk(part, figures, sources=sources, depth=depth + 1, seen=seen)


def cite(origin: Origin, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """Write the citation of an origin: publisher, title, year, place in it."""
    source = sources.get(origin.source, {})
    parts = (source.get("author") or source.get("publisher"), source.get("title"))
    words = ". ".join(str(part) for part in parts if part)
    year = f" ({source['year']})" if "year" in source else ""
    place = f", {origin.locator}" if origin.locator else ""
    return f"{words}{year}{place}"
