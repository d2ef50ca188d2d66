"""Sections that hold the company against levels and limits, and look into its processes."""

from __future__ import annotations

import re

from renvand import knowledge
from renvand.publish.model import Block, Cell, Column, Phrase, Ref, Section, Table, Value
from renvand.publish.review.figures import NOT_STATED, per_product
from renvand.publish.review.findings import (
    as_level,
    bound,
    figure_of,
    indicator,
    level,
    risk,
    substance,
)
from renvand.publish.review.model import UNKNOWN, Row, View, known, left_out

LARGEST_TABLE = 40
MOST_LEVELS = 24
NUMBERED = re.compile(r"\b[A-Z]{2,3}\d*(?:/T)? \d[\d.]*-\d{4}\b")  # GB 4287-2012, GB/T 18916.4-2012


def comparison(view: View) -> Section:
    """Make the section of key figures beside good practice."""
    rows = [r for r in view.rows("comparison") if r["is_nearest"]]
    rows.sort(key=lambda r: (r["place"], r["indicator"], figure_of(view, r), r["level"]))
    rows.sort(key=lambda r: r["indicator"] == "effluent-concentration")
    table: list[tuple[Cell, ...]] = []
    for r in rows[:MOST_LEVELS]:
        value = as_level(view, r)
        table.append(
            (
                _at(view, r, indicator(view, r)),
                Ref(fact=value),
                Ref(fact=value, form="span") if r["high"] > r["low"] else NOT_STATED,
                level(r),
                bound(view, r),
                Phrase(key=f"review.{r['position']}"),
            )
        )
    blocks: tuple[Block, ...] = (Phrase(key="review.no_comparison"),)
    if table:
        note = left_out(rows, MOST_LEVELS)
        blocks = (Phrase(key="review.text_comparison"), _levels(table, note=note))
    blocks += per_product(view, {figure_of(view, r) for r in rows})
    return Section(id="comparison", title=Phrase(key="review.comparison"), blocks=blocks)


def _at(view: View, row: Row, name: Cell) -> Cell:
    """Name a key figure of a unit with the unit before it."""
    values: dict[str, Value] = {"indicator": view.place(row["place"]), "substance": name}
    return Phrase(key="review.indicator_of", values=values) if row["place"] else name


def _levels(table: list[tuple[Cell, ...]], *, note: Phrase | None) -> Table:
    return Table(
        caption=Phrase(key="review.caption_comparison"),
        columns=(
            Column(title=Phrase(key="review.indicator"), weight=2.2),
            Column(title=Phrase(key="review.value"), is_number=True, weight=0),
            Column(title=Phrase(key="review.interval"), is_number=True, weight=0),
            Column(title=Phrase(key="review.level"), weight=1.7),
            Column(title=Phrase(key="review.bound"), is_number=True, weight=0),
            Column(title=Phrase(key="review.position"), weight=0),
        ),
        rows=tuple(table),
        note=note,
    )


def compliance(view: View) -> Section:
    """Make the section of limits."""
    rows = view.rows("compliance")
    title = Phrase(key="review.compliance")
    if not rows:
        none = Phrase(key="review.no_limit")
        return Section(id="compliance", title=title, blocks=(none,))
    rows.sort(key=lambda r: -r["probability_exceeded"] if known(r["probability_exceeded"]) else 1)
    blocks: list[Block] = [Phrase(key="review.text_compliance")]
    if any(r["corrected"] > r["value"] for r in rows):
        blocks.append(Phrase(key="review.text_corrected"))
    blocks += [_limits(view, rows), *_stricter(view)]
    return Section(id="compliance", title=title, blocks=tuple(blocks))


def _limits(view: View, rows: list[Row]) -> Table:
    table: list[tuple[Cell, ...]] = []
    for r in rows[:LARGEST_TABLE]:
        name = f"{r['stream']}.{r['substance']}"
        content = f"review.{view.id}.{name}"
        counted, limit, least = (
            view.figure(f"{name}.{what}", r[what], r["unit"], made_of=[content])
            for what in ("corrected", "limit", "reporting_limit")
        )
        below = Phrase(key="review.below", values={"limit": Ref(fact=least)})
        table.append(
            (
                substance(r["substance"]),
                r["stream"],
                below if r["is_censored"] else view.ref(content, form="quantity"),
                Ref(fact=counted) if not r["is_censored"] else UNKNOWN,
                Ref(fact=limit),
                risk(view, r),
                str(r["samples"]),
                Phrase(key="review.permit") if r["is_permit"] else _standard(view, r),
            )
        )
    return Table(
        caption=Phrase(key="review.caption_compliance"),
        columns=(
            Column(title=Phrase(key="review.substance"), weight=1.2),
            Column(title=Phrase(key="review.stream"), weight=0),
            Column(title=Phrase(key="review.measured"), is_number=True, weight=0),
            Column(title=Phrase(key="review.counted"), is_number=True, weight=1.2),
            Column(title=Phrase(key="review.limit"), is_number=True, weight=0),
            Column(title=Phrase(key="review.risk"), is_number=True, weight=1.1),
            Column(title=Phrase(key="review.samples"), is_number=True, weight=0),
            Column(title=Phrase(key="review.by"), weight=1.3),
        ),
        rows=tuple(table),
        note=left_out(rows, LARGEST_TABLE),
    )


def _standard(view: View, row: Row) -> str:
    """Name a standard by the number in its title; one without a number by its title."""
    title = str({**knowledge.sources(), **view.case.sources}[row["source"]]["title"])
    found = NUMBERED.search(title)
    return found[0] if found else title


def _stricter(view: View) -> list[Phrase]:
    """Say what the special limits of the standard would ask, where it has any."""
    rows = [r for r in view.rows("grades") if r["grade"] == "special"]
    judged = [r for r in rows if known(r["probability_exceeded"])]
    over = sum(r["probability_exceeded"] > 0.5 for r in judged)
    values: dict[str, Value] = {"n": str(over), "all": str(len(judged))}
    return [Phrase(key="review.text_stricter", values=values)] if judged else []


def processes(view: View) -> Section:
    """Make the section that looks into rinses, recipes and fluids."""
    title = Phrase(key="review.processes")
    rows = view.rows("insight")
    if not rows:
        none = Phrase(key="review.no_processes")
        return Section(id="processes", title=title, blocks=(none,))
    tables = [_process(view, place, rows) for place in dict.fromkeys(r["place"] for r in rows)]
    return Section(
        id="processes", title=title, blocks=(Phrase(key="review.text_processes"), *tables)
    )


def _process(view: View, place: str, rows: list[Row]) -> Table:
    table: list[tuple[Cell, ...]] = []
    for r in rows:
        if r["place"] != place:
            continue
        has_span = r["high"] > r["low"]
        table.append(
            (
                Phrase(key=f"review.q_{r['quantity']}"),
                view.ref(r["figure"], form="quantity"),
                view.ref(r["figure"], digits=2, form="span") if has_span else "",
                Phrase(key="review.planned" if r["is_default"] else "review.own"),
            )
        )
    return Table(
        caption=view.place(place),
        columns=(
            Column(title=Phrase(key="review.what"), weight=2.4),
            Column(title=Phrase(key="review.value"), is_number=True, weight=1.2),
            Column(title=Phrase(key="review.range"), is_number=True, weight=1.2),
            Column(title=Phrase(key="review.rests_on"), weight=1.0),
        ),
        rows=tuple(table),
    )
