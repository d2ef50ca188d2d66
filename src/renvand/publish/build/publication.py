"""Everything a case publishes: sheets and seminar packages, with what the gate found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.publish import codec, gate
from renvand.publish.build.cover import day_of
from renvand.publish.build.evidence import Evidence, label
from renvand.publish.build.plant import plant_sheet
from renvand.publish.build.region import region_sheet
from renvand.publish.build.sector import made_sheet
from renvand.publish.model import SheetModel
from renvand.publish.seminar.answers import read_answers, summarise, summary_pdf
from renvand.publish.seminar.event import Event, event_of
from renvand.publish.seminar.letter import letter
from renvand.publish.seminar.package import seminar_package
from renvand.publish.sheet import FORMATS, render_formats
from renvand.publish.voice import Voice
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure

# Sheets that are of no sector, and what is missing when one cannot be made.
WHOLE = {"plant": plant_sheet, "region": region_sheet}
MISSING = {
    "plant": ("has no trial behind it.", "Name a plant under [trial] and run the programme."),
    "region": ("has no register and no river behind it.", "Run the steps register and effect."),
}


def sectors_of(case: CaseData) -> list[str]:
    """Name the sectors that have a reviewed company."""
    return sorted({str(review.settings["sector"]) for review in case.reviews.values()})


def sheet_documents(
    case: CaseData,
    results: Mapping[str, Outcome],
    *,
    sheets: Sequence[str] = (),
    languages: Sequence[str] = (),
    formats: Sequence[str] = FORMATS,
) -> tuple[Outcome, dict[str, bytes]]:
    """Make the data sheets of a case.

    Parameters
    ----------
    case : CaseData
        The case.
    results : mapping
        Outcomes of the steps by name.
    sheets : sequence of str
        Which: ids of sectors, 'plant', 'region'; empty for all that can be made.
    languages, formats : sequence of str
        In which languages, empty for those of the case; and in which formats.

    Returns
    -------
    tuple
        Outcome with the figures the sheets made and what the gate wants a person to look at; the
        table ``inferences``: how many companies of the register each letter could be, for each
        thing a reader may know, also in ``extras`` (``inferences``), beside the models as JSON
        (``sheets``), by name. And the files by name.

    Raises
    ------
    FileError
        When a sector has no review, or a sheet has a fault.
    """
    import pandas as pd

    figures: list[Figure] = []
    findings: list[Fault] = []
    models: dict[str, str] = {}
    inferences: list[dict[str, Any]] = []
    guessed: dict[str, list[dict[str, Any]]] = {}
    documents: dict[str, bytes] = {}
    papers = [form for form in formats if form != "json"]
    wanted = tuple(sheets) or sheets_of(case, results)
    for name in wanted:
        model, made = _model(case, results, name)
        figures += [figure for figure in made if figure not in figures]
        if model.kind == "sector":
            guesses = _guesses(case, results, sector=name)
            findings += gate.warnings(guesses)
            guessed[name] = [vars(guess) for guess in guesses]
            inferences += [_inference(name, guess) for guess in guesses]
        models[name] = codec.to_json(model)
        documents |= {
            f"{model.id}.{language}.{form}": data
            for language in languages or case.languages
            for form, data in render_formats(model, language, papers).items()
        }
        if "json" in formats:
            documents[f"{model.id}.json"] = models[name].encode()
    tables = {"inferences": pd.DataFrame(inferences)} if inferences else {}
    return (
        Outcome(
            tables=tables,
            figures=tuple(figures),
            findings=tuple(findings),
            extras={"sheets": models, "inferences": guessed},
        ),
        documents,
    )


def _inference(sheet: str, guess: gate.Inference) -> dict[str, Any]:
    """Write down what a reader could infer of a letter, for the secretariat to see."""
    return {
        "sheet": sheet,
        "letter": guess.letter,
        "known": " × ".join(guess.known),
        "candidates": guess.candidates,
        "is_shown": set(guess.known) <= set(gate.SHOWN),
        "is_safe": guess.is_safe,
    }


def sheets_of(case: CaseData, results: Mapping[str, Outcome]) -> tuple[str, ...]:
    """Name the sheets a case can have: its reviewed sectors, 'plant' and 'region'."""
    more = [name for name, make in WHOLE.items() if make(case, results) is not None]
    return (*sectors_of(case), *more)


def _model(
    case: CaseData, results: Mapping[str, Outcome], name: str
) -> tuple[SheetModel, tuple[Figure, ...]]:
    """Make the model of a sheet by its name."""
    if name not in WHOLE:
        return made_sheet(case, results, name)
    made = WHOLE[name](case, results)
    if made is None:
        what, do = MISSING[name]
        raise FileError(Fault(where=f"sheet '{name}'", what=what, do=do))
    return made


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
    participants: Sequence[Mapping[str, str]] = (),
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
        Which; empty for those of the case, whatever languages a seminar is held in.
    participants : sequence of mapping
        Who comes, as :func:`renvand.publish.seminar.participants.read_participants` reads it.

    Returns
    -------
    tuple
        Outcome with what still has to be found out, and the files by name: '<seminar>/<file>'.

    Raises
    ------
    FileError
        When a seminar is not known or cannot be held as it is described.
    """
    findings: list[Fault] = []
    documents: dict[str, bytes] = {}
    for event in _events(case, seminars):
        model = made_sheet(case, results, event.sector)[0]
        findings += event.gaps
        package = seminar_package(
            model,
            event,
            languages=languages or case.languages,
            companies=_reviewed(case, event.sector),
            on=day_of(case),
            participants=participants,
        )
        documents |= {f"{event.id}/{file}": data for file, data in package.items()}
    return Outcome(findings=tuple(findings)), documents


def summary_documents(
    case: CaseData,
    results: Mapping[str, Outcome],
    answers: Path,
    *,
    seminar: str,
    languages: Sequence[str] = (),
) -> tuple[Outcome, dict[str, bytes]]:
    """Sum up the evaluation of a seminar.

    Parameters
    ----------
    case, results
        As for :func:`seminar_documents`.
    answers : Path
        What the field tool exported, CSV or xlsx.
    seminar : str
        Id of the seminar.
    languages : sequence of str
        Which; empty for those of the case.

    Returns
    -------
    tuple
        Outcome with the summary in ``extras``, and 'evaluation.<language>.pdf' by name.
    """
    event = _events(case, (seminar,))[0]
    model = made_sheet(case, results, event.sector)[0]
    summary = summarise(read_answers(answers), model, event)
    documents = {
        f"{event.id}/evaluation.{language}.pdf": summary_pdf(
            summary,
            letter(
                event,
                language,
                sector=Voice(language, {}).text(model.title),
                companies=_reviewed(case, event.sector),
                notice="",
                on=day_of(case),
            ),
            model=model,
            event=event,
        )
        for language in languages or case.languages
    }
    return Outcome(extras={"evaluation": asdict(summary)}), documents


def _reviewed(case: CaseData, sector: str) -> int:
    return sum(review.settings["sector"] == sector for review in case.reviews.values())


def _events(case: CaseData, wanted: Sequence[str]) -> list[Event]:
    """Read the seminars of a case, all or some."""
    partners = case.tables.get("partners")
    names = {r["id"]: label(r) for r in records(partners)} if partners is not None else {}
    pages = {str(page.get("id")): page for page in case.seminars}
    unknown = [
        Fault(where=f"seminar '{name}'", what="is not known.", do=near(name, pages))
        for name in wanted
        if name not in pages
    ]
    if unknown:
        raise FileError(unknown)
    return [event_of(pages[name], names) for name in wanted or pages]
