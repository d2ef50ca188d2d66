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
from tests.shared import ROOT
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


def test_a_census_in_one_piece_and_in_parts_is_the_same(tmp_path, monkeypatch):
    from renvand.steps.register import census as large

    census.write(tmp_path, sites=500, observations=4_000)
    count = large.census(tmp_path, tmp_path / "whole.parquet")
    monkeypatch.setattr(large, "AT_ONCE", 60)
    assert large.census(tmp_path, tmp_path / "parts.parquet", is_one_year=True) == count
    whole, parts = (pd.read_parquet(tmp_path / f"{n}.parquet") for n in ("whole", "parts"))
    pd.testing.assert_frame_equal(whole, parts)
    assert whole["place"].tolist() == list(range(1, count + 1))


def test_one_district_of_a_census_is_ranked_alone(tmp_path):
    from renvand.steps.register import census as large

    census.write(tmp_path, sites=9_000, observations=30_000)
    count = large.census(tmp_path, tmp_path / "x.parquet", division="500017")
    assert 0 < count < 20
    assert set(pd.read_parquet(tmp_path / "x.parquet")["division"]) == {"500017"}


def test_what_a_census_lacks_is_told_at_once(tmp_path):
    from renvand.errors import FileError
    from renvand.steps.register import census as large

    census.write(tmp_path, sites=10, observations=20)
    (tmp_path / "permits.parquet").unlink()
    pd.DataFrame({"id": [1], "sector": ["x"]}).to_parquet(tmp_path / "sites.parquet")
    with pytest.raises(FileError) as told:
        large.census(tmp_path, tmp_path / "x.parquet")
    assert [f.what for f in told.value.faults] == ["has no column 'division'.", "is not there."]


def test_an_engine_that_is_not_known_is_told():
    from renvand.errors import FileError
    from renvand.steps.register.engine import connected

    with pytest.raises(FileError) as told, connected("flink://x"):
        pass
    assert str(told.value) == (
        "engine: 'flink://x' is not known. Write duckdb, spark://host:7077, yarn, k8s://… "
        "or local[2]."
    )


def _needs_spark():
    if not find_spec("pyspark") or not shutil.which("java"):
        pytest.skip("pyspark or Java is not on this machine")


def _said(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_spark_gives_the_same_census_as_duckdb(tmp_path):
    _needs_spark()
    census.write(tmp_path, sites=2_000, observations=20_000)
    told = _said(sys.executable, "-m", "benchmarks.register.work", "Spark, local", str(tmp_path))
    assert json.loads(told.strip().splitlines()[-1])["note"].endswith("the same ranking")


@pytest.mark.slow
def test_spark_ranks_a_case_as_duckdb_does():
    """Places equal; values to rounding; draws of SMAA may tip where scores differ in a digit."""
    _needs_spark()
    case = str(ROOT / "examples" / "chongqing")
    renvand = (sys.executable, "-m", "renvand", "register", "rank", case, "--json", "--top", "400")
    here, there = (
        pd.DataFrame(json.loads(_said(*renvand, "--engine", engine)))
        for engine in ("duckdb", "local[1]")
    )
    numbers = here.select_dtypes("number").columns
    assert here["id"].tolist() == there["id"].tolist()
    pd.testing.assert_frame_equal(here[numbers], there[numbers], rtol=1e-9, atol=1e-3)
    texts = ["top_substance", "exceedance_basis", "missing"]
    pd.testing.assert_frame_equal(here[texts], there[texts])
