"""Worked examples of what an investment is worth, to the digits given."""

import numpy as np
import pytest
import yaml

from renvand.steps.potential.economics import annuity, internal_rates, irr, npv, payback
from tests.shared import shared

SPENT, SAVED, YEARS, RATE = 1_000_000.0, 250_000.0, 10, 0.08  # text of the anchor's case


def anchors():
    path = shared("data", "industry", "tea_anchors.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_net_present_value_rate_payback_and_annuity():
    """One million spent, a quarter of it saved every year for ten years."""
    known = anchors()["npv_anchor"]
    flows = [-SPENT, *[SAVED] * YEARS]
    factor = annuity(RATE, YEARS)
    assert npv(RATE, flows) == pytest.approx(known["npv"], abs=1e-4)
    assert irr(flows) == pytest.approx(known["irr"], abs=1e-8)
    assert payback(SPENT, SAVED) == pytest.approx(known["simple_payback"])
    assert payback(SPENT, SAVED, rate=RATE) == pytest.approx(known["discounted_payback"], abs=1e-6)
    assert factor == pytest.approx(known["annuity_factor_8pct_10y"], abs=1e-10)
    assert SPENT * factor == pytest.approx(known["annualised_capex"], abs=1e-4)
    many = internal_rates(np.array([SPENT]), np.array([SAVED]), years=YEARS)
    assert many[0] == pytest.approx(known["irr"], abs=1e-8)


def test_abatement_cost_of_three_measures():
    """Yearly cost less what the water is worth, per cubic metre."""
    for row in anchors()["macc_anchor"]:
        yearly = row["capex"] * annuity(RATE, row["life"]) + row["opex"]
        gross = yearly / row["water_saved_m3"]
        assert yearly == pytest.approx(row["annualised"], abs=1e-4)
        assert gross == pytest.approx(row["cost_per_m3_gross"], abs=1e-6)
        assert gross - row["value_per_m3"] == pytest.approx(row["net_cost_per_m3"], abs=1e-6)
