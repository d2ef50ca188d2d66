"""``renvand waternet``: least water and best networks, from a file of cases."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renvand.errors import Fault, FileError, near

if TYPE_CHECKING:
    from pandas import DataFrame

    from renvand.waternet import Network, RinseCase, Target, WaterCase

app = typer.Typer(
    name="waternet",
    help="Water networks: least water by the cascade, best networks with a proof.",
    no_args_is_help=True,
)

FilePath = Annotated[Path, typer.Argument(metavar="FILE", help="JSON file of one case or many.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
CaseName = Annotated[str, typer.Option("--case", help="Only the case of this id.")]


@app.command()
def target(
    file: FilePath,
    case: CaseName = "",
    pictures: Annotated[
        Path | None, typer.Option(help="Folder for the composite curves (SVG).")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the pictures: en, da or zh.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Give the least fresh water of each case with one contaminant.

    Example: renvand waternet target cases.json --case wang_smith_1994_4op --pictures pinch
    """
    from renvand.waternet import RinseCase, is_targetable
    from renvand.waternet import target as least

    answers: list[dict[str, Any]] = []
    for each in _cases(file, case):
        if isinstance(each, RinseCase):
            answers.append(_rinse(each))
        elif is_targetable(each):
            answers.append(_target(each, least(each)))
            if pictures is not None:
                _draw(each, pictures, language=language)
        elif case:
            least(each)  # says why not
    _show(answers, as_json=as_json)


@app.command()
def solve(
    file: FilePath,
    case: CaseName = "",
    seconds: Annotated[float, typer.Option(help="CPU time for each case, in seconds.")] = 60.0,
    gap: Annotated[float, typer.Option(help="Relative gap that counts as proven.")] = 1e-4,
    as_json: AsJson = False,
) -> None:
    """Find the best network of each case; stopped early, the best so far with its gap.

    Example: renvand waternet solve cases.json --case karuppiah_grossmann_2006_ex1 --seconds 20
    """
    from renvand.waternet import RinseCase
    from renvand.waternet import solve as best

    answers = [
        _rinse(each)
        if isinstance(each, RinseCase)
        else _network(best(each, seconds=seconds, gap=gap))
        for each in _cases(file, case)
    ]
    _show(answers, as_json=as_json)


@app.command()
def ladder(
    file: FilePath,
    case: CaseName = "",
    pipes: Annotated[int, typer.Option(help="Most new pipes.")] = 3,
    seconds: Annotated[float, typer.Option(help="CPU time for each network, in seconds.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Give the best network with 0, 1, 2, … new pipes, where fresh water and drains stand.

    Example: renvand waternet ladder cases.json --case wang_smith_1994_4op --pipes 2
    """
    from renvand.waternet import ladder as climb

    answers: list[dict[str, Any]] = []
    for each in _networks(file, case):
        for rung in climb(each, rungs=range(pipes + 1), seconds=seconds):
            to_build = {"to_build": _rows(rung.to_build)}
            answers.append(_network(rung.network) | {"new_pipes": rung.pipes} | to_build)
    _show(answers, as_json=as_json)


@app.command()
def robust(
    file: FilePath,
    case: CaseName = "",
    spread: Annotated[float, typer.Option(help="Variation of qualities and loads.")] = 0.2,
    kept: Annotated[float, typer.Option(help="Share of days on which all demands hold.")] = 0.95,
    seconds: Annotated[float, typer.Option(help="CPU time for each case, in seconds.")] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Find a network that still works when qualities vary, and say what that costs.

    Example: renvand waternet robust cases.json --case acrylonitrile_elhalwagi --spread 0.2
    """
    from renvand.waternet import robust as firm

    answers: list[dict[str, Any]] = []
    for each in _networks(file, case):
        found = firm(each, spread=spread, kept=kept, seconds=seconds)
        told = {"kept": found.kept, "margin": found.margin, "price": found.price}
        answers.append(told | _network(found.network))
    _show(answers, as_json=as_json)


def _draw(case: WaterCase, folder: Path, *, language: str) -> None:
    from renvand.steps.potential.drawing import pinch_svg
    from renvand.text import Words

    folder.mkdir(parents=True, exist_ok=True)
    svg = pinch_svg(case, words=Words(language))
    (folder / f"{case.id}.{language}.svg").write_text(svg, encoding="utf-8")


def _cases(file: Path, only: str) -> list[WaterCase | RinseCase]:
    from renvand.knowledge.read import read_json
    from renvand.waternet import read_cases

    page = read_json(file, name=file.name)
    found, findings = read_cases(page, name=file.name)
    if not only:
        for finding in findings:
            sys.stderr.write(f"{finding}\n")
        return list(found)
    chosen = [each for each in found if each.id == only]
    if not chosen:
        do = near(only, [each.id for each in found])
        raise FileError(Fault(where=file.name, what=f"has no case '{only}'.", do=do))
    return chosen


def _networks(file: Path, only: str) -> list[WaterCase]:
    from renvand.waternet import RinseCase

    return [each for each in _cases(file, only) if not isinstance(each, RinseCase)]


def _rinse(case: RinseCase) -> dict[str, Any]:
    from renvand.waternet import rinse_water

    return {"case": case.id, "rinse_water_over_drag_out": rinse_water(case.ratio, case.stages)}


def _target(case: WaterCase, found: Target) -> dict[str, Any]:
    from renvand.waternet import composite_curves

    return {
        "case": found.case,
        "unit": case.unit,
        "fresh": found.fresh,
        "waste": found.waste,
        "regenerated": found.regenerated,
        "without_reuse": found.without_reuse,
        "pinch_ppm": list(found.pinch),
        "fresh_by_source": found.fresh_by_source,
        "cascade": json.loads(found.cascade.to_json(orient="records")),
        "composite": json.loads(composite_curves(case, found).to_json(orient="records")),
    }


def _network(found: Network) -> dict[str, Any]:
    return {
        "case": found.case,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "status": found.status,
        "seconds": found.seconds,
        "fresh": found.fresh,
        "treated": found.treated,
        "discharged": found.discharged,
        "flows": _rows(found.flows),
    }


def _rows(table: DataFrame) -> list[dict[str, Any]]:
    return json.loads(table.to_json(orient="records", double_precision=12))


def _show(answers: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answers, ensure_ascii=False, indent=1) + "\n")
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for answer in answers:
        console.print(f"[bold]{answer['case']}[/bold]")
        for key, value in answer.items():
            if key != "case" and not isinstance(value, list | dict):
                shown = f"{value:.8g}" if isinstance(value, float) else str(value)
                console.print(f"  {key:14} {shown}")
        rows = answer.get("to_build") or answer.get("flows") or answer.get("cascade") or []
        if rows:
            table = Table(*rows[0], box=None)
            for row in rows:
                cells = (f"{v:.6g}" if isinstance(v, float) else str(v) for v in row.values())
                table.add_row(*cells)
            console.print(table)
