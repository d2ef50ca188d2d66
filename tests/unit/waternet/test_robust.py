"""Networks on bad days: what is kept, and what a network that keeps it costs."""

import numpy as np
import pytest

from renvand.errors import SolveError
from renvand.waternet import (
    Fresh,
    Operation,
    Sink,
    Source,
    Treatment,
    WaterCase,
    robust,
    robustness,
    solve,
    with_margin,
)


def mill(**changes):
    """One source at 50 ppm, one sink that takes 20 ppm."""
    given = {
        "id": "mill",
        "contaminants": ("k",),
        "fresh": (Fresh(name="FW", quality={"k": 0.0}),),
        "sources": (Source(name="press", flow=50.0, quality={"k": 50.0}),),
        "sinks": (Sink(name="pulper", flow=50.0, worst={"k": 20.0}),),
    }
    return WaterCase(**{**given, **changes})


def test_without_variation_every_demand_is_kept():
    """The optimum stands at the limit and keeps it."""
    case = mill()
    assert robustness(case, solve(case), spread=0.0).kept == 1.0


def test_at_the_optimum_about_half_the_days_miss():
    """A lognormal source of mean 50 exceeds it on fewer than half the days."""
    case = mill()
    found = robustness(case, solve(case), spread=0.3, draws=4000)
    # the median of a lognormal lies below its mean: P(x <= mean) = Phi(sigma / 2)
    assert found.kept == pytest.approx(0.5584, abs=0.03)
    assert found.by_sink["limit"].to_list() == [20.0]


def test_a_safe_network_keeps_the_share_and_costs_water():
    """By hand: 95 % of days need 50 ppm times exp(1.645 s - s2/2), with s2 = ln(1 + 0.3^2)."""
    case = mill()
    found = robust(case, spread=0.3, kept=0.95, draws=4000, seconds=30)
    sigma = np.sqrt(np.log1p(0.09))
    bad_day = 50 * np.exp(1.645 * sigma - sigma**2 / 2)
    fresh = 50 - 50 * 20 / bad_day
    assert found.kept >= 0.95
    assert found.network.fresh == pytest.approx(fresh, rel=0.03)
    assert found.price == pytest.approx(fresh / 30, rel=0.03)


def test_loads_of_operations_are_carried_on():
    """Two operations in a row: what the first gives varies with its load."""
    case = WaterCase(
        id="row",
        contaminants=("k",),
        fresh=(Fresh(name="FW", quality={"k": 0.0}),),
        operations=(
            Operation(name="clean", load={"k": 2.0}, inlet={"k": 0.0}, outlet={"k": 100.0}),
            Operation(name="dirty", load={"k": 2.0}, inlet={"k": 100.0}, outlet={"k": 200.0}),
        ),
    )
    network = solve(case)
    found = robustness(case, network, spread=0.2, draws=4000)
    row = found.by_sink.set_index("sink").loc["dirty"]
    assert 0.4 < row["kept"] < 0.7
    assert row["median"] == pytest.approx(100 / np.sqrt(1.04), rel=0.02)


def test_a_treatment_takes_its_share_of_what_comes():
    """A removal of 80 % passes a fifth of the variation on."""
    treatment = Treatment(name="filter", removal={"k": 0.8})
    case = mill(treatments=(treatment,), objective="fresh", limit={"k": 60.0})
    network = solve(case)
    found = robustness(case, network, spread=0.1)
    assert found.by_sink["sink"].to_list() == ["pulper", "discharge"]
    assert found.kept > 0.4


def test_what_no_margin_can_keep_is_told():
    """A discharge limit that the source alone misses."""
    case = mill(limit={"k": 50.0}, sinks=())
    with pytest.raises(SolveError) as caught:
        robust(case, spread=1.0, kept=0.99, seconds=9)
    assert str(caught.value) == (
        "case 'mill': no margin keeps its demands on 99 % of days; without one they are kept on "
        "69 %. Allow less variation, a smaller share, or cleaner fresh water."
    )


def test_a_margin_tightens_the_room_above_the_fresh_water():
    """Half the margin of 20 ppm above fresh water of 4 ppm is 12 ppm."""
    case = with_margin(mill(fresh=(Fresh(name="FW", quality={"k": 4.0}),)), 0.5)
    assert case.sinks[0].worst == {"k": 12.0}
