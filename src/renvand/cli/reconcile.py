"""``renvand reconcile``: a file of measurements and balances."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from renvand.cli.layout import AsJson, print_json, table


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
        print_json(told[0] if len(told) == 1 else told)
        return
    for case in told:
        _show_case(case)


def _page(file: Path) -> Any:
    from renvand.knowledge.read import read_json, read_toml

    read = read_toml if file.suffix == ".toml" else read_json
    return read(file, name=file.name)


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
        console.print(table(case["table"], columns))
    else:
        names = ("names", "x_rec", "sd_rec", "status", "z")
        rows = zip(*(case[n] for n in names), strict=True)
        keys = ("name", "value", "sd", "status", "z")
        console.print(table([dict(zip(keys, r, strict=True)) for r in rows], keys))
    for error in case["errors"]:
        what = "leak" if error["is_leak"] else "wrong"
        twins = f" or {', '.join(map(str, error['twins']))}" if error["twins"] else ""
        console.print(f"[yellow]{what}: {error['at']}{twins}[/]")
