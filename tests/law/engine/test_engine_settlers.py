"""A settler with compression, dead time, and a membrane: against other codes and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.stats import gamma

from renvand.plant import Plant
from renvand.plant.drawing import read_drawing
from renvand.process.model import load_model
from tests.law.engine.test_engine_laws import constant, filled

ASM1 = load_model("asm1")
FLOW = 18_000.0


def clarified(*, kind="burger-diehl", layers=20, recycle=15_000.0, waste=400.0, **more):
    """An aerated tank with a settler in layers."""
    settler = {"kind": kind, "area": 1500.0, "height": 4.0, "layers": layers,
               "feed_layer": layers // 2, **more}  # fmt: skip
    page = {
        "name": "clarified", "model": "asm1",
        "tanks": {"aerobic": {"volume": 6000.0, "kla": 200.0}}, "settlers": {"settler": settler},
        "flow": {
            "line": "influent > aerobic > settler > effluent",
            "pumps": [{"path": "settler.sludge > aerobic", "flow": recycle},
                      {"path": "settler.sludge > waste", "flow": waste}],
        },
    }  # fmt: skip
    return Plant(read_drawing(page), ASM1)


def layers(state, n):
    return np.array([state.values[f"settler, layer {i + 1}"]["TSS"] for i in range(n)])


@settings(max_examples=10, deadline=None)
@given(
    n=st.integers(6, 40), recycle=st.floats(6000.0, 25_000.0), waste=st.floats(100.0, 900.0),
    critical=st.floats(2000.0, 9000.0),
)  # fmt: skip
def test_a_settler_with_compression_keeps_cod(n, recycle, waste, critical):
    """Whatever its layers and flows."""
    plant = clarified(layers=n, recycle=recycle, waste=waste, X_c=critical)
    result = plant.simulate(constant(plant), days=1.0, start=filled(plant))
    assert abs(result.balance["COD"]) < 1e-12


def test_layers_with_compression_move_as_scipy_says():
    """Godunov's flux and compression written anew, the feed held: the same layers after an hour."""
    n = 12
    plant = clarified(layers=n, X_c=2500.0)
    start = filled(plant)
    result = plant.simulate(constant(plant), days=1 / 24, start=start, tolerance=1e-7)
    s = plant.drawing.settlers["settler"]
    dz, area, feed = s.height / n, s.area, n // 2 - 1
    tank = result.frame["aerobic"]
    solids = plant.model.observables["TSS"]
    fed = tank[list(plant.model.components)].to_numpy() @ solids

    def v(X, X_f):
        above = np.maximum(X - s.f_ns * X_f, 0.0)
        fall = s.v0 * (np.exp(-s.r_h * above) - np.exp(-s.r_p * above))
        return np.clip(fall, 0.0, s.v0_max)

    fine = np.linspace(0.0, 8000.0, 40_001)

    def change(t, X):
        X_f = np.interp(t, result.times, fed)
        w = v(X, X_f) * X
        peak = fine[np.argmax(v(fine, 0.0) * fine)]
        J = np.zeros(n + 1)
        for i in range(n - 1):
            a, b = X[i], X[i + 1]
            between = [w[i], w[i + 1], *([peak * v(peak, X_f)] if b < peak < a else [])]
            J[i + 1] = min(between[:2]) if a <= b else max(between)
            stress = s.alpha * np.diff(np.log1p(np.maximum([a - s.X_c, b - s.X_c], 0) / s.beta))[0]
            speed = 0.5 * (v(a, X_f) + v(b, X_f))
            J[i + 1] -= 1000.0 * s.rho * speed * stress / (9.81 * s.excess * dz)
        up, down = (FLOW - 400.0) / area, 15_400.0 / area
        dX = (J[:-1] - J[1:]) / dz
        dX[:feed] += up / dz * (X[1 : feed + 1] - X[:feed])
        dX[feed] += (up + down) / dz * (X_f - X[feed])
        dX[feed + 1 :] += down / dz * (X[feed:-1] - X[feed + 1 :])
        return dX

    solved = solve_ivp(change, (0, 1 / 24), layers(start, n), method="BDF", rtol=1e-6, atol=1e-3)
    assert layers(result.state, n) == pytest.approx(solved.y[:, -1], rel=2e-3, abs=0.1)


def test_sludge_under_its_own_weight_is_thinner_at_the_bottom():
    """Compression resists: less thick sludge than without, and a profile without a jump."""
    stiff = clarified(layers=30, X_c=3000.0)
    soft = clarified(layers=30, X_c=20_000.0)
    one, other = (layers(p.steady(constant(p)), 30) for p in (stiff, soft))
    assert (np.diff(one) > -1e-6 * one[-1]).all()
    assert np.diff(one).max() < np.diff(other).max()


def test_more_layers_change_less_and_less():
    """The answer of finer layers settles down, as of a scheme that converges."""
    found = [
        layers(p.steady(constant(p)), n)[-1]
        for n in (10, 20, 40)
        for p in [clarified(layers=n, X_c=3000.0)]
    ]
    assert abs(found[2] - found[1]) < abs(found[1] - found[0]) + 1e-6 * found[0]


def delayed(*, cells=20):
    page = {
        "name": "delayed", "model": "asm1", "tanks": {"tank": {"volume": 10.0}},
        "delays": {"sewer": {"volume": 1500.0, "cells": cells}},
        "flow": {"line": "influent > sewer > tank > effluent"},
    }  # fmt: skip
    return Plant(read_drawing(page), ASM1)


def test_what_enters_a_pipe_leaves_it_later():
    """A step of S_I: the gamma distribution of a row of mixed cells, mean V/Q."""
    plant = delayed()
    influent = constant(plant)
    start = plant.steady(influent)
    row = influent.rows.copy()
    row[0, influent.columns.index("S_I")] = 60.0
    from dataclasses import replace

    result = plant.simulate(
        replace(influent, rows=row), days=0.25, start=start, output_min=5.0, tolerance=1e-6
    )
    mean = 1500.0 / FLOW
    due = 30.0 + 30.0 * gamma.cdf(result.times, 20, scale=mean / 20)
    assert result.frame["sewer, cell 20", "S_I"].to_numpy() == pytest.approx(due, abs=3e-3)
    assert abs(result.balance["COD"]) < 1e-12


def test_a_pipe_s_cells_react_with_nothing():
    """At rest what leaves is what entered."""
    plant = delayed()
    values = plant.steady(constant(plant)).values
    for name in plant.model.components:
        assert values["sewer"][name] == pytest.approx(values["influent"][name], rel=1e-6, abs=1e-9)


def membrane(*, waste=300.0):
    """An anoxic tank, a tank with a membrane in it, sludge sent back from that tank."""
    page = {
        "name": "membrane", "model": "asm1",
        "tanks": {"anoxic": {"volume": 3000.0}, "mbr": {"volume": 4000.0, "kla": 240.0}},
        "settlers": {"membrane": {"kind": "ideal", "removal": 1.0}},
        "flow": {
            "line": "influent > anoxic > mbr > membrane > effluent",
            "pumps": [{"path": "mbr > anoxic", "flow": 54_000.0},
                      {"path": "membrane.sludge > mbr", "flow": 18_000.0},
                      {"path": "mbr > waste", "flow": waste}],
        },
    }  # fmt: skip
    return Plant(read_drawing(page), ASM1)


def test_a_membrane_holds_back_every_particle():
    """Inert particles of the influent leave with the waste alone: X = Q X_in / Q_waste, by hand."""
    plant = membrane()
    values = plant.steady(constant(plant)).values
    assert values["effluent"]["TSS"] == pytest.approx(0.0, abs=1e-9)
    assert values["waste"]["X_I"] == pytest.approx(FLOW * 50.0 / 300.0, rel=1e-6)
    assert values["effluent"]["S_NO"] == pytest.approx(values["mbr"]["S_NO"], rel=1e-9)


def test_a_membrane_s_pump_across_it_changes_nothing():
    """However much is pumped past the membrane: it comes from the tank and goes back to it."""
    plant = membrane()
    more = plant.changed({"membrane.sludge > mbr": 36_000.0})
    a, b = (p.steady(constant(p)).values["mbr"] for p in (plant, more))
    assert b == pytest.approx(a, rel=1e-6, abs=1e-9)


def test_a_membrane_plant_keeps_cod_and_nitrogen():
    """From any start."""
    plant = membrane()
    result = plant.simulate(constant(plant), days=2.0, start=filled(plant))
    assert abs(result.balance["COD"]) < 1e-12
    assert abs(result.balance["N"]) < 1e-12
