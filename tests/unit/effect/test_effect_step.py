"""The step on the example, and its parts one by one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.partnership.folder import read_case
from renvand.steps.effect import benefit, effect, of_register, run, waters
from renvand.steps.effect.removals import passing
from renvand.steps.effect.water import limits, target
from renvand.steps.outcome import Outcome
from renvand.steps.plants import monthly
from renvand.trace import Figure, Ledger, Origin
from tests.shared import ROOT

REMOVALS = pd.DataFrame(
    [
        {"outlet": "bishan-plating.dw001", "substance": "COD", "kg_d": 15.0},
        {"outlet": "bishan-plating.dw001", "substance": "Cr6", "kg_d": 0.02},
        {"outlet": "wanzhou-dyeing.dw001", "substance": "COD", "kg_d": 200.0},
        {"outlet": "kaizhou-dyeing.dw001", "substance": "AOX", "kg_d": 1.0},
        {"plant": "xiyong", "substance": "NH4-N", "kg_d": 50.0},
    ]
).assign(figure=["saving", "", "", "", ""])


@pytest.fixture(scope="module")
def case():
    return read_case(ROOT / "examples/chongqing")


@pytest.fixture(scope="module")
def outcome(case):
    return effect(case, REMOVALS)


def row(table, **which):
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_a_kilogram_in_the_brook_is_load_over_flow(case, outcome):
    """15 kg/d less into 0.716 m³/s of low flow and the effluent of Bishan."""
    got = row(
        outcome.tables["reaches_before_after"], reach="binan-bishan", flow="low", substance="COD"
    )
    natural = case.tables["reaches"].set_index("id").loc["binan-bishan", "flow_low_m3_s"]
    low = waters(case)["low"]
    flow = low.flow[low.net.place("binan-bishan")]
    months = monthly(case).query("plant == 'hydrowaste-47287'")
    own = months["volume_m3"].sum() / 365 + 474.4  # the plant and the plating works
    assert flow == pytest.approx(natural + own / 86_400)
    assert got["change_mg_l"] == pytest.approx(-15 / 86.4 / flow, rel=1e-12)
    assert got["change_low_mg_l"] < got["change_mg_l"] < got["change_high_mg_l"] < 0
    assert got["before_mg_l"] + got["change_mg_l"] == pytest.approx(got["after_mg_l"])


def test_what_is_given_beside_a_removal_widens_and_prices_it(case):
    """A removal known to 30 % has a wider range; a cost gives river for money."""
    sure = {"reach": "binan-bishan", "substance": "COD", "kg_d": 10.0, "figure": float("nan")}
    unsure = sure | {"relative_sd": 0.3, "cost_per_kg": 4.0}

    def width(removal):
        got = effect(case, pd.DataFrame([removal]))
        table = got.tables["reaches_before_after"]
        at = row(table, reach="binan-bishan", flow="low", substance="COD")
        return at["change_high_mg_l"] - at["change_low_mg_l"], got.tables["removed"].iloc[0]

    narrow, _ = width(sure)
    wide, priced = width(unsure)
    assert wide > narrow
    assert priced["figure"] == ""
    assert priced["river_km_per_money"] == pytest.approx(priced["river_km"] / 40.0)


def test_elsewhere_nothing_changes(outcome):
    """A reach that no removal is above stays as it is."""
    got = row(
        outcome.tables["reaches_before_after"], reach="daning-wuxi", flow="low", substance="COD"
    )
    assert got["change_mg_l"] == 0.0
    assert got["before_mg_l"] == got["after_mg_l"]


def test_a_plant_between_holds_back_most(case, outcome):
    """Of 200 kg COD at a sewered outlet the river sees what the plant would have let pass."""
    got = row(outcome.tables["removed"], place="wanzhou-dyeing.dw001")
    assert got["kg_d"] == pytest.approx(200 * passing(case, "hydrowaste-47265", substance="COD")[0])
    assert got["passing"] == "usual"
    assert passing(case, "kaizhou", substance="COD")[1] == "measured"
    assert passing(case, "kaizhou", substance="AOX") == (1.0, "bound")


def test_what_is_not_known_is_said(outcome):
    """Assumed classes, substances without background, an upper bound."""
    said = [str(f) for f in outcome.findings]
    assert said[0] == (
        "effect: nothing is known of how much a treatment plant holds back of AOX. "
        "All of it is taken to pass: the gain in the river is an upper bound."
    )
    assert said[1].startswith("plants.csv, discharge_class: has no discharge class for 18 plants")
    assert said[2:] == [
        "background.csv: does not give Cr6. The change is shown without before, after and class.",
        "effect: river water has no limit for AOX, and background.csv no value. "
        "The change is shown without before, after and class.",
    ]


def test_the_small_stream_comes_before_the_yangtze(outcome):
    """The same kilogram is worth thousands of times more on the Binan than at Wanzhou."""
    table = outcome.tables["benefit"]
    brook = row(table, place="bishan-plating.dw001", substance="COD")
    river = row(table, place="wanzhou-dyeing.dw001", substance="COD")
    assert brook["river_km_per_kg_d"] > 1000 * river["river_km_per_kg_d"]
    assert brook["rank"] < river["rank"]


def test_one_pass_up_is_all_passes_down(case, outcome):
    """What a removal is worth by the adjoint is the sum over the reaches it changes."""
    low = waters(case)["low"]
    table = outcome.tables["reaches_before_after"].query("flow == 'low' and substance == 'NH4-N'")
    change = table.set_index("reach")["change_mg_l"].loc[list(low.net.ids)].to_numpy()
    limit = target(case, low.net, substance="NH4-N")
    got = row(outcome.tables["removed"], place="xiyong")
    assert got["river_km"] == pytest.approx(-(change * low.length_km / limit).sum(), rel=1e-12)


def test_full_mixing_is_not_claimed_on_the_yangtze(outcome):
    """There the bank is shown: higher than if mixed, falling downstream."""
    table = outcome.tables["reaches_before_after"].set_index("reach")
    assert not table.loc["yangtze-wanzhou", "is_mixed"].any()
    assert table.loc["binan-bishan", "is_mixed"].all()
    own = outcome.tables["banks"]
    low = own[(own["place"] == "wanzhou-dyeing.dw001") & (own["flow"] == "low")]
    assert low["fall_mg_l"].is_monotonic_decreasing
    assert (low["fall_mg_l"] > low["mixed_fall_mg_l"]).all()
    assert "bishan-plating.dw001" not in set(own["place"])


def test_profiles_run_to_where_the_water_leaves(outcome):
    """From Bishan down the Yangtze to the border, distances adding up."""
    table = outcome.tables["profile"]
    own = table[(table["start"] == "binan-bishan") & (table["substance"] == "COD")]
    assert own["reach"].iloc[0] == "binan-bishan"
    assert own["reach"].iloc[-1] == "yangtze-wushan"
    assert own["distance_km"].is_monotonic_increasing
    assert (own["after_low_mg_l"] <= own["after_high_mg_l"]).all()


def test_figures_lead_back_to_the_figures_they_stand_on(outcome):
    """The change in the river is made of the saving at the company."""
    ledger = Ledger()
    origin = Origin(file="reviews/x/meters.csv", row="s1", basis="measured")
    ledger.add([Figure(id="saving", value=15.0, unit="kg/d", method="measured", made_of=(origin,))])
    ledger.add(outcome.figures)
    files = {o.file for o in ledger.origins("effect.binan-bishan.COD.change-low")}
    assert files == {"reviews/x/meters.csv", "reaches.csv"}
    held = {o.file for o in ledger.origins("effect.wanzhou-dyeing.dw001.COD.removed")}
    assert held == {"outlets.csv", "knowledge/reference_plants.csv"}


def test_the_rivers_as_they_are(case):
    """Class of each reach at mean and low flow; low flow is never better."""
    got = run(case)
    wide = got.tables["classes"].pivot(index="reach", columns="flow", values="class")
    order = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "worse": 5}
    assert (wide["low"].map(order) >= wide["mean"].map(order)).all()
    assert set(got.tables["reaches"]["reach"]) == set(case.tables["reaches"]["id"])


def test_benefit_stands_alone(case):
    """All outlets and plants with a reach, for the substances that are asked for."""
    got = benefit(case, substances=("COD",)).tables["benefit"]
    assert got["place"].is_unique
    assert got["rank"].min() == 1


def test_the_register_gives_its_loads():
    """Newest year; outlets behind a public plant or without a reach are left to the plants."""
    outlets = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "receiving_reach": ["r", "", "r"],
            "receiving_plant": ["", "", "p"],
        }
    )
    loads = pd.DataFrame(
        {
            "outlet": ["a", "a", "b", "c"],
            "substance": "COD",
            "year": [2025, 2024, 2025, 2025],
            "load_kg_a": [730.0, 365.0, 1.0, 1.0],
        }
    )
    got = of_register(Outcome(tables={"outlets": outlets, "loads": loads}))
    assert got[["place", "reach", "kg_d"]].to_numpy().tolist() == [["a", "r", 2.0]]


def test_loads_to_a_reach_that_is_not_in_the_table_are_named(case):
    """They are left out, not lost silently."""
    stray = pd.DataFrame([("o", "outlet", "nowhere", "COD", 1.0, "calculated")])
    stray.columns = ["place", "kind", "reach", "substance", "kg_d", "basis"]
    said = [str(f) for f in run(case, loads=stray).findings]
    assert (
        "reaches.csv: lacks nowhere, to which outlets discharge. "
        "Add the reaches; the loads there are left out."
    ) in said


def test_unknown_places_and_substances_are_faults(case):
    """All at once, with the near word."""
    wrong = pd.DataFrame(
        [
            {"outlet": "bishan-plating.dw01", "substance": "COD", "kg_d": 1.0},
            {"plant": "baihan", "substance": "COD", "kg_d": 1.0},
            {"reach": "binan-bishan", "substance": "Cr66", "kg_d": 1.0},
        ]
    )
    with pytest.raises(FileError) as caught:
        effect(case, wrong)
    assert str(caught.value).splitlines() == [
        "removals, outlet 'bishan-plating.dw01': is not known. "
        "Did you mean 'bishan-plating.dw001'?",
        "removals, plant 'baihan': has no reach, so what is removed there cannot be followed. "
        "Give its receiving_reach or receiving_plant.",
        "removals, reach 'binan-bishan': 'Cr66' is no substance we know. Did you mean 'Cr6'?",
    ]


def test_a_case_without_reaches_is_a_fault(case):
    """There is nothing to compute on."""
    tables = dict(case.tables) | {"reaches": case.tables["reaches"].iloc[:0]}
    with pytest.raises(FileError) as caught:
        effect(replace(case, tables=tables), REMOVALS)
    assert str(caught.value) == (
        "reaches.csv: holds no reach. Add the rivers that outlets and plants discharge to."
    )


def test_withdrawn_water_takes_its_load_along(case):
    """Two thirds of the flow are taken out: a third of the load goes on, at one concentration."""
    reaches = pd.DataFrame(
        {
            "id": ["a", "b"],
            "name_en": "",
            "name_zh": "",
            "longitude": 106.0,
            "latitude": 29.0,
            "downstream": ["b", None],
            "length_km": 1e-6,
            "width_m": 10.0,
            "depth_m": 1.0,
            "slope": 1e-3,
            "flow_mean_m3_s": [9.0, 3.0],
            "flow_low_m3_s": [3.0, 1.0],
            "temperature_c": 20.0,
            "class": "III",
            "basis": "estimated",
            "source": "x",
            "locator": "",
            "confidence": "low",
        }
    )
    tables = {name: table.iloc[:0] for name, table in case.tables.items()} | {"reaches": reaches}
    bare = replace(case, tables=tables, plant_folders={})
    removals = pd.DataFrame([{"reach": "a", "substance": "COD", "kg_d": 86.4, "figure": ""}])
    got = effect(bare, removals).tables["reaches_before_after"]
    low = got[(got["flow"] == "low") & (got["substance"] == "COD")]
    assert low["change_mg_l"].to_numpy() == pytest.approx([-1 / 3, -1 / 3], rel=1e-6)


def test_limits_of_rivers_have_five_classes(case):
    """From the shipped table: ammonium 0.15 to 2, oxygen as minimum."""
    assert limits(case)["NH4-N"] == (0.15, 0.5, 1.0, 1.5, 2.0)
    assert limits(case)["DO"] == (7.5, 6.0, 5.0, 3.0, 2.0)
    assert limits(case)["TP"] == (0.02, 0.1, 0.2, 0.3, 0.4)


def test_low_flow_is_slower(case):
    """The same reach takes longer at low flow."""
    rivers = waters(case)
    assert (rivers["low"].channel.time > rivers["mean"].channel.time).all()
    assert np.isfinite(rivers["low"].mixing_km).all()


def test_nothing_removed_changes_nothing(case):
    """All tables are there, with their columns, and no reach moves."""
    got = effect(case, REMOVALS.iloc[:0])
    assert (got.tables["reaches_before_after"]["change_mg_l"] == 0).all()
    assert all(len(table.columns) for table in got.tables.values())
    assert got.figures == ()
