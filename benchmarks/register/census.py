"""A synthetic census of sites and observations, written as Parquet; nothing in it is real."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DISTRICTS, SUBSTANCES, SECTORS = 3_000, 26, 20
CENSORED = 0.1  # share of samples below their reporting limit
PERMITTED = 12  # permit classes: each has its own limit for every substance
AT_ONCE = 1_000_000
ROW_GROUP = 122_880  # rows, as DuckDB writes them


def write(folder: Path, *, sites: int, observations: int, seed: int = 42) -> None:
    """Write ``sites``, ``observations``, ``outlets``, ``permits``, ``standards``, ``factors``."""
    rng = np.random.default_rng(seed)
    ids = np.arange(sites)
    flow = np.exp(rng.normal(2.1, 2.2, sites))  # m3/d
    names = pa.array(ids)  # numbers, as registers of this size have
    sectors = pa.array([f"sector-{k}" for k in range(SECTORS)])
    sector = sectors.take(pa.array(rng.integers(0, SECTORS, sites)))
    district = pa.array([f"{500_000 + k}" for k in range(DISTRICTS)])
    columns = {
        "id": names,
        "division": district.take(pa.array(rng.integers(0, DISTRICTS, sites))),
        "sector": sector,
    }
    pq.write_table(pa.table(columns), folder / "sites.parquet")
    kinds = pa.array(["direct", "indirect"]).take(pa.array(rng.integers(0, 2, sites)))
    outlets = {"outlet": names, "site": names, "sector": sector, "discharge": kinds}
    pq.write_table(pa.table(outlets), folder / "outlets.parquet")
    substances = pa.array([f"p{k}" for k in range(SUBSTANCES)])
    _observations(folder, rng, names=names, flow=flow, substances=substances, count=observations)
    _rules(folder, rng, substances=substances, sectors=sectors, names=names)


def _observations(folder, rng, *, names, flow, substances, count) -> None:
    owner = np.sort(rng.integers(0, len(names), count))
    writer = None
    for start in range(0, count, AT_ONCE):
        at = owner[start : start + AT_ONCE]
        site = names.take(pa.array(at))
        table = pa.table(
            {
                "outlet": site,
                "substance": substances.take(pa.array(rng.integers(0, SUBSTANCES, len(at)))),
                "year": pa.array(np.full(len(at), 2025)),
                "concentration_mg_l": np.exp(rng.normal(0, 2, len(at))),
                "is_censored": rng.random(len(at)) < CENSORED,
                "flow_m3_d": flow[at],
                "days": np.full(len(at), 300.0),
                "load_kg_a": pa.nulls(len(at), pa.float64()),
                "suspect": pa.array(np.full(len(at), "")),
            }
        )
        writer = writer or pq.ParquetWriter(folder / "observations.parquet", table.schema)
        writer.write_table(table, row_group_size=ROW_GROUP)
    writer.close()


def _rules(folder, rng, *, substances, sectors, names) -> None:
    """Every tenth site has permits; the national standard stands behind all."""
    few = names.take(pa.array(np.arange(0, len(names), 10)))
    repeat = pa.array(np.repeat(np.arange(len(few)), 2))
    two = pa.array(np.tile([0, 1], len(few)))
    permits = {
        "outlet": few.take(repeat),
        "substance": substances.take(two),
        "limit_mg_l": np.exp(rng.normal(1.5, 1.5, len(two))),
    }
    pq.write_table(pa.table(permits), folder / "permits.parquet")
    grid = [(s, d, p) for s in sectors for d in ("direct", "indirect") for p in substances]
    standards = {
        "sector": pa.array([s.as_py() for s, _, _ in grid]),
        "discharge": pa.array([d for _, d, _ in grid]),
        "substance": pa.array([p.as_py() for _, _, p in grid]),
        "standard": pa.array(["standard"] * len(grid)),
        "standard_limit_mg_l": np.exp(rng.normal(1.5, 1.5, len(grid))),
    }
    pq.write_table(pa.table(standards), folder / "standards.parquet")
    n = len(substances)
    factors = {
        "substance": substances,
        "standard_mg_l": np.exp(rng.normal(-1, 2, n)),
        "equivalent_kg": np.exp(rng.normal(-1, 2, n)),
        "category": pa.array(["1" if k < 8 else "2" for k in range(n)]),
        "is_oxygen_demand": pa.array([k in (8, 9) for k in range(n)]),
        "toxicity_ef31": np.exp(rng.normal(5, 3, n)),
        "toxicity_traci": np.exp(rng.normal(5, 3, n)),
    }
    pq.write_table(pa.table(factors), folder / "factors.parquet")


if __name__ == "__main__":
    write(Path(sys.argv[1]), sites=int(sys.argv[2]), observations=int(sys.argv[3]))
