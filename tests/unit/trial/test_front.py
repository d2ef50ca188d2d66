"""The search: what it gives back nothing beats, the same here and on a cluster."""

import numpy as np
import pytest

from renvand.errors import FileError
from renvand.steps.trial.front import optimise, robust
from renvand.steps.trial.site import open_site

LIMITS = {"TN": 15.0, "S_NH": 5.0}
HOW = {"limits": LIMITS, "evaluations": 24, "seed": 3}


@pytest.fixture(scope="module")
def site():
    return open_site("bsm1")


@pytest.fixture(scope="module")
def front(site):
    said = []
    found = optimise(site, ["aeration", "recycle"], **HOW, on_progress=said.append)
    assert [p.done for p in said] == [12, 24]
    assert said[-1].left_s == 0
    return found


def test_nothing_on_the_front_beats_another(front):
    values = front.points[list(front.objectives)].to_numpy()
    for mine in values:
        assert not ((values <= mine).all(axis=1) & (values < mine).any(axis=1)).any()


def test_settings_stay_within_their_bounds_and_limits_hold_or_are_least_broken(front):
    assert front.points["aeration"].between(0.4, 1.2).all()
    assert front.points["recycle"].between(0.3, 1.6).all()
    assert front.evaluations == 24


def test_the_same_seed_gives_the_same_front(site, front):
    again = optimise(site, ["aeration", "recycle"], **HOW, workers=1)
    assert again.points.equals(front.points)


def test_points_are_run_again_under_other_water(site, front):
    said = []
    found = robust(site, front, draws=3, seed=1, on_progress=said.append)
    assert [p.done / p.total for p in said] == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert said[-1].left_s == 0
    assert found["holds"].between(0, 1).all()
    assert (found["energy_kwh_m3_p10"] <= found["energy_kwh_m3_p90"]).all()
    assert np.array_equal(found["point"], front.points["point"])


@pytest.mark.slow
def test_a_cluster_gives_the_same_front(site, front):
    """A Dask scheduler with two workers on this machine, reached by its address."""
    distributed = pytest.importorskip("distributed")
    how = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**how) as cluster:
        found = optimise(site, ["aeration", "recycle"], **HOW, cluster=cluster.scheduler_address)
    assert found.points.equals(front.points)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"objectives": ["energi", "TN"]}, "objective 'energi': is not known"),
        ({"objectives": ["TN"]}, "objectives: are fewer than two"),
        ({"objectives": ["TP", "TN"]}, "objective 'TP': is not in the page 'asm1'"),
        ({"levers": ["do"]}, "'do': turns nothing at plant 'BSM1"),
    ],
)
def test_mistakes_are_said(site, how, said):
    levers = how.pop("levers", ["aeration"])
    with pytest.raises(FileError) as error:
        optimise(site, levers, **{**HOW, **how})
    assert said in str(error.value)
