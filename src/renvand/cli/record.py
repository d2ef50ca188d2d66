"""``renvand new``, ``check``, ``load``, ``save``, ``template`` and ``import-workbook``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from renvand.partnership.database import record_of

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
Database = Annotated[
    Path | None,
    typer.Option(
        help="SQLite file of the record; else DATABASE_URL, or .renvand/record.sqlite3 in the case."
    ),
]
Language = Annotated[str, typer.Option(help="Language of headings and help: da, en or zh.")]


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make.")],
    title: Annotated[str, typer.Option(help="What the case is called.")] = "",
    region: Annotated[str, typer.Option(help="City, province or river it is about.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the files as JSON.")] = False,
) -> None:
    """Start a case from nothing: a small folder with comments that checks without a fault.

    Example: renvand new bishan --title "Water partnership of Bishan"
    """
    from renvand.partnership.new import new as start

    files = start(folder, title=title, region=region)
    if as_json:
        sys.stdout.write(json.dumps([str(folder / name) for name in files]) + "\n")
        return
    _told(tuple(str(folder / name) for name in files))
    sys.stdout.write(f"Next: renvand register import {folder} LIST.xlsx --source received-lists\n")


def check(
    case: CasePath,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as JSON.")] = False,
) -> None:
    """Name every fault of a case folder in one go; nothing is changed.

    Example: renvand check examples/chongqing
    """
    from renvand.partnership.folder import check_case

    faults = check_case(case)
    if as_json:
        listed = [{"where": f.where, "what": f.what, "do": f.do} for f in faults]
        sys.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
    else:
        for fault in faults:
            sys.stdout.write(f"{fault}\n")
        count = len(faults) or "No"
        sys.stdout.write(f"{count} fault{'' if count == 1 else 's'}.\n")
    if faults:
        raise typer.Exit(1)


def load(
    case: CasePath,
    database: Database = None,
    who: Annotated[
        str, typer.Option(help="Name for the history; otherwise that of your account here.")
    ] = "",
) -> None:
    """Load a case folder into its record, keeping the history of every change.

    Example: renvand load examples/chongqing
    """
    import getpass

    from renvand.partnership.record import load_case

    changes = load_case(case, database or record_of(case), who=who or getpass.getuser())
    told = f"{changes.made} rows made, {changes.changed} changed, {changes.removed} removed."
    sys.stdout.write(told + "\n")


def save(case: CasePath, database: Database = None) -> None:
    """Write the record back into the case folder; files that say the same are left alone.

    Example: renvand save examples/chongqing
    """
    from renvand.partnership.save import save_case

    _told(save_case(database or record_of(case), case))


def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Workbook to write.")],
    case: Annotated[Path | None, typer.Option(help="Case whose tables to write.")] = None,
    review: Annotated[str, typer.Option(help="Sector of an empty form for a review.")] = "",
    language: Language = "en",
) -> None:
    """Write a workbook to fill in: the tables of a case, or an empty review.

    Example: renvand template review.xlsx --review textile-dyeing --language zh
    """
    from renvand.partnership.exchange import case_workbook, review_workbook
    from renvand.text import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"choose one of {', '.join(LANGUAGES)}", param_hint="--language")
    if (case is None) == (not review):
        raise typer.BadParameter("give one of --case and --review")
    if case is not None:
        case_workbook(case, out, language=language)
    else:
        review_workbook(review, out, language=language)
    _told((str(out),))


def import_workbook(
    case: CasePath,
    workbook: Annotated[Path, typer.Argument(metavar="FILLED.xlsx", help="The workbook.")],
    review: Annotated[str, typer.Option(help="Name of the review it fills.")] = "",
) -> None:
    """Take a filled-in workbook into a case; faults are named by sheet and cell.

    Example: renvand import-workbook examples/chongqing filled.xlsx --review kaizhou-dyeing
    """
    from renvand.partnership.exchange import import_workbook as take

    _told(take(workbook, case, review=review))


def _told(files: tuple[str, ...]) -> None:
    for name in files:
        sys.stdout.write(f"Wrote {name}\n")
    if not files:
        sys.stdout.write("Nothing to write: all says the same already.\n")
