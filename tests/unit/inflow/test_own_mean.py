"""A drawing that begins with usual sewage takes the strength of the plant's own months."""

import numpy as np
import pandas as pd
import pytest

from renvand.plant.templates import template
from renvand.process import load_model
from renvand.steps.inflow import own_mean

MONTHS = pd.DataFrame(
    {
        "flow_m3_d": [9_000.0, 10_000.0, 11_000.0, np.nan],
        "cod_in_mg_l": [180.0, 200.0, 220.0, 900.0],
        "nh4_in_mg_l": [20.0, 24.0, np.nan, 90.0],
        "tp_in_mg_l": [3.0, 3.0, 3.0, 9.0],
        "temperature_c": [14.0, np.nan, 20.0, 90.0],
    }
)


@pytest.fixture(scope="module")
def usual():
    head, row = (line.split(",") for line in template("a2o")["influent.csv"].split())
    return dict(zip(head, map(float, row), strict=True))


def observed(inflow, name: str) -> float:
    model = load_model("asm2d")
    return float(model.observables[name] @ [inflow.get(c, 0.0) for c in model.components])


def test_it_is_as_strong_as_measured_by_flow(usual):
    made, months = own_mean(usual, MONTHS, load_model("asm2d"))
    flow = MONTHS["flow_m3_d"][:3]
    assert months == 3
    assert made["Q"] == 10_000
    assert observed(made, "COD") == pytest.approx(
        np.average(MONTHS["cod_in_mg_l"][:3], weights=flow), rel=1e-3
    )
    assert made["S_NH4"] == pytest.approx(np.average([20, 24], weights=flow[:2]), rel=1e-3)
    assert observed(made, "TP") == pytest.approx(3, rel=1e-3)
    assert made["T"] == pytest.approx(np.average([14, 20], weights=flow[[0, 2]]), rel=1e-3)


def test_phosphate_is_never_below_nothing(usual):
    made, _ = own_mean(usual, MONTHS.assign(tp_in_mg_l=0.1), load_model("asm2d"))
    assert made["S_PO4"] == 0


def test_with_few_months_it_stays_usual(usual):
    assert own_mean(usual, MONTHS[:2], load_model("asm2d")) == (usual, 0)
