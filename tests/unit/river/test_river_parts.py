"""Each function of the river does its sentence."""

import numpy as np
import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.river import (
    Spread,
    carry,
    channel,
    connect,
    decayed,
    ensemble,
    from_hydrorivers,
    latin_hypercube,
    mixing_length,
    network,
    plume,
    snap,
    transverse_mixing,
    water_class,
    withdrawn,
    worst_class,
)
from renvand.river.oxygen import critical
from renvand.river.plume import mixing_length_fischer


def test_tables_go_in_and_come_out_in_their_own_order():
    """Renumbering is invisible from outside."""
    table = pd.DataFrame({"id": ["c", "a", "b"], "downstream": [None, "b", "c"], "length_km": 1.0})
    net = network(table)
    assert list(net.ids) == ["a", "b", "c"]
    assert net.as_in_table(net.ordered([30.0, 10.0, 20.0])).tolist() == [30.0, 10.0, 20.0]
    assert net.place("b") == 1
    with pytest.raises(FileError, match="has no reach 'bb'"):
        net.place("bb")


def test_a_parting_river_shares_its_load():
    """A quarter goes one way, three quarters the other."""
    table = pd.DataFrame({"id": ["a", "b", "c"], "downstream": ["b", None, None]})
    splits = pd.DataFrame({"reach": ["a", "a"], "downstream": ["b", "c"], "share": [0.25, 0.75]})
    net = network(table, splits)
    got = carry(net, load=net.ordered([100.0, 0, 0]), flow=np.ones(3), kept=np.ones(3))
    assert net.as_in_table(got.entering_kg_d).tolist() == [100.0, 25.0, 75.0]


def test_hydrorivers_columns_become_ours():
    """Zero in NEXT_DOWN is where the water leaves."""
    table = pd.DataFrame(
        {"HYRIV_ID": [11, 12], "NEXT_DOWN": [12, 0], "LENGTH_KM": [3.0, 4.0], "DIS_AV_CMS": [1, 2]}
    )
    assert network(from_hydrorivers(table)).down.tolist() == [1, -1]


def test_water_taken_out_takes_its_share_of_the_load():
    """Ten m³/s arrive, four are left."""
    net = connect([1, -1], ids=["a", "b"])
    assert withdrawn(net, flow=np.array([10.0, 4.0])).tolist() == [1.0, 0.4]


def test_a_lake_keeps_more_than_a_river_of_the_same_time():
    """Mixing shields part of the load from decay."""
    assert decayed(1.0, 2.0, peclet=0.0) == pytest.approx(1 / 3)
    assert decayed(1.0, 2.0) == pytest.approx(np.exp(-2))


def test_velocity_falls_less_than_flow():
    """At a tenth of the flow, 0.46 of the velocity (ten to the minus 0.34)."""
    nan = np.array([np.nan])
    at = [
        channel(
            np.array([q]), np.array([8.64]), width=nan, depth=nan, reference_flow=np.array([50.0])
        )
        for q in (50.0, 5.0)
    ]
    assert at[1].velocity / at[0].velocity == pytest.approx(10**-0.34)
    assert at[0].time == pytest.approx(0.1 / at[0].velocity)


def test_runs_with_the_same_seed_are_the_same():
    """And their mean and spread are those that were asked for."""
    spread = Spread(rate=0.3, flow=0.2, loads=(0.5,))
    one, two = (latin_hypercube(spread, runs=4000, seed=7) for _ in range(2))
    assert (one.loads == two.loads).all()
    assert one.loads.mean() == pytest.approx(1.0, rel=2e-3)
    assert one.loads.std() == pytest.approx(0.5, rel=2e-2)


def test_many_runs_agree_with_one_run_at_a_time():
    """The block kernel is the plain pass with other numbers."""
    net = connect([2, 2, -1], ids=["a", "b", "c"])
    factors = latin_hypercube(Spread(rate=0.4, flow=0.3, loads=(0.2, 0.1)), runs=21, seed=1)
    loads = np.array([[10.0, 0.0, 3.0], [1.0, 2.0, 0.0]])
    flow, decay, time = np.array([1.0, 2.0, 3.0]), np.array([0.3, 0.2, 0.1]), np.array([1.0, 2, 3])
    many = ensemble(
        net, loads=loads, flow=flow, decay=decay, time=time, factors=factors, sections=np.array([2])
    )
    for run in range(21):
        scale = factors.flow[run]
        got = carry(
            net,
            load=factors.loads[:, run] @ loads,
            flow=flow * scale,
            kept=decayed(decay * factors.rate[run], time * scale**-0.34),
        )
        assert many.at_sections[0, run] == pytest.approx(got.head_mg_l[2], rel=1e-12)
    assert many.mean[2] == pytest.approx(many.at_sections.mean(), rel=1e-12)
    assert many.deviation[2] == pytest.approx(many.at_sections.std(), rel=1e-9)


def test_far_downstream_the_plume_is_fully_mixed():
    """Beyond the mixing length the bank and the middle are alike; before it they are not."""
    river = {"width": 100.0, "depth": 3.0, "velocity": 0.5}
    coefficient = float(transverse_mixing(3.0, 100.0, slope=5e-4))
    length = float(mixing_length(100.0, 0.5, coefficient=coefficient))
    y = np.linspace(0, 100, 11)
    mixed = 864 / 86.4 / (100 * 3 * 0.5)
    far = plume(864.0, 5 * length, y=y, coefficient=coefficient, **river)
    near = plume(864.0, 0.1 * length, y=y, coefficient=coefficient, **river)
    assert far == pytest.approx(mixed, rel=1e-3)
    assert near[0] > 2 * mixed > 10 * near[-1]


def test_mixing_lengths_of_two_authors_are_of_one_size():
    """From the bank Fischer gives 0.4 uB²/E; the guideline about the same."""
    ours = mixing_length(100.0, 0.5, coefficient=0.1)
    theirs = mixing_length_fischer(100.0, 0.5, coefficient=0.1)
    assert theirs == pytest.approx(0.4 * 0.5 * 1e4 / 0.1)
    assert 0.8 < ours / theirs < 1.3
    assert mixing_length_fischer(100.0, 0.5, coefficient=0.1, is_central=True) == theirs / 4


def test_the_class_is_that_of_the_worst_substance():
    """Limits belong to the better class; oxygen counts downward."""
    assert water_class(np.array([0.5, 0.51, np.nan]), limits=[0.15, 0.5, 1, 1.5, 2]).tolist()[
        :2
    ] == [
        1.0,
        2.0,
    ]
    assert water_class(
        np.array([7.5, 1.0]), limits=[7.5, 6, 5, 3, 2], is_minimum=True
    ).tolist() == [
        0.0,
        5.0,
    ]
    worst, decides = worst_class(
        {"NH4-N": np.array([0.1, 3.0]), "DO": np.array([5.5, 8.0]), "odd": np.array([9.0, 9.0])},
        limits={"NH4-N": [0.15, 0.5, 1, 1.5, 2], "DO": [7.5, 6, 5, 3, 2]},
    )
    assert worst.tolist() == [2.0, 5.0]
    assert decides == ("DO", "NH4-N")


def test_an_outlet_is_joined_to_the_river_of_its_size():
    """The nearest line is the Yangtze, the right one the brook beside it."""
    reaches = pd.DataFrame(
        {
            "id": ["river", "brook"],
            "longitude": [106.50, 106.53],
            "latitude": [29.5, 29.5],
            "flow_mean_m3_s": [5000.0, 4.0],
        }
    )
    outlets = pd.DataFrame(
        {"id": ["o"], "longitude": [106.505], "latitude": [29.5], "river_flow_m3_s": [5.0]}
    )
    found, faults = snap(outlets, reaches)
    assert list(found["reach"]) == ["brook"]
    assert faults == ()


def test_a_river_that_recovers_at_once_has_its_lowest_oxygen_at_the_outlet():
    """Great deficit, little BOD."""
    sag = critical(1.0, 5.0, oxidation=0.1, reaeration=2.0, saturation=9.0)
    assert (sag.time, sag.deficit, sag.oxygen) == (0.0, 5.0, 4.0)
    even = critical(10.0, 0.0, oxidation=0.5, reaeration=0.5, saturation=9.0)
    assert even.time == pytest.approx(2.0)
    assert even.deficit == pytest.approx(10 / np.e)


def test_many_runs_see_lakes_and_backwaters():
    """Where the level is held, time follows the flow and the spread stays."""
    net = connect([1, 2, -1], ids=["river", "lake", "backwater"])
    factors = latin_hypercube(Spread(rate=0.4, flow=0.3, loads=(0.2,)), runs=5, seed=1)
    flow, decay, time = np.full(3, 2.0), np.full(3, 0.3), np.array([1.0, 4.0, 2.0])
    peclet, load = np.array([np.inf, 0.0, 3.0]), np.array([10.0, 0.0, 0.0])
    many = ensemble(
        net,
        loads=load[None, :],
        flow=flow,
        decay=decay,
        time=time,
        factors=factors,
        sections=np.array([2]),
        peclet=peclet,
    )
    for run in range(5):
        scale = factors.flow[run]
        lasts = time * scale ** -np.array([0.34, 1.0, 1.0])
        kept = decayed(decay * factors.rate[run], lasts, peclet=peclet * scale)
        got = carry(net, load=load * factors.loads[0, run], flow=flow * scale, kept=kept)
        assert many.at_sections[0, run] == pytest.approx(got.head_mg_l[2], rel=1e-12)
