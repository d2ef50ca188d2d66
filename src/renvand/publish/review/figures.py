"""Key figures that no level is known for: water by unit, energy, chemicals, loads."""

from __future__ import annotations

import re

from renvand.publish.model import Block, Cell, Column, Phrase, Ref, Table, Value
from renvand.publish.review.findings import substance
from renvand.publish.review.model import UNKNOWN, Row, View, named

NOT_STATED = Phrase(key="review.not_stated")
SHOWN_ELSEWHERE = ("effluent-concentration", "load-generated", "load-discharged", "specific-cod")
BY_AREA = {"m3/m2": "l/m2", "kg/m2": "g/m2"}  # a thousand times
FORMULA = re.compile(r"(?=.*[A-Z].*[A-Z])(?:[A-Z][a-z]?\d*|[()])+")  # H2O2; not Cr3, a valence
LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
WORDS = {"specific-chemicals": "review.chemicals_used"}


def per_product(view: View, told: set[str]) -> tuple[Block, ...]:
    """Make the tables of key figures beside those held against a level.

    Parameters
    ----------
    view : View
        A company.
    told : set of str
        Figures that stand in the table of levels.
    """
    rows = [
        r
        for r in view.rows("key_figures")
        if r["figure"] not in told and r["indicator"] not in SHOWN_ELSEWHERE
    ]
    made = (_figures(view, rows) if rows else None, _loads(view))
    return tuple(table for table in made if table is not None)


def _figures(view: View, rows: list[Row]) -> Table:
    return Table(
        caption=Phrase(key="review.caption_figures"),
        columns=(
            Column(title=Phrase(key="review.indicator"), weight=2.4),
            Column(title=Phrase(key="review.unit"), weight=1.6),
            Column(title=Phrase(key="review.value"), is_number=True),
            Column(title=Phrase(key="review.interval"), is_number=True),
        ),
        rows=tuple(
            (_name(r), view.place(r["place"]) if r["place"] else "", *_amount(view, r))
            for r in rows
        ),
    )


def _name(row: Row) -> Cell:
    known = row["indicator"] in WORDS
    name = Phrase(key=WORDS[row["indicator"]]) if known else named(row["indicator"], "indicators")
    if not row["substance"]:
        return name
    values: dict[str, Value] = {"indicator": name, "substance": _what(row)}
    return Phrase(key="review.indicator_of", values=values)


def _what(row: Row) -> Cell:
    """Name a carrier of energy or a chemical; chemicals stand as the review names them."""
    if row["indicator"] == "specific-energy":
        return Phrase(key=f"choice.{row['substance']}")
    words = {"dye": "review.item_dye", "salt": "review.item_salt"}
    own = str(row["substance"])
    if own in words:
        return Phrase(key=words[own])
    return own.translate(LOW) if FORMULA.fullmatch(own) else substance(own)


def _amount(view: View, row: Row) -> tuple[Cell, Cell]:
    """Give a key figure and its interval, in litres and grams where it stands by area."""
    name = view.book.take(row["figure"])
    if row["unit"] in BY_AREA:
        span = (1000 * row["low"], 1000 * row["high"])
        unit, made_of = BY_AREA[row["unit"]], [row["figure"]]
        own = row["figure"].removeprefix(f"review.{view.id}.")
        name = view.figure(f"per.{own}", 1000 * row["value"], unit, made_of=made_of, span=span)
    is_sure = row["high"] == row["low"]
    return Ref(fact=name), NOT_STATED if is_sure else Ref(fact=name, form="span")


def _loads(view: View) -> Table | None:
    """What is generated and discharged of each substance, side by side."""
    sides: dict[str, dict[str, Row]] = {}
    for r in view.rows("key_figures"):
        if r["indicator"] in ("load-generated", "load-discharged", "specific-cod"):
            side = "out" if r["indicator"] == "load-discharged" else "made"
            sides.setdefault(r["substance"] or "COD", {})[side] = r
    if not sides:
        return None
    blank: tuple[Cell, Cell] = (UNKNOWN, "")
    rows: list[tuple[Cell, ...]] = []
    for name, side in sides.items():
        cells = [_amount(view, side[s]) if s in side else blank for s in ("made", "out")]
        rows.append((substance(name), *cells[0], *cells[1]))
    interval = Column(title=Phrase(key="review.interval"), is_number=True)
    return Table(
        caption=Phrase(key="review.caption_loads"),
        columns=(
            Column(title=Phrase(key="review.substance"), weight=1.4),
            Column(title=Phrase(key="review.generated"), is_number=True),
            interval,
            Column(title=Phrase(key="review.discharged"), is_number=True),
            interval,
        ),
        rows=tuple(rows),
    )
