"""The report of one company's review, put together from its parts."""

from __future__ import annotations

import datetime as dt

from renvand import knowledge
from renvand.errors import Fault, FileError, near
from renvand.publish.build.evidence import label
from renvand.publish.model import (
    Day,
    Fact,
    KeyFigure,
    Label,
    Phrase,
    Ref,
    Section,
    Source,
    Text,
    Unit,
    Value,
)
from renvand.publish.review.ahead import gaps, largest_win, wins
from renvand.publish.review.balances import loads, money, water
from renvand.publish.review.findings import findings, money_total
from renvand.publish.review.judged import comparison, compliance, processes
from renvand.publish.review.model import Report, View
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.text import LANGUAGES, number


def review_report(
    case: CaseData, outcome: Outcome, review: str, *, is_confidential: bool = True
) -> Report:
    """Make the report of one company.

    Parameters
    ----------
    case : CaseData
        The case.
    outcome : Outcome
        Of the review step.
    review : str
        Folder under ``reviews/``.
    is_confidential : bool
        What every page says. A report may only be released with the company's consent.

    Returns
    -------
    Report
        In no language yet.

    Raises
    ------
    FileError
        When there is no such review, or a report without consent is to be released.
    """
    if review not in case.reviews:
        what = f"no review '{review}'."
        raise FileError(Fault(where="reviews", what=what, do=near(review, case.reviews)))
    view = View(case, outcome, review)
    if not is_confidential and not view.settings.get("has_consent"):
        what = "is without the company's consent."
        do = "Ask for it, or write the report as confidential."
        raise FileError(Fault(where=f"reviews/{review}", what=what, do=do))
    figures, sections = _key_figures(view), _sections(view)
    page = case.settings.get("case", {})
    return Report(
        id=review,
        title=Phrase(key="review.title", values={"company": view.company}),
        subtitle=_subtitle(view),
        visited=_visited(view),
        seal=_seal(view, is_confidential=is_confidential),
        is_confidential=is_confidential,
        issued_on=_day(str(view.settings["reviewed_on"])),
        notice=Label(**page["notice"]) if page.get("notice") else None,
        key_figures=figures,
        sections=sections,
        facts=view.book.facts,
        figures=view.book.made,
        sources=_sources(case, view.book.facts),
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _subtitle(view: View) -> Phrase:
    product = {k: str(v) for k, v in view.settings["product"].items()}
    amount = float(view.settings["production"])
    plain = int(amount) if amount.is_integer() else amount
    values: dict[str, Value] = {
        "product": Label(**product),
        "amount": Label(**{k: number(plain, k, digits=4) for k in LANGUAGES}),
        "unit": Unit(unit=str(view.settings["production_unit"])),
    }
    return Phrase(key="review.subtitle", values=values)


def _visited(view: View) -> Phrase:
    day = Day(on=_day(str(view.settings["reviewed_on"])))
    return Phrase(key="review.visited", values={"day": day, "who": _reviewer(view)})


def _reviewer(view: View) -> Text:
    """Name who reviewed: a partner by name, anybody else as written."""
    from renvand.steps.case import records

    who = str(view.settings["reviewer"])
    rows = records(view.case.tables["partners"]) if "partners" in view.case.tables else []
    found = [r for r in rows if r["id"] == who]
    return label(found[0]) if found and found[0].get("name_en") else who


def _seal(view: View, *, is_confidential: bool) -> Phrase:
    if is_confidential:
        return Phrase(key="review.confidential", values={"company": view.company})
    day = view.settings.get("consent_on") or view.settings["reviewed_on"]
    return Phrase(key="review.released", values={"day": Day(on=_day(str(day)))})


def _sections(view: View) -> tuple[Section, ...]:
    made = (
        findings(view),
        water(view),
        loads(view),
        money(view),
        comparison(view),
        compliance(view),
        processes(view),
        gaps(view),
        wins(view),
    )
    return tuple(section for section in made if section is not None)


def _key_figures(view: View) -> tuple[KeyFigure, ...]:
    found: list[KeyFigure] = []
    for name, key in (("specific_water", "key_water"), ("specific_wastewater", "key_wastewater")):
        figure = f"review.{view.id}.{name}"
        if view.book.has(figure):
            found.append(_with_range(key, view.book.take(figure), digits=3))
    if view.rows("drain_money"):
        found.append(_with_range("key_money", money_total(view)))
    saved = largest_win(view)
    if saved:
        found.append(_with_range("key_wins", saved))
    return tuple(found)


def _with_range(key: str, figure: str, *, digits: int = 2) -> KeyFigure:
    span = Phrase(key="review.note_span", values={"span": Ref(fact=figure, form="span")})
    label = Phrase(key=f"review.{key}")
    return KeyFigure(label=label, value=Ref(fact=figure, digits=digits), note=span)


def _sources(case: CaseData, facts: tuple[Fact, ...]) -> tuple[Source, ...]:
    pages = {**knowledge.sources(), **case.sources}
    keys = dict.fromkeys(key for fact in facts for key in fact.sources if key in pages)
    return tuple(
        Source(
            key=key,
            title=str(pages[key]["title"]),
            year=int(pages[key]["year"]),
            author=str(pages[key].get("author", "")),
            publisher=str(pages[key].get("publisher", "")),
            url=str(pages[key].get("url", "")),
        )
        for key in sorted(keys)
    )
