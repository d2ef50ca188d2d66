"""``renvand simulate``, ``renvand steady`` and ``renvand model``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from renvand.plant import Influent, Plant, Result, State

MEAN = "mean"  # what a bare --from-steady stands for
_BARE = "--from-steady"

PlantName = Annotated[
    str,
    typer.Argument(metavar="PLANT", help="Folder, plant.toml, or a shipped plant such as bsm1."),
]
InfluentFile = Annotated[
    Path | None,
    typer.Option(
        "--influent",
        help="CSV: t_d, components [g/m³], Q [m³/d], T [°C]. Default: influent.csv of the plant.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Change a lever: aerobic_3.kla=120, 'return sludge'=20000, mu_A=0.4."
    ),
]


class SimulateCommand(TyperCommand):
    """Lets ``--from-steady`` stand alone as well as before a file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write out what a bare ``--from-steady`` means."""
        whole: list[str] = []
        for i, word in enumerate(args):
            whole.append(word)
            if word == _BARE and (i + 1 == len(args) or args[i + 1].startswith("-")):
                whole.append(MEAN)
        return super().parse_args(ctx, whole)


def simulate(
    plant: PlantName,
    influent: InfluentFile = None,
    days: Annotated[
        float | None, typer.Option(help="How long; default: to the end of the influent.")
    ] = None,
    from_steady: Annotated[
        str,
        typer.Option(
            _BARE,
            metavar="[FILE]",
            help="Start from the steady state of this constant influent (default: of the mean).",
        ),
    ] = MEAN,
    start: Annotated[
        Path | None, typer.Option(help="Start from a state that --save wrote instead.")
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Save the state at the end here.")] = None,
    interpolate: Annotated[
        str, typer.Option(help="hold: a row holds until the next; linear: straight lines.")
    ] = "hold",
    evaluate_from: Annotated[
        float | None, typer.Option(help="Day from which means and indices count.")
    ] = None,
    every: Annotated[float, typer.Option(help="Minutes between two records.")] = 15.0,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the sensors' noise; without it there is none.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all states, streams and flows to this CSV.")
    ] = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a treatment plant over time.

    Example: renvand simulate bsm1 --influent dry.csv --days 14 --from-steady --evaluate-from 7
    """
    from renvand.plant import read_state

    built, comes = _built(plant, influent, changes)
    begun: State | None = None
    if start is not None:
        begun = read_state(start, built)
    elif from_steady != MEAN:
        begun = built.steady(built.influent(from_steady))
    result = built.simulate(
        comes,
        days=days,
        start=begun,
        interpolate=_one_of(interpolate),
        output_min=every,
        evaluate_from=evaluate_from,
        seed=seed,
    )
    if save is not None:
        result.state.save(save)
    if out is not None:
        frame = result.frame
        frame.columns = [f"{place} {what}" for place, what in frame.columns]
        frame.to_csv(out)
    report = _report(result)
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    else:
        _show(built, report)


def steady(
    plant: PlantName,
    influent: InfluentFile = None,
    save: Annotated[Path | None, typer.Option(help="Save the state here.")] = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """Find the steady state of a treatment plant.

    Example: renvand steady bsm1 --json
    """
    built, comes = _built(plant, influent, changes)
    state = built.steady(comes)
    if save is not None:
        state.save(save)
    values = state.values
    outlets = {name: values[name] for name in built.drawing.outlets}
    report = {
        "plant": built.name,
        "effluent": outlets[built.drawing.outlets[0]],
        "outlets": outlets,
        "units": {name: row for name, row in values.items() if name not in outlets},
        "residual": _finite(state.residual),
        "steps": state.steps,
        "rhs": state.rhs,
        "seconds": state.seconds,
    }
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    else:
        _show(built, {"effluent": report["effluent"], "residual": {"1/d": state.residual}})


def simulate_many(
    plant: PlantName,
    changes: Annotated[
        Path,
        typer.Argument(metavar="CHANGES", help="CSV: a column per lever, a row per run."),
    ],
    out: Annotated[
        Path, typer.Option(help="Folder for the results, in Parquet; a batch goes on from there.")
    ],
    influent: InfluentFile = None,
    days: Annotated[
        float | None, typer.Option(help="How long; default: to the end of the influent.")
    ] = None,
    interpolate: Annotated[
        str, typer.Option(help="hold: a row holds until the next; linear: straight lines.")
    ] = "hold",
    evaluate_from: Annotated[
        float | None, typer.Option(help="Day from which means and indices count.")
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(help="Start every run from a state that --save wrote; default: its own rest."),
    ] = None,
    workers: Annotated[int, typer.Option(help="Threads.", min=1)] = 2,
    cluster: Annotated[
        str, typer.Option(help="Address of a running Dask scheduler, tcp://HOST:8786.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Simulate a plant once for every row of a list of changes.

    Example: renvand simulate-many bsm1 changes.csv --out runs --days 14 --cluster tcp://head:8786
    """
    from renvand.plant import read_changes, read_state
    from renvand.plant import simulate_many as run

    built, comes = _built(plant, influent, None)
    table = run(
        built,
        comes,
        read_changes(changes, built),
        start=None if start is None else read_state(start, built),
        workers=workers,
        folder=out,
        cluster=cluster,
        days=days,
        interpolate=_one_of(interpolate),
        evaluate_from=evaluate_from,
    )
    failed = [fault for fault in table["fault"] if fault]
    report = {"plant": built.name, "runs": len(table), "failed": len(failed), "out": str(out)}
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        return
    sys.stdout.write(f"{built.name}: {len(table)} runs, {len(failed)} failed. See {out}.\n")
    for fault in dict.fromkeys(failed):
        sys.stdout.write(f"{fault}\n")


def _built(plant: str, influent: Path | None, changes: list[str] | None) -> tuple[Plant, Influent]:
    """Load a plant, say so when it must be compiled, change its levers, read what comes."""
    import logging

    from renvand.errors import Fault, PlantError
    from renvand.plant import load_plant, own_influent

    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    built = load_plant(plant)
    pulled: dict[str, float] = {}
    for change in changes or ():
        lever, _, value = change.rpartition("=")
        try:
            pulled[lever.strip()] = float(value)
        except ValueError:
            fault = Fault(
                where=f"--set {change}", what="is not LEVER=NUMBER.", do="Write mu_A=0.4."
            )
            raise PlantError(fault) from None
    built = built.changed(pulled) if pulled else built
    return built, own_influent(plant, built.model) if influent is None else built.influent(influent)


def _one_of(interpolate: str) -> Literal["hold", "linear"]:
    from renvand.errors import Fault, PlantError, near

    for known in ("hold", "linear"):
        if interpolate == known:
            return known
    what = f"'{interpolate}' is not known."
    raise PlantError(
        Fault(where="--interpolate", what=what, do=near(interpolate, ("hold", "linear")))
    )


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _report(result: Result) -> dict[str, Any]:
    """Give what scripts read; the keys are promised."""
    return {
        "plant": result.plant.name,
        "effluent": result.effluent,
        "performance": {name: _finite(value) for name, value in result.performance.items()},
        "violations": result.violations,
        "balance": {name: _finite(value) for name, value in result.balance.items()},
        "balances": {
            unit: {
                quantity: {name: _finite(value) for name, value in row.items()}
                for quantity, row in rows.items()
            }
            for unit, rows in result.balances.items()
        },
        "steps": result.steps,
        "rhs": result.rhs,
        "seconds": result.seconds,
    }


def _show(plant: Plant, report: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{plant.name}[/bold]")
    for title in ("effluent", "performance", "balance", "residual"):
        if title in report:
            table = Table(title=title, show_header=False)
            for name, value in report[title].items():
                table.add_row(name, "" if value is None else f"{value:.6g}")
            console.print(table)
    if report.get("balances"):
        console.print(_balances_table(report["balances"]))
    if report.get("violations"):
        first = next(iter(report["violations"].values()))
        table = Table("limit of", *first, title="violations")
        for name, row in report["violations"].items():
            table.add_row(name, *(f"{value:.4g}" for value in row.values()))
        console.print(table)


def _balances_table(balances: Mapping[str, Any]) -> Any:
    """Lay balances out: a row for each unit and quantity. [kg/d]"""
    from rich.table import Table

    title = "mass balances, kg/d; air: what aeration brings less what escapes"
    table = Table("unit", "of", "in", "out", "air", "stored", "closure", title=title)
    for unit, rows in balances.items():
        for k, (quantity, row) in enumerate(rows.items()):
            cells = [f"{row[name]:,.1f}" for name in ("in", "out", "air", "stored")]
            closure = "" if row["closure"] is None else f"{100 * row['closure']:.2g} %"
            table.add_row(unit if k == 0 else "", quantity, *cells, closure)
        table.add_section()
    return table


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command(cls=SimulateCommand)(simulate)
    app.command()(steady)
    app.command()(simulate_many)
