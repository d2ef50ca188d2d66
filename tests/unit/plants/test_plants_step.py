"""The step on the example, and its parts one by one."""

import numpy as np
import pandas as pd
import pytest

from renvand.knowledge import Knowledge
from renvand.partnership.folder import read_case
from renvand.steps.plants import check, kpis, monthly, plants
from renvand.steps.plants import indicators as ind
from renvand.steps.plants.choose import COMPARED, contenders
from renvand.steps.plants.climate import emissions, grid_factor
from renvand.steps.plants.limits import of_class, share_above
from renvand.text import Words
from renvand.trace import Ledger
from tests.shared import ROOT

CHINA = Knowledge(country="CN")


@pytest.fixture(scope="module")
def case():
    return read_case(ROOT / "examples/chongqing")


@pytest.fixture(scope="module")
def outcome(case):
    return plants(case)


def test_both_deliberate_slips_are_found_and_nothing_else(outcome):
    """Liangping's meter reads a tenth, one month of Xiaojiahe is a hundredfold."""
    assert [str(f) for f in outcome.findings] == [
        "plants/liangping/operation.csv, 2025-01 to 2025-12 (12 rows): 0.0621 kWh/m³ is outside "
        "0.08 to 1.6. Likely a unit slip: energy times 10 would fit. Check the meter's unit.",
        "plants/xiaojiahe/operation.csv, 2025-07: load is 95.2 of capacity, outside 0.15 to 1.4. "
        "Likely a unit slip: volume times 0.01 would fit. Check the meter's unit.",
        "plants/xiaojiahe/operation.csv, 2025-07: 0.00621 kWh/m³ is outside 0.08 to 1.6. "
        "Likely a unit slip: volume times 0.01 would fit. Check the meter's unit.",
    ]


def test_slips_are_proposed_never_applied(case, outcome):
    """The input is untouched; what is in doubt is left out of the figures."""
    assert case.plant_folders["xiaojiahe"].tables["operation"]["flow_m3_d"].max() > 1e6
    months = outcome.tables["kpis"].set_index("plant")["months"]
    assert months["xiaojiahe"] == 11
    assert "liangping" not in months


def test_three_to_five_plants_with_probabilities(outcome):
    """Vetoed plants stand below with the reason; probabilities of the first place add up."""
    table = outcome.tables["shortlist"]
    assert 3 <= table["is_shortlisted"].sum() <= 5
    assert table["probability_first"].sum() == pytest.approx(1.0)
    vetoed = table[table["veto"] != ""]
    assert list(vetoed["plant"]) == ["liangping"]
    assert list(vetoed["veto"]) == ["plants.veto.data"]


def test_the_same_seed_gives_the_same_shortlist(case, outcome):
    """Random numbers are an argument."""
    again = plants(case).tables["shortlist"]
    pd.testing.assert_frame_equal(again, outcome.tables["shortlist"])


def test_every_reason_can_be_said_in_three_languages(outcome):
    """Keys of the table are keys of the catalogue."""
    for language in ("da", "en", "zh"):
        words = Words(language)
        for key in {*outcome.tables["reasons"]["key"], "plants.veto.data", "plants.veto.limits"}:
            assert words(key, value="7")
    for name in ind.WEIGHTS:
        assert Words("en").has(f"plants.{name}.for")
        assert Words("en").has(f"plants.{name}.against")


def test_every_figure_is_traced_to_a_source(outcome):
    """And the ledger says that operating data are constructed."""
    ledger = Ledger()
    ledger.add(outcome.figures)
    assert ledger.is_constructed("plants.kaizhou.kwh_m3")
    assert {o.file for o in ledger.origins("plants.kaizhou.value")} == {
        "plants.csv",
        "plants/kaizhou/operation.csv",
    }


def test_a_case_without_operating_data_says_so(case):
    """One finding, with the remedy."""
    from dataclasses import replace

    bare = plants(replace(case, plant_folders={}))
    assert [str(f) for f in bare.findings] == [
        "plants/: holds no operation.csv, so no plant can be compared. "
        "Add monthly data of the plants; the columns are in the template."
    ]


def test_weights_are_whole():
    """They add up to one."""
    assert sum(ind.WEIGHTS.values()) == pytest.approx(1.0)


def test_a_trapezium_rises_and_falls():
    """Corners 0.5, 0.75, 0.95, 1.15."""
    at = ind.trapezium([0.4, 0.625, 0.8, 1.05, 1.2], (0.5, 0.75, 0.95, 1.15))
    assert at == pytest.approx([0, 0.5, 1, 0.5, 0])


def test_the_worked_key_figure_of_pollution_equivalents():
    """60,000 m³/d, COD 150 to 15, TN 36 to 9, TP 3.4 to 0.25, 0.35 kWh/m³: 0.3535 kWh/kg."""
    year = pd.DataFrame(
        {
            "days": [365],
            "capacity_m3_d": [60_000.0],
            "volume_m3": [60_000.0 * 365],
            "energy_kwh": [0.35 * 60_000 * 365],
            "cod_in": [150.0],
            "cod_out": [15.0],
            "tn_in": [36.0],
            "tn_out": [9.0],
            "tp_in": [3.4],
            "tp_out": [0.25],
            "bod_in": [90.0],
            "bod_out": [5.0],
        }
    )
    assert kpis(year)["kwh_kg_tpe"].iloc[0] == pytest.approx(0.3535, abs=5e-5)


def test_the_newest_factor_of_the_own_grid():
    """Chongqing has its own; elsewhere the country's."""
    assert grid_factor(CHINA, region="500000") == (0.5227, "grid-chongqing-2022")
    assert grid_factor(CHINA, region="320000")[1] == "grid-cn-2023"


def test_nitrous_oxide_is_a_range():
    """60,000 m³/d at 35 mg/L: about 5,300 t by the typical factor, a hundredth of it by the low."""
    year = pd.DataFrame(
        {"days": [365], "volume_m3": [60_000 * 365.0], "tn_in": [35.0], "energy_kwh": [1e6]}
    )
    got = emissions(year, knowledge=CHINA, region="500000").iloc[0]
    expected = 60_000 * 365 * 35e-3 * 0.016 * 44 / 28 * 273 / 1e3
    assert got["n2o_typical_t_a"] == pytest.approx(expected)
    assert got["n2o_low_t_a"] < got["n2o_typical_t_a"] / 50
    assert got["co2_electricity_t_a"] == pytest.approx(522.7)


def test_limits_of_a_class_in_force(case):
    """1A of GB 18918: nitrogen 15, phosphorus 0.5, ammonium 5 in warm water."""
    assert of_class(case, "1A") == {"cod": 50, "bod": 10, "ss": 10, "tn": 15, "nh4": 5, "tp": 0.5}
    assert of_class(case, "other") == {}


def test_a_month_above_any_limit_counts_once(case):
    """Shares of months, not of samples."""
    months = monthly(case)
    own = months[months["plant"] == "kaizhou"].copy()
    assert share_above(case, own, grade="1A") == 0.0
    own.iloc[0, own.columns.get_loc("tn_out")] = 16.0
    own.iloc[0, own.columns.get_loc("tp_out")] = 0.6
    assert share_above(case, own, grade="1A") == pytest.approx(1 / 12)
    assert np.isnan(share_above(case, own, grade="other"))


def test_impossible_rows_are_named():
    """More ammonium than nitrogen, no volume: no power of ten mends it."""
    row = {"plant": "p", "period": "2025", "days": 365, "capacity_m3_d": 1e4, "energy_kwh": 1e6}
    row |= {
        f"{s}_{e}": np.nan for s in ("cod", "bod", "ss", "nh4", "tn", "tp") for e in ("in", "out")
    }
    frame = pd.DataFrame([row | {"volume_m3": np.nan, "nh4_in": 30.0, "tn_in": 20.0}])
    assert [(s.rule, s.evidence, s.remedy) for s in check(frame)] == [
        (
            "missing-volume",
            "volume is missing or not above 0.",
            "Check the row; no power of ten mends it. It is left out.",
        ),
        (
            "order-nh4",
            "NH4 of 30 mg/L is above TN of 20.",
            "Check the row; no power of ten mends it. It is left out.",
        ),
    ]


def test_of_a_long_list_those_near_the_front_are_compared():
    """Whoever is ever among the first five of all is there, with the best by value; few others."""
    rng = np.random.default_rng(3)
    names = [f"p{i}" for i in range(3_000)]
    values = pd.DataFrame(rng.random((3_000, 3)), index=names, columns=["gap", "load", "size"])
    sd, weights = values * 0 + 0.02, {"gap": 0.5, "load": 0.3, "size": 0.2}
    ranges = dict.fromkeys(weights, (0.0, 1.0))
    near = contenders(values, weights, sd=sd, ranges=ranges, seed=1)
    assert COMPARED <= len(near) < 2 * COMPARED
    assert near == [name for name in names if name in set(near)]
    lucky = values.loc[["p0"]].assign(gap=0.0, load=0.0, size=0.0)
    unsure = pd.concat([values, lucky.set_axis(["lucky"])])
    sd = sd.reindex(unsure.index).fillna(1.0)
    assert "lucky" in contenders(unsure, weights, sd=sd, ranges=ranges, seed=1)


def test_a_comma_lost_in_the_laboratory_is_seen_by_the_strength():
    """COD over nitrogen tells a tenth or a tenfold; a missing value tells nothing."""
    row = {"plant": "p", "days": 365, "capacity_m3_d": 1e4, "volume_m3": 3e6, "energy_kwh": 1e6}
    row |= {
        f"{s}_{e}": np.nan for s in ("cod", "bod", "ss", "nh4", "tn", "tp") for e in ("in", "out")
    }
    sewage = ((280.0, 35.0), (28.0, 35.0), (280.0, 3.5), (np.nan, 35.0))
    rows = [row | {"period": str(i), "cod_in": c, "tn_in": n} for i, (c, n) in enumerate(sewage)]
    assert [(s.period, s.rule, s.evidence, s.remedy) for s in check(pd.DataFrame(rows))] == [
        (
            "1",
            "strength",
            "COD is 0.8 times total nitrogen, outside 1.5 to 40.",
            "Likely a unit slip: COD times 10 or total nitrogen times 0.1 would fit. Check both "
            "with the laboratory.",
        ),
        (
            "2",
            "strength",
            "COD is 80 times total nitrogen, outside 1.5 to 40.",
            "Likely a unit slip: COD times 0.1 or total nitrogen times 10 would fit. Check both "
            "with the laboratory.",
        ),
    ]
