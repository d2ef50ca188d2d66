"""``renvand review``: template, read, check, reconcile, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renvand.cli.layout import AsJson, print_json, table

if TYPE_CHECKING:
    from renvand.steps.case import CaseData
    from renvand.steps.outcome import Outcome

app = typer.Typer(
    name="review", help="Reviews of companies: a balance that closes.", no_args_is_help=True
)

Part = tuple[str, list[dict[str, Any]], tuple[str, ...]]  # title, rows, columns
CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
Company = Annotated[str, typer.Argument(metavar="COMPANY", help="Folder under reviews/.")]
ENDINGS = {"xlsx": ".xlsx", "xlsform": ".xlsform.xlsx", "csv": ""}


@app.command()
def template(
    case: CasePath,
    company: Company,
    *,
    sector: Annotated[
        str, typer.Option(help="textile-dyeing, surface-treatment or metalworking; of a new one.")
    ] = "",
    form: Annotated[str, typer.Option(help="xlsx, xlsform (for tablets) or csv.")] = "xlsx",
    language: Annotated[str, typer.Option(help="Headings and help: da, en or zh.")] = "en",
    to: Annotated[Path | None, typer.Option("--to", help="File; else COMPANY.xlsx here.")] = None,
) -> None:
    """Write the form of a review, with the usual units and streams of its sector drawn.

    Example: renvand review template examples/chongqing new-mill --sector textile-dyeing
    """
    from renvand.partnership.forms import review_template
    from renvand.text import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"choose one of {', '.join(LANGUAGES)}", param_hint="--language")
    path = to or _beside(case, f"{company}{ENDINGS.get(form, '')}")
    if to and _is_within(to, case):
        said = "lies inside the case, which holds its tables only: name another folder"
        raise typer.BadParameter(said, param_hint="--to")
    for name in review_template(case, company, path, sector=sector, form=form, language=language):
        sys.stdout.write(f"Wrote {name}\n")


@app.command()
def read(
    case: CasePath,
    company: Company,
    files: Annotated[
        list[Path], typer.Argument(help="A workbook, or submissions (.xml, .csv, .xlsx).")
    ],
) -> None:
    """Read a filled-in form into the case: a workbook, or what tablets sent.

    Example: renvand review read examples/chongqing new-mill new-mill.xlsx
    """
    from renvand.partnership.forms import import_review

    for name in import_review(case, company, files):
        sys.stdout.write(f"Wrote {name}\n")


@app.command()
def check(case: CasePath, company: Company, as_json: AsJson = False) -> None:
    """Say what keeps a review from being balanced.

    Example: renvand review check examples/chongqing kaizhou-dyeing
    """
    from renvand.steps.review import check as check_review

    data = _one(case, company)
    faults = check_review(company, data.reviews[company], knowledge=data.knowledge)
    if as_json:
        print_json([vars(fault) for fault in faults])
    for fault in [] if as_json else faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)
    if not as_json:
        sys.stdout.write(f"reviews/{company}: can be balanced.\n")


@app.command()
def reconcile(
    case: CasePath,
    company: Company,
    by_day: Annotated[bool, typer.Option("--by-day", help="Each day of readings.csv.")] = False,
    as_json: AsJson = False,
) -> None:
    """Close the balance of one company: flows and contents, raw and reconciled.

    Example: renvand review reconcile examples/chongqing tongliang-plating --by-day
    """
    outcome = _outcome(case, company)
    if as_json:
        names = ("days", "unseen", "idle") if by_day else ("streams", "balances", "tests")
        more = () if by_day else ("next_meters", "cheapest_meters", "findable")
        told = _records(outcome, (*names, *more))
        print_json({**told, "findings": _findings(outcome)})
        return
    tables = _records(outcome, ("streams", "days", "unseen", "idle"))
    if by_day:
        lost = ("unit", "leak_m3_d", "use_m3_d", "total_m3_d", "idle_days", "working_days")
        parts: list[Part] = [
            ("Days, m³/d", tables["days"], ("day", "stream", "raw", "value", "sd", "status", "z")),
            ("Leaves unseen", tables["unseen"], lost),
            ("Runs while nobody works", tables["idle"], ("stream", "idle_m3_d", "working_m3_d")),
        ]
    else:
        flows = [r for r in tables["streams"] if r["quantity"] == "flow"]
        ends = ("stream", "from_unit", "to_unit")
        parts = [("Flows, m³/d", flows, (*ends, "raw", "value", "sd", "status", "z"))]
    _show(parts, outcome)


@app.command()
def report(
    case: CasePath,
    company: Company,
    *,
    languages: Annotated[str, typer.Option(help="Of 'da,en,zh'; empty for all.")] = "",
    formats: Annotated[str, typer.Option(help="Of 'pdf,docx,html,svg'.")] = "pdf,docx",
    to: Annotated[Path | None, typer.Option("--to", help="Folder; else CASE/confidential.")] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Not confidential; needs the company's consent.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the report of one company; it is confidential and stays out of the published folder.

    Example: renvand review report examples/chongqing kaizhou-dyeing --languages zh --formats pdf
    """
    from renvand.publish.review import review_documents
    from renvand.text import LANGUAGES

    data = _one(case, company)
    outcome = _outcome_of(data)
    if as_json:
        print_json({**_records(outcome, TOLD), "findings": _findings(outcome), **outcome.extras})
        return
    documents = review_documents(
        data,
        outcome,
        company,
        languages=_words(languages) or LANGUAGES,
        formats=_words(formats),
        is_confidential=not publish,
    )
    folder = to or case / ("out/reviews" if publish else "confidential")
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in documents.items():
        (folder / name).write_bytes(made)
        sys.stdout.write(f"{folder / name}  {len(made) / 1000:.0f} kB\n")
    for finding in _findings(outcome):
        sys.stderr.write(f"{finding}\n")


def _beside(case: Path, name: str) -> Path:
    """Put a file where one works; beside the case for whoever works inside it."""
    return case.resolve().parent / name if _is_within(Path(name), case) else Path(name)


def _is_within(path: Path, case: Path) -> bool:
    return path.resolve().is_relative_to(case.resolve())


TOLD = (
    *("tests", "key_figures", "comparison", "compliance", "grades", "insight", "drain_money"),
    *("quick_wins", "unseen", "next_meters", "cheapest_meters"),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _one(case: Path, company: str) -> CaseData:
    """Read a case and keep one review."""
    from dataclasses import replace

    from renvand.errors import Fault, FileError, near
    from renvand.partnership.folder import read_case

    data = read_case(case)
    if company not in data.reviews:
        what = f"no review '{company}'."
        raise FileError(Fault(where="reviews", what=what, do=near(company, data.reviews)))
    return replace(data, reviews={company: data.reviews[company]})


def _outcome(case: Path, company: str) -> Outcome:
    return _outcome_of(_one(case, company))


def _outcome_of(data: CaseData) -> Outcome:
    from renvand.steps.review import review

    return review(data)


def _records(outcome: Outcome, names: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    from renvand.steps.case import records

    return {name: records(outcome.tables[name]) for name in names}


def _findings(outcome: Outcome) -> list[str]:
    return [str(finding) for finding in outcome.findings]


def _show(parts: list[Part], outcome: Outcome) -> None:
    from rich.console import Console

    console = Console()
    for title, rows, columns in parts:
        if rows:
            console.print(f"\n[bold]{title}[/]")
            console.print(table(rows, columns))
    for finding in _findings(outcome):
        console.print(f"• {finding}", style="yellow", markup=False)
