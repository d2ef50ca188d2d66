"""Loads in the place of concentrations that nobody measured: the same balances, easier to solve."""

import numpy as np
import pytest

from benchmarks.reconcile.__main__ import park
from renvand.reconcile import read_network
from renvand.reconcile.balances import ONE, balances_of
from renvand.reconcile.solve import solve
from tests.law.reconcile.sites import make_site


def test_balances_in_loads_and_in_concentrations_are_the_same():
    """What enters less what leaves does not depend on how it is written."""
    rng = np.random.default_rng(1)
    site = make_site(rng, units=12, components=2)
    network = read_network(site.streams, site.measured(rng, share=0.6, relative_sd=0.03))
    balances = balances_of(network)
    unknown = np.r_[np.isnan(network.y), np.zeros(len(network.units), dtype=bool)]
    easier, flow = balances.by_loads(unknown)
    at = np.flatnonzero(flow >= 0)
    assert len(at) > 5
    assert unknown[at].all()
    assert (easier.second == ONE).sum() > (balances.second == ONE).sum()
    x = rng.random(balances.shape[1])
    loads = x.copy()
    loads[at] *= x[flow[at]]
    assert easier.residual(loads) == pytest.approx(balances.residual(x), abs=1e-12)


def drawn(seed, *, units, components, share, relative_sd):
    """Balances of a site as the search sees them, and where it begins."""
    rng = np.random.default_rng(seed)
    site = make_site(rng, units=units, components=components)
    seen = site.measured(rng, share=share, relative_sd=relative_sd)
    return read_network(site.streams, seen)


def test_repetition_hardly_ever_finds_anything_nearer(monkeypatch):
    """Readings so rough that bounds bind: products have several minima, and this one is good."""
    networks = [drawn(s, units=6, components=2, share=0.8, relative_sd=0.25) for s in range(10)]
    found = [solve(network) for network in networks]
    for network, one in zip(networks, found, strict=True):
        assert np.abs(one.closure).max() < 1e-6
        shown = one.status[: len(network.names)] != "unobservable"
        assert (one.x[: len(network.names)][shown] >= -1e-9).all()
    monkeypatch.setattr("renvand.reconcile.bounds.within_bounds", lambda *_, **__: None)
    slow = [solve(network).objective for network in networks]
    no_worse = [a.objective <= b + 1e-4 for a, b in zip(found, slow, strict=True)]
    assert sum(no_worse) >= 9


def test_where_nothing_binds_newton_and_repetition_agree(monkeypatch):
    network = drawn(1, units=8, components=2, share=1.0, relative_sd=0.02)
    found = solve(network)
    monkeypatch.setattr("renvand.reconcile.bounds.within_bounds", lambda *_, **__: None)
    slow = solve(network)
    assert found.x == pytest.approx(slow.x, rel=1e-7, abs=1e-9)
    assert found.sd == pytest.approx(slow.sd, rel=1e-6, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("companies", "components"), [(30, 1), (30, 6), (100, 6)])
def test_a_park_with_components_settles_though_flows_come_near_nothing(companies, components):
    """Up to 2,250 streams, six components: repetition took minutes, and did not always settle."""
    rng = np.random.default_rng(3)
    whole = park(rng, companies, components)
    seen = whole.measured(rng, share=0.8, relative_sd=0.03)
    found = solve(read_network(whole.streams, seen))
    assert np.abs(found.closure).max() < 1e-6
    assert found.objective < 1.2 * found.dof


def test_parts_of_a_park_that_share_nothing_come_out_as_they_do_together(monkeypatch):
    """Each part comes to rest in its own number of rounds; values are the same to 1e-9."""
    rng = np.random.default_rng(11)
    whole = park(rng, 40, 2)  # two branches
    network = read_network(whole.streams, whole.measured(rng, share=0.8, relative_sd=0.03))
    found = []
    for bunch in (1, 10**9):
        monkeypatch.setattr("renvand.reconcile.newton.BUNCH", bunch)
        found.append(solve(network))
    apart, together = found
    assert (apart.status == together.status).all()
    is_known = together.status != "unobservable"
    for one, other in ((apart.x, together.x), (apart.sd, together.sd)):
        np.testing.assert_allclose(one[is_known], other[is_known], rtol=1e-9)
