"""Five companies chosen together: a changed constraint changes the answer."""

import pandas as pd
import pytest

from renvand.errors import SolveError
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.steps.shortlist import shortlist

SECTORS = ("textile-dyeing", "surface-treatment")


def register(*, willing=(), sized=True, sites=12):
    """Twelve sites of two sectors in six districts, the first of each sector the worthiest."""
    rows = [
        {
            "id": f"{sector[0]}{n}",
            "name_zh": "",
            "name_en": "",
            "sector": sector,
            "division": f"d{n}",
            "rank": 2 * n + k,
            "value": 1 - n / 10 - k / 100,
            "discharge_m3_d": 1000.0 / (n + 1) if sized else float("nan"),
            "exceedance": 1.0,
            "is_willing": f"{sector[0]}{n}" in willing,
        }
        for k, sector in enumerate(SECTORS)
        for n in range(6)
    ]
    sites = pd.DataFrame(rows).head(sites)
    return Outcome(
        tables={
            "enterprises": sites.drop(columns="value"),
            "ranking": sites[["id", "value"]],
        }
    )


def choose(tmp_path, *, willing=(), sized=True, sites=12, **changed):
    settings = {"shortlist": {"size": 5, "reserves": 2, "per_division": 2, **changed}}
    comparison = pd.DataFrame({"sector": SECTORS, "is_chosen": True})
    case = CaseData(folder=tmp_path, settings=settings, sources={}, tables={})
    outcome = shortlist(
        case,
        register(willing=willing, sized=sized, sites=sites),
        sectors=Outcome(tables={"comparison": comparison}),
    )
    return outcome.tables["companies"]


def chosen(companies):
    return companies[companies["state"] == "chosen"]


def test_so_many_are_chosen_of_both_sectors(tmp_path):
    picked = chosen(choose(tmp_path))
    assert len(picked) == 5
    assert picked["sector"].value_counts().min() >= 2


def test_not_all_are_of_one_size(tmp_path):
    assert chosen(choose(tmp_path))["size"].value_counts().max() <= 3


def test_fewer_a_district_changes_the_answer(tmp_path):
    one, two = chosen(choose(tmp_path, per_division=1)), chosen(choose(tmp_path))
    assert one["division"].is_unique
    assert set(one["id"]) != set(two["id"])


def test_a_willing_company_goes_before_one_a_little_worthier(tmp_path):
    assert "t3" not in set(chosen(choose(tmp_path))["id"])
    assert "t3" in set(chosen(choose(tmp_path, willing={"t3"}))["id"])


def test_each_sector_has_its_reserves_in_order(tmp_path):
    companies = choose(tmp_path)
    for _, own in companies.groupby("sector"):
        reserves = own[own["state"] != "chosen"].sort_values("state")
        assert reserves["state"].tolist() == ["reserve 1", "reserve 2"]
        assert reserves["worth"].is_monotonic_decreasing


def test_what_speaks_for_a_company_is_said(tmp_path):
    companies = choose(tmp_path, willing={"t3"}).set_index("id")
    assert companies.loc["t3", "reasons"] == "willing"
    assert companies.loc["t0", "reasons"] == "best-of-sector"


def test_what_cannot_be_met_is_told(tmp_path):
    with pytest.raises(SolveError) as told:
        choose(tmp_path, size=13)
    assert str(told.value) == (
        "case.toml, [shortlist]: no 13 companies of textile-dyeing, surface-treatment meet all "
        "constraints. Allow more per division or size, fewer per sector, or a smaller size."
    )


def test_a_list_without_discharges_has_companies_to_choose_from(tmp_path):
    """The American and European registers give loads, no flows: no size is known."""
    picked = chosen(choose(tmp_path, sized=False))
    assert len(picked) == 5
    assert set(picked["size"]) == {"unknown"}


def test_without_a_ranked_site_of_the_sectors_there_is_no_shortlist(tmp_path):
    with pytest.raises(SolveError) as told:
        choose(tmp_path, sites=0)
    assert str(told.value) == (
        "case.toml, [shortlist]: no 5 companies of textile-dyeing, surface-treatment meet all "
        "constraints. Allow more per division or size, fewer per sector, or a smaller size."
    )
