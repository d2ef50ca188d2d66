"""What must hold on any river network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renvand.errors import FileError
from renvand.river import carry, connect, decayed, lateral_flow, worth
from renvand.river.network import connect_split


@st.composite
def trees(draw):
    """A random tree: each reach flows into one further down, or out."""
    size = draw(st.integers(1, 40))
    down = [draw(st.integers(i + 1, size)) for i in range(size)]
    shuffle = draw(st.permutations(range(size)))
    moved = [-1] * size
    for i, d in enumerate(down):
        moved[shuffle[i]] = -1 if d == size else shuffle[d]
    return connect(moved, ids=[f"r{i}" for i in range(size)])


@st.composite
def partings(draw):
    """A random network in which some reaches part in two."""
    size = draw(st.integers(2, 30))
    edges = {}
    for i in range(size - 1):
        targets = draw(st.lists(st.integers(i + 1, size - 1), min_size=0, max_size=2, unique=True))
        share = draw(st.floats(0.05, 0.95))
        parts = {0: (), 1: (1.0,), 2: (share, 1 - share)}[len(targets)]
        edges |= {(i, t): part for t, part in zip(targets, parts, strict=True)}
    return connect_split(edges, ids=[f"r{i}" for i in range(size)])


networks = st.one_of(trees(), partings())


def numbers(size, *, seed):
    rng = np.random.default_rng(seed)
    load, flow = rng.uniform(0, 100, size), rng.uniform(0.1, 50, size)
    return load, flow, decayed(rng.uniform(0, 2, size), rng.uniform(0, 3, size))


@given(networks, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_mass_is_conserved_on_any_network(net, seed):
    """What enters either decays on the way or leaves the region."""
    load, flow, kept = numbers(len(net), seed=seed)
    got = carry(net, load=load, flow=flow, kept=kept)
    decayed_on_the_way = (got.entering_kg_d - got.leaving_kg_d).sum()
    left = got.leaving_kg_d[np.diff(net.start) == 0].sum()
    assert decayed_on_the_way + left == pytest.approx(load.sum(), rel=1e-12)


@given(networks, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_the_worth_of_a_kilogram_is_the_difference_quotient(net, seed):
    """One pass up gives what removing a kilogram at each place in turn would give."""
    load, flow, kept = numbers(len(net), seed=seed)
    weight = np.random.default_rng(seed + 1).uniform(0, 1, len(net))
    up = worth(net, weight=weight, flow=flow, kept=kept)
    base = weight @ carry(net, load=load, flow=flow, kept=kept).head_mg_l
    for place in range(len(net)):
        less = load.copy()
        less[place] -= 1.0
        change = base - weight @ carry(net, load=less, flow=flow, kept=kept).head_mg_l
        assert change == pytest.approx(up[place], rel=1e-9, abs=1e-9 * base)


@given(networks, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_river_of_one_concentration_keeps_it(net, seed):
    """Conservative water of equal concentration everywhere stays so, whatever joins or parts."""
    rng = np.random.default_rng(seed)
    flow = carry(
        net, load=rng.uniform(0.1, 9, len(net)), flow=np.ones(len(net)), kept=np.ones(len(net))
    ).entering_kg_d
    lateral = lateral_flow(net, flow=flow)
    got = carry(net, load=lateral * 86.4 * 3.0, flow=flow, kept=np.ones(len(net)))
    assert got.head_mg_l == pytest.approx(3.0, rel=1e-9)


@given(networks)
@settings(max_examples=60, deadline=None)
def test_upstream_always_comes_first(net):
    """After renumbering every edge points onward."""
    source = np.repeat(np.arange(len(net)), np.diff(net.start))
    assert (net.target > source).all()
    assert sorted(net.order) == list(range(len(net)))


@given(st.integers(2, 30), st.integers(0, 29), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_any_circle_is_found(size, close, seed):
    """A reach that flows back into one above it is named, wherever it lies."""
    down = [*range(1, size), min(close, size - 1)]
    shuffle = np.random.default_rng(seed).permutation(size)
    moved = np.empty(size, dtype=np.int64)
    moved[shuffle] = shuffle[down]
    with pytest.raises(FileError, match="flows in a circle"):
        connect(moved, ids=[str(i) for i in range(size)])
