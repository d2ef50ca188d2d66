"""The sheet of one industry type, from what the steps found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from renvand.knowledge import sources as shipped_sources
from renvand.knowledge import table
from renvand.publish.build.balance import balance, origin_section
from renvand.publish.build.comparison import comparison, treatment
from renvand.publish.build.evidence import Evidence
from renvand.publish.build.key_figures import key_figures
from renvand.publish.build.options import options, techniques
from renvand.publish.build.technology import technology
from renvand.publish.gate import LEAST
from renvand.publish.model import (
    Label,
    Listing,
    Phrase,
    Ref,
    Section,
    SheetModel,
    Source,
    Text,
)
from renvand.publish.seminar.event import place
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure

FIRST_STEPS = 5
MOST_CODES = 6


def sector_sheet(case: CaseData, results: Mapping[str, Outcome], sector: str) -> SheetModel:
    """Make the data sheet of an industry type.

    Parameters
    ----------
    case : CaseData
        The case; ``[case] as_of`` dates the sheet, ``[sheet]`` may give edition, status, url,
        licence and contact.
    results : mapping
        Outcomes of the steps by name: review, potential, sectors, …
    sector : str
        Id of the sector.

    Returns
    -------
    SheetModel
        The sheet, in no language yet.

    Raises
    ------
    FileError
        When no company of the sector was reviewed.
    """
    return made_sheet(case, results, sector)[0]


def made_sheet(
    case: CaseData, results: Mapping[str, Outcome], sector: str
) -> tuple[SheetModel, tuple[Figure, ...]]:
    """Make a sheet, and give the figures it made of others."""
    evidence = Evidence(case, results, sector)
    figures = key_figures(evidence)
    sections = _sections(evidence)
    page: Mapping[str, Any] = case.settings.get("sheet", {})
    count = str(len(evidence.group))
    words = {"n": count, "region": place(str(case.settings["case"]["region"]))}
    notice = case.settings["case"].get("notice")
    model = SheetModel(
        id=sector,
        kind="sector",
        series=Phrase(key="sheet.series"),
        number=_number(sector),
        edition=str(page.get("edition", "1")),
        issued_on=day_of(case),
        status="approved" if page.get("status") == "approved" else "draft",
        title=sector_name(sector),
        subtitle=Phrase(key="sheet.sector_subtitle", values=words),
        codes=_codes(sector),
        lead=Phrase(key=f"sector.{sector}_intro"),
        key_figures=figures,
        sections=sections,
        facts=evidence.book.facts,
        sources=_bibliography(case, evidence),
        method=(
            Phrase(key="sheet.method_reviews", values={"n": count}),
            Phrase(key="sheet.method_statistics", values={"least": str(LEAST)}),
            Phrase(key="sheet.method_trace"),
        ),
        notice=Label(**{k: str(notice[k]) for k in ("en", "da", "zh")}) if notice else None,
        contact=str(page.get("contact", "")),
        url=str(page.get("url", "")),
        licence=str(page.get("licence", "")),
    )
    return model, evidence.book.made


def _sections(evidence: Evidence) -> tuple[Section, ...]:
    """Make the sections in their order on paper."""
    offered, chosen = options(evidence)
    return (
        _sector(evidence),
        origin_section(evidence),
        balance(evidence),
        comparison(evidence),
        _first_steps(evidence.sector),
        offered,
        techniques(evidence),
        treatment(evidence),
        technology(evidence, chosen),
    )


def _number(sector: str) -> int:
    """Number the sheets of the series by the order of the candidate sectors."""
    names = [row["id"] for row in records(table("sector_groups")) if row["is_candidate"]]
    return 1 + (names.index(sector) if sector in names else len(names))


def day_of(case: CaseData) -> dt.date:
    """Give the day the case stands for: a document never takes the clock's."""
    day = case.settings["case"]["as_of"]
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))


def sector_name(sector: str) -> Text:
    """Give the name of a sector as a title."""
    return Phrase(key=f"sector.{sector}")


def _codes(sector: str) -> tuple[Text, ...]:
    rows = [row for row in records(table("sectors")) if row["sector"] == sector]
    chinese = [str(row["code"]) for row in rows if len(str(row["code"])) == 4]
    nace = list(dict.fromkeys(str(row["nace"]) for row in rows if row["nace"]))
    texts: list[Text] = []
    for key, codes in (("sheet.nace", nace), ("sheet.gbt", chinese)):
        if codes:
            more = " …" if len(codes) > MOST_CODES else ""
            values = {"code": ", ".join(codes[:MOST_CODES]) + more}
            texts.append(Phrase(key=key, values=values))
    return tuple(texts)


def _sector(evidence: Evidence) -> Section:
    blocks: list[Phrase] = [Phrase(key=f"sector.{evidence.sector}_intro")]
    ids = {name: f"sectors.{evidence.sector}.{name}" for name in ("sites", "load")}
    if all(evidence.book.has(name) for name in ids.values()):
        sites = Ref(fact=evidence.book.take(ids["sites"]), form="number")
        load = Ref(fact=evidence.book.take(ids["load"]), digits=2)
        blocks.append(Phrase(key="sheet.register", values={"sites": sites, "load": load}))
    return Section(id="sector", title=Phrase(key="sheet.sector"), blocks=tuple(blocks))


def _first_steps(sector: str) -> Section:
    items = tuple(Phrase(key=f"sector.{sector}_first_{n}") for n in range(1, FIRST_STEPS + 1))
    title = Phrase(key="sheet.first_steps")
    return Section(id="first_steps", title=title, blocks=(Listing(items=items),))


def _bibliography(case: CaseData, evidence: Evidence) -> tuple[Source, ...]:
    """List the sources behind the facts, published ones first, constructed ones by title alone."""
    known = {**shipped_sources(), **case.sources}
    keys = dict.fromkeys(key for fact in evidence.book.facts for key in fact.sources)
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


__all__ = ["day_of", "made_sheet", "sector_name", "sector_sheet"]
