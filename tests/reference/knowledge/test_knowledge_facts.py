"""Do the shipped tables say what the published texts say, and resolve real registers?"""

import csv
from pathlib import Path

import pandas as pd
import pytest

from renvand.knowledge import shipped_schema, substance_id, table
from tests.shared import shared

FACTS = Path(__file__).parents[1] / "data" / "knowledge_facts.csv"


def facts():
    with FACTS.open(encoding="utf-8", newline="") as lines:
        return [
            (f["table"], f["row"], f["column"], float(f["value"])) for f in csv.DictReader(lines)
        ]


@pytest.mark.parametrize(("name", "row", "column", "value"), facts())
def test_a_table_holds_the_published_value(name, row, column, value):
    frame = table(name)
    keys = frame[list(shipped_schema(name).key)].astype(str).agg(",".join, axis=1)
    assert frame[column][keys == row].tolist() == [pytest.approx(value, rel=1e-12)]


def test_the_spellings_of_a_real_register_resolve():
    """Issue: at least 95 % of the rows of the Shanghai limits lead to a substance."""
    path = shared("data", "registers", "shanghai", "discharge_limits.csv.gz")
    names = pd.read_csv(path, usecols=["stProject"], dtype=str, keep_default_na=False).stProject
    found = names.map(substance_id)
    assert found.notna().mean() >= 0.999
    assert set(names[found.isna()]) == {""}


def test_the_water_releases_of_the_american_register_resolve():
    """Most releases to water lead to a substance; organics we do not follow stay unnamed."""
    folder = shared("data", "registers", "us_tri_2011")
    flows = pd.read_parquet(next(folder.glob("flowbyfacility*.parquet")))
    found = flows[flows.Compartment == "water"].FlowName.map(substance_id)
    assert found.notna().mean() >= 0.88


def test_all_surface_water_limits_agree_with_the_independent_copy():
    """Every value of table 1 of GB 3838 that was checked against a second copy is carried over."""
    tidy = pd.read_csv(shared("data", "standards", "limits_tidy.csv"), dtype=str)
    checked = tidy[(tidy.standard == "GB 3838-2002") & tidy.confidence.str.startswith("H2")]
    ours = table("limits")
    ours = ours[(ours.standard == "gb-3838-2002") & (ours.table == "1")]
    assert len(ours) == len(checked) == 120
    assert set(ours.confidence) == {"medium"}


def test_the_glossary_is_whole():
    """No term of the shared glossary is lost or changed."""
    given = pd.read_csv(shared("data", "text", "glossary.csv"), dtype=str)
    ours = table("glossary")
    assert ours.name_en.tolist() == given.en.tolist()
    assert ours.name_da.tolist() == given.da.tolist()
    assert ours.name_zh.tolist() == given.zh_hans.tolist()


def test_the_reference_plants_are_carried_over_as_published():
    """Slips of unit included: cleaning them is the work of the plant step."""
    given = pd.read_csv(shared("data", "plants", "yrd93", "wwtp_data_simplified.csv"))
    ours = table("reference_plants")
    assert len(ours) == 93
    power = given.annual_electricity_consumption_kwh
    assert ours.electricity_kwh_a.sum() == pytest.approx(power.sum())
    volume = given.annual_treatment_volume_10k_m3.sum() * 1e4
    assert ours.volume_m3_a.sum() == pytest.approx(volume)
