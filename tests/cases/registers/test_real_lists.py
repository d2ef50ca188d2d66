"""Real registers go from file to ranking with no manual edit but the mapping."""

import gzip
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import tomli_w

from renvand.knowledge import substance_id
from renvand.partnership.folder import read_case
from renvand.steps.register import register
from tests.shared import shared

HERE = Path(__file__).parent
SHANGHAI = "data/registers/shanghai"
TRI = "data/registers/us_tri_2011"


def case(name, folder, files, *, only=""):
    """Lay a case out of our mapping, or one list of it, and the register's own files."""
    shutil.copytree(HERE / name, folder, dirs_exist_ok=True)
    shutil.copy(HERE / "case.toml", folder)
    (folder / "sources.toml").write_text(
        '[shanghai-2020]\ntitle = "Disclosure"\nyear = 2020\n'
        '[tri-2011]\ntitle = "Toxics Release Inventory"\nyear = 2011\n'
    )
    if only:
        mapping = folder / "inbox/mapping.toml"
        lists = tomllib.loads(mapping.read_text())["list"]
        mapping.write_text(tomli_w.dumps({"list": [x for x in lists if x["file"] == only]}))
    for target, source in files.items():
        path = shared(source)
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        (folder / "inbox" / target).write_bytes(content)
    return read_case(folder)


@pytest.fixture(scope="module")
def shanghai(tmp_path_factory):
    names = ("enterprises_detail.csv", "key_polluter_list.csv", "national_permits.csv")
    files = {name: f"{SHANGHAI}/{name}" for name in names}
    files["outlets.csv"] = f"{SHANGHAI}/outlets.csv.gz"
    files["discharge_limits.csv"] = f"{SHANGHAI}/discharge_limits.csv.gz"
    return register(case("shanghai", tmp_path_factory.mktemp("shanghai"), files))


@pytest.fixture(scope="module")
def tri(tmp_path_factory):
    files = {
        "facility.parquet": f"{TRI}/facility__TRI_2011_v1.0.6_8263456.parquet",
        "flows.parquet": f"{TRI}/flowbyfacility__TRI_2011_v1.0.6_8263456.parquet",
    }
    return register(case("us_tri_2011", tmp_path_factory.mktemp("tri"), files))


def test_shanghai_sites_are_linked_across_five_lists(shanghai):
    sites = shanghai.tables["enterprises"]
    assert sites["id"].is_unique
    assert (sites["rows"] > 1).sum() > 1000  # the list of names joins the detailed list


def test_shanghai_has_no_loads_and_no_invented_ranking(shanghai):
    """The lists give limits, no flows and no concentrations: nothing can be ranked."""
    assert shanghai.tables["observations"].empty
    assert shanghai.tables["ranking"].empty


def test_shanghai_limits_resolve_to_substances():
    limits = pd.read_csv(shared(f"{SHANGHAI}/discharge_limits.csv.gz"))
    written = limits["stProject"].dropna()
    assert written.nunique() == 112
    is_water = limits["stType"].loc[written.index] == "WATER"
    known = written.map(substance_id).notna()
    assert known[is_water].all()
    assert known.mean() >= 0.95  # with air and noise, which the mapping leaves out


def test_shanghai_industries_are_known_by_their_names(shanghai):
    """No list has a code; 49 rows say 金属表面处理及热处理加工, 14 the finishing of textiles."""
    sites = shanghai.tables["enterprises"]
    assert (sites["sector"] == "surface-treatment").sum() >= 45
    assert (sites["sector"] == "textile-dyeing").sum() >= 14
    assert (sites["sector"] == "metalworking").sum() >= 100


@pytest.mark.parametrize("name", ["enterprises_detail.csv", "national_permits.csv"])
def test_a_single_list_and_no_table_of_our_own_is_a_register(name, tmp_path):
    """No limits, no outlets, nothing measured: the sites are there, none is ranked."""
    read = case("shanghai", tmp_path, {name: f"{SHANGHAI}/{name}"}, only=name)
    made = register(read)
    assert len(made.tables["enterprises"]) > 100
    assert made.tables["ranking"].empty


def test_shanghai_implausible_limits_are_findings_not_values(shanghai):
    assert (shanghai.tables["permit_limits"]["limit_mg_l"] > 0).all()
    assert any("not plausible" in finding.what for finding in shanghai.findings)


def test_tri_water_releases_agree_with_the_source_within_one_percent(tri):
    """Of all that the source lists as released to water; what is not resolved is listed."""
    flows = pd.read_parquet(shared(f"{TRI}/flowbyfacility__TRI_2011_v1.0.6_8263456.parquet"))
    water = flows[flows["Compartment"] == "water"]
    known = water["FlowName"].map(substance_id).notna()
    total = tri.tables["loads"]["load_kg_a"].sum()
    assert total == pytest.approx(water["FlowAmount"].sum(), rel=1e-2)
    assert total == pytest.approx(water.loc[known, "FlowAmount"].sum(), rel=1e-6)
    left_out = [f for f in tri.findings if f.where.startswith("substance '")]
    assert len(left_out) == water.loc[~known, "FlowName"].nunique()


def test_tri_ranking_says_how_sure_each_place_is(tri):
    ranking = tri.tables["ranking"]
    assert len(ranking) > 500
    assert ranking["probability_first"].between(0, 1).all()
    assert ranking["probability_first"].sum() == pytest.approx(10, abs=1e-6)
