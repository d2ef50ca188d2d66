"""The sheet of one industry type, from what the steps found."""

from __future__ import annotations

from collections.abc import Mapping

from renvand.publish.build.balance import balance, origin_section
from renvand.publish.build.comparison import comparison, treatment
from renvand.publish.build.cover import cover, region_of, sector_number
from renvand.publish.build.evidence import Evidence
from renvand.publish.build.key_figures import key_figures
from renvand.publish.build.naming import sector_name, sector_phrase
from renvand.publish.build.options import options, techniques
from renvand.publish.build.story import case_section
from renvand.publish.build.technology import technology
from renvand.publish.gate import LEAST
from renvand.publish.model import Listing, Phrase, Ref, Section, SheetModel, Text
from renvand.steps.case import CaseData
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
    count = str(len(evidence.group))
    model = cover(
        case,
        evidence.book,
        id=sector,
        kind="sector",
        number=sector_number(case, sector),
        title=sector_name(case, sector),
        subtitle=Phrase(
            key="sheet.sector_subtitle", values={"n": count, "region": region_of(case)}
        ),
        lead=sector_phrase(sector, "intro"),
        codes=_codes(evidence),
        key_figures=figures,
        sections=sections,
        method=(
            Phrase(key="sheet.method_reviews", values={"n": count}),
            Phrase(key="sheet.method_statistics", values={"least": str(LEAST)}),
            Phrase(key="sheet.method_trace"),
        ),
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
        case_section(evidence),
        technology(evidence, chosen),
    )


def _codes(evidence: Evidence) -> tuple[Text, ...]:
    """Give the codes of the industry in NACE, and in China's own system where they are its."""
    rows = [r for r in evidence.case.knowledge.rows("sectors") if r["sector"] == evidence.sector]
    own = [r for r in rows if str(r["source"]).startswith("gbt-")]
    chinese = [str(row["code"]) for row in own if len(str(row["code"])) == 4]
    nace = list(dict.fromkeys(str(row["nace"]) for row in rows if row["nace"]))
    texts: list[Text] = []
    for key, codes in (("sheet.nace", nace), ("sheet.gbt", chinese)):
        if codes:
            more = " …" if len(codes) > MOST_CODES else ""
            values = {"code": ", ".join(codes[:MOST_CODES]) + more}
            texts.append(Phrase(key=key, values=values))
    return tuple(texts)


def _sector(evidence: Evidence) -> Section:
    blocks: list[Phrase] = [sector_phrase(evidence.sector, "intro")]
    ids = {name: f"sectors.{evidence.sector}.{name}" for name in ("sites", "load")}
    if all(evidence.book.has(name) for name in ids.values()):
        sites = Ref(fact=evidence.book.take(ids["sites"]), form="number")
        load = Ref(fact=evidence.book.take(ids["load"]), digits=2)
        blocks.append(Phrase(key="sheet.register", values={"sites": sites, "load": load}))
    return Section(id="sector", title=Phrase(key="sheet.sector"), blocks=tuple(blocks))


def _first_steps(sector: str) -> Section:
    items = tuple(sector_phrase(sector, f"first_{n}") for n in range(1, FIRST_STEPS + 1))
    title = Phrase(key="sheet.first_steps")
    return Section(id="first_steps", title=title, blocks=(Listing(items=items),))


__all__ = ["made_sheet", "sector_sheet"]
