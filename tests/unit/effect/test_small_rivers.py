"""Rivers of a few reaches, on which the answer is known by hand."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.partnership.folder import read_case
from renvand.river import carry, decayed
from renvand.river.oxygen import saturation
from renvand.river.plume import across
from renvand.steps.effect import benefit, effect, network, pictures, run, waters
from renvand.steps.effect.places import routes
from renvand.steps.effect.reaches import classes
from renvand.steps.effect.worth import ranking
from tests.shared import ROOT

REACHES = {
    "id": ["upper", "lake", "lower"],
    "name_en": ["Upper", "Lake", "Lower"],
    "name_zh": ["上游", "湖", "下游"],
    "downstream": ["lake", "lower", None],
    "length_km": [20.0, 5.0, 30.0],
    "width_m": [10.0, 500.0, 12.0],
    "depth_m": [1.0, 4.0, 1.2],
    "slope": [1e-3, 1e-5, 1e-3],
    "flow_mean_m3_s": [4.0, 4.0, 4.0],
    "flow_low_m3_s": [1.0, 1.0, 1.0],
    "temperature_c": 20.0,
    "class": "III",
    "longitude": [106.0, 106.1, 106.2],
    "latitude": [29.0, 29.0, 29.0],
    "kind": ["river", "lake", "river"],
    "volume_m3": [np.nan, 864_000.0, np.nan],
}
TAIL = {"basis": "estimated", "source": "x", "locator": "", "confidence": "low"}
CLEAN = {"COD": 10.0, "BOD5": 2.0, "NH4-N": 0.4, "TP": 0.1}


@pytest.fixture(scope="module")
def bare():
    """The example without its rows."""
    case = read_case(ROOT / "examples/chongqing")
    tables = {name: table.iloc[:0] for name, table in case.tables.items()}
    return replace(case, tables=tables, plant_folders={})


def river(bare, *, reaches=(), **tables):
    own = pd.DataFrame(REACHES | dict(reaches) | TAIL)
    clean = [
        {"reach": reach, "substance": s, "concentration_mg_l": c} | TAIL
        for reach in own["id"]
        for s, c in CLEAN.items()
    ]
    given = {"reaches": own, "background": pd.DataFrame(clean)} | tables
    return replace(bare, tables=bare.tables | given)


def removal(**columns):
    return pd.DataFrame([{"reach": "upper", "substance": "COD", "kg_d": 86.4} | columns])


def low(outcome, substance, table="reaches_before_after"):
    rows = outcome.tables[table]
    return rows[(rows["flow"] == "low") & (rows["substance"] == substance)].set_index("reach")


def test_a_lake_holds_ten_days_of_water_and_mixes_them(bare):
    """864,000 m³ at 1 m³/s: COD falls to 1/(1 + 0.2 x 10) of what comes in."""
    got = low(effect(river(bare), removal()), "COD")["change_mg_l"]
    water = waters(river(bare))["low"]
    assert water.time[1] == pytest.approx(10.0)
    assert got["lower"] / got["lake"] == pytest.approx(1 / 3)
    assert got["lake"] / got["upper"] == pytest.approx(np.exp(-0.2 * water.time[0]))
    assert water.is_mixed[1]


def test_a_backwater_keeps_its_level_and_spreads(bare):
    """Depth at low flow is that of mean flow; what is left lies between river and lake."""
    held = river(bare, reaches={"kind": ["river", "backwater", "river"]})
    water = waters(held)["low"]
    assert water.channel.depth.tolist()[1] == 4.0
    assert 0 < water.peclet[1] < np.inf
    shares = [decayed(0.2, water.time[1], peclet=p) for p in (np.inf, 0.0)]
    assert shares[0] < water.kept("COD")[1] < shares[1]


def test_a_backwater_without_dispersion_or_slope_is_a_fault(bare):
    """Nothing is guessed."""
    held = river(
        bare, reaches={"kind": ["river", "backwater", "river"], "slope": [1e-3, np.nan, 1e-3]}
    )
    with pytest.raises(FileError) as caught:
        waters(held)
    assert str(caught.value) == (
        "reaches.csv, reach 'lake': is a backwater without dispersion_m2_s, and without slope it "
        "cannot be estimated. Give one of the two."
    )


def test_a_parting_river_carries_its_shares(bare):
    """A quarter goes into the lake, the rest past it."""
    reaches = {"downstream": ["lower", "lower", None], "flow_low_m3_s": [1.0, 0.25, 1.0]}
    parts = pd.DataFrame({"reach": "upper", "downstream": ["lake", "lower"], "share": [0.25, 0.75]})
    got = effect(
        river(bare, reaches=reaches, splits=parts.assign(**TAIL)), removal(substance="Cr6")
    )
    change = low(got, "Cr6")["change_mg_l"]
    assert change["upper"] == pytest.approx(-1.0)
    assert change["lake"] == pytest.approx(-1.0)
    assert change["lower"] == pytest.approx(-1.0)


DIRTY = pd.DataFrame(
    {
        "place": "o",
        "kind": "outlet",
        "reach": "upper",
        "substance": ["BOD5", "NH4-N"],
        "kg_d": [150.0, 20.0],
        "basis": "measured",
    }
)


def oxygen_of(bare, loads=DIRTY, **reaches):
    return low(run(river(bare, reaches=reaches), loads=loads), "DO", table="reaches")[
        "concentration_mg_l"
    ]


def test_clean_rivers_hold_nine_tenths_of_the_oxygen_they_could(bare):
    """Nothing is discharged, so nothing is missing, high in the mountains or low."""
    full = float(saturation(20.0))
    assert oxygen_of(bare, DIRTY.iloc[:0]).tolist() == pytest.approx([0.9 * full] * 3)
    high = oxygen_of(bare, DIRTY.iloc[:0], elevation_m=2000.0)
    assert high.tolist() == pytest.approx([0.9 * float(saturation(20.0, elevation=2000.0))] * 3)


def test_discharges_and_beds_take_oxygen(bare):
    """The lowest within the reach, not that at its head."""
    clean, dirty = oxygen_of(bare, DIRTY.iloc[:0]), oxygen_of(bare)
    assert (dirty < clean).all()
    assert (oxygen_of(bare, sediment_demand_g_m2_d=3.0) < dirty).all()


def test_a_formula_of_reaeration_may_be_chosen(bare):
    """Owens-Gibbs gives these reaches more air than Churchill."""
    least, most = (oxygen_of(bare, reaeration=name) for name in ("churchill", "owens-gibbs"))
    assert most["upper"] > least["upper"]


def test_less_ammonium_is_more_oxygen(bare):
    """And the class sees it: oxygen is judged as a minimum."""
    got = effect(river(bare), removal(substance="NH4-N", kg_d=15.0), loads=DIRTY)
    oxygen = low(got, "DO")
    assert (oxygen["change_mg_l"] >= 0).all()
    assert oxygen["change_mg_l"].max() > 0.01
    assert (oxygen["before_low_mg_l"] <= oxygen["before_mg_l"]).all()
    assert "DO" in set(got.tables["reaches_before_after"]["substance"])


def test_the_chain_and_the_single_pass_agree(bare):
    """Nitrate grows by what ammonium loses."""
    case = river(bare)
    nitrate = [
        {"reach": r, "substance": "NO3-N", "concentration_mg_l": 1.0} | TAIL for r in REACHES["id"]
    ]
    background = pd.concat([case.tables["background"], pd.DataFrame(nitrate)], ignore_index=True)
    got = run(replace(case, tables=case.tables | {"background": background}), loads=DIRTY)
    ammonium, made = (
        low(got, s, table="reaches")["concentration_mg_l"].to_numpy() for s in ("NH4-N", "NO3-N")
    )
    assert ammonium[0] + made[0] == pytest.approx(ammonium[2] + made[2], rel=1e-9)
    assert made[2] > made[0]


def test_forms_of_phosphorus(bare):
    """Organic phosphorus becomes phosphate; together they only lose what settles."""
    case = river(bare)
    phosphate = [
        {"reach": r, "substance": "PO4-P", "concentration_mg_l": 0.04} | TAIL for r in REACHES["id"]
    ]
    background = pd.concat([case.tables["background"], pd.DataFrame(phosphate)], ignore_index=True)
    loads = DIRTY.assign(substance=["TP", "PO4-P"], kg_d=[86.4, 43.2])
    got = run(replace(case, tables=case.tables | {"background": background}), loads=loads)
    total, form = (
        low(got, s, table="reaches")["concentration_mg_l"].to_numpy() for s in ("TP", "PO4-P")
    )
    assert total == pytest.approx(0.1 + 1.0)
    assert form[0] == pytest.approx(0.04 + 0.5)
    assert form[0] < form[1] < form[2] < total[2]


def test_a_case_lets_metals_settle(bare):
    """2 m/d of the half that is bound, over a depth: a rate."""
    row = {"id": "cu", "substance": "Cu", "process": "settling", "typical": 2.0, "unit": "m/d"}
    rates = pd.DataFrame([row | {"bound_share": 0.5, "theta": np.nan} | TAIL])
    case = river(bare, river_rates=rates)
    water = waters(case)["low"]
    assert water.rate("Cu") == pytest.approx(1.0 / water.channel.depth)
    got = low(effect(case, removal(substance="Cu")), "Cu")["change_mg_l"]
    kept = decayed(water.rate("Cu"), water.time, peclet=water.peclet)
    assert got["lake"] / got["upper"] == pytest.approx(kept[0])
    assert waters(river(bare))["low"].kept("Cu").tolist() == [1.0, 1.0, 1.0]


def test_intakes_see_their_bank(bare):
    """Before it is mixed across, the outlet's bank has more than the mean, the other less."""
    wide = {"width_m": [200.0, 200.0, 200.0], "kind": "river", "volume_m3": np.nan}
    flow = {"flow_mean_m3_s": 200.0, "flow_low_m3_s": 100.0}
    taps = pd.DataFrame({"id": ["tap"], "reach": ["lake"], "distance_km": [2.0]}).assign(**TAIL)
    got = effect(river(bare, reaches=wide | flow, intakes=taps), removal(substance="Cr6"))
    table = got.tables["intakes"].query("flow == 'low'")
    assert len(table) == 1
    row = table.iloc[0]
    assert row["distance_km"] == 22.0
    assert row["mixed_fall_mg_l"] == pytest.approx(86.4 / 86.4 / 100)
    assert row["same_bank_fall_mg_l"] > row["mixed_fall_mg_l"] > row["other_bank_fall_mg_l"]
    assert not row["is_mixed"]


def test_an_intake_below_the_end_of_its_reach_is_said(bare):
    """And one above every removal sees nothing."""
    taps = pd.DataFrame({"id": ["tap"], "reach": ["upper"], "distance_km": [25.0]}).assign(**TAIL)
    case = river(bare, intakes=taps)
    assert [str(f) for f in network(case).findings] == [
        "intakes.csv, 'tap': lies 25 km down 'upper', which is 20 km long. "
        "Name the reach it lies at; it is taken to lie at the end of this one."
    ]
    assert effect(case, removal(reach="lower")).tables["intakes"].empty


def test_across_a_river_the_plume_is_the_mean_in_the_end():
    """Both banks alike, and before that their mean is not far from it."""
    assert across(0.0, spread=5.0) == across(1.0, spread=5.0) == 1.0
    assert across(0.0, spread=1.0) == pytest.approx(1.0, rel=0.02)
    assert across(0.0, spread=0.1) == pytest.approx(2 / (0.1 * np.sqrt(2 * np.pi)))
    assert np.isnan(across(0.0, spread=0.0))


def test_control_sections_gain_what_the_pass_down_says(bare):
    """A kilogram less at every place, section by section."""
    outlets = pd.DataFrame(
        {"id": ["o1", "o2"], "kind": "direct", "receiving_reach": ["upper", "lower"]}
    ).assign(receiving_plant=None, longitude=np.nan, latitude=np.nan, enterprise="e", **TAIL)
    case = river(bare, reaches={"has_section": [None, True, True]}, outlets=outlets)
    got = benefit(case, substances=("COD",)).tables["sections"].set_index(["section", "place"])
    water = waters(case)["low"]
    one = carry(water.net, load=np.array([1.0, 0, 0]), flow=water.flow, kept=water.kept("COD"))
    assert got.loc[("lake", "o1"), "mg_l_per_kg_d"] == pytest.approx(one.head_mg_l[1])
    assert got.loc[("lower", "o1"), "mg_l_per_kg_d"] == pytest.approx(one.head_mg_l[2])
    assert ("lake", "o2") not in got.index


def test_an_outlet_without_a_reach_is_joined_by_position(bare):
    """The nearest line, unless it is 30 km away; the doubtful are reported."""
    outlets = pd.DataFrame(
        {
            "id": ["near", "far", "lost"],
            "kind": "direct",
            "receiving_reach": None,
            "receiving_plant": None,
            "longitude": [106.05, 107.0, np.nan],
            "latitude": [29.01, 29.0, np.nan],
        }
    ).assign(enterprise="e", **TAIL)
    case = river(bare, outlets=outlets)
    assert {o: way.reach for o, way in routes(case).items()} == {
        "near": "upper",
        "far": "",
        "lost": "",
    }
    got = network(case)
    assert got.tables["snapped"].set_index("id")["distance_km"]["near"] == pytest.approx(
        1.1, abs=0.1
    )
    assert [str(f) for f in got.findings] == [
        "outlets.csv, 'far': is 78 km from the nearest reach. "
        "Check its coordinates, or add the reach to reaches.csv.",
        "outlets.csv, direct outlets: neither receiving_reach nor position: lost. "
        "Give one of the two; what they discharge is left out.",
    ]


def test_measures_are_ranked_by_the_river_for_the_money():
    """What costs little and helps much comes first; what has no price comes last."""
    worths = pd.DataFrame(
        {
            "measure": ["dear", "dear", "cheap", "free"],
            "river_km": [2.0, 4.0, 3.0, 9.0],
            "capital_a": [60.0, 60.0, 10.0, np.nan],
            "net_cost_a": [5.0, 5.0, -1.0, np.nan],
        }
    )
    got = ranking(worths)
    assert list(got["measure"]) == ["cheap", "dear", "free"]
    assert list(got["river_km_per_million"])[:2] == pytest.approx([3e5, 1e5])
    assert list(got["pays_for_itself"]) == [True, False, False]


def test_lakes_are_judged_by_the_limits_of_lakes():
    """0.1 mg/L of phosphorus: class II in a river, IV in a lake."""
    table = pd.DataFrame(
        {
            "reach": ["river", "lake"],
            "flow": "low",
            "substance": "TP",
            "before_mg_l": 0.1,
            "after_mg_l": 0.1,
            "is_mixed": True,
        }
    )
    case = read_case(ROOT / "examples/chongqing")
    got = classes(case, table, lakes=frozenset({"lake"})).set_index("reach")["class_before"]
    assert got.to_dict() == {"river": "II", "lake": "IV"}


@pytest.fixture(scope="module")
def drawn(bare):
    case = river(bare)
    outcome = effect(case, removal())
    return {name: ElementTree.fromstring(svg) for name, svg in pictures(case, outcome).items()}


def test_pictures_are_drawn_in_every_language(drawn):
    """Two maps and a profile, each with title and words, and no script."""
    names = ("map-before", "map-after", "profile-upper-COD")
    assert set(drawn) == {f"pictures/{n}.{la}.svg" for n in names for la in ("da", "en", "zh")}
    for root in drawn.values():
        tags = {element.tag.split("}")[1] for element in root.iter()}
        assert {"title", "desc", "path", "text"} <= tags
        assert "script" not in tags


def test_pictures_speak(drawn):
    """Names and sentences in the reader's language."""
    words = {
        name: " ".join(t.text for t in root.iter("{http://www.w3.org/2000/svg}text"))
        for name, root in drawn.items()
    }
    assert "Class of the rivers at low flow, after" in words["pictures/map-after.en.svg"]
    assert "下游" in words["pictures/map-before.zh.svg"]
    assert "COD fra Upper og nedstrøms, lavvand" in words["pictures/profile-upper-COD.da.svg"]
    desc = drawn["pictures/map-after.en.svg"].find("{http://www.w3.org/2000/svg}desc").text
    assert desc.startswith("3 reaches.")
    assert desc.endswith("No reach changes its class.")
