"""The same expressions, another engine: the same places."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pandas as pd
import pytest

from benchmarks.register import census
from renvand.steps.register import burden
from tests.unit.register.engine import made, tables

SUMS = pd.DataFrame(
    {
        "site": ["d", "a", "c", "b", "none"],
        "equal_standard_m3_a": [10.0, 100.2, 100.4, 200.0, float("nan")],
    }
)
SITES = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d", "none"],
        "division": ["x", "x", "y", "y", "y"],
        "sector": "other",
    }
)


def test_places_are_told_in_country_and_district_and_ties_go_by_id():
    """100.2 and 100.4 are equal to the cubic metre: engines may differ by less."""
    given = tables(sums=SUMS, sites=SITES)
    table = made(burden.placed(given["sums"], given["sites"])).set_index("site")
    assert table["place"].to_dict() == {"b": 1, "a": 2, "c": 3, "d": 4}
    assert table["place_in_division"].to_dict() == {"b": 1, "a": 2, "c": 1, "d": 2}
    assert table.loc["d", "cumulative_share"] == pytest.approx(1.0)
    assert table.loc["b", "cumulative_share"] == pytest.approx(200 / 410)


@pytest.mark.slow
def test_spark_gives_the_same_ranking_as_duckdb(tmp_path):
    if not find_spec("pyspark") or not shutil.which("java"):
        pytest.skip("pyspark or Java is not on this machine")
    census.write(tmp_path, sites=2_000, observations=20_000)
    command = [sys.executable, "-m", "benchmarks.register.work", "Spark, local", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["note"].endswith("the same ranking")
