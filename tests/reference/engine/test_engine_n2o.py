"""BSM1 with nitrous oxide against the ring test, and what its air takes."""

import csv
from pathlib import Path

import pytest

from renvand.plant import load_plant, shipped_influent

FILE = Path(__file__).parents[1] / "data" / "process" / "bsm1g_steady_state.csv"
SLIPS = 1.5e-3  # what the two slips of the published code make of nitrite; see process-models.md


def test_the_plant_rests_where_the_ring_test_does():
    """Every state of every tank and outlet, and 1.41 kgN/d of nitrous oxide in the air."""
    plant = load_plant("bsm1-n2o")
    values = plant.steady(shipped_influent("bsm1-n2o", plant.model)).values
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    stripped = due = 0.0
    for row in csv.DictReader(lines):
        if row["place"] == "influent":
            continue
        for name in plant.model.components:
            found = values[row["place"]][name]
            assert found == pytest.approx(float(row[name]), rel=SLIPS), (row["place"], name)
        if row["N2O_strips"]:
            tank = plant.drawing.tanks[row["place"]]
            speed = plant.model.gas_speed[plant.model.components.index("S_N2O")]
            stripped += tank.volume * tank.kla * speed * values[row["place"]]["S_N2O"]
            due += float(row["N2O_strips"])
    assert stripped == pytest.approx(due, rel=3e-4)


def test_what_the_air_takes_stands_in_the_balance():
    """COD closes to rounding, nitrogen as far as the settler lets it."""
    plant = load_plant("bsm1-n2o")
    influent = shipped_influent("bsm1-n2o", plant.model)
    result = plant.simulate(influent, days=2, start=plant.steady(influent))
    assert abs(result.balance["COD"]) < 1e-9
    assert abs(result.balance["N"]) < 1e-4
