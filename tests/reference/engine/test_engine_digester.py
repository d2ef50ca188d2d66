"""The digester of BSM2 and what joins it to ASM1, against Matlab."""

import csv
from functools import cache

import numpy as np
import pytest

from renvand.process.digester import Digester
from renvand.process.interfaces import to_digester, to_sludge
from tests.shared import shared

CONTENTS = {"i_XB": 0.08, "i_XP": 0.06}
NEARLY_NOTHING = 1e-20  # what Matlab leaves where 0 is meant


@cache
def vectors():
    """Component → value of each vector of the digester at rest."""
    path = shared("data", "reference", "wwtp", "matlab_vectors_in_bsm2_python_tests.csv")
    found = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            if row["test"] == "test_adm1":
                found.setdefault(row["vector"], {})[row["component"]] = float(row["value"])
    return found


@cache
def rest():
    digester, comes = Digester(), vectors()["y_out1_matlab"]
    feed = np.array([comes[name] for name in digester.components])
    return digester, digester.steady(feed, flow=comes["Q_D"])


def test_the_digester_rests_where_matlab_does():
    """Every component to 1e-6."""
    digester, state = rest()
    for name, value in digester.named(state).items():
        due = vectors()["yd_out_matlab"][name]
        assert value == pytest.approx(due, rel=1e-6, abs=NEARLY_NOTHING), name


def test_its_gas_and_ions_are_matlabs():
    """Headspace, pressures, flow, pH and dissociation to 1e-6."""
    digester, state = rest()
    due, gas, ions = vectors()["yd_out_matlab"], digester.gas(state), digester.ions(state)
    found = {
        "S_gas_h2": state[-3], "S_gas_ch4": state[-2], "S_gas_co2": state[-1],
        "p_gas_h2": gas.p[0], "p_gas_ch4": gas.p[1], "p_gas_co2": gas.p[2],
        "P_gas": gas.pressure, "q_gas": gas.flow, "pH": ions.pH, "S_H_ion": ions.S_H,
        "S_hco3": ions.S_HCO3, "S_CO2": ions.S_CO2, "S_nh3": ions.S_NH3, "S_NH4+": ions.S_NH4,
    }  # fmt: skip
    for name, value in found.items():
        assert value == pytest.approx(due[name], rel=1e-6), name


def test_the_gas_is_that_of_the_steady_state_report():
    """Hydrogen, methane and carbon dioxide to the digits printed."""
    digester, state = rest()
    gas = digester.gas(state)
    found = {"hydrogen": gas.hydrogen, "methane": gas.methane, "carbon dioxide": gas.carbon_dioxide}
    path = shared("data", "reference", "wwtp", "bsm2_openloop_steady_state_matlab.csv")
    with path.open() as file:
        for row in csv.DictReader(file):
            for name, value in found.items():
                if row["variable"].startswith(f"Produced {name} gas"):
                    assert value == pytest.approx(float(row["value"]), rel=1e-5), name


def test_sludge_becomes_what_the_benchmark_makes_of_it():
    """From ASM1 to ADM1, to 1e-8."""
    sludge = {**vectors()["y_in"], "S_N2": 0.0}
    pH = vectors()["yd_out_matlab"]["pH"]
    made = to_digester(sludge, Digester(), pH=pH, contents=CONTENTS)
    for name, value in made.items():
        assert value == pytest.approx(vectors()["y_out1_matlab"][name], rel=1e-8), name


def test_digested_sludge_becomes_what_the_benchmark_makes_of_it():
    """From ADM1 to ASM1, to 1e-8."""
    held = vectors()["yd_out_matlab"]
    made = to_sludge(held, Digester(), pH=held["pH"], contents=CONTENTS)
    for name, value in made.items():
        if name != "S_N2":
            assert value == pytest.approx(vectors()["y_out2_matlab"][name], rel=1e-8), name
