"""BSM2 in open loop at rest, and its separators, against Matlab."""

import csv
from functools import cache

import pytest

from renvand.plant import load_plant, shipped_influent
from tests.shared import shared

PLACES = {
    "Influent characteristics": "influent", "Primary clarifier effluent": "primary",
    "Primary clarifier underflow": "primary.sludge", "AS reactor 1": "anoxic_1",
    "AS reactor 2": "anoxic_2", "AS reactor 3": "aerobic_1", "AS reactor 4": "aerobic_2",
    "AS reactor 5": "aerobic_3", "Settler effluent": "effluent",
    "Thickener effluent": "thickener", "Thickener underflow": "thickener.sludge",
    "Anaerobic digester output (post ADM2ASM interface)": "digester",
    "Dewatering effluent (reject water)": "dewatering", "WWTP sludge disposal": "disposal",
}  # fmt: skip
DIGESTER = {"pH": "pH", "Sac": "S_ac", "Sic": "S_IC", "Sin": "S_IN", "Xsu": "X_su", "Xac": "X_ac",
            "Xi": "X_I", "Sh2": "S_h2", "Sch4": "S_ch4"}  # fmt: skip
HALF_OF_LAST_DIGIT = 5e-5  # five digits are printed, of small numbers fewer


@cache
def bsm2():
    plant = load_plant("bsm2")
    return plant, plant.steady(shipped_influent("bsm2", plant.model))


def printed():
    path = shared("data", "reference", "wwtp", "bsm2_openloop_steady_state_matlab.csv")
    with path.open() as file:
        return list(csv.DictReader(file))


def test_bsm2_rests_where_the_benchmark_does():
    """Every component, solids, flow and temperature of fifteen places to the digits printed."""
    values, compared = bsm2()[1].values, 0
    for row in printed():
        place, name = PLACES.get(row["section"]), row["variable"]
        if place is None:
            continue
        name = {"Flow rate": "Q"}.get(name, name)
        if name.lower() == "temperature":
            name = "T"
        if name not in ("Q", "T", "TSS"):
            name = f"{name[0]}_{name[1:]}"
        if name in values[place]:
            due = float(row["value"])
            near = pytest.approx(due, rel=HALF_OF_LAST_DIGIT, abs=1e-7)
            assert values[place][name] == near, (place, name)
            compared += 1
    assert compared > 200


def test_the_settler_of_bsm2_is_layered_as_the_benchmarks():
    """Solids of the ten layers."""
    values = bsm2()[1].values
    for row in printed():
        if row["section"].startswith("Settler internal"):
            layer = f"settler, layer {row['variable'].removeprefix('TSS')}"
            due = float(row["value"])
            assert values[layer]["TSS"] == pytest.approx(due, rel=HALF_OF_LAST_DIGIT), layer


def test_the_digester_of_bsm2_is_the_benchmarks():
    """In the loop it rests where it does alone."""
    found, compared = bsm2()[1].values["digester, inside"], 0
    for row in printed():
        if row["section"].startswith("ADM1 effluent") and row["variable"] in DIGESTER:
            name = DIGESTER[row["variable"]]
            near = pytest.approx(float(row["value"]), rel=HALF_OF_LAST_DIGIT)
            assert found[name] == near, name
            compared += 1
    assert compared == len(DIGESTER)


AVERAGES = {
    "SNH": "S_NH", "SNO": "S_NO", "SS": "S_S", "XI": "X_I", "XBH": "X_BH", "SALK": "S_ALK",
    "TSS": "TSS", "Temperature": "T",
}  # fmt: skip
INDICES = {
    "Effluent quality (E.Q.) index": "EQI", "Influent quality (I.Q.) index": "IQI",
    "Average pumping energy": "PE", "Average aeration energy": "AE",
    "Average mixing energy": "ME", "Average heating energy": "HE",
    "Average sludge production for disposal per day": "SP",
    "Average methane gas production (1 kg = 13.8928 kWh)": "MET",
    "Total Operational Cost Index (OCI)": "OCI",
}  # fmt: skip


def ring_test():
    """Variable → (Matlab, least, most) of the year in open loop, as the simulators found it."""
    path = shared("data", "reference", "wwtp", "bsm2_ringtest_steady_and_open_loop.csv")
    found = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            if row["case"] == "open_loop_1year" and row["MATLAB"]:
                columns = ("FORTRAN", "MATLAB", "SIMBA", "WEST")
                values = [float(row[c]) for c in columns if row.get(c)]
                found.setdefault(row["variable"], (float(row["MATLAB"]), min(values), max(values)))
    return found


@cache
def year(name):
    """609 days of the benchmark, of which the last year counts."""
    import gzip
    import tempfile
    from pathlib import Path

    plant = load_plant(name)
    source = shared("data", "reference", "wwtp", "influent", "bsm2_dyninfluent_609d.csv.gz")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "influent.csv"
        path.write_bytes(gzip.decompress(source.read_bytes()))
        comes = plant.influent(path)
    start = plant.steady(shipped_influent(name, plant.model))
    return plant.simulate(comes, days=609, start=start, interpolate="linear", evaluate_from=245)


@pytest.mark.slow
def test_a_year_in_open_loop_is_that_of_the_ring_test():
    """Means and indices lie between those of the simulators, or within 0.1 % of Matlab's."""
    result, due = year("bsm2"), ring_test()
    found = {variable: result.performance[ours] for variable, ours in INDICES.items()}
    for theirs, ours in AVERAGES.items():
        (name, *_) = [n for n in due if n.startswith(f"Effluent average {theirs}")]
        found[name] = result.effluent[ours]
    for name, value in found.items():
        matlab, least, most = due[name]
        assert least <= value <= most or value == pytest.approx(matlab, rel=1e-3), name
    counts = {"NH4": 171, "COD": 3, "TSS": 12, "BOD5": 8, "TN": 5}  # Matlab's, of the same file
    assert {name: found["count"] for name, found in result.violations.items()} == counts


@pytest.mark.slow
def test_a_year_in_closed_loop_keeps_its_oxygen_and_its_mass():
    """The mean of what is controlled is what was asked for; COD closes to rounding."""
    result = year("bsm2-closed")
    oxygen = result.frame["aerobic_2", "S_O"][result.times >= 245]
    assert oxygen.mean() == pytest.approx(2.0, abs=0.02)
    assert abs(result.balance["COD"]) < 1e-9


@pytest.mark.slow
def test_feeding_the_digester_more_often_changes_nothing_that_counts(monkeypatch):
    """Its contents move over weeks: a quarter of an hour or three minutes give the same."""
    from renvand.plant import course

    plant = load_plant("bsm2")
    comes = shipped_influent("bsm2", plant.model)
    start = plant.steady(comes)
    pushed = plant.changed({"primary sludge": 0.012})
    rarely = pushed.simulate(comes, days=20, start=start)
    monkeypatch.setattr(course, "FED_EVERY", 3.0 / 1440)
    often = pushed.simulate(comes, days=20, start=start)
    for name in ("EQI", "MET", "SP", "OCI"):
        assert rarely.performance[name] == pytest.approx(often.performance[name], rel=5e-4), name
