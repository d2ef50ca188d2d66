"""The steps that are measured, each run alone by ``python -m benchmarks.register``."""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd

from renvand.steps.register import burden, load
from renvand.steps.register.factors import Tax
from renvand.steps.register.measure import chain

TABLES = ("sites", "observations", "outlets", "permits", "standards", "factors")
RULE = Tax(low=3.0, high=3.0, first_class=5, others=3, reductions=(0.75, 0.5))
STATES = 48
AT_ONCE = 120_000  # sites of one part
LISTED = 22_000


def duckdb(folder: Path) -> dict[str, Any]:
    """Open the census in DuckDB on one thread."""
    engine = ibis.duckdb.connect()
    engine.raw_sql("SET threads = 1; SET preserve_insertion_order = false")
    engine.raw_sql(f"SET memory_limit = '700MB'; SET temp_directory = '{folder}/spill'")
    return {name: engine.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def summed(tables: dict[str, Any]) -> Any:
    """Load, exceedance and top pollutant of each site."""
    loads = burden.against_limits(
        load.by_outlet(tables["observations"], is_one_year=True),
        tables["outlets"],
        permits=tables["permits"],
        standards=tables["standards"],
    )
    loads = burden.weighted(loads, tables["factors"])
    return burden.by_site(loads.mutate(taxed_equivalents=ibis.null("float64")))


def ranked(tables: dict[str, Any]) -> Any:
    """Add national and district rank and the cumulative share."""
    return burden.placed(summed(tables), tables["sites"])


def parts(tables: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Cut the census by ranges of sites, so that what is grouped at once stays small.

    The parts are views of the same names: the expressions are compiled once for all.
    """
    sites = tables["sites"]
    engine = sites.get_backend()
    count = sites.count().to_pyarrow().as_py()
    keys = {"observations": "outlet", "outlets": "outlet", "permits": "outlet"}
    for low in range(0, count, AT_ONCE):
        for name, key in keys.items():
            whole = tables[name].get_name()
            engine.raw_sql(
                f"CREATE OR REPLACE VIEW part_{name} AS SELECT * FROM {whole} "
                f"WHERE {key} >= {low} AND {key} < {low + AT_ONCE}"
            )
        yield {**tables, **{name: engine.table(f"part_{name}") for name in keys}}


def told(ranking: Any) -> str:
    """Bring the whole ranking to its end and say what it holds."""
    found = ranking.aggregate(
        sites=ranking.count(),
        main=(ranking.cumulative_share <= 0.8).sum(),
        exceeding=(ranking.exceeding > 0).sum(),
        first=(ranking.place_in_division <= 10).sum(),
        top=ranking.top_substance.nunique(),
    )
    row = found.to_pyarrow().to_pylist()[0]
    return f"{row['sites']:,} ranked, {row['main']:,} make 80 %, {row['exceeding']:,} exceed"


RANKED = ("site", "equal_standard_m3_a", "exceeding", "top_substance")


def ranking(folder: Path) -> str:
    """Rank the whole census, part by part."""
    tables = duckdb(folder)
    engine = tables["sites"].get_backend()
    query = ""
    for part in parts(tables):
        if not query:
            query = ibis.to_sql(summed(part).select(RANKED), dialect="duckdb")
            engine.raw_sql(f"CREATE TABLE sums AS {query}")
        else:
            engine.raw_sql(f"INSERT INTO sums {query}")
    return told(burden.placed(engine.table("sums"), tables["sites"]))


def everything(folder: Path) -> str:
    """Rank it with the tax: the chain that a case goes through."""
    tables = duckdb(folder)
    _, sums = chain(tables, RULE)
    return told(burden.placed(sums, tables["sites"]))


def district(folder: Path) -> str:
    """Rank two sectors of one district."""
    tables = duckdb(folder)
    sites = tables["sites"]
    own = sites.filter(sites.division == "500017", sites.sector.isin(["sector-1", "sector-2"]))
    engine = sites.get_backend()
    own = own.to_pyarrow()
    engine.con.register("own", own)
    tables["sites"] = engine.table("own")
    for name, key in (("observations", "outlet"), ("outlets", "outlet")):
        found = tables[name].semi_join(tables["sites"], tables[name][key] == tables["sites"].id)
        engine.con.register(f"own_{name}", found.to_pyarrow())
        tables[name] = engine.table(f"own_{name}")
    return told(ranked(tables))


def to_parquet(folder: Path) -> str:
    """Read the observations as CSV and write them as Parquet; the CSV is written beforehand."""
    tables = duckdb(folder)
    engine = tables["sites"].get_backend()
    csv = folder / "observations.csv"
    engine.raw_sql(f"COPY (FROM '{folder}/observations.parquet') TO '{csv}'")
    start = time.process_time()
    engine.raw_sql(f"COPY (FROM '{csv}') TO '{folder}/again.parquet' (COMPRESSION zstd)")
    return f"of which reading and writing {time.process_time() - start:.1f} CPU s"


def smaa(_: Path) -> str:
    """1,000 alternatives, 6 criteria, 10,000 draws."""
    from renvand.ranking import smaa as draw

    x = np.random.default_rng(1).random((1_000, 6))
    draw(x, sd=np.full(x.shape, 0.1), draws=10_000)
    return "with errors in every cell"


def linkage(_: Path) -> str:
    """Link two lists of 22,000 constructed sites; all of the first are in the second, distorted."""
    from renvand.steps.register.similar import Plan, mutual, pairs
    from renvand.steps.register.threshold import measured

    left, right = _lists(np.random.default_rng(5))
    plan = Plan(
        fields={"name": "name", "address": "text", "district": "word", "sector": "word"},
        blocks=[["name", "state"], ["start", "district"], ["address"], ["number", "district"]],
        certain=[["name", "address"], ["address", "district"]],
        training=[["name"], ["address"]],
    )
    found = mutual(pairs(left, right, plan=plan, seed=1))
    truth = found["first"].str[1:] == found["second"].str[1:]
    quality = measured(found["probability"], truth, total=LISTED, threshold=0.5)
    return f"P {quality.precision:.3f} R {quality.recall:.3f}, {LISTED:,} by {LISTED:,}"


def _lists(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Names of four syllables and addresses; a tenth of each misspelt in the second list."""
    syllables = np.array(["hong", "da", "ming", "lu", "jin", "shan", "xin", "hua", "tai", "yu"])
    words = np.array(["plating", "dyeing", "metal", "textile", "coating", "casting", "works"])
    parts = [rng.choice(syllables, LISTED) for _ in range(4)]
    name = ["".join(p) + " " + w for *p, w in zip(*parts, rng.choice(words, LISTED), strict=True)]
    number = rng.integers(1, 2_000, LISTED)
    street = rng.integers(0, 300, LISTED)
    district = rng.integers(0, 900, LISTED)
    left = pd.DataFrame(
        {
            "id": [f"a{n}" for n in range(LISTED)],
            "name": name,
            "number": number.astype(str),
            "address": [f"{n} street {s}" for n, s in zip(number, street, strict=True)],
            "district": district.astype(str),
            "state": (district % STATES).astype(str),
            "sector": rng.integers(0, 20, LISTED).astype(str),
        }
    )
    right = left.assign(id=[f"b{n}" for n in range(LISTED)])
    for column in ("name", "address"):
        wrong = rng.random(LISTED) < 0.1
        at = rng.integers(1, 8, LISTED)
        right[column] = [
            text[:k] + text[k + 1 :] if is_wrong else text
            for text, k, is_wrong in zip(right[column], at, wrong, strict=True)
        ]
    return tuple(t.assign(start=t["name"].str[:5]) for t in (left, right))


def spark(folder: Path) -> str:
    """The same expressions in Spark's local mode: is it the same ranking?"""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.memory", "3g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    engine = ibis.pyspark.connect(session)
    tables = {name: engine.read_parquet(str(folder / f"{name}.parquet")) for name in TABLES}
    columns = ["site", "place", "place_in_division", "top_substance", "exceeding"]
    here = ranked(duckdb(folder)).select(columns).to_pyarrow().to_pandas()
    there = ranked(tables).select(columns).to_pandas()
    session.stop()
    here, there = (t.sort_values("site", ignore_index=True) for t in (here, there))
    same = (here.astype(str) == there.astype(str)).all(axis=None)
    return f"{len(there):,} sites: {'the same ranking' if same else 'another ranking'}"


WORK: dict[str, Callable[[Path], str]] = {
    "rank the census": ranking,
    "rank it, with tax": everything,
    "one district, two sectors": district,
    "CSV to Parquet": to_parquet,
    "SMAA": smaa,
    "link two lists": linkage,
    "Spark, local": spark,
}


def main() -> None:
    """Run one step and tell its CPU seconds and peak memory as JSON."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    start = time.process_time()
    note = WORK[name](folder)
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": f"{cpu:.1f}", "peak": f"{peak:.0f}", "note": note}))


if __name__ == "__main__":
    main()
