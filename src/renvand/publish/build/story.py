"""The case: one company before and after its package of options."""

from __future__ import annotations

from renvand.publish.build.evidence import Evidence, Row
from renvand.publish.gate import Company
from renvand.publish.model import Block, Chart, Gap, Item, Phrase, Ref, Section
from renvand.trace import Figure


def case_section(evidence: Evidence) -> Section:
    """Tell what the package of options would do at the company that is shown."""
    company = evidence.shown
    count = str(len(evidence.group))
    blocks: tuple[Block, ...]
    if company is None:
        reason = Phrase(key="sheet.gap_consent", values={"n": count, "all": count})
        blocks = (Gap(reason=reason),)
    else:
        rows = evidence.rows("potential", "totals", review=company.review)
        blocks = _told(evidence, company, rows[0]) if rows else (_unknown(),)
    return Section(id="case", title=Phrase(key="sheet.case"), blocks=blocks)


def _unknown() -> Gap:
    return Gap(reason=Phrase(key="sheet.gap_no_option"), is_withheld=False)


def _told(evidence: Evidence, company: Company, total: Row) -> tuple[Block, ...]:
    """Write the story of a company: its water before and after, what it costs and gives."""
    book, stem = evidence.book, f"publish.{evidence.sector}.{company.letter}.package"
    water = f"review.{company.review}.specific_water"
    saved = f"potential.{company.review}.water_saved"
    columns, currency = ("investment", "net_saving_a"), evidence.case.currency
    if not (book.has(water) and book.has(saved)) or any(name not in total for name in columns):
        return (_unknown(),)
    before = evidence.publish(company, water, what="specific_water")
    fact = book.fact(before)
    after = book.make(
        Figure(
            id=f"{stem}.specific_water",
            value=fact.value * (1 - float(total["water_saved_share"])),
            unit=fact.unit,
            method="today's figure less the share of the water that the package saves",
            made_of=(before, saved),
        )
    )
    money = [
        book.make(
            Figure(
                id=f"{stem}.{name}",
                value=float(total[name]),
                unit=currency if name == "investment" else f"{currency}/a",
                method="of the whole package of options",
                made_of=(saved,),
            )
        )
        for name in columns
    ]
    words = {
        "letter": company.letter,
        "before": Ref(fact=before),
        "after": Ref(fact=after),
        "investment": Ref(fact=money[0], digits=2),
        "saving": Ref(fact=money[1], digits=2),
    }
    chart = _chart(company, before=before, after=after, unit=fact.unit)
    return (Phrase(key="sheet.case_text", values=words), chart)


def _chart(company: Company, *, before: str, after: str, unit: str) -> Chart:
    item = Item(id="water", label=Phrase(key="sheet.specific_water"), fact=before, other=after)
    return Chart(
        kind="profile",
        caption=Phrase(key="sheet.caption_case", values={"letter": company.letter}),
        unit=unit,
        items=(item,),
    )
