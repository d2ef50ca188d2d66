"""Published reconciliations, to the digits printed; sources stand in the files of cases."""

import json

import numpy as np
import pytest
import yaml

from renvand.reconcile import solve_case
from tests.shared import shared

LINEAR = ["P2", "P4", "P5", "P9", "P10", "P11", "P12", "P15", "P16"]


def published(case_id):
    path = shared("data", "industry", "data_reconciliation_cases.yaml")
    cases = {case["id"]: case for case in yaml.safe_load(path.read_text(encoding="utf-8"))}
    return cases[case_id]


@pytest.mark.parametrize("case_id", LINEAR)
def test_linear_balances_come_out_as_printed(case_id):
    """Estimates, deviations, objective, tests: all printed digits."""
    case = published(case_id)
    made = solve_case(case)
    assert made["x_rec"] == pytest.approx(case["x_rec"], abs=5.1e-7)
    assert made["sd_rec"] == pytest.approx(case["sd_rec"], abs=5.1e-7)
    assert made["z"] == pytest.approx(case["z"], abs=5.1e-5)
    for key, room in (("objective", 5.1e-7), ("chi2_95", 5.1e-5), ("max_z", 5.1e-5)):
        assert made[key] == pytest.approx(case[key], abs=room)
    assert made["z_crit_sidak"] == pytest.approx(case["z_crit_sidak"], abs=5.1e-5)
    assert made["dof"] == case["dof"]
    assert made["gross_error_global"] == case["gross_error_global"]
    # Where several are equally large, the file names one of them.
    assert made["z"][case["max_z_stream"] - 1] == pytest.approx(made["max_z"], abs=1e-9)


def test_the_nonlinear_case_of_pai_and_fisher_comes_out_as_printed():
    case = published("pai_fisher_1988")
    made = solve_case(case)
    assert made["x_rec"] == pytest.approx([*case["x_rec"], *case["u"]], abs=5.1e-6)
    assert made["objective"] == pytest.approx(case["objective"], abs=5.1e-7)
    assert made["status"] == ["redundant"] * 5 + ["observable"] * 3


def test_the_heat_exchangers_of_swartz_come_out_as_printed():
    """Flows and enthalpies in one; the file gives no equations, so they are written out here."""
    case = published("swartz_1989_hen")
    made = solve_case(swartz(case))
    found = dict(zip(made["names"], made["x_rec"], strict=True))
    assert made["objective"] == pytest.approx(case["objective"], abs=5.1e-5)
    flows, heats = ([found[kind + s] for s in case["streams"]] for kind in "FT")
    # The file's values come from a general optimiser that stops within one unit of the last digit.
    assert flows == pytest.approx(case["x_rec_F"], abs=1e-3)
    assert heats == pytest.approx(case["x_rec_T"], abs=1e-3)


def swartz(case):
    streams = case["streams"]
    flow = [f"F{s}" for s in streams]
    heat = [f"T{s}" for s in streams]
    n1, n2, n3 = case["enthalpy_coef"]

    def h(stream):
        i = streams.index(stream)
        return f"F{stream} ({n1[i]} + {n2[i]} T{stream} + {n3[i]} T{stream}^2)"

    same = [("A1", "A2"), ("A3", "A4"), ("A4", "A5"), ("A6", "A7"), ("B1", "B2"), ("B2", "B3")]
    same += [("C1", "C2"), ("D1", "D2")]
    exchangers = [("A1", "A2", "B2", "B3"), ("A3", "A4", "B1", "B2")]
    exchangers += [("A4", "A5", "C1", "C2"), ("A6", "A7", "D1", "D2")]
    equations = [f"F{a} = F{b}" for a, b in same]
    equations += ["FA2 = FA3 + FA6", "FA5 + FA7 = FA8", "TA2 = TA3", "TA2 = TA6"]
    equations += [f"{h(a)} + {h(c)} = {h(b)} + {h(d)}" for a, b, c, d in exchangers]
    equations += [f"{h('A5')} + {h('A7')} = {h('A8')}"]
    F, T = case["F_meas_or_guess"], case["T_meas_or_guess"]
    seen = {*case["measured_F_index0"], *(len(F) + i for i in case["measured_T_index0"])}
    order = sorted(range(2 * len(F)), key=lambda i: i not in seen)
    both, names = [*F, *T], [*flow, *heat]
    return {
        "equations": equations,
        "names": [names[i] for i in order],
        "y": [both[i] for i in order if i in seen],
        "start_u": [both[i] for i in order if i not in seen],
        "var": [(0.02 * both[i]) ** 2 if i < len(F) else 0.75**2 for i in order if i in seen],
    }


@pytest.mark.parametrize("case_id", ["P4", "P10", "P15"])
def test_every_single_bias_is_found_where_the_file_says_so(case_id):
    """Eight standard deviations on one meter, all else true: objective, own test, and who it is."""
    path = shared("data", "industry", "ged_identification.json")
    wanted = json.loads(path.read_text(encoding="utf-8"))[case_id]
    case = published(case_id)
    assert wanted["identifiable"] == list(range(1, case["n"] + 1))
    for row in wanted["rows"]:
        y = np.array(case["x_rec"])
        at = row["stream"] - 1
        y[at] += row["bias_sigma"] * np.sqrt(case["var"][at])
        made = solve_case({**case, "y": y.tolist()})
        assert made["objective"] == pytest.approx(row["J"], abs=2e-4)  # the file biases true values
        assert made["z"][at] == pytest.approx(row["z_self"], abs=2e-4)
        top = [i + 1 for i, z in enumerate(made["z"]) if z > made["max_z"] - 1e-6]
        assert top == row["top_streams"]
        if made["max_z"] > made["z_crit_sidak"]:
            assert made["errors"][0]["at"] == f"x{row['stream']}"
            assert made["errors"][0]["is_identified"] is row["identified_uniquely"]


def test_taking_the_wrong_meter_out_explains_the_misfit_of_rao_and_narasimhan():
    """One meter makes all of the objective of 139."""
    made = solve_case(published("P11"))
    (error,) = made["errors"]
    assert error["at"] == "x9"
    assert error["objective_after"] < 0.01
