"""Saving options of the companies that have consented, shortest payback first."""

from __future__ import annotations

import math

from renvand.knowledge import sources as shipped_sources
from renvand.publish.build.evidence import Evidence, Row, headed, label
from renvand.publish.build.technology import DETAILED, technique
from renvand.publish.gate import Company
from renvand.publish.model import (
    Block,
    Cell,
    Chart,
    Column,
    Gap,
    Item,
    Phrase,
    Ref,
    Section,
    Table,
    Unit,
)
from renvand.steps.potential.page import page_of
from renvand.trace import Figure

MOST = 8  # rows
UNPUBLISHED = ("derived", "planning")  # kinds of sources
Heads = tuple[tuple[str, str, str, int | None], ...]
WEIGHTS = (0.95, 1.05, 1.0, 1.3)  # 'Tilbagebetalingstid' is long


def _columns(evidence: Evidence) -> Heads:
    """Give columns of the table of options: name, unit, head, digits behind the point."""
    return (
        ("investment", evidence.case.currency, "investment", None),
        ("water_m3_a", "m3/a", "water_saving", None),
        ("net_saving_a", evidence.case.currency, "money_saving", None),
        ("payback_a", "a", "payback", 1),
    )


def options(evidence: Evidence) -> tuple[Section, list[str]]:
    """Make the section of saving options.

    Returns
    -------
    tuple
        The section, and the techniques in it by payback.
    """
    found = _best(evidence)
    title = Phrase(key="sheet.options")
    if not found:
        gap = Gap(reason=Phrase(key="sheet.gap_no_option"), is_withheld=False)
        return Section(id="options", title=title, blocks=(gap,)), []
    curve = _curve(evidence, found)
    blocks: tuple[Block, ...] = (_table(evidence, found), *([curve] if curve else []))
    section = Section(id="options", title=title, blocks=blocks)
    return section, [str(row["technology"]) for _, row in found]


def _best(evidence: Evidence) -> list[tuple[Company, Row]]:
    """Keep, of each technique, where it pays back soonest; sort by payback."""
    found: list[tuple[Company, Row]] = []
    for company in evidence.open:
        rows = evidence.rows("potential", "options", review=company.review)
        found += [(company, row) for row in rows if row["is_in_package"]]
    found.sort(key=lambda pair: (pair[1]["payback_a"], pair[1]["technology"]))
    first: dict[str, tuple[Company, Row]] = {}
    for company, row in found:
        first.setdefault(row["technology"], (company, row))
    return list(first.values())[:MOST]


def _number(evidence: Evidence, company: Company, *, row: Row, column: str, unit: str) -> str:
    """Publish a number of an option; empty when there is none, as when it never pays back."""
    value = float(row[column])
    origin = f"potential.{row['review']}.{row['option']}"
    parent = f"{origin}.water" if column == "water_m3_a" else f"{origin}.npv"
    if not math.isfinite(value) or not evidence.book.has(parent) or value == 0:
        return ""
    ends = [float(row.get(f"{column}_{end}", math.nan)) for end in ("low", "high")]
    has_range = all(math.isfinite(end) for end in ends)
    return evidence.book.make(
        Figure(
            id=f"publish.{evidence.sector}.{company.letter}.{row['option']}.{column}",
            value=value,
            unit=unit,
            method="of the saving option, on what the options before it have left",
            made_of=(parent,),
            low=ends[0] if has_range else None,
            high=ends[1] if has_range else None,
        )
    )


def _cell(evidence: Evidence, company: Company, *, row: Row, column: int) -> Cell:
    name, unit, _, places = _columns(evidence)[column]
    fact = _number(evidence, company, row=row, column=name, unit=unit)
    if fact:
        return Ref(fact=fact, form="number", places=places, digits=2)
    if name == "payback_a":
        return Gap(reason=Phrase(key="sheet.gap_never"), is_withheld=False)
    return "–"


def _table(evidence: Evidence, found: list[tuple[Company, Row]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for number, (company, row) in enumerate(found, 1):
        numbers = [_cell(evidence, company, row=row, column=n) for n in range(len(WEIGHTS))]
        sure = min(
            (str(row[name]) for name in ("confidence", "capex_confidence")),
            key=("low", "medium", "high").index,
        )
        confidence = Phrase(key=f"sheet.confidence_{sure}")
        rows.append((str(number), headed(label(row)), company.letter, *numbers, confidence))
    return Table(
        caption=Phrase(key="sheet.caption_options"),
        columns=(
            Column(title="", weight=0),
            Column(title=Phrase(key="sheet.option"), weight=2.6),
            Column(title=Phrase(key="sheet.at_company"), weight=0),
            *(
                Column(title=Phrase(key=f"sheet.{head}"), unit=unit, is_number=True, weight=weight)
                for (_, unit, head, _), weight in zip(_columns(evidence), WEIGHTS, strict=True)
            ),
            Column(title=Phrase(key="sheet.confidence"), weight=0),
        ),
        rows=tuple(rows),
    )


def _curve(evidence: Evidence, found: list[tuple[Company, Row]]) -> Chart | None:
    """Make the cost curve of the options in the table that save water."""
    items: list[Item] = []
    unit = f"{evidence.case.currency}/m3"
    for number, (company, row) in enumerate(found, 1):
        costs = evidence.rows(
            "potential", "macc", review=row["review"], option=row["option"], measure="water"
        )
        water = _number(evidence, company, row=row, column="water_m3_a", unit="m3/a")
        if costs and water:
            name = f"publish.{evidence.sector}.{company.letter}.{row['option']}.cost_per_m3"
            parent = f"potential.{row['review']}.{row['option']}.npv"
            figure = Figure(
                id=name,
                value=float(costs[0]["cost_per_unit"]),
                unit=unit,
                method="yearly cost less saving, per cubic metre saved; negative earns",
                made_of=(parent,),
            )
            cost = evidence.book.make(figure)
            items.append(Item(id=str(number), label=headed(label(row)), fact=water, other=cost))
    items.sort(key=lambda item: evidence.book.fact(item.other).value)
    if not items:
        return None
    return Chart(
        kind="curve",
        caption=Phrase(key="sheet.caption_macc"),
        unit=unit,
        items=tuple(items),
        axis=Phrase(key="sheet.axis_saved", values={"unit": Unit(unit="m3/a")}),
        other_axis=Phrase(key="sheet.axis_cost", values={"unit": Unit(unit=unit)}),
    )


def _energy(evidence: Evidence, company: Company, *, row: Row) -> dict[str, Ref]:
    """Publish what an option saves of energy, or uses more."""
    saved = float(row.get("energy_kwh_a", 0.0))
    parent = f"potential.{row['review']}.{row['option']}.npv"
    if saved == 0 or not math.isfinite(saved) or not evidence.book.has(parent):
        return {}
    fact = evidence.book.make(
        Figure(
            id=f"publish.{evidence.sector}.{company.letter}.{row['option']}.energy",
            value=abs(saved),
            unit="kWh/a",
            method="energy of the saving option, saved or used more",
            made_of=(parent,),
        )
    )
    return {"energy_saved" if saved > 0 else "energy_used": Ref(fact=fact, digits=2)}


def techniques(evidence: Evidence) -> Section:
    """Describe the techniques that pay back soonest, under the headings of a BREF."""
    shown: list[Block] = []
    for company, row in _best(evidence)[:DETAILED]:
        numbers: dict[str, Ref] = {}
        for column, unit, head, places in _columns(evidence):
            fact = _number(evidence, company, row=row, column=column, unit=unit)
            if fact:
                numbers[head] = Ref(fact=fact, digits=2, places=places)
        numbers |= _energy(evidence, company, row=row)
        source = _literature(evidence, row)
        shown.append(technique(row, numbers, letter=company.letter, source=source))
    gap = Gap(reason=Phrase(key="sheet.gap_no_option"), is_withheld=False)
    title = Phrase(key="sheet.techniques")
    return Section(id="techniques", title=title, blocks=tuple(shown) or (gap,))


def _literature(evidence: Evidence, row: Row) -> str:
    """Name what was published on a technique; empty where its savings are our own deriving."""
    known = {**shipped_sources(), **evidence.case.sources}
    page = page_of(row["technology"])
    keys = page.sources if page else (str(row.get("source")),)
    found = [known[key] for key in keys if key in known]
    return "; ".join(str(s["title"]) for s in found if s.get("kind") not in UNPUBLISHED)
