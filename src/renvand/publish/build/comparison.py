"""Companies side by side, and what they may discharge."""

from __future__ import annotations

from renvand.knowledge import SHIPPED, limit_for, substance_id
from renvand.publish.build.evidence import Evidence, Row, label, letters
from renvand.publish.build.key_figures import shown
from renvand.publish.build.naming import sector_phrase
from renvand.publish.gate import Company
from renvand.publish.model import (
    Block,
    Cell,
    Chart,
    Column,
    Gap,
    Item,
    Label,
    Level,
    Phrase,
    Ref,
    Section,
    Table,
    Unit,
)
from renvand.trace import Figure

LIMIT_LEVELS = ("base-new",)
GOOD_LEVELS = ("bat", "grade-1", "norm-new")
# In the order of how much they tell; only what the reviews measured is shown.
SUBSTANCES = (
    *("COD", "Cr6", "Cr", "Ni", "Cu", "Zn", "CN", "oil"),
    *("NH4-N", "TN", "TP", "SS", "Sb", "AOX"),
)
MOST_LIMITS = 7  # rows
MOST_LEVELS = 3


def comparison(evidence: Evidence) -> Section:
    """Make the section with the bars of the companies that have consented."""
    rows = evidence.rows("review", "comparison", place="")
    what, indicator = "specific_wastewater", "specific-wastewater"
    if not any(row["indicator"] == indicator for row in rows):
        what, indicator = "specific_water", "specific-water"
    pairs = [(c, fact) for c, fact in evidence.numbers(what) if c.has_consent]
    blocks: list[Block] = []
    if pairs:
        unit = pairs[0][1].unit
        items = tuple(
            Item(
                id=c.letter,
                label=letters([c]),
                fact=evidence.publish(c, fact.id, what=what),
                group="company",
            )
            for c, fact in pairs
        )
        names = {company.review for company, _ in pairs}
        fitting = [r for r in rows if r["indicator"] == indicator and r["review"] in names]
        blocks.append(
            Chart(
                kind="bar",
                caption=Phrase(
                    key="sheet.caption_comparison",
                    values={"what": Phrase(key=f"sheet.{what}"), "unit": Unit(unit=unit)},
                ),
                unit=unit,
                items=items,
                levels=_levels(evidence, fitting, unit=unit),
            )
        )
    silent = len(evidence.group) - len(evidence.open)
    if silent:
        words = {"n": str(silent), "all": str(len(evidence.group))}
        blocks.append(Gap(reason=Phrase(key="sheet.gap_consent", values=words)))
    return Section(id="comparison", title=Phrase(key="sheet.comparison"), blocks=tuple(blocks))


def _levels(evidence: Evidence, rows: list[Row], *, unit: str) -> tuple[Level, ...]:
    """Give the levels nearest to the products, limits last, each once."""
    found: dict[str, Row] = {}
    for row in rows:
        is_wanted = row["level"] in LIMIT_LEVELS + GOOD_LEVELS and row["is_nearest"]
        if is_wanted and row["unit"] == unit:
            found.setdefault(row["good_practice"], row)
    known = evidence.case.knowledge.by_id("good_practice")
    levels: list[Level] = []
    for name in sorted(found, key=lambda n: found[n]["level"] in LIMIT_LEVELS)[:MOST_LEVELS]:
        is_limit = found[name]["level"] in LIMIT_LEVELS
        key = "sheet.limit_for" if is_limit else "sheet.good_practice_for"
        levels.append(
            Level(
                label=Phrase(key=key, values={"product": label(known[name], "process")}),
                fact=_level_fact(evidence, known[name]),
                is_limit=is_limit,
            )
        )
    return tuple(levels)


def _level_fact(evidence: Evidence, row: Row) -> str:
    low, high = row["low"], row["high"]
    ends = [v for v in (low, high) if v == v]
    column = "high" if high == high else "low"
    has_range = len(ends) == 2 and low != high
    figure = Figure(
        id=f"publish.level.{row['id']}",
        value=float(row[column]),
        unit=str(row["unit"]),
        method="published level, taken over as it stands",
        made_of=(evidence.case.knowledge.origin("good_practice", row, column=column),),
        low=float(low) if has_range else None,
        high=float(high) if has_range else None,
        basis="published",
    )
    return evidence.book.make(figure)


def treatment(evidence: Evidence) -> Section:
    """Make the section on treatment, with limits beside what the companies discharge."""
    text = sector_phrase(evidence.sector, "treatment")
    table_ = _limits(evidence)
    blocks: tuple[Block, ...] = (text, table_) if table_.rows else (text,)
    return Section(id="treatment", title=Phrase(key="sheet.treatment"), blocks=blocks)


def _limits(evidence: Evidence) -> Table:
    companies = evidence.open[:3]
    rows: list[tuple[Cell, ...]] = []
    for substance in SUBSTANCES:
        found = [_discharged(evidence, company, substance=substance) for company in companies]
        limits = [_limit(evidence, substance, discharge=way) for way in ("direct", "indirect")]
        if any(found) and any(limits):
            cells = [Ref(fact=f, form="number", digits=2) if f else "–" for f in (*found, *limits)]
            rows.append((named_substance(substance), *cells))
    return Table(
        caption=Phrase(
            key="sheet.caption_limits",
            values={"letters": ", ".join(c.letter for c in companies), "unit": Unit(unit="mg/l")},
        ),
        columns=(
            Column(title=Phrase(key="sheet.substance")),
            *(Column(title=c.letter, is_number=True) for c in companies),
            Column(title=Phrase(key="sheet.direct"), is_number=True),
            Column(title=Phrase(key="sheet.indirect"), is_number=True),
        ),
        rows=tuple(rows[:MOST_LIMITS]),
        note=Phrase(key="sheet.limits_note"),
    )


def named_substance(substance: str) -> Label | str:
    """Write a formula as chemists do, and a word in the reader's language."""
    row = SHIPPED.by_id("substances")[substance]
    return label(row) if substance.islower() else shown(substance)


def _discharged(evidence: Evidence, company: Company, *, substance: str) -> str:
    """Find what the largest stream to the sewer held."""
    rows = evidence.rows("review", "streams", review=company.review, quantity="flow")
    out = [r for r in rows if r["to_unit"] in ("sewer", "drain") and r["value"] == r["value"]]
    for row in sorted(out, key=lambda r: -r["value"])[:1]:
        name = f"review.{company.review}.{row['stream']}.{substance}"
        if evidence.book.has(name):
            return evidence.publish(company, name, what=f"discharged.{substance}")
    return ""


def _limit(evidence: Evidence, substance: str, *, discharge: str) -> str:
    if substance_id(substance) is None:
        return ""
    limit = limit_for(
        evidence.sector, substance, discharge=discharge, knowledge=evidence.case.knowledge
    )
    if limit is None or limit.high is None:
        return ""
    return evidence.book.make(
        Figure(
            id=f"publish.{evidence.sector}.limit.{discharge}.{substance}",
            value=limit.high,
            unit=limit.unit,
            method="limit of the standard, taken over as it stands",
            made_of=(limit.origin(),),
            basis="published",
        )
    )
