"""Every slip that the example's lists hold on purpose is handled as its kind demands."""

import csv
from pathlib import Path

import pytest

from renvand.knowledge import sector_of
from renvand.partnership.folder import read_case
from renvand.steps.register import register
from renvand.steps.register.names import comparable

ROOT = Path(__file__).resolve().parents[3]
MESS = ROOT / "tests" / "unit" / "example" / "mess.csv"
COMPANIES = 300  # constructed, of which 8 have a second plant, beside one of another province


def mess(kind):
    with MESS.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["kind"] == kind]


@pytest.fixture(scope="module")
def outcome():
    return register(read_case(ROOT / "examples" / "chongqing"))


@pytest.fixture(scope="module")
def sites(outcome):
    return outcome.tables["enterprises"].assign(comparable=lambda t: t["name_zh"].map(comparable))


def site_of(sites, name):
    """Find the one site of a name, however it is spelt."""
    found = sites[sites["comparable"] == comparable(name)]
    assert len(found) == 1, (name, found["id"].tolist())
    return found.iloc[0]


def findings(outcome, part):
    return [f for f in outcome.findings if part in f.where or part in f.what]


def test_every_credit_code_and_name_is_one_site(sites):
    """309 sites: 300 companies, 8 second plants and the one of Sichuan."""
    assert len(sites) == COMPANIES + len(mess("second-site")) + len(mess("other-province"))
    assert not sites.duplicated(["uscc", "comparable"]).any()


@pytest.mark.parametrize("row", mess("second-site"), ids=lambda row: row["name"])
def test_a_second_plant_is_a_site_of_its_own(sites, row):
    same = sites[sites["uscc"] == row["truth"]]
    assert len(same) == 2
    assert row["written"] in set(same["permit"])


KINDS = ("name-brackets", "name-suffix", "name-traditional", "name-former-county", "twice", "nbsp")


@pytest.mark.parametrize("kind", KINDS)
def test_another_spelling_is_the_same_site(sites, kind):
    assert mess(kind)
    for row in mess(kind):
        assert site_of(sites, row["written"])["id"] == site_of(sites, row["truth"])["id"]


def test_an_empty_sector_is_filled_from_another_list_or_told(outcome, sites):
    """Four stand in no other list; three of their names say what they do."""
    told = 0
    for row in mess("no-sector"):
        site = site_of(sites, row["name"])
        if not site["sector_code"]:
            (found,) = findings(outcome, f"the sector of {row['name']}")
            assert sector_of(row["truth"]) in found.do or sector_of(row["truth"]) == "other"
            told += 1
        else:
            assert site["sector_code"] == row["truth"]
    assert told == 4


def test_a_wrong_check_digit_is_told_and_the_right_code_comes_from_the_permit(outcome, sites):
    for row in mess("wrong-check-digit"):
        assert len(findings(outcome, row["written"])) == 1
        assert site_of(sites, row["name"])["uscc"] == row["truth"]


def test_the_letter_o_is_read_as_nought_and_written_down(outcome, sites):
    changes = outcome.tables["changes"]
    for row in mess("letter-o"):
        told = changes[changes["old"] == row["written"]]
        assert set(told["new"]) == {row["truth"]}
        assert set(told["rule"]) == {"look-alike letter"}
        assert site_of(sites, row["name"])["permit"] == row["truth"]


def test_a_company_of_another_province_is_told(outcome):
    (row,) = mess("other-province")
    (found,) = findings(outcome, row["name"])
    assert "is no district of the region" in found.what


def test_a_slip_of_a_thousand_is_set_aside_and_its_truth_proposed(outcome, sites):
    observations = outcome.tables["observations"]
    for row in mess("times-1000"):
        own = observations[observations["site"] == site_of(sites, row["name"])["id"]]
        suspect = own[own["is_suspect"]]
        assert suspect["concentration_mg_l"].tolist() == [float(row["written"])]
        (found,) = findings(outcome, suspect["origin"].item() + ", concentration_mg_l")
        assert f"Perhaps {row['truth']} is meant." in found.do


def test_degrees_and_minutes_are_understood(sites):
    """The truth is what the map service shows: GCJ-02, some 300 to 600 m from WGS-84."""
    for row in mess("degrees-minutes"):
        longitude, latitude = map(float, row["truth"].split())
        site = site_of(sites, row["name"])
        assert abs(site["longitude"] - longitude) < 0.01
        assert abs(site["latitude"] - latitude) < 0.01
        assert site["longitude"] != pytest.approx(longitude, abs=1e-5)


def test_swapped_positions_are_told_and_left_out(outcome, sites):
    for row in mess("swapped"):
        assert str(site_of(sites, row["name"])["longitude"]) == "nan"
        (found,) = findings(outcome, row["written"].replace(" ", " / "))
        assert "swapped" in found.do


def test_a_missing_position_stays_missing(sites):
    for row in mess("no-position"):
        assert str(site_of(sites, row["name"])["longitude"]) == "nan"


def test_every_kind_of_slip_has_a_test():
    with MESS.open(encoding="utf-8") as lines:
        kinds = {row["kind"] for row in csv.DictReader(lines)}
    assert kinds == {
        *KINDS,
        *("second-site", "no-sector", "wrong-check-digit", "letter-o", "other-province"),
        *("times-1000", "degrees-minutes", "swapped", "no-position"),
    }
