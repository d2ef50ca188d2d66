"""A table written as text: columns parted by tabs or by two or more spaces."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence

from renvand.errors import Fault, near
from renvand.process.expression import WORDS

Row = dict[str, str | None]  # column to cell; None in a row that could not be split

LONGEST = 262_144  # characters of a block
MOST_ROWS = 200
LONGEST_NAME = 40  # characters
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def split(text: object, *, head: Sequence[str] | None) -> tuple[list[Row], list[Fault]]:
    """Split a block into rows.

    Parameters
    ----------
    text : object
        As it came from the TOML file: should be a text.
    head : sequence of str or None
        The columns it must have, in any order but the first; 'meaning' may be missing. None for a
        matrix: 'process', then any.

    Returns
    -------
    list of dict
        One a row. A row with too many or too few cells keeps its name; its other cells are None.
        Empty when the heading is wrong.
    list of Fault
        Their places begin behind the block's name: ', growth_H' or ", column 'rat'".
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        do = "Write it between three apostrophes."
        return [], [Fault(where="", what="is not a text block of a page.", do=do)]
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    rows = [re.split(r"\t+| {2,}", line) for line in lines if line]
    if not 2 <= len(rows) <= MOST_ROWS:
        what = f"has {max(len(rows) - 1, 0)} rows."
        return [], [Fault(where="", what=what, do=f"Give 1 to {MOST_ROWS - 1}.")]
    columns = rows[0]
    faults = list(_heading(columns, head))
    if faults:
        return [], faults
    faults.extend(_names([row[0] for row in rows[1:]]))
    made: dict[str, Row] = {}
    for row in rows[1:]:
        cells: list[str | None] = [*row]
        if len(row) != len(columns):
            what = f"has {len(row)} cells, the heading has {len(columns)}."
            do = "Part the cells by two spaces."
            faults.append(Fault(where=f", {row[0][:LONGEST_NAME]}", what=what, do=do))
            cells = [row[0], *[None] * (len(columns) - 1)]
        made.setdefault(row[0], dict(zip(columns, cells, strict=True)))
    return list(made.values()), faults


def _heading(columns: Sequence[str], head: Sequence[str] | None) -> Iterator[Fault]:
    due = head or ("process",)
    for column in dict.fromkeys(columns):
        where = f", column '{column[:LONGEST_NAME]}'"
        if columns.count(column) > 1:
            yield Fault(where=where, what="stands twice.", do="Keep one.")
        elif head is not None and column not in head:
            yield Fault(where=where, what="is not known.", do=near(column, head))
    for column in due:
        if column not in columns and column != "meaning":
            yield Fault(where="", what=f"lacks column '{column}'.", do="Add it.")
    if due[0] in columns and columns[0] != due[0]:
        yield Fault(where="", what=f"begins with '{columns[0]}'.", do=f"Begin with '{due[0]}'.")


def _names(names: Sequence[str]) -> Iterator[Fault]:
    for twice in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(where=f", {twice[:LONGEST_NAME]}", what="stands twice.", do="Keep one.")
    for name in dict.fromkeys(names):
        is_word = keyword.iskeyword(name) or name in WORDS
        if not NAME.fullmatch(name) or is_word or len(name) > LONGEST_NAME:
            do = f"Use letters, digits and _, at most {LONGEST_NAME}."
            yield Fault(where=f", '{name[:LONGEST_NAME]}'", what="is not a name.", do=do)


def name_of(row: Row) -> str:
    """Give the first cell of a row."""
    return next(iter(row.values())) or ""
