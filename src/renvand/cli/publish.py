"""``renvand sheet`` and ``renvand seminar``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from renvand.steps.outcome import Outcome

LAST = "effect"  # the last step that documents are made of

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
Languages = Annotated[
    str, typer.Option("--languages", help="Languages, 'da,en,zh'; empty for all three.")
]
Everything = Annotated[bool, typer.Option("--all", help="All of them; the same as naming none.")]
Target = Annotated[
    Path | None, typer.Option("--to", help="Folder to write to; else CASE/out/sheets or seminars.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print files and findings as JSON.")]


def sheet(
    case: CasePath,
    everything: Everything = False,
    *,
    only: Annotated[
        str,
        typer.Option("--only", "--sector", help="Sectors, 'plant', 'region'; empty for all."),
    ] = "",
    languages: Languages = "",
    formats: Annotated[
        str, typer.Option(help="Of 'pdf,html,docx,json'; json is in no language.")
    ] = "pdf,html,docx,json",
    to: Target = None,
    as_json: AsJson = False,
) -> None:
    """Write the data sheets of a case: per industry type, for the trial plant and the region.

    Example: renvand sheet examples/chongqing --only textile-dyeing,plant --languages da
    """
    from renvand import programme
    from renvand.partnership.folder import read_case
    from renvand.publish.build import sheet_documents
    from renvand.text import LANGUAGES

    outcome, files = sheet_documents(
        read_case(case),
        programme.run(case, until=LAST),
        sheets=() if everything else _words(only),
        languages=_words(languages) or LANGUAGES,
        formats=_words(formats),
    )
    _write(files, to or case / "out" / "sheets", outcome=outcome, as_json=as_json)


def seminar(
    case: CasePath,
    everything: Everything = False,
    *,
    only: Annotated[str, typer.Option(help="Id of one seminar; empty for all.")] = "",
    languages: Languages = "",
    to: Target = None,
    as_json: AsJson = False,
    participants: Annotated[
        Path | None, typer.Option(help="The filled list of participants, for list and badges.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="Filled evaluation forms (CSV, xlsx): write their summary instead."),
    ] = None,
) -> None:
    """Write the package of each seminar: invitation, programme, slides, handout, lists, form.

    Example: renvand seminar examples/chongqing --only textile-dyeing --participants list.xlsx
    """
    from renvand import programme
    from renvand.partnership.folder import read_case
    from renvand.publish.build import seminar_documents, summary_documents
    from renvand.publish.seminar.participants import read_participants

    held, results, spoken = read_case(case), programme.run(case, until=LAST), _words(languages)
    if answers:
        outcome, files = summary_documents(held, results, answers, seminar=only, languages=spoken)
    else:
        outcome, files = seminar_documents(
            held,
            results,
            seminars=() if everything else _words(only),
            languages=spoken,
            participants=read_participants(participants) if participants else (),
        )
    _write(files, to or case / "out" / "seminars", outcome=outcome, as_json=as_json)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _write(files: dict[str, bytes], folder: Path, *, outcome: Outcome, as_json: bool) -> None:
    """Write files and say which; findings leave the exit code 1."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if not as_json:
            sys.stdout.write(f"{path}  {len(data) / 1000:.0f} kB\n")
    findings = [str(finding) for finding in outcome.findings]
    if as_json:
        made = [{"file": str(folder / name), "bytes": len(data)} for name, data in files.items()]
        told = {"files": made, "findings": findings}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        for finding in findings:
            sys.stderr.write(f"{finding}\n")
    if findings:
        raise typer.Exit(1)
