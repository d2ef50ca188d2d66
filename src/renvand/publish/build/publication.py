"""Everything a case publishes: sheets and seminar packages, with what the gate found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.publish import codec, gate
from renvand.publish.build.evidence import Evidence, label
from renvand.publish.build.sector import day_of, made_sheet
from renvand.publish.seminar.event import event_of
from renvand.publish.seminar.package import seminar_package
from renvand.publish.sheet import FORMATS, render_sheet
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.text import LANGUAGES
from renvand.trace import Figure

DOCUMENTS = tuple(form for form in FORMATS if form != "json")


def sectors_of(case: CaseData) -> list[str]:
    """Name the sectors that have a reviewed company."""
    return sorted({str(review.settings["sector"]) for review in case.reviews.values()})


def sheet_documents(
    case: CaseData,
    results: Mapping[str, Outcome],
    *,
    sectors: Sequence[str] = (),
    languages: Sequence[str] = LANGUAGES,
    formats: Sequence[str] = DOCUMENTS,
) -> tuple[Outcome, dict[str, bytes]]:
    """Make the data sheets of a case.

    Parameters
    ----------
    case : CaseData
        The case.
    results : mapping
        Outcomes of the steps by name.
    sectors : sequence of str
        Which; empty for all with reviews.
    languages, formats : sequence of str
        In which languages and formats.

    Returns
    -------
    tuple
        Outcome with the figures the sheets made and what the gate wants a person to look at; in
        ``extras`` the models as JSON (``sheets``) and who each letter could be (``inferences``),
        by sector. And the files by name.

    Raises
    ------
    FileError
        When a sector has no review, or a sheet has a fault.
    """
    figures: list[Figure] = []
    findings: list[Fault] = []
    models: dict[str, str] = {}
    inferences: dict[str, list[dict[str, Any]]] = {}
    documents: dict[str, bytes] = {}
    for sector in sectors or sectors_of(case):
        model, made = made_sheet(case, results, sector)
        figures += [figure for figure in made if figure not in figures]
        guesses = _guesses(case, results, sector=sector)
        findings += gate.warnings(guesses)
        inferences[sector] = [vars(guess) for guess in guesses]
        models[sector] = codec.to_json(model)
        for language in languages:
            for form in formats:
                name = f"{sector}.{language}.{form}"
                documents[name] = render_sheet(model, language, format=form)
    extras = {"sheets": models, "inferences": inferences}
    return Outcome(figures=tuple(figures), findings=tuple(findings), extras=extras), documents


def _guesses(
    case: CaseData, results: Mapping[str, Outcome], *, sector: str
) -> list[gate.Inference]:
    """Ask who a letter could be, where there is a register to look into."""
    if "register" not in results:
        return []
    group = Evidence(case, results, sector).open
    return gate.inferences(group, results["register"].tables["enterprises"])


def seminar_documents(
    case: CaseData,
    results: Mapping[str, Outcome],
    *,
    seminars: Sequence[str] = (),
    languages: Sequence[str] = (),
) -> tuple[Outcome, dict[str, bytes]]:
    """Make the packages of all seminars of a case.

    Parameters
    ----------
    case : CaseData
        With its seminars and partners.
    results : mapping
        Outcomes of the steps by name.
    seminars : sequence of str
        Which; empty for all.
    languages : sequence of str
        Which; empty for those each seminar is held in.

    Returns
    -------
    tuple
        Outcome with what still has to be found out, and the files by name: '<seminar>/<file>'.
    """
    partners = case.tables.get("partners")
    names = {r["id"]: label(r) for r in records(partners)} if partners is not None else {}
    pages = {str(page.get("id")): page for page in case.seminars}
    findings: list[Fault] = []
    documents: dict[str, bytes] = {}
    for name in seminars or pages:
        if name not in pages:
            raise FileError(
                Fault(where=f"seminar '{name}'", what="is not known.", do=near(name, pages))
            )
        event = event_of(pages[name], names)
        model = made_sheet(case, results, event.sector)[0]
        findings += event.gaps
        package = seminar_package(
            model,
            event,
            languages=languages or event.languages,
            companies=sum(r.settings["sector"] == event.sector for r in case.reviews.values()),
            on=day_of(case),
        )
        documents |= {f"{name}/{file}": data for file, data in package.items()}
    return Outcome(findings=tuple(findings)), documents
