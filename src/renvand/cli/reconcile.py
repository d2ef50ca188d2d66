"""``renvand reconcile`` and ``renvand review``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from renvand.steps.case import CaseData
    from renvand.steps.outcome import Outcome

review = typer.Typer(
    name="review", help="Reviews of companies: a balance that closes.", no_args_is_help=True
)

Part = tuple[str, list[dict[str, Any]], tuple[str, ...]]  # title, rows, columns

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
Company = Annotated[str, typer.Argument(metavar="COMPANY", help="Folder under reviews/.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def reconcile(
    file: Annotated[Path, typer.Argument(help="Cases in JSON or TOML.")],
    as_json: AsJson = False,
) -> None:
    """Reconcile measurements with balances: values, deviations, tests, wrong meters.

    A case has A, y and var (balances A x = 0); or equations, y and var; or streams with
    measurements.

    Example: renvand reconcile balance.toml --json
    """
    from renvand.reconcile import cases_of, solve_case

    cases = cases_of(_page(file))
    told = [{"id": c.get("id", str(i)), **solve_case(c)} for i, c in enumerate(cases, 1)]
    if as_json:
        _print_json(told[0] if len(told) == 1 else told)
        return
    for case in told:
        _show_case(case)


def _page(file: Path) -> Any:
    from renvand.errors import Fault, FileError
    from renvand.knowledge import read_text, read_toml

    if file.suffix == ".toml":
        return read_toml(file, name=file.name)
    try:
        return json.loads(read_text(file, name=file.name))
    except (json.JSONDecodeError, RecursionError) as error:
        what = f"is not JSON: {error}."
        raise FileError(Fault(where=file.name, what=what, do="Correct it there.")) from error


def _print_json(value: Any) -> None:
    # NaN is no JSON; what is not known is null.
    text = json.dumps(_plain(value), ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write(text + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    known = not isinstance(value, float) or abs(value) < float("inf")
    return value if known else None


def _show_case(case: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    console.print(
        f"[bold]{case['id']}[/]: objective {case['objective']:.4f} of {case['dof']} checks "
        f"(limit {case['chi2_95']:.3f}), largest test {case['max_z']:.3f} at "
        f"{case['max_z_stream']} (limit {case['z_critical']:.3f})"
    )
    if "table" in case:
        columns = ("stream", "quantity", "raw", "value", "sd", "status", "z")
        console.print(_table(case["table"], columns))
    else:
        names = ("names", "x_rec", "sd_rec", "status", "z")
        rows = zip(*(case[n] for n in names), strict=True)
        keys = ("name", "value", "sd", "status", "z")
        console.print(_table([dict(zip(keys, r, strict=True)) for r in rows], keys))
    for error in case["errors"]:
        what = "leak" if error["is_leak"] else "wrong"
        twins = f" or {', '.join(map(str, error['twins']))}" if error["twins"] else ""
        console.print(f"[yellow]{what}: {error['at']}{twins}[/]")


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Any:
    from rich import box
    from rich.table import Column, Table

    table = Table(*(Column(c, overflow="fold") for c in columns), box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(_cell(row.get(c)) for c in columns))
    return table


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@review.command()
def check(case: CasePath, company: Company, as_json: AsJson = False) -> None:
    """Say what keeps a review from being balanced.

    Example: renvand review check examples/chongqing kaizhou-dyeing
    """
    from renvand.steps.review import check as check_review

    faults = check_review(company, _one(case, company).reviews[company])
    if as_json:
        _print_json([vars(fault) for fault in faults])
    for fault in [] if as_json else faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)
    if not as_json:
        sys.stdout.write(f"reviews/{company}: can be balanced.\n")


@review.command(name="reconcile")
def reconcile_review(case: CasePath, company: Company, as_json: AsJson = False) -> None:
    """Close the balance of one company: flows and contents, raw and reconciled.

    Example: renvand review reconcile examples/chongqing kaizhou-dyeing
    """
    outcome = _outcome(case, company)
    if as_json:
        names = ("streams", "balances", "tests", "next_meters")
        _print_json({**_records(outcome, names), "findings": _findings(outcome)})
        return
    columns = ("stream", "from_unit", "to_unit", "quantity", "raw", "value", "sd", "status", "z")
    flows = [r for r in _records(outcome, ("streams",))["streams"] if r["quantity"] == "flow"]
    _show([("Flows, m³/d", flows, columns)], outcome)


@review.command()
def report(case: CasePath, company: Company, as_json: AsJson = False) -> None:
    """Tell what the balance of one company says: key figures, comparison, compliance, findings.

    Example: renvand review report examples/chongqing kaizhou-dyeing
    """
    outcome = _outcome(case, company)
    names = ("tests", "key_figures", "comparison", "compliance", "next_meters")
    tables = _records(outcome, names)
    if as_json:
        _print_json({**tables, "findings": _findings(outcome), **outcome.extras})
        return
    nearest = [r for r in tables["comparison"] if r["is_nearest"]]
    shown = ("indicator", "place", "substance", "value", "low", "high", "unit")
    compared = ("indicator", "place", "value", "unit", "process", "level", "level_high", "position")
    allowed = ("stream", "substance", "corrected", "limit", "probability_exceeded", "source")
    parts: list[Part] = [
        ("Key figures", tables["key_figures"], shown),
        ("Good practice", nearest, compared),
        ("Limits, mg/l", tables["compliance"], allowed),
        ("What to measure next", tables["next_meters"], ("stream", "quantity", "tells", "gain")),
    ]
    _show(parts, outcome)


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
    from renvand.steps.review import review as review_step

    return review_step(_one(case, company))


def _records(outcome: Outcome, names: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    from renvand.steps.case import records

    return {name: records(outcome.tables[name]) for name in names}


def _findings(outcome: Outcome) -> list[str]:
    return [str(finding) for finding in outcome.findings]


def _show(parts: list[tuple[str, list[dict[str, Any]], tuple[str, ...]]], outcome: Outcome) -> None:
    from rich.console import Console

    console = Console()
    for title, rows, columns in parts:
        if rows:
            console.print(f"\n[bold]{title}[/]")
            console.print(_table(rows, columns))
    for finding in _findings(outcome):
        console.print(f"• {finding}", style="yellow", markup=False)
