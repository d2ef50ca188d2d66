"""What any water network obeys, whatever the plant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renvand.waternet import (
    Fresh,
    Operation,
    Sink,
    Source,
    WaterCase,
    dilution,
    ladder,
    rinse_water,
    solve,
    target,
)

flow = st.floats(1, 100)
level = st.integers(0, 50).map(lambda step: 10.0 * step)


@st.composite
def plants(draw):
    """Sinks and sources of one contaminant, clean fresh water without limit."""
    sinks = draw(st.lists(st.tuples(flow, level), min_size=1, max_size=5))
    sources = draw(st.lists(st.tuples(flow, level), min_size=1, max_size=5))
    return WaterCase(
        id="drawn",
        contaminants=("A",),
        fresh=(Fresh(name="FW", quality={"A": 0.0}),),
        sinks=tuple(Sink(name=f"D{i}", flow=f, worst={"A": c}) for i, (f, c) in enumerate(sinks)),
        sources=tuple(
            Source(name=f"S{i}", flow=f, quality={"A": c}) for i, (f, c) in enumerate(sources)
        ),
    )


@given(case=plants())
@settings(max_examples=60, deadline=None)
def test_the_cascade_and_the_network_agree(case):
    """The target promises a flow; a network that keeps the promise exists."""
    assert solve(case).objective == pytest.approx(target(case).fresh, abs=1e-6)


@given(case=plants())
@settings(max_examples=40, deadline=None)
def test_water_is_neither_made_nor_lost(case):
    """Fresh water and sources end in sinks and waste."""
    found = target(case)
    given_, taken = sum(s.flow for s in case.sources), sum(s.flow for s in case.sinks)
    assert found.fresh + given_ == pytest.approx(found.waste + taken)
    assert found.waste >= -1e-9
    assert found.fresh <= found.without_reuse + 1e-9


@given(case=plants())
@settings(max_examples=20, deadline=None)
def test_each_new_pipe_helps_or_is_left_out(case):
    """The ladder goes down, and no further than the optimum."""
    rungs = ladder(case, rungs=(0, 1, 2))
    saved = [rung.network.objective for rung in rungs]
    assert saved == sorted(saved, reverse=True)
    assert saved[-1] >= target(case).fresh - 1e-6
    assert all(len(rung.to_build) <= rung.pipes for rung in rungs)


loads = st.floats(0.5, 5)


@given(load=st.tuples(loads, loads), inlet=st.tuples(level, level), rise=st.tuples(flow, flow))
@settings(max_examples=15, deadline=None)
def test_operations_carry_their_load(load, inlet, rise):
    """What an operation gives out is what came in and its load; the bound is below the network."""
    operations = tuple(
        Operation(name=f"P{i}", load={"A": m}, inlet={"A": c}, outlet={"A": c + up})
        for i, (m, c, up) in enumerate(zip(load, inlet, rise, strict=True))
    )
    case = WaterCase(
        id="drawn",
        contaminants=("A",),
        fresh=(Fresh(name="FW", quality={"A": 0.0}),),
        operations=operations,
    )
    found = solve(case, seconds=20)
    assert found.bound <= found.objective
    assert found.objective == pytest.approx(target(case).fresh, rel=2e-4)
    flows = found.flows
    for operation in operations:
        into = flows[(flows["to_role"] == "operation") & (flows["to"] == operation.name)]
        out = flows[(flows["from_role"] == "operation") & (flows["from"] == operation.name)]
        carried = (into["flow"] * into["A"]).sum() + 1000 * operation.load["A"]
        assert (out["flow"] * out["A"]).sum() == pytest.approx(carried, rel=1e-5)
        assert out["flow"].sum() == pytest.approx(into["flow"].sum(), rel=1e-5)
        assert (into["flow"] * into["A"]).sum() <= (
            into["flow"].sum() * operation.inlet["A"] + 1e-5 * carried
        )


@given(ratio=st.floats(1.5, 1e5), stages=st.integers(1, 6))
def test_rinse_water_gives_the_dilution_asked_for(ratio, stages):
    """The closed form inverts itself, and one more tank never takes more water."""
    water = rinse_water(ratio, stages)
    assert dilution(water, stages) == pytest.approx(ratio, rel=1e-9)
    assert rinse_water(ratio, stages + 1) <= water * (1 + 1e-12)
