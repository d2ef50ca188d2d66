"""``renvand river network``, ``run`` and ``benefit``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renvand.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    help="Rivers: what they carry, and where a kilogram removed helps most.",
    no_args_is_help=True,
)
CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the result as CSV.")]
Flow = Annotated[str, typer.Option(help="Flow: mean or low.")]
WIDE = 200  # characters, where no terminal sets the width
MANY = 1000  # reaches of a case are shown whole
Rows = Annotated[int, typer.Option(min=1, help="Rows to show on the screen.")]


@app.command()
def network(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="CASE",
            help="Folder of the case; or a GeoPackage, shapefile, GeoJSON or CSV of reaches.",
        ),
    ],
    layer: Annotated[str, typer.Option(help="Layer of the file, where it has several.")] = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Check the reaches and list them from the sources to where the water leaves.

    A file may have the columns of reaches.csv or those of HydroRIVERS; --csv then prints the
    rows of a reaches.csv to complete. Of a case, outlets and plants that name no reach are joined
    by position, and doubtful ones are reported.

    Example: renvand river network examples/chongqing
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.effect import network as compute
    from renvand.steps.effect import network_of_file

    is_case = source.is_dir() and source.suffix.lower() != ".gdb"
    outcome = compute(read_case(source)) if is_case else network_of_file(source, layer=layer)
    table = outcome.tables["network"]
    show(table, as_json=as_json, as_csv=as_csv, rows=MANY)
    tell(outcome.findings)


@app.command()
def run(case: CasePath, flow: Flow = "low", as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Compute concentrations and class of every reach as it is today.

    Where is_mixed is False they are means of the cross-section: along the bank below an outlet
    there is more. Oxygen is the lowest within the reach.

    Example: renvand river run examples/chongqing --flow low
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.effect import run as compute

    if flow not in ("mean", "low"):
        raise typer.BadParameter("choose one of mean, low", param_hint="--flow")
    outcome = compute(read_case(case))
    state = outcome.tables["reaches"]
    state = state[state["flow"] == flow]
    wide = state.pivot(index="reach", columns="substance", values="concentration_mg_l")
    classes = outcome.tables["classes"]
    own = classes[classes["flow"] == flow].set_index("reach")[["class", "decides", "is_mixed"]]
    table = wide.add_suffix("_mg_l").join(own).loc[list(own.index)].reset_index()
    show(table, as_json=as_json, as_csv=as_csv, rows=MANY)
    tell(outcome.findings)


@app.command()
def benefit(
    case: CasePath,
    substance: Annotated[str, typer.Option(help="Substance, as in the table of them.")] = "COD",
    at_sections: Annotated[
        bool, typer.Option("--sections", help="Show what every control section gains instead.")
    ] = False,
    of_measures: Annotated[
        bool, typer.Option("--measures", help="Rank what the last run removes, for its money.")
    ] = False,
    rows: Rows = 20,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Rank outlets and plants by what a kilogram a day less is worth at low flow.

    river_km_per_kg_d counts kilometres of river times the share of the limit of the reach's class.
    With --sections: mg/L per kg/d at the control sections that the water passes. With --measures:
    the packages of the reviewed companies, by what the rivers gain for a year's share of the
    investment; needs a run of the programme.

    Example: renvand river benefit examples/chongqing --substance NH4-N
    """
    from renvand.errors import FileError, near
    from renvand.knowledge import table as shipped
    from renvand.partnership.folder import read_case
    from renvand.steps.effect import benefit as compute

    if of_measures:
        show(_measures(case), as_json=as_json, as_csv=as_csv, rows=rows)
        return
    known = set(shipped("substances")["id"])
    if substance not in known:
        what = f"'{substance}' is not known."
        raise FileError(Fault(where="--substance", what=what, do=near(substance, known)))
    tables = compute(read_case(case), substances=(substance,)).tables
    table = tables["benefit"].sort_values("rank")
    if at_sections:
        table = tables["sections"].sort_values("mg_l_per_kg_d", ascending=False)
    show(table, as_json=as_json, as_csv=as_csv, rows=rows)


def _measures(case: Path) -> pd.DataFrame:
    """Recall the measures of the last run."""
    from renvand.errors import FileError
    from renvand.programme.store import recall

    folder = case / "out" / "effect"
    if not folder.is_dir():
        what, do = "holds no run of the programme.", f"Run it once: renvand run {case}"
        raise FileError(Fault(where=str(case), what=what, do=do))
    return recall(folder).tables["measures"]


def show(table: pd.DataFrame, *, as_json: bool, as_csv: bool, rows: int) -> None:
    """Print a table for people, or as its JSON or CSV twin."""
    if as_json:
        sys.stdout.write(table.to_json(orient="records", force_ascii=False, indent=1) + "\n")
        return
    if as_csv:
        sys.stdout.write(table.to_csv(index=False))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for name in table.columns:
        is_number = table[name].dtype.kind in "if"
        side = "right" if is_number else "left"
        drawn.add_column(escape(str(name)), justify=side, no_wrap=True)
    for cells in table.head(rows).itertuples(index=False):
        drawn.add_row(*(escape(_cell(value)) for value in cells))
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    console.print(drawn)
    if len(table) > rows:
        console.print(f"… {len(table) - rows} more; --csv prints all.")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "–" if value != value else f"{value:.3g}"
    return "" if value is None else str(value)


def tell(findings: Iterable[Fault]) -> None:
    """Print findings to the error stream and end with 1 when there are any."""
    found: Sequence[Fault] = tuple(findings)
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    if found:
        raise typer.Exit(1)


def as_record(faults: Iterable[Fault]) -> str:
    """Write findings as JSON."""
    listed = [{"where": f.where, "what": f.what, "do": f.do} for f in faults]
    return json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
