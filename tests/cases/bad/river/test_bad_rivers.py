"""Mistakes in a table of reaches give these messages."""

import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.river import from_hydrorivers, network, snap


def reaches(**changes):
    table = {
        "id": ["upper", "middle", "lower"],
        "downstream": ["middle", "lower", None],
        "length_km": [10.0, 12.0, 9.0],
        "width_m": [20.0, 25.0, 30.0],
        "flow_mean_m3_s": [5.0, 6.0, 9.0],
        "flow_low_m3_s": [1.0, 1.2, 2.0],
    }
    return pd.DataFrame(table | changes)


def message(*tables):
    with pytest.raises(FileError) as caught:
        network(*tables)
    return str(caught.value)


def test_a_circle_is_named():
    """The way round is written out."""
    assert message(reaches(downstream=["middle", "lower", "upper"])) == (
        "reaches.csv, reach 'middle': flows in a circle: middle > lower > upper > middle. "
        "Correct 'downstream' of one of them."
    )


def test_a_reach_that_flows_nowhere():
    """The near word is offered."""
    assert message(reaches(downstream=["midle", "lower", None])) == (
        "reaches.csv, reach 'upper', downstream: flows into 'midle', which is not in the table. "
        "Did you mean 'middle'? Leave it empty where the water leaves."
    )


def test_all_bad_numbers_at_once():
    """No flow, a width of 0, a negative low flow: three faults, one message."""
    table = reaches(
        flow_mean_m3_s=[0.0, 6.0, 9.0], width_m=[20.0, 0.0, 30.0], flow_low_m3_s=[0.0, 1.2, -2.0]
    )
    assert message(table).splitlines() == [
        "reaches.csv, reach 'middle', width_m: is 0 m. Give a number above 0.",
        "reaches.csv, reach 'upper', flow_mean_m3_s: is 0 m³/s. Give a number above 0; "
        "a dry reach is left out and its neighbours joined.",
        "reaches.csv, reach 'upper', flow_low_m3_s: is 0 m³/s. Give a number above 0; "
        "a dry reach is left out and its neighbours joined.",
        "reaches.csv, reach 'lower', flow_low_m3_s: is -2 m³/s. Give a number above 0; "
        "a dry reach is left out and its neighbours joined.",
    ]


def test_low_flow_above_the_mean():
    """The two columns were swapped."""
    assert message(reaches(flow_low_m3_s=[1.0, 7.0, 2.0])) == (
        "reaches.csv, reach 'middle': low flow 7 m³/s is above the mean of 6. Check the two."
    )


def test_a_reach_that_stands_twice():
    """Ids are keys."""
    assert message(
        reaches(id=["upper", "middle", "middle"], downstream=["middle", None, None])
    ) == ("reaches.csv, reach 'middle': stands twice. Keep one.")


def test_shares_of_a_parting_that_do_not_add_up():
    """Water is neither made nor lost where a river parts."""
    splits = pd.DataFrame(
        {"reach": ["upper", "upper"], "downstream": ["middle", "lower"], "share": [0.5, 0.6]}
    )
    assert message(reaches(), splits) == (
        "splits.csv, reach 'upper': shares add up to 1.1. Give positive shares that add up to 1."
    )


def test_a_hydrorivers_table_without_flow():
    """What is missing is named."""
    with pytest.raises(FileError) as caught:
        from_hydrorivers(pd.DataFrame({"HYRIV_ID": [1], "NEXT_DOWN": [0], "LENGTH_KM": [2.0]}))
    assert str(caught.value) == ("HydroRIVERS table: lacks DIS_AV_CMS. Export these columns.")


def test_an_outlet_thirty_kilometres_from_any_reach():
    """It is left without a reach, and said so."""
    where = pd.DataFrame(
        {"id": ["r"], "longitude": [106.5], "latitude": [29.5], "flow_mean_m3_s": [5.0]}
    )
    far = pd.DataFrame({"id": ["works"], "longitude": [107.0], "latitude": [29.5]})
    found, faults = snap(far, where)
    assert found["reach"].isna().all()
    assert [str(f) for f in faults] == [
        "outlets.csv, 'works': is 48 km from the nearest reach. "
        "Check its coordinates, or add the reach to reaches.csv."
    ]


def test_a_doubtful_reach_is_taken_but_reported():
    """A brook's outlet beside a river a thousand times larger."""
    where = pd.DataFrame(
        {"id": ["river"], "longitude": [106.5], "latitude": [29.5], "flow_mean_m3_s": [5000.0]}
    )
    near = pd.DataFrame(
        {"id": ["works"], "longitude": [106.51], "latitude": [29.5], "river_flow_m3_s": [5.0]}
    )
    found, faults = snap(near, where)
    assert list(found["reach"]) == ["river"]
    assert [str(f) for f in faults] == [
        "outlets.csv, 'works': was joined to 'river', 1.0 km away, whose flow differs by "
        "a factor of 1000.0. Look at a map, and write its receiving_reach."
    ]
