"""Each function does its sentence, on flowsheets small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest

from renvand.reconcile import (
    cases_of,
    cheapest_meters,
    contradictions,
    next_meters,
    read_network,
    reconcile,
    solve_case,
)


def streams(*rows):
    return pd.DataFrame([row.split() for row in rows], columns=["id", "from_unit", "to_unit"])


def measured(*rows):
    frame = pd.DataFrame(
        [row.split() for row in rows], columns=["stream", "quantity", "value", "sd"]
    )
    return frame.astype({"value": float, "sd": float})


LINE = streams("a supply u", "b u v", "c v drain")
SPLIT = streams("a supply u", "b u drain", "c u drain")


def test_two_equal_meters_meet_in_the_middle():
    result = reconcile(LINE, measured("a flow 10 1", "b flow 13 1"), significance=1e-6)
    assert result.value("a") == pytest.approx((11.5, np.sqrt(0.5)))
    assert result.value("c") == pytest.approx((11.5, np.sqrt(0.5)))
    assert result.first.objective == pytest.approx(4.5)
    assert result.table().set_index(["stream", "quantity"])["status"].to_dict() == {
        ("a", "flow"): "redundant",
        ("b", "flow"): "redundant",
        ("c", "flow"): "observable",
    }


def test_what_no_balance_tells_is_not_shown():
    """One meter in, two ways out: neither is known, and one meter on either tells both."""
    result = reconcile(SPLIT, measured("a flow 10 1"))
    table = result.table().set_index("stream")
    assert table["status"].tolist() == ["nonredundant", "unobservable", "unobservable"]
    assert table["value"].isna().tolist() == [False, True, True]
    (advice,) = next_meters(result)
    assert advice.stream == "b"
    assert {stream for stream, _ in advice.tells} == {"b", "c"}
    assert np.isnan(result.total({"b": 1.0})[0])
    # Their sum is known although neither is.
    assert result.total({"a": 1.0}) == pytest.approx((10, 1))


def test_when_all_is_known_the_meter_that_narrows_most_is_advised():
    result = reconcile(SPLIT, measured("a flow 10 0.1", "b flow 5 2"))
    best = next_meters(result)[0]
    assert best.stream in ("b", "c")
    assert 0.5 < best.gain <= 1


def test_concentrations_tell_a_flow_that_nobody_measured():
    """Ten parts of salt in a, one in b, four where they meet: a is a third of the whole."""
    flowsheet = streams("a supply u", "b supply u", "c u drain")
    result = reconcile(
        flowsheet,
        measured("a salt 10 0.01", "b salt 1 0.01", "c salt 4 0.01", "c flow 30 0.1"),
    )
    value, sd = result.value("a")
    assert value == pytest.approx(10, rel=1e-6)
    assert 0 < sd < 0.2
    load, _ = result.load(["a", "b"], "salt")
    assert load == pytest.approx(120, rel=1e-6)


def test_a_unit_that_takes_a_substance_out_is_balanced_for_water_only():
    units = pd.DataFrame({"id": ["u", "v"], "conserves": ["COD", ""]})
    rows = ("a flow 10 1", "c flow 10 1", "a COD 500 20", "b COD 520 20", "c COD 50 2")
    table = reconcile(LINE, measured(*rows), units=units).table()
    cod = table[table["quantity"] == "COD"].set_index("stream")
    assert cod["value"].to_dict() == pytest.approx({"a": 510, "b": 510, "c": 50})


def test_all_outlets_of_a_mixed_tank_carry_the_same():
    units = pd.DataFrame({"id": ["u"], "mixes": [True]})
    result = reconcile(SPLIT, measured("a flow 9 1", "b flow 4 1", "a N 3 0.3"), units=units)
    assert result.value("b", "N") == pytest.approx(result.value("c", "N"))
    assert result.value("c", "N")[0] == pytest.approx(3)


def test_vapour_carries_nothing_and_what_stays_behind_thickens():
    flowsheet = streams("a supply u", "b u air", "c u drain")
    units = pd.DataFrame({"id": ["u"], "mixes": [True]})
    rows = ("a flow 10 0.1", "b flow 5 0.1", "a salt 7 0.1", "b salt 0 0")
    result = reconcile(flowsheet, measured(*rows), units=units)
    assert result.value("c", "salt")[0] == pytest.approx(14)


def test_nothing_flows_backwards():
    """The readings ask for minus two; the stream is held at nothing and the others give way."""
    result = reconcile(SPLIT, measured("a flow 10 1", "b flow 12 1"), significance=1e-9)
    table = result.table().set_index("stream")
    assert table["value"].to_dict() == pytest.approx({"a": 11, "b": 11, "c": 0}, abs=1e-12)
    assert table.loc["c", "status"] == "bound"
    assert result.first.objective == pytest.approx(2)


def test_bounds_of_the_table_are_kept():
    flowsheet = SPLIT.assign(low=[0, 0, 2.0], high=[np.nan, 7.0, np.nan])
    result = reconcile(flowsheet, measured("a flow 10 1", "b flow 9.5 1"), significance=1e-9)
    value = {s: result.value(s)[0] for s in "abc"}
    assert value["b"] <= 7 + 1e-9
    assert value["c"] >= 2 - 1e-9
    assert value["a"] == pytest.approx(value["b"] + value["c"])


def test_a_wrong_meter_is_named_and_left_out():
    """Two ways through the site, six meters; five agree and b says fifteen more."""
    flowsheet = streams("a supply u", "b u p", "c u q", "d p v", "e q v", "f v drain")
    rows = [f"{s} flow {v} 1" for s, v in zip("abcdef", (100, 75, 40, 60, 40, 100), strict=True)]
    result = reconcile(flowsheet, measured(*rows))
    (error,) = result.errors
    assert error.is_identified
    assert result.name(error.at) == ("b", "flow")
    assert error.suspects[0].size == pytest.approx(15)
    assert result.value("b")[0] == pytest.approx(60)
    assert result.table().set_index("stream")["is_suspect"].to_dict()["b"]


def test_meters_in_line_cannot_be_told_apart():
    """Two readings of the same water: one of them is wrong, nobody can say which."""
    result = reconcile(LINE, measured("a flow 10 1", "c flow 20 1"))
    (error,) = result.errors
    assert not error.is_identified
    assert {result.name(i)[0] for i in (error.at, *error.twins)} == {"a", "c"}
    assert {result.name(i) for i in error.leaks} == {("u", "leak"), ("v", "leak")}
    value, sd = result.value("b")
    assert abs(value - 10) < 1e-9 or abs(value - 20) < 1e-9
    assert sd == pytest.approx(np.sqrt((1 + 1 + 100) / 2))  # either, with equal chance


def test_a_leak_is_told_from_a_wrong_meter_where_meters_stand_on_all_sides():
    """Four meters round one unit agree with their neighbours, and thirty go missing inside."""
    flowsheet = streams("a supply p", "b p u", "c supply q", "d q u", "e u r", "f r drain")
    rows = [f"{s} flow {v} 1" for s, v in zip("abcdef", (100, 100, 50, 50, 120, 120), strict=True)]
    result = reconcile(flowsheet, measured(*rows))
    error = result.errors[0]
    assert error.is_leak
    assert result.name(error.at) == ("u", "leak")
    assert error.suspects[0].size == pytest.approx(30)
    assert error.after < 1e-9


def test_a_closed_balance_explains_its_rows():
    balance = reconcile(LINE, measured("a flow 10 1", "c flow 11 1")).balances().set_index("unit")
    assert balance["raw_in"].isna().to_dict() == {"u": False, "v": True}
    assert balance["inflow"].to_dict() == pytest.approx({"u": 10.5, "v": 10.5})
    assert balance["closure"].to_dict() == pytest.approx({"u": 0, "v": 0})


def test_a_balance_said_twice_counts_once():
    """The third row is the sum of the first two: it is found and dropped."""
    case = {"A": [[1, -1, 0], [0, 1, -1], [1, 0, -1]], "y": [10, 11, 12], "var": [1, 1, 1]}
    made = solve_case(case)
    assert made["dof"] == 2
    assert made["x_rec"] == pytest.approx([11, 11, 11])


def test_a_page_may_hold_one_case_or_many():
    case = {"A": [[1, -1]], "y": [1, 2]}
    assert cases_of(case) == [case]
    assert cases_of([case, case]) == [case, case]
    assert cases_of({"case": [case]}) == [case]


def test_unmeasured_values_are_empty_in_a_page():
    made = solve_case({"A": [[1, -1, -1]], "y": [10, None, 4], "var": [1, 1, 1]})
    assert made["x_rec"] == pytest.approx([10, 6, 4])
    assert made["sd_rec"][1] == pytest.approx(np.sqrt(2))
    made = solve_case({"A": [[1, -1, -1]], "y": [10, None, None], "var": [1, 1, 1]})
    assert made["x_rec"] == [10, None, None]


def test_a_page_of_streams_gives_tables():
    made = solve_case(
        {
            "streams": LINE.to_dict("records"),
            "measurements": measured("a flow 10 1", "b flow 13 1").to_dict("records"),
        }
    )
    assert made["objective"] == pytest.approx(4.5)
    assert [row["stream"] for row in made["table"]] == ["a", "b", "c"]


RING = streams("a supply u", "b u v", "c u w", "d v w", "e v drain", "f w drain")


def test_the_cheapest_meters_are_the_cheapest_of_all_choices():
    """Two meters more tell everything; all pairs are tried by hand, and none costs less."""
    from itertools import combinations

    seen = measured("a flow 10 1", "b flow 6 1")
    prices = {"b": 1.0, "c": 3.0, "d": 7.0, "e": 4.0, "f": 5.0}
    chosen = cheapest_meters(reconcile(RING, seen), prices)
    best = min(
        sum(prices[s] for s in pair)
        for count in (1, 2)
        for pair in combinations("cdef", count)
        if _tells_all(seen, pair)
    )
    assert sum(price for _, price in chosen) == best
    assert chosen == [("e", 4.0)]


def _tells_all(seen, pair):
    more = measured(*(f"{s} flow 3 1" for s in pair))
    table = reconcile(RING, pd.concat([seen, more]), most_errors=0).table()
    return (table["status"] != "unobservable").all()


def test_meters_without_a_price_cost_as_much_as_the_dearest():
    result = reconcile(SPLIT, measured("a flow 10 1"))
    assert cheapest_meters(result) == [("b", 1.0)]
    assert cheapest_meters(result, {"c": 9.0}) == [("b", 9.0)]
    assert cheapest_meters(result, {"c": 9.0, "b": 12.0}) == [("c", 9.0)]


def test_bounds_that_contradict_the_balances_are_named():
    flowsheet = SPLIT.assign(low=[np.nan, 8.0, 5.0], high=[10.0, np.nan, np.nan])
    (fault,) = contradictions(read_network(flowsheet, measured("a flow 9 1")))
    assert str(fault) == (
        "bounds of streams: 'b' at least 8, 'c' at least 5, 'a' at most 10 m3/d cannot hold"
        " together: the water balances forbid it. Correct one of them."
    )
    assert contradictions(read_network(flowsheet.assign(low=0.0), measured("a flow 9 1"))) == []


@pytest.mark.parametrize("outlets", [1, 2, 3])
def test_more_out_than_in_is_an_error_however_many_outlets_nobody_measures(outlets):
    unmeasured = [f"air-{k}" for k in range(outlets)]
    streams = [("in", "supply", "mill"), ("out", "mill", "sewer")]
    streams += [(name, "mill", "air") for name in unmeasured]
    seen = [("in", "flow", 60.0, 1.5), ("out", "flow", 76.0, 1.5)]
    found = reconcile(
        pd.DataFrame(streams, columns=["id", "from_unit", "to_unit"]),
        pd.DataFrame(seen, columns=["stream", "quantity", "value", "sd"]),
    )
    assert found.first.is_alarm
    (error,) = found.errors
    assert abs(error.suspects[0].size) == pytest.approx(16.0)


def test_a_little_more_out_than_in_leaves_nothing_for_who_is_not_measured():
    streams = [("in", "supply", "mill"), ("out", "mill", "sewer")]
    streams += [("a", "mill", "air"), ("b", "mill", "air")]
    seen = [("in", "flow", 60.0, 1.0), ("out", "flow", 61.0, 1.0)]
    found = reconcile(
        pd.DataFrame(streams, columns=["id", "from_unit", "to_unit"]),
        pd.DataFrame(seen, columns=["stream", "quantity", "value", "sd"]),
    )
    assert found.table()["value"].tolist() == pytest.approx([60.5, 60.5, 0.0, 0.0], abs=1e-9)
    assert not found.errors
