"""93 real plants of the Yangtze delta: slips, key figures, envelopment, indicators, places.

Key figures, envelopment and places were computed independently of this package; the 31 faulty rows
are those that are absent from them.
"""

import numpy as np
import pandas as pd
import pytest

from renvand.ranking import additive, smaa
from renvand.steps.plants import check, is_sound, kpis
from renvand.steps.plants import energy as bench
from renvand.steps.plants import indicators as ind
from tests.shared import shared

SUBSTANCES = {"cod": "cod", "bod": "bod5", "ss": "ss", "nh4": "nh3n", "tn": "tn", "tp": "tp"}
SIDES = {"in": "influent", "out": "effluent"}
# The reference's indicators and weights; the last is its own score of the process.
WEIGHTS = {
    "gap": 0.25,
    "save": 0.15,
    "nitrogen": 0.12,
    "carbon": 0.13,
    "phosphorus": 0.08,
    "load": 0.12,
    "size": 0.08,
    "process": 0.07,
}
NAMES = {"nitrogen": "Nmargin", "phosphorus": "Plim", "process": "proc"}


def read(name):
    return pd.read_csv(shared("data", "plants", "yrd93", name), encoding="utf-8-sig")


@pytest.fixture(scope="module")
def plants():
    """All 93, in the columns of the step."""
    raw = read("wwtp_data_simplified.csv")
    return pd.DataFrame(
        {
            "plant": raw["id"],
            "period": "2022",
            "days": 365,
            "capacity_m3_d": raw["treatment_capacity_10k_m3_per_day"] * 1e4,
            "volume_m3": raw["annual_treatment_volume_10k_m3"] * 1e4,
            "energy_kwh": raw["annual_electricity_consumption_kwh"],
            "temperature_c": np.nan,
            **{
                f"{ours}_{side}": raw[f"{theirs}_{word}_mg_l"]
                for ours, theirs in SUBSTANCES.items()
                for side, word in SIDES.items()
            },
        }
    )


@pytest.fixture(scope="module")
def sound(plants):
    """The 62 of the reference."""
    ids = read("yrd_kpi_reference.csv")["id"]
    return plants.set_index("plant").loc[ids]


def test_all_faulty_rows_are_found_with_two_more(plants):
    """The two are real faults the reference passed over: more ammonium than total nitrogen."""
    faulty = set(plants["plant"]) - set(read("yrd_kpi_reference.csv")["id"])
    slips = check(plants)
    found = {int(s.plant) for s in slips}
    assert len(faulty) == 31
    assert faulty <= found
    more = found - faulty
    assert len(more) <= 3
    assert {s.rule for s in slips if int(s.plant) in more} == {"order-nh4"}
    assert set(plants["plant"][~is_sound(plants, slips)]) == found


def test_key_figures_are_those_of_the_reference(sound):
    """Volume-weighted 0.358 kWh/m³, and each plant's own figures."""
    reference = read("yrd_kpi_reference.csv").set_index("id")
    ours = kpis(sound)
    assert sound["energy_kwh"].sum() / sound["volume_m3"].sum() == pytest.approx(0.358, abs=5e-4)
    for name, theirs in (
        ("kwh_m3", "kWh_m3"),
        ("kwh_kg_cod", "kWh_kgCOD"),
        ("kwh_kg_tpe", "kWh_kgTPE"),
        ("kwh_pe_cod", "kWh_PE120"),
        ("load", "load"),
        ("cod_tn", "CODTN"),
        ("bod_tn", "BODTN"),
        ("bod_tp", "BODTP"),
        ("flow_m3_d", "Q"),
    ):
        assert ours[name].to_numpy() == pytest.approx(reference[theirs].to_numpy(), rel=1e-4)


def test_the_frontier_of_the_package_is_that_of_the_reference():
    """Fitted to the table that is shipped: ln e = 0.764 - 0.154 ln Q, best tenth 0.3465 below."""
    frontier = bench.delta()
    assert frontier.intercept == pytest.approx(0.764, abs=5e-4)
    assert frontier.slopes["flow_m3_d"] == pytest.approx(-0.154, abs=5e-4)
    assert frontier.shift == pytest.approx(-0.3465, abs=5e-5)


def test_a_frontier_of_more_conditions(sound):
    """Size, load, COD, TN and TN in the effluent explain 55 % of the scatter."""
    table = kpis(sound).assign(**sound[["cod_in", "tn_in", "tn_out"]])
    frontier = bench.fit(table, ("flow_m3_d", "load", "cod_in", "tn_in", "tn_out"))
    assert [frontier.intercept, *frontier.slopes.values()] == pytest.approx(
        [-0.539, -0.177, -0.223, 0.159, 0.228, -0.060], abs=5e-4
    )


def test_envelopment_is_that_of_the_reference(sound):
    """Both returns to scale, and a band that holds the score."""
    reference = read("yrd_kpi_reference.csv").set_index("id")
    ours = bench.envelopment(sound)
    assert ours["constant"].to_numpy() == pytest.approx(reference["CCR"].to_numpy(), abs=1e-5)
    assert ours["variable"].to_numpy() == pytest.approx(reference["BCC"].to_numpy(), abs=1e-5)
    assert ours["constant"].mean() == pytest.approx(0.547, abs=5e-4)
    assert (ours["constant_low"] <= ours["constant"]).all()
    assert (ours["constant_high"] >= ours["constant"]).all()


@pytest.fixture(scope="module")
def table(sound):
    """Our indicators, with the process as the reference scored it."""
    scored = ind.from_operation(sound)
    return scored.assign(process=read("yrd_screen_reference.csv").set_index("id")["proc"])


def test_indicators_are_those_of_the_reference(table):
    """To the digits that are printed."""
    reference = read("yrd_screen_reference.csv").set_index("id")
    for name in table:
        theirs = reference[NAMES.get(name, name)].to_numpy()
        # The saving is given with six digits of a logarithm, and the gap in it is rounded.
        assert table[name].to_numpy() == pytest.approx(theirs, abs=2e-4 if name == "save" else 1e-5)


def test_places_and_their_probabilities_are_those_of_the_reference(table):
    """Plant 44 first; with free weights it is so in 8 % of draws only."""
    reference = read("yrd_screen_reference.csv").set_index("id")
    ranking = additive(table, WEIGHTS)
    assert ranking.score == pytest.approx(reference["WSM"].to_numpy(), abs=5e-5)
    assert ranking.order[:5] == ("44", "14", "89", "4", "32")
    free = smaa(table, draws=20_000, first=5, seed=1)
    near = smaa(table, WEIGHTS, concentration=50, draws=20_000, first=5, seed=1)
    for places, first, five in ((free, "b1", "b5"), (near, "b1w", "b5w")):
        assert places.probability_first(1) == pytest.approx(reference[first].to_numpy(), abs=0.01)
        assert places.probability_first(5) == pytest.approx(reference[five].to_numpy(), abs=0.015)
