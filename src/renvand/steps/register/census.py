"""A register too large for frames: Parquet files ranked where they lie, by DuckDB or Spark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from renvand.errors import Fault, FileError
from renvand.steps.register import burden, load
from renvand.steps.register.engine import DUCKDB, Backend, connected

Table: TypeAlias = Any  # an Ibis table: its columns have no static types

# What each file must hold; further columns are not looked at.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sites": ("id", "division", "sector"),
    "outlets": ("outlet", "site", "sector", "discharge"),
    "observations": (
        *("outlet", "substance", "year", "concentration_mg_l", "is_censored"),
        *("flow_m3_d", "days", "load_kg_a", "suspect"),
    ),
    "permits": ("outlet", "substance", "limit_mg_l"),
    "standards": ("sector", "discharge", "substance", "standard", "standard_limit_mg_l"),
    "factors": ("substance", "standard_mg_l", "equivalent_kg", "category", *burden.EFFECTS),
}
KEPT = ("site", "equal_standard_m3_a", "exceeding", "top_substance")
AT_ONCE = 120_000  # outlets grouped at once: what is grouped stays small
_PARTED = ("observations", "outlets", "permits")


def census(
    folder: Path,
    to: Path,
    *,
    engine: str = DUCKDB,
    division: str = "",
    sectors: Sequence[str] = (),
    is_one_year: bool = False,
) -> int:
    """Rank the sites of a large register by equal-standard load, and write them as Parquet.

    For places with probabilities take the best of them into a case: SMAA is for hundreds of
    sites, not for millions.

    Parameters
    ----------
    folder : Path
        One ``<name>.parquet`` for each of :data:`COLUMNS`; quickest when sorted by outlet.
    to : Path
        ``site``, its load, how many substances exceed their limit, the top substance, ``division,
        sector, place, place_in_division, cumulative_share``; best first.
    engine : str
        See :func:`renvand.steps.register.engine.connected`. Every engine gives the same places.
    division : str
        Only this district; '' for all.
    sectors : sequence of str
        Only these sectors; empty for all.
    is_one_year : bool
        True where all observations are of one year: saves looking for the latest.

    Returns
    -------
    int
        How many sites were ranked; a site without load is not.

    Raises
    ------
    FileError
        When a file or a column is missing, or the engine cannot be used.
    """
    import pyarrow.parquet as pq

    with connected(engine) as backend:
        tables = opened(backend, folder)
        if division or sectors:
            tables = narrowed(tables, division=division, sectors=sectors)
            made = burden.placed(summed(tables, is_one_year), tables["sites"])
        else:
            made = ranked(tables, is_one_year=is_one_year)
        rows = made.order_by("place").to_pyarrow()
    pq.write_table(rows, to)
    return len(rows)


def opened(backend: Backend, folder: Path) -> dict[str, Table]:
    """Open the files of a census where they lie; all that is missing is told at once."""
    import pyarrow.parquet as pq

    faults: list[Fault] = []
    for name, columns in COLUMNS.items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            faults.append(Fault(where=str(path), what="is not there.", do="See the how-to."))
            continue
        held = set(pq.read_schema(path).names)
        faults += [
            Fault(where=path.name, what=f"has no column '{column}'.", do="Add it.")
            for column in columns
            if column not in held
        ]
    if faults:
        raise FileError(faults)
    return {name: backend.read_parquet(str(folder / f"{name}.parquet")) for name in COLUMNS}


def ranked(tables: Mapping[str, Table], *, is_one_year: bool = False) -> Table:
    """Rank all sites; DuckDB goes through the outlets part by part, a cluster parts them itself.

    The parts are views of the same names: the expressions are compiled once for all.
    """
    import ibis

    backend = tables["sites"].get_backend()
    if backend.name != DUCKDB:
        return burden.placed(summed(tables, is_one_year), tables["sites"])
    query = ""
    for part in _parts(tables, backend):
        if not query:
            query = ibis.to_sql(summed(part, is_one_year), dialect=DUCKDB)
            backend.raw_sql(f"CREATE TABLE sums AS {query}")
        else:
            backend.raw_sql(f"INSERT INTO sums {query}")
    return burden.placed(backend.table("sums"), tables["sites"])


def _parts(tables: Mapping[str, Table], backend: Backend) -> Iterator[dict[str, Table]]:
    """Cut the census by ranges of outlets; every so many of them, as they lie, begins a part."""
    outlets = tables["outlets"].outlet.to_pyarrow()
    cuts = sorted(set(outlets.take(list(range(0, len(outlets), AT_ONCE))).to_pylist()))[1:]
    for first, beyond in zip([None, *cuts], [*cuts, None], strict=True):
        for name in _PARTED:
            backend.raw_sql(
                f"CREATE OR REPLACE VIEW part_{name} AS "
                f"FROM {tables[name].get_name()} WHERE {_between(first, beyond)}"
            )
        yield {**tables, **{name: backend.table(f"part_{name}") for name in _PARTED}}


def _between(first: object, beyond: object) -> str:
    """Write a range of outlets as SQL; None leaves an end open."""
    from sqlglot import exp

    ends = ((first, ">="), (beyond, "<"))
    written = [
        f"outlet {sign} {exp.convert(end).sql(DUCKDB)}" for end, sign in ends if end is not None
    ]
    return " AND ".join(written) or "true"


def narrowed(
    tables: Mapping[str, Table], *, division: str = "", sectors: Sequence[str] = ()
) -> dict[str, Table]:
    """Keep what belongs to one district and to some sectors; each table is gone through once."""
    sites, outlets = tables["sites"], tables["outlets"]
    if division:
        sites = sites.filter(sites.division == division)
    if sectors:
        sites = sites.filter(sites.sector.isin(list(sectors)))
    sites = _held(sites.select(*COLUMNS["sites"]), "own_sites")
    outlets = outlets.select(*COLUMNS["outlets"])
    outlets = _held(outlets.semi_join(sites, outlets.site == sites.id), "own_outlets")
    kept = {
        name: _held(tables[name].semi_join(outlets, "outlet").select(*COLUMNS[name]), f"own_{name}")
        for name in ("observations", "permits")
    }
    return {**tables, "sites": sites, "outlets": outlets, **kept}


def _held(table: Table, name: str) -> Table:
    """Work a table out once and hold it; a cluster plans by itself what it holds."""
    backend = table.get_backend()
    return backend.create_table(name, table, temp=True) if backend.name == DUCKDB else table


def summed(tables: Mapping[str, Table], is_one_year: bool) -> Table:
    """Give load, exceedance and top substance of each site, without the tax."""
    import ibis

    loads = burden.against_limits(
        load.by_outlet(tables["observations"], is_one_year=is_one_year),
        tables["outlets"],
        permits=tables["permits"],
        standards=tables["standards"],
    )
    loads = burden.weighted(loads, tables["factors"])
    untaxed = loads.mutate(taxed_equivalents=ibis.null("float64"))
    return burden.by_site(untaxed).select(*KEPT)
