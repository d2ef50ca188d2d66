"""``renvand register``: guess, import, link, rank, census, sectors, shortlist."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from renvand.steps.case import CaseData
    from renvand.steps.outcome import Outcome
    from renvand.steps.register.guess import Guess

app = typer.Typer(
    name="register",
    help="From lists as received to ranked sites, two sectors and five companies.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]
ListPath = Annotated[Path, typer.Argument(metavar="FILE", help="List: .csv, .xlsx or .parquet.")]
Engine = Annotated[str, typer.Option(help="duckdb, or a Spark cluster: spark://host:7077.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Sheet = Annotated[str, typer.Option(help="Sheet of a workbook; the best one when left out.")]
Kind = Annotated[
    str, typer.Option(help="enterprises, outlets, permit_limits or observations; else guessed.")
]
WIDE = 200  # signs a line, where nobody's terminal sets the width
SHOWN, NAMED = 10, 3  # findings; values of a column
RANKED = (
    *("rank", "id", "name_zh", "division", "sector", "value", "probability_first"),
    *("rank_low", "rank_high", "load_share", "exceedance", "dilution"),
)


@app.command()
def guess(file: ListPath, sheet: Sheet = "", kind: Kind = "", as_json: AsJson = False) -> None:
    """Propose how a list is to be read, column by column, with how sure each is.

    Example: renvand register guess key-units-2025.xlsx
    """
    from renvand.steps.register.guess import as_toml
    from renvand.steps.register.guess import guess as propose

    found = propose(file, sheet=sheet, kind=kind)
    if as_json:
        _json({**_told(found), "mapping": as_toml(found)})
        return
    _columns(found)
    sys.stdout.write("\nFor inbox/mapping.toml:\n\n" + as_toml(found))


@app.command("import")
def import_list(
    case: CasePath,
    file: ListPath,
    source: Annotated[str, typer.Option(help="Key of the list in sources.toml.")],
    coordinates: Annotated[str, typer.Option(help="WGS-84 or GCJ-02.")] = "",
    sheet: Sheet = "",
    kind: Kind = "",
    as_json: AsJson = False,
) -> None:
    """Copy a list into the inbox of a case and add its proposed mapping.

    Example: renvand register import examples/chongqing permits-2026.csv --source permits-2026
    """
    from renvand.steps.register.received import receive

    found = receive(case, file, source=source, coordinates=coordinates, sheet=sheet, kind=kind)
    if as_json:
        _json(_told(found))
        return
    _columns(found)
    sys.stdout.write("\nAdded to inbox/mapping.toml: look it over before the next run.\n")


@app.command()
def link(
    case: CasePath,
    same: Annotated[
        tuple[str, str] | None, typer.Option(help="Two sites that are one; the first id stays.")
    ] = None,
    different: Annotated[
        tuple[str, str] | None, typer.Option(help="Two sites that are not one.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who decides; you, when left out.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: AsJson = False,
) -> None:
    """Link the rows of all lists to sites, and show the pairs that a person must decide.

    Example: renvand register link examples/chongqing --different site-1 site-2 --note "two plants"
    """
    import datetime as dt
    import getpass

    from renvand.steps.register.decisions import DIFFERENT, SAME, Decision, decide

    for pair, verdict in ((same, SAME), (different, DIFFERENT)):
        if pair:
            _known_sites(case, pair, option=verdict)
            decision = Decision(
                first=pair[0],
                second=pair[1],
                verdict=verdict,
                by=by or getpass.getuser(),
                on=dt.date.today().isoformat(),
                note=note,
            )
            decide(case, decision)
    outcome = _register(_read(case))
    sites, doubts = outcome.tables["enterprises"], outcome.tables["doubts"]
    if as_json:
        _json({"sites": len(sites), "rows": int(sites["rows"].sum()), "doubts": _rows(doubts)})
        return
    sys.stdout.write(f"{sites['rows'].sum()} rows speak of {len(sites)} sites.\n")
    if len(doubts):
        _print(doubts, tuple(map(str, doubts)))
        sys.stdout.write("Decide with --same or --different; nothing is joined by itself.\n")
    else:
        sys.stdout.write("No pair is left to decide.\n")


def _known_sites(case: Path, pair: tuple[str, str], *, option: str) -> None:
    """Stop before a decision is written about a site that is not there."""
    from renvand.errors import Fault, FileError, near

    known = _register(_read(case)).tables["enterprises"]["id"].tolist()
    faults = [
        Fault(where=f"--{option}", what=f"no site '{site}'.", do=near(site, known))
        for site in pair
        if site not in known
    ]
    if faults:
        raise FileError(faults)


@app.command()
def rank(
    case: CasePath,
    top: Annotated[int, typer.Option(help="So many sites.")] = 20,
    why: Annotated[str, typer.Option(help="Id of one site: what put it there.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="Write all sites: .gpkg, .geojson, .xlsx or .csv.")
    ] = None,
    engine: Engine = "duckdb",
    as_json: AsJson = False,
) -> None:
    """Rank the sites, and say how sure each place is.

    Example: renvand register rank examples/chongqing --top 10 --to sites.gpkg
    """
    read = _read(case)
    outcome = _register(read, engine=engine)
    sites = outcome.tables["enterprises"]
    ranking = outcome.tables["ranking"]
    more = [str(name) for name in sites if name == "id" or name not in ranking]
    ranking = ranking.merge(sites[more], on="id")
    if to is not None:
        _write(to, outcome, as_of=str(read.settings["case"]["as_of"]))
    if why:
        _why(ranking, why, as_json=as_json)
    elif as_json:
        _json(_rows(ranking.head(top)))
    else:
        _print(_with_districts(ranking.head(top), read), RANKED)
        if ranking.empty:
            told = f"None of the {len(sites)} sites has a load, so none has a place.\n"
            sys.stderr.write(told)
        _look(outcome)


@app.command()
def census(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The files, as Parquet.")],
    to: Annotated[Path, typer.Option(help="Parquet file to write.")],
    division: Annotated[str, typer.Option(help="Only this district.")] = "",
    sector: Annotated[list[str] | None, typer.Option(help="Only this sector; repeatable.")] = None,
    engine: Engine = "duckdb",
    as_json: AsJson = False,
) -> None:
    """Rank a register of millions of sites by equal-standard load, where its files lie.

    Example: renvand register census national/ --to ranking.parquet --engine spark://head:7077
    """
    from renvand.steps.register.census import census as go_through

    count = go_through(folder, to, engine=engine, division=division, sectors=sector or ())
    if as_json:
        _json({"ranked": count, "file": str(to)})
    else:
        sys.stdout.write(f"Ranked {count:,} sites; wrote {to}\n")


@app.command()
def sectors(case: CasePath, as_json: AsJson = False) -> None:
    """Compare the candidate sectors and choose, with how sure the choice is.

    Example: renvand register sectors examples/chongqing
    """
    from renvand.steps.sectors import sectors as compare

    read = _read(case)
    outcome = compare(read, _register(read))
    sure = outcome.extras["probability_of_choice"]
    if as_json:
        comparison = _rows(outcome.tables["comparison"])
        _json({"comparison": comparison, "probability_of_choice": sure})
        return
    _print(outcome.tables["comparison"], tuple(outcome.tables["comparison"].columns))
    sys.stdout.write(f"Random weights and data choose exactly these in {sure:.0%} of draws.\n")


@app.command()
def shortlist(
    case: CasePath,
    size: Annotated[int, typer.Option(help="How many; the case's own when left out.")] = 0,
    per_division: Annotated[int, typer.Option(help="At most so many a district.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Choose the companies to review together; another constraint gives another answer at once.

    Example: renvand register shortlist examples/chongqing --per-division 1
    """
    from dataclasses import replace

    from renvand.steps.sectors import sectors as compare
    from renvand.steps.shortlist import shortlist as choose

    read = _read(case)
    given = {"size": size, "per_division": per_division}
    changed = {name: value for name, value in given.items() if value}
    settings = {**read.settings, "shortlist": {**read.settings["shortlist"], **changed}}
    read = replace(read, settings=settings)
    registered = _register(read)
    outcome = choose(read, registered, sectors=compare(read, registered))
    companies = outcome.tables["companies"]
    if as_json:
        _json(_rows(companies))
    else:
        columns = ("state", "sector", "id", "name_zh", "division", "size", "rank", "reasons")
        _print(companies, columns)


def _read(case: Path) -> CaseData:
    from renvand.partnership.folder import read_case

    return read_case(case)


def _register(case: CaseData, *, engine: str = "duckdb") -> Outcome:
    from renvand.steps.register import register

    return register(case, engine=engine)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table as rows that JSON can hold: what is not known is null."""
    return json.loads(table.to_json(orient="records", double_precision=15, force_ascii=False))


def _json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _told(found: Guess) -> dict[str, Any]:
    return {
        "certainty": found.certainty,
        "doubts": [str(doubt) for doubt in found.doubts],
        "entry": found.entry,
        "columns": [vars(column) for column in found.columns],
        "unused": found.unused,
        "ask": found.ask,
        "others": [vars(other) for other in found.others],
    }


def _columns(found: Guess) -> None:
    kind = str(found.entry["kind"]).replace("_", " ")
    sys.stdout.write(f"Read as a list of {kind}: {found.certainty:.0%} sure.\n")
    sys.stdout.writelines(f"Look: {doubt}\n" for doubt in found.doubts)
    rows = [
        (column.ours, column.theirs, f"{column.certainty:.0%}", ", ".join(column.examples)[:40])
        for column in found.columns
    ]
    _table(("ours", "theirs", "sure", "for example"), rows)
    for column, values in found.entry.get("keep", {}).items():
        more = f" or {len(values) - NAMED} more" if len(values) > NAMED else ""
        told = f"{' or '.join(values[:NAMED])}{more}"
        sys.stdout.write(f"Only rows with '{column}' = {told} are kept.\n")
    if found.unused:
        sys.stdout.write(f"Not used: {', '.join(found.unused)}\n")
    for line in found.ask:
        sys.stdout.write(f"To be filled in: {line}\n")
    for other in found.others:
        sys.stdout.write(f"Another list in this file ({other.columns} columns): {other.options}\n")


def _print(table: pd.DataFrame, columns: Sequence[str]) -> None:
    shown = [name for name in columns if name in table]
    rows = ([_cell(value) for value in row] for row in table[shown].itertuples(index=False))
    _table(shown, rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.4g}"
    return str(value)


def _why(ranking: pd.DataFrame, site: str, *, as_json: bool) -> None:
    """Tell what each criterion contributed, beside the site one place better."""
    from renvand.errors import Fault, FileError, near

    if site not in set(ranking["id"]):
        raise FileError(
            Fault(where="ranking", what=f"has no '{site}'.", do=near(site, ranking["id"]))
        )
    at = int(ranking.index[ranking["id"] == site][0])
    shown = ranking.iloc[max(at - 1, 0) : at + 1]
    parts = [name for name in ranking if str(name).startswith("part_")]
    if as_json:
        _json(_rows(shown))
    else:
        kept = ("rank", "id", "name_zh", "value", *parts, "rank_low", "rank_high", "missing")
        _print(shown, tuple(map(str, kept)))


def _with_districts(ranking: pd.DataFrame, case: CaseData) -> pd.DataFrame:
    """Give districts by name; a code that no table knows stays."""
    rows = case.knowledge.table("divisions")
    names = dict(zip(rows["id"], rows["name_zh"].fillna(rows["name_en"]), strict=True))
    return ranking.assign(division=[names.get(code, code) for code in ranking["division"]])


def _look(outcome: Outcome) -> None:
    """Name the findings on the lists: a slip can decide a place."""
    findings = outcome.findings
    sys.stderr.writelines(f"{finding}\n" for finding in findings[:SHOWN])
    if len(findings) > SHOWN:
        sys.stderr.write(f"… and {len(findings) - SHOWN} more; 'renvand run' writes them all.\n")


def _write(path: Path, outcome: Outcome, *, as_of: str) -> None:
    from renvand.steps.register import export

    sites = outcome.tables["enterprises"]
    makers = {
        ".gpkg": lambda: export.geopackage(sites, as_of=as_of),
        ".geojson": lambda: export.geojson(sites),
        ".xlsx": lambda: export.workbook(outcome.tables),
        ".csv": lambda: sites.to_csv(index=False).encode("utf-8-sig"),
    }
    if path.suffix not in makers:
        raise typer.BadParameter(f"end it in {', '.join(makers)}", param_hint="--to")
    path.write_bytes(makers[path.suffix]())
    sys.stderr.write(f"Wrote {path}\n")
