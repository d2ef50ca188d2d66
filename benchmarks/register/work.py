"""The steps that are measured, each run alone by ``python -m benchmarks.register``."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import ibis.backends.duckdb  # noqa: F401  # before the clock: the step is measured, not imports
import numpy as np
import pandas as pd

from renvand.steps.register import burden
from renvand.steps.register.census import census, narrowed, opened, ranked, summed
from renvand.steps.register.engine import connected
from renvand.steps.register.factors import Tax
from renvand.steps.register.measure import chain

RULE = Tax(low=3.0, high=3.0, first_class=5, others=3, reductions=(0.75, 0.5))
STATES = 48
LISTED = 22_000


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


def ranking(folder: Path) -> str:
    """Rank the whole census as the product does."""
    with connected() as backend:
        return told(ranked(opened(backend, folder), is_one_year=True))


def everything(folder: Path) -> str:
    """Rank it with the tax, in one piece: the chain that a case goes through."""
    with connected() as backend:
        tables = opened(backend, folder)
        _, sums = chain(tables, RULE)
        return told(burden.placed(sums, tables["sites"]))


def district(folder: Path) -> str:
    """Rank two sectors of one district."""
    with connected() as backend:
        kept = ["sector-1", "sector-2"]
        tables = narrowed(opened(backend, folder), division="500017", sectors=kept)
        return told(burden.placed(summed(tables, True), tables["sites"]))


def to_parquet(folder: Path) -> str:
    """Read the observations as CSV and write them as Parquet; the CSV is written beforehand."""
    engine = duckdb.connect()
    engine.execute("SET threads = 1; SET preserve_insertion_order = false")
    csv = folder / "observations.csv"
    engine.execute(f"COPY (FROM '{folder}/observations.parquet') TO '{csv}'")
    start = time.process_time()
    engine.execute(f"COPY (FROM '{csv}') TO '{folder}/again.parquet' (COMPRESSION zstd)")
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
    here, there = folder / "duckdb.parquet", folder / "spark.parquet"
    census(folder, here, is_one_year=True)
    count = census(folder, there, engine="local[1]", is_one_year=True)
    columns = ["site", "place", "place_in_division", "top_substance", "exceeding"]
    read = [pd.read_parquet(path, columns=columns).astype(str) for path in (here, there)]
    return f"{count:,} sites: {'the same' if read[0].equals(read[1]) else 'another'} ranking"


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
