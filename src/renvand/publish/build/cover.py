"""What every sheet of a case has in common: head, notice, sources, contact, address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from renvand.knowledge import sources as shipped_sources
from renvand.publish.build.facts import FactBook
from renvand.publish.build.logo import logo_of
from renvand.publish.model import (
    KeyFigure,
    Kind,
    Label,
    Phrase,
    Section,
    SheetModel,
    Source,
    Text,
    spoken,
)
from renvand.publish.seminar.event import place
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome


def book_of(case: CaseData, results: Mapping[str, Outcome]) -> FactBook:
    """Gather the figures of a run. A source of kind 'company' names one and stays inside."""
    hidden = {k for k, page in case.sources.items() if page.get("kind") == "company"}
    return FactBook(results, hidden=frozenset(hidden))


def cover(
    case: CaseData,
    book: FactBook,
    *,
    id: str,
    kind: Kind,
    number: int,
    title: Text,
    subtitle: Text,
    lead: Text,
    codes: tuple[Text, ...],
    key_figures: tuple[KeyFigure, ...],
    sections: tuple[Section, ...],
    method: tuple[Text, ...],
) -> SheetModel:
    """Put a sheet together.

    Parameters
    ----------
    case : CaseData
        The case; ``[case] as_of`` dates the sheet, ``[sheet]`` may give edition, status, licence,
        contact, and ``url``: the folder on the web that its pages lie in.
    book : FactBook
        The facts that key figures and sections took; called after them.
    id, kind, number, title, subtitle, lead, codes, key_figures, sections, method
        As in :class:`renvand.publish.model.SheetModel`.
    """
    page: Mapping[str, Any] = case.settings.get("sheet", {})
    notice = case.settings["case"].get("notice")
    address = str(page.get("url", "")).rstrip("/")
    return SheetModel(
        id=id,
        kind=kind,
        series=Phrase(key="sheet.series"),
        number=number,
        edition=str(page.get("edition", "1")),
        issued_on=day_of(case),
        status="approved" if page.get("status") == "approved" else "draft",
        title=title,
        subtitle=subtitle,
        codes=codes,
        lead=lead,
        key_figures=key_figures,
        sections=sections,
        facts=book.facts,
        sources=bibliography(case, book),
        method=method,
        notice=spoken(notice) if notice else None,
        contact=str(page.get("contact", "")),
        url=f"{address}/{id}.{{language}}.html" if address else "",
        licence=str(page.get("licence", "")),
        logo=logo_of(case.folder),
    )


def day_of(case: CaseData) -> dt.date:
    """Give the day the case stands for: a document never takes the clock's."""
    day = case.settings["case"]["as_of"]
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))


def region_of(case: CaseData) -> Label:
    """Name the region of a case."""
    return place(str(case.settings["case"]["region"]))


def bibliography(case: CaseData, book: FactBook) -> tuple[Source, ...]:
    """List the sources behind the facts, published ones first, constructed ones by title alone."""
    known = {**shipped_sources(), **case.sources}
    keys = dict.fromkeys(key for fact in book.facts for key in fact.sources)
    found = [(key, known[key]) for key in keys if key in known]
    found.sort(key=lambda pair: (pair[1].get("kind") == "constructed", pair[0]))
    return tuple(
        Source(
            key=key,
            title=str(page["title"]),
            year=int(page["year"]),
            author=str(page.get("author", "")),
            publisher="" if page.get("kind") == "constructed" else str(page.get("publisher", "")),
            url=str(page.get("url", "")),
            licence=str(page.get("licence", "")),
        )
        for key, page in found
    )


def sector_number(case: CaseData, sector: str) -> int:
    """Number a sheet by the order of the candidate sectors; the others follow."""
    names = [row["id"] for row in case.knowledge.rows("sector_groups") if row["is_candidate"]]
    return 1 + (names.index(sector) if sector in names else len(names))


def rows_of(
    results: Mapping[str, Outcome], step: str, name: str, **wanted: object
) -> list[dict[str, Any]]:
    """Give the rows of a step's table, all or those with some values; none without the step."""
    outcome = results.get(step)
    if outcome is None or name not in outcome.tables:
        return []
    return [
        row
        for row in records(outcome.tables[name])
        if all(row.get(column) == value for column, value in wanted.items())
    ]
