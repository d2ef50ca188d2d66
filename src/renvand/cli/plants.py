"""``renvand plants …`` for all public plants of a case, ``renvand plant …`` for one of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renvand.cli.calibrate import calibrate
from renvand.cli.river import AsCsv, AsJson, CasePath, as_record, show, tell
from renvand.errors import Fault, FileError

if TYPE_CHECKING:
    import pandas as pd

    from renvand.steps.trial.front import Progress

app = typer.Typer(
    help="Public plants: slips in their data, their energy, a shortlist for the trial.",
    no_args_is_help=True,
)
plant = typer.Typer(
    help="One plant: draw it, calibrate it, turn its levers, plan its trial.",
    no_args_is_help=True,
)
PlantId = Annotated[str, typer.Argument(metavar="PLANT", help="Its id in plants.csv.")]
Levers = Annotated[str, typer.Option(help="Levers with commas between: do,recycle,carbon-dose.")]
SEEN = (
    *("scenario", "point", "energy_kwh_m3", "energy_saving", "TN_g_m3", "S_NH_g_m3", "TP_g_m3"),
    *("n2o_kg_d", "cost_d", "investment", "payback_a", "keeps_limits", "holds"),
)
PLANNED = ("plan", "meters", "stop_rules", "costs")
Language = Annotated[str, typer.Option(help="Language of the reasons: da, en or zh.")]
SHOWN = ("plant", "flow_m3_d", "load", "kwh_m3", "kwh_m3_best_tenth", "kwh_pe_cod", "kwh_pe_bod")
MORE = ("kwh_kg_cod", "kwh_kg_tpe", "bod_tn", "tn_out")


@app.command()
def check(case: CasePath, as_json: AsJson = False) -> None:
    """Find rows of operating data that cannot be, with the power of ten that would mend them.

    Nothing is changed. Example: renvand plants check examples/chongqing
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.plants import check as find
    from renvand.steps.plants import monthly
    from renvand.steps.plants.slips import findings

    months = monthly(read_case(case))
    found = findings(find(months))
    if as_json:
        sys.stdout.write(as_record(found))
    else:
        for fault in found:
            sys.stdout.write(f"{fault}\n")
        sys.stdout.write(f"{len(found)} findings in {len(months)} rows.\n")
    if found:
        raise typer.Exit(1)


@app.command()
def benchmark(case: CasePath, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Compare the electricity of the plants with their work and with others of their size.

    Rows with slips are left out. --csv and --json print all key figures.

    Example: renvand plants benchmark examples/chongqing --csv
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.plants import benchmark as compare
    from renvand.steps.plants import check as find
    from renvand.steps.plants import is_sound, monthly
    from renvand.steps.plants.slips import findings

    data = read_case(case)
    months = monthly(data)
    slips = find(months)
    table = compare(data, months[is_sound(months, slips)]).reset_index()
    if not (as_json or as_csv):
        table = table[[*SHOWN, *MORE]]
    show(table.sort_values("kwh_m3"), as_json=as_json, as_csv=as_csv, rows=len(table))
    tell(findings(slips))


@app.command()
def shortlist(
    case: CasePath, language: Language = "en", as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """Choose three to five plants for a demonstration, with probabilities and reasons.

    Example: renvand plants shortlist examples/chongqing --language da
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.plants import plants
    from renvand.text import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"choose one of {', '.join(LANGUAGES)}", param_hint="--language")
    outcome = plants(read_case(case))
    if "shortlist" in outcome.tables:
        table = outcome.tables["shortlist"]
        seen = table if as_json or as_csv else table.drop(columns=["name_zh", "mean_rank"])
        show(seen, as_json=as_json, as_csv=as_csv, rows=len(table))
        if not (as_json or as_csv):
            _say_reasons(outcome.tables["reasons"], table, language=language)
    tell(outcome.findings)


def _say_reasons(reasons: pd.DataFrame, places: pd.DataFrame, *, language: str) -> None:
    """Print the reasons of the shortlisted, the vetoes of those left out."""
    from renvand.text import Words, quantity

    words = Words(language)
    for plant in places.loc[places["is_shortlisted"], "plant"]:
        sys.stdout.write(f"\n{plant}\n")
        own = reasons[reasons["plant"] == plant]
        for key, value, unit in zip(own["key"], own["value"], own["unit"], strict=True):
            sign = "+" if str(key).endswith(".for") else "-"
            said = words(str(key), value=quantity(float(value), str(unit), language))
            sys.stdout.write(f"  {sign} {said}\n")
    for plant, veto in zip(places["plant"], places["veto"], strict=True):
        if veto:
            sys.stdout.write(f"\n{plant}\n  - {words(str(veto))}\n")


plant.command()(calibrate)


@plant.command()
def template(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="a2o, ao, ditch, cass (SBR) or mbr.")],
    capacity: Annotated[float, typer.Option(help="Mean flow, m3/d.")] = 10_000,
    into: Annotated[Path | None, typer.Option(help="Folder for the files; it is made.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Hold it against the code.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the drawing, the machines and the inflow of a common plant at any capacity.

    --check simulates it to rest and compares sludge age, load and the like with the ranges of
    the Chinese design code. Example: renvand plant template a2o --capacity 60000 --into kaizhou
    """
    from renvand.plant.templates import judged
    from renvand.plant.templates import template as drawn

    files = drawn(kind, capacity=capacity)
    if into is not None:
        _write(files, into)
    if check:
        show(judged(kind, capacity=capacity), as_json=as_json, as_csv=False, rows=100)
        sys.stderr.write("The ranges of GB 50014-2021 are from memory: confidence low.\n")
    elif as_json:
        sys.stdout.write(json.dumps(files, ensure_ascii=False, indent=1) + "\n")
    elif into is None:
        sys.stdout.write(files["plant.toml"])


@plant.command()
def scenarios(
    case: CasePath,
    chosen: PlantId,
    levers: Levers = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Compare the settings of a plant's levers side by side: energy, effluent, cost, limits.

    All levers that the plant offers, unless --levers names some.

    Example: renvand plant scenarios examples/chongqing kaizhou --levers aeration,recycle
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.trial import scenarios as compared

    outcome = compared(read_case(case), chosen, _names(levers))
    table = outcome.tables["scenarios"]
    if not (as_json or as_csv):
        table = table[[c for c in SEEN if c in table]]
    show(table, as_json=as_json, as_csv=as_csv, rows=len(table))


@plant.command()
def optimise(
    case: CasePath,
    chosen: PlantId,
    levers: Levers = "",
    objectives: Annotated[
        str, typer.Option(help="Two or more of energy, TN, TP, NH4, N2O, cost.")
    ] = "energy,TN,N2O",
    evaluations: Annotated[int, typer.Option(min=8, help="Runs of 14 days.")] = 2000,
    draws: Annotated[int, typer.Option(min=0, help="Other waters and sludges per point.")] = 8,
    seed: Annotated[int, typer.Option(help="The same seed gives the same front.")] = 1,
    cluster: Annotated[str, typer.Option(help="Dask scheduler: tcp://host:8786.")] = "",
    picture: Annotated[Path | None, typer.Option(help="File for the front as SVG.")] = None,
    paths: Annotated[
        Path | None, typer.Option(help="File for its settings in parallel axes as SVG.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the picture: da, en or zh.")] = "en",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Search the settings of several levers that nothing beats in all objectives.

    The limits of the plant's class are kept where they can be. `holds` is the share of other
    waters and sludges under which they are kept.

    Example: renvand plant optimise examples/chongqing kaizhou --levers aeration,recycle,carbon
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.trial import optimise as searched

    with _bar(evaluations) as tell_progress:
        outcome = searched(
            read_case(case), chosen, _names(levers), objectives=_names(objectives),
            evaluations=evaluations, draws=draws, seed=seed, cluster=cluster,
            on_progress=tell_progress,
        )  # fmt: skip
    table = outcome.tables["front"]
    if picture is not None or paths is not None:
        from renvand.publish.charts.front import front_svg, paths_svg

        for file, draw in ((picture, front_svg), (paths, paths_svg)):
            if file is not None:
                svg = draw(outcome.extras["front"], language=language)
                file.write_text(svg, encoding="utf-8")
    if not (as_json or as_csv):
        table = table[[c for c in table if c in SEEN or c in outcome.extras["front"]["columns"]]]
    show(table, as_json=as_json, as_csv=as_csv, rows=len(table))
    tell(outcome.findings)


@plant.command()
def trial(case: CasePath, chosen: PlantId, levers: Levers = "", as_json: AsJson = False) -> None:
    """Plan the trial of the best lever: weeks, meters, rules to stop, cost against the budget.

    Example: renvand plant trial examples/chongqing kaizhou
    """
    from dataclasses import replace

    from renvand.partnership.folder import read_case
    from renvand.steps.trial import trial as planned

    data = read_case(case)
    own = {**data.settings.get("trial", {}), "plant": chosen}
    if levers:
        own["levers"] = list(_names(levers))
    outcome = planned(replace(data, settings={**data.settings, "trial": own}))
    tables = {n: outcome.tables[n] for n in PLANNED if n in outcome.tables}
    if as_json:
        records = {n: json.loads(t.to_json(orient="records")) for n, t in tables.items()}
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=1) + "\n")
    else:
        for name, table in tables.items():
            sys.stdout.write(f"\n{name}\n")
            if name == "plan" and len(table):
                table = table.T.reset_index().set_axis(["what", "value"], axis=1)
            show(table, as_json=False, as_csv=False, rows=100)
    tell(outcome.findings)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


@contextmanager
def _bar(total: int) -> Generator[Callable[[Progress], None] | None]:
    """Show how far a search is and how long it still takes, where somebody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("search", total=total)

        def told(progress: Progress) -> None:
            text = f"{progress.what}, {progress.left_s:.0f} s left"
            bar.update(task, completed=progress.done, total=progress.total, description=text)

        yield told


def _write(files: Mapping[str, str], into: Path) -> None:
    """Write files into a folder; none that is there is written over."""
    if there := [name for name in files if (into / name).exists()]:
        do = "Choose another folder, or take it away first."
        raise FileError(Fault(where=str(into / there[0]), what="is there already.", do=do))
    into.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (into / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{', '.join(files)} written into {into}.\n")
