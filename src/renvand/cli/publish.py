"""``renvand sheet`` and ``renvand seminar``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
Languages = Annotated[
    str, typer.Option("--languages", help="Languages, 'da,en,zh'; empty for all that apply.")
]
Everything = Annotated[bool, typer.Option("--all", help="All of them; the same as naming none.")]
Target = Annotated[
    Path | None, typer.Option("--to", help="Folder to write to; else CASE/out/sheets or seminars.")
]


def sheet(
    case: CasePath,
    everything: Everything = False,
    *,
    sector: Annotated[str, typer.Option(help="One sector; empty for all with reviews.")] = "",
    languages: Languages = "",
    formats: Annotated[str, typer.Option(help="Of 'pdf,html,docx,json'.")] = "pdf,html,docx",
    to: Target = None,
) -> None:
    """Write the data sheets of a case: one per industry type, language and format.

    Example: renvand sheet examples/chongqing --sector textile-dyeing --languages da
    """
    from renvand import programme
    from renvand.partnership.folder import read_case
    from renvand.publish.build import sheet_documents
    from renvand.text import LANGUAGES

    sector = "" if everything else sector
    outcome, files = sheet_documents(
        read_case(case),
        programme.run(case),
        sectors=_words(sector),
        languages=_words(languages) or LANGUAGES,
        formats=_words(formats),
    )
    _write(files, to or case / "out" / "sheets", findings=[str(f) for f in outcome.findings])


def seminar(
    case: CasePath,
    everything: Everything = False,
    *,
    only: Annotated[str, typer.Option(help="Id of one seminar; empty for all.")] = "",
    languages: Languages = "",
    to: Target = None,
) -> None:
    """Write the package of each seminar: invitation, programme, slides, handout, participants.

    Example: renvand seminar examples/chongqing --only textile-dyeing
    """
    from renvand import programme
    from renvand.partnership.folder import read_case
    from renvand.publish.build import seminar_documents

    only = "" if everything else only
    outcome, files = seminar_documents(
        read_case(case),
        programme.run(case),
        seminars=_words(only),
        languages=_words(languages),
    )
    _write(files, to or case / "out" / "seminars", findings=[str(f) for f in outcome.findings])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _write(files: dict[str, bytes], folder: Path, *, findings: list[str]) -> None:
    """Write files and say which; findings leave the exit code 1."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        sys.stdout.write(f"{path}  {len(data) / 1000:.0f} kB\n")
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    if findings:
        raise typer.Exit(1)
