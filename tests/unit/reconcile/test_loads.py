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


@pytest.mark.slow
def test_a_park_with_components_settles_though_flows_come_near_nothing():
    """674 streams, six components: repetition alone drives a concentration beyond all measure."""
    rng = np.random.default_rng(3)
    for companies, components in ((30, 1), (30, 6)):
        whole = park(rng, companies, components)
        seen = whole.measured(rng, share=0.8, relative_sd=0.03)
        found = solve(read_network(whole.streams, seen))
        assert np.abs(found.closure).max() < 1e-6
        assert found.objective < 1.2 * found.dof
