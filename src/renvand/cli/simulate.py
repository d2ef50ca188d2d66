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
    if report.get("violations"):
        first = next(iter(report["violations"].values()))
        table = Table("limit of", *first, title="violations")
        for name, row in report["violations"].items():
            table.add_row(name, *(f"{value:.4g}" for value in row.values()))
        console.print(table)


model = typer.Typer(
    help="Process models: pages with a matrix, rates and parameters.", no_args_is_help=True
)
ModelName = Annotated[
    str, typer.Argument(metavar="NAME", help="A shipped page such as asm1, or a .toml file.")
]
SetName = Annotated[str, typer.Option("--set", help="A parameter set of the page.")]


@model.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the pages that come with renvand.

    Example: renvand model list
    """
    from renvand.process.page import page_names, read_page

    pages = [read_page(name) for name in page_names()]
    rows: list[dict[str, Any]] = [
        {
            "name": page.name,
            "title": page.title,
            "components": len(page.components),
            "processes": len(page.processes),
            "sets": list(page.sets),
            "source": page.source,
        }
        for page in pages
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    for row in rows:
        sys.stdout.write(
            f"{row['name']:<8} {row['title']} ({row['components']} components, "
            f"{row['processes']} processes; sets: {', '.join(row['sets']) or '–'})\n"
        )


@model.command("show")
def show_model(name: ModelName, set_name: SetName = "") -> None:
    """Show a page with its matrix closed.

    Example: renvand model show asm1 --set benchmark
    """
    from renvand.process.export import markdown
    from renvand.process.model import load_model

    sys.stdout.write(markdown(load_model(name, set_name=set_name)))


@model.command("check")
def check_model(name: ModelName, as_json: AsJson = False) -> None:
    """Check a page: form, closure and conservation, with every parameter set.

    Example: renvand model check my-model.toml
    """
    from renvand.process.model import load_model

    page = load_model(name).page
    for set_name in page.sets:
        load_model(page, set_name=set_name)
    if as_json:
        found = {"name": page.name, "conserves": list(page.conserves), "sets": list(page.sets)}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(
            f"{page.name}: {len(page.processes)} processes conserve {', '.join(page.conserves)}.\n"
        )


@model.command("export")
def export_model(
    name: ModelName,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .xlsx, .tex or .md.")],
    set_name: SetName = "",
) -> None:
    """Write a page with its matrix closed to Excel, LaTeX or Markdown.

    Example: renvand model export asm1 asm1.xlsx
    """
    from renvand.errors import Fault, FileError, near
    from renvand.process.export import FORMS, latex, markdown, workbook
    from renvand.process.model import load_model

    form = path.suffix.removeprefix(".")
    if form not in FORMS:
        raise FileError(
            Fault(where=path.name, what="is no form to export to.", do=near(form, FORMS))
        )
    loaded = load_model(name, set_name=set_name)
    if form == "xlsx":
        workbook(loaded, path)
    else:
        path.write_text(markdown(loaded) if form == "md" else latex(loaded), encoding="utf-8")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command(cls=SimulateCommand)(simulate)
    app.command()(steady)
    app.add_typer(model, name="model")
