"""Where the sections of a sheet stand on paper: rows of one or two columns, and page breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from renvand.publish.model import Kind

BREAK = "|"
# A row: one part over the full width, or two beside each other. A part is a section, or only
# its blocks of a kind ('origin:table'), or all but those ('options:-chart').
Row = str | tuple[str, str]
ROWS: dict[Kind, tuple[Row, ...]] = {
    "sector": (
        ("sector", "origin:-chart"),
        "origin:chart",
        "balance",
        ("comparison", "first_steps"),
        BREAK,
        "options:-chart",
        ("options:chart", "techniques"),
        ("treatment:-table", "treatment:table"),
        ("case:-chart", "case:chart"),
        "technology",
    ),
    "plant": (
        ("plant", "reasons"),
        "energy",
        BREAK,
        "levers",
        ("effluent", "proof:-table"),
        ("meters", "proof:table"),
        ("stop", "money"),
        "next",
    ),
    "region": (
        "region",
        "sectors",
        "rivers",
        BREAK,
        ("course:-chart", "course:chart"),
        "worth",
        ("removed", "next"),
    ),
}


def is_wide(kind: Kind, section_id: str) -> bool:
    """Say whether the charts of a section have the whole width."""
    return any(row in (section_id, f"{section_id}:chart") for row in ROWS[kind])


def rows(kind: Kind, sections: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Place the blocks of composed sections.

    Parameters
    ----------
    kind : str
        Of the sheet.
    sections : list of dict
        As :func:`renvand.publish.compose.compose` writes them.

    Returns
    -------
    list of list of dict
        One list a row, empty for a page break; each part with its ``section`` (place in the
        list), whether it carries the ``head``, and its ``blocks`` by place.
    """
    places = {section["id"]: n for n, section in enumerate(sections)}
    headed: set[str] = set()
    placed: list[list[dict[str, Any]]] = []
    for row in ROWS[kind]:
        parts = [row] if isinstance(row, str) else list(row)
        made = [
            part
            for name in parts
            if name != BREAK
            for part in _part(name, sections, places=places, headed=headed)
        ]
        if made or row == BREAK:
            placed.append(made)
    return placed


def _part(
    name: str, sections: list[dict[str, Any]], *, places: dict[str, int], headed: set[str]
) -> Iterator[dict[str, Any]]:
    """Give a part of a row, if the sheet has it; its section's first part carries the head."""
    section_id, _, wanted = name.partition(":")
    if section_id not in places:
        return
    place = places[section_id]
    chosen = [
        n
        for n, block in enumerate(sections[place]["blocks"])
        if not wanted or (block["is"] == wanted.lstrip("-")) != wanted.startswith("-")
    ]
    is_first = section_id not in headed
    if chosen or (is_first and not wanted):
        headed.add(section_id)
        yield {"section": place, "head": is_first, "blocks": chosen}
