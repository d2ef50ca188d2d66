"""Published and hand-worked cases of river water quality."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from renvand.river import carry, connect, decayed, worth
from renvand.river import dispersion as slow
from renvand.river import oxygen as o

ROWS = {
    (row["case"], row["quantity"]): row
    for row in csv.DictReader(
        (Path(__file__).parents[1] / "data/river/worked.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
}


def agrees(case, quantity, value):
    row = ROWS[case, quantity]
    assert value == pytest.approx(float(row["value"]), rel=float(row["tolerance"]))


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("oconnor-dobbins", o.oconnor_dobbins),
        ("churchill", o.churchill),
        ("owens-gibbs", o.owens_gibbs),
    ],
)
def test_reaeration_formulas_give_the_table(name, formula):
    """River 3 m deep at 0.3 m/s."""
    agrees("reaeration u 0.3 h 3", name, float(formula(0.3, 3.0)))


@pytest.mark.parametrize(("u", "h"), [(0.5, 0.4), (1, 1.5), (1.2, 8)])
def test_covar_chooses_the_formula(u, h):
    """Shallow, fast and deep rivers each get theirs."""
    agrees(f"reaeration u {u} h {h}", "covar", float(o.reaeration(u, h)))


@pytest.mark.parametrize("temperature", [0, 10, 20, 30])
def test_saturation_is_the_table_of_standard_methods(temperature):
    """Fresh water at sea level."""
    agrees("saturation", f"{temperature} C", float(o.saturation(temperature)))


def test_the_oxygen_sag_of_the_textbook():
    """River 8.7 m³/s, BOD 6, DO 8.3; waste 1.1 m³/s, 50, 2.0; kd 0.2."""
    flow = 8.7 + 1.1
    bod, do = (8.7 * 6 + 1.1 * 50) / flow, (8.7 * 8.3 + 1.1 * 2.0) / flow
    saturation = 9.09  # at 20 °C, as the book takes it
    reaeration = 3.9 * 0.3**0.5 / 3**1.5
    sag = o.critical(
        bod, saturation - do, oxidation=0.2, reaeration=reaeration, saturation=saturation
    )
    agrees("sag", "tc", sag.time)
    agrees("sag", "xc", sag.time * 86.4 * 0.3)
    agrees("sag", "do_min", sag.oxygen)


@pytest.fixture
def nitrifying():
    """60,000 m³/d of effluent into 6 m³/s: the mixed state, its rates and saturation."""
    river, waste = 6.0, 60_000 / 86_400

    def mixed(in_river, in_waste):
        return (river * in_river + waste * in_waste) / (river + waste)

    temperature = mixed(24.0, 25.0)
    saturation = float(o.saturation(temperature))
    oxygen = mixed(0.95 * float(o.saturation(24.0)), 5.0)
    state = [[mixed(2, 14.6), mixed(0.25, 5), mixed(1.5, 8), 0.0, mixed(0.08, 0.5), oxygen]]
    rates20 = o.Rates(
        bod=np.array([0.23]),
        bod_settling=np.zeros(1),
        nitrification=np.array([0.30]),
        uptake=np.zeros(1),
        denitrification=np.zeros(1),
        hydrolysis=np.zeros(1),
        organic_settling=np.zeros(1),
        phosphorus=np.zeros(1),
        reaeration=np.atleast_1d(o.reaeration(0.45, 1.2)),
        sediment_demand=np.zeros(1),
    )
    rates = replace(o.rates_at(rates20, temperature), phosphorus=np.array([0.05]))

    def at(km):
        matrix = o.reach_matrix(rates, [km / 0.45 / 86.4])
        return o.through(matrix, np.array(state), oxygen_saturation=[saturation])[0]

    return at


def test_the_sag_with_nitrification(nitrifying):
    """The states at 10 and 50 km, and the lowest oxygen between."""
    agrees("nitrifying", "nh4_10km", nitrifying(10)[1])
    agrees("nitrifying", "do_10km", nitrifying(10)[5])
    agrees("nitrifying", "do_min", min(nitrifying(km)[5] for km in np.linspace(15, 25, 501)))
    for state, name in enumerate(("bod", "nh4", "no3", "", "tp", "do")):
        if name:
            agrees("nitrifying", f"{name}_50km", nitrifying(50)[state])


def test_dispersion_in_river_and_backwater():
    """Backwater at 0.02 m/s: plug flow would be wrong by 62 %."""
    river = {"velocity": 0.3, "dispersion": 50.0, "decay": 0.4}
    backwater = {"velocity": 0.02, "dispersion": 120.0, "decay": 0.3}
    for name, km, water in (
        ("river_20km", 20, river),
        ("backwater_5km", 5, backwater),
        ("backwater_minus_5km", -5, backwater),
    ):
        outlet = slow.at_outlet(86.4, flow=1.0, **water)  # W/Q is 1 mg/L
        agrees("dispersion", name, outlet * float(slow.dispersed(km * 1e3, **water)))


def test_the_tree_of_three_reaches():
    """Two heads join; loads at the ends, and the worth of a kilogram at the first."""
    net = connect([2, 2, -1], ids=["one", "two", "three"])
    flow = net.ordered([4.0, 10.0, 14.0])
    kept = decayed(0.25, net.ordered([0.5, 0.3, 1.2]))
    load = net.ordered([4 * 0.3 * 86.4 + 20, 10 * 0.2 * 86.4, 0.0])
    got = carry(net, load=load, flow=flow, kept=kept)
    for i, leaving in enumerate(net.as_in_table(got.leaving_kg_d), start=1):
        agrees("tree", f"load_{i}", leaving)
    agrees("tree", "end_3", net.as_in_table(got.end_mg_l)[2])
    at_end = net.ordered([0.0, 0.0, 1.0]) * kept
    agrees("tree", "worth_1", net.as_in_table(worth(net, weight=at_end, flow=flow, kept=kept))[0])


def test_capacity_at_the_outlet_and_at_the_end_of_the_section():
    """Limit 1.0, river 6 m³/s at 0.4, effluent 0.694 m³/s, k 0.2 over 10 km at 0.45 m/s."""
    river = {"background": 0.4, "flow": 6.0, "effluent_flow": 0.694}
    agrees("capacity", "head", slow.capacity(1.0, **river))
    kept = float(decayed(0.2, 10_000 / 0.45 / 86_400))
    agrees("capacity", "section_end", slow.capacity(1.0, **river, kept=kept))


def test_a_dispersed_reach_leaves_what_the_textbook_reads_from_its_chart():
    """Rate 0.307 over a time of 15, dispersion number 0.12, between plug flow and full mixing."""
    for name, peclet in (("plug flow", np.inf), ("dispersion", 1 / 0.12), ("mixed flow", 0.0)):
        agrees("dispersed reactor", name, float(decayed(0.307, 15.0, peclet=peclet)))


def test_the_dispersion_of_a_reservoir():
    """Within a factor of four at best, but the formula is the formula."""
    agrees("longitudinal", "E", float(slow.longitudinal(0.1, 900.0, depth=35.0, slope=1.2e-6)))
