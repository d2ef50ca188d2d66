"""Two sectors are chosen, and how sure the choice is."""

import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.steps.sectors import sectors

CANDIDATES = ["textile-dyeing", "surface-treatment", "metalworking"]
WEIGHTS = {"load": 0.7, "sites": 0.1, "potential": 0.1, "supply": 0.1}


def case(*, choose=2, candidates=CANDIDATES, weights=WEIGHTS, folder):
    settings = {
        "case": {"seed": 1},
        "sectors": {"choose": choose, "candidates": candidates, "weights": weights},
    }
    return CaseData(folder=folder, settings=settings, sources={}, tables={})


def register(**loads):
    """Make a register with one site for each load."""
    rows = [
        {"id": f"{sector}-{n}", "sector": sector, "equal_standard_m3_a": load, "exceedance": 2 * n}
        for sector, given in loads.items()
        for n, load in enumerate(given)
    ]
    columns = ["id", "sector", "equal_standard_m3_a", "exceedance"]
    return Outcome(tables={"enterprises": pd.DataFrame(rows, columns=columns)})


LOADS = {"textile-dyeing": [1e8, 1e7], "surface-treatment": [1e7], "metalworking": [1e3]}


@pytest.fixture
def compared(tmp_path):
    outcome = sectors(case(folder=tmp_path), register(**LOADS))
    return outcome.tables["comparison"].set_index("sector")


def test_the_sectors_with_most_load_are_chosen(compared):
    assert compared["is_chosen"].to_dict() == {
        "textile-dyeing": True,
        "surface-treatment": True,
        "metalworking": False,
    }


def test_load_and_sites_are_counted_from_the_register(compared):
    assert compared["load"].to_dict() == {
        "textile-dyeing": 1.1e8,
        "surface-treatment": 1e7,
        "metalworking": 1e3,
    }
    assert compared["sites"].to_dict()["textile-dyeing"] == 2
    assert compared["exceeding"].to_dict()["textile-dyeing"] == 1


def test_potential_and_supply_come_from_the_tables(compared):
    assert (compared["potential"] > 0).all()
    assert (compared["supply"] > 0).all()


def test_the_probabilities_of_being_chosen_sum_to_the_number_chosen(compared):
    assert compared["probability_chosen"].sum() == pytest.approx(2)
    assert compared.loc["metalworking", "probability_chosen"] < 0.2


def test_the_probability_of_the_very_choice_is_told(tmp_path):
    outcome = sectors(case(folder=tmp_path), register(**LOADS))
    sure = outcome.extras["probability_of_choice"]
    chosen = outcome.tables["comparison"].query("is_chosen")["probability_chosen"]
    assert sure <= chosen.min() + 1e-12
    assert sure >= chosen.sum() - 1 - 1e-12  # at least what the single ones leave
    (figure,) = [f for f in outcome.figures if f.id == "sectors.probability_of_choice"]
    assert figure.value == sure


def test_every_figure_says_what_it_was_made_of(tmp_path):
    outcome = sectors(case(folder=tmp_path), register(**LOADS))
    assert all(figure.made_of for figure in outcome.figures)


def test_candidates_without_any_site_are_told(tmp_path):
    with pytest.raises(FileError, match="name no sector that has a site in the register"):
        sectors(case(folder=tmp_path), register())
