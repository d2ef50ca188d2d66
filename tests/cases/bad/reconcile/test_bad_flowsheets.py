"""Mistakes in flowsheets and cases, and what is said about them."""

import pandas as pd
import pytest

from renvand.errors import FileError, SolveError
from renvand.reconcile import cases_of, reconcile, solve_case


def said(streams, measurements=(("a", "flow", 1.0, 0.1),), units=None, bounds=None):
    frame = pd.DataFrame([s.split(" ") for s in streams], columns=["id", "from_unit", "to_unit"])
    frame = frame if bounds is None else frame.assign(**bounds)
    rows = pd.DataFrame(measurements, columns=["stream", "quantity", "value", "sd"])
    with pytest.raises(FileError) as caught:
        reconcile(frame, rows, units=None if units is None else pd.DataFrame(units))
    return str(caught.value).split("\n")


def test_a_stream_without_ends():
    assert said(["a supply u", "b u "]) == [
        "stream 'b': has no to_unit."
        " Name a unit, or one of supply, drain, sewer, air, product, sludge."
    ]


def test_an_unknown_unit_is_suggested():
    assert said(["a supply rinse", "b rinze drain"], units={"id": ["rinse"]}) == [
        "stream 'b': no unit 'rinze'. Did you mean 'rinse'?"
    ]


def test_a_stream_that_passes_all_units_by():
    assert said(["a supply u", "b u drain", "c supply drain"]) == [
        "stream 'c': goes from 'supply' to 'drain'; no unit's balance sees it."
        " Give it two different ends."
    ]


def test_a_ring_that_nothing_enters():
    assert said(["a supply u", "b u drain", "c v w", "d w v"]) == [
        "units v, w: no stream enters or leaves this ring."
        " Add the stream that fills it and the one that empties it."
    ]


def test_all_faults_of_the_measurements_at_once():
    rows = [("a", "flow", 1.0, 0.1), ("a", "flow", 2.0, 0.1), ("x1", "COD", -1.0, float("nan"))]
    assert said(["a supply u", "x11 u drain"], rows) == [
        "measurement of flow in 'a': stands twice."
        " Give the mean of both with its standard deviation.",
        "measurement of COD in 'x1': no such stream. Did you mean 'x11'?",
        "measurement of COD in 'x1': the value is -1. Give a number, zero or more.",
        "measurement of COD in 'x1': the standard deviation is nan. Give a number, zero or more.",
    ]


def test_a_number_that_no_unit_explains():
    assert said(["a supply u", "b u drain"], [("a", "flow", 1.0, 1e308)]) == [
        "measurement of flow in 'a': the standard deviation is 1e+308. Look at its unit."
    ]


def test_a_component_that_nobody_measures():
    units = {"id": ["u"], "conserves": ["COD"]}
    rows = [("a", "flow", 1.0, 0.1), ("a", "COD5", 1.0, 0.1)]
    assert said(["a supply u", "b u drain"], rows, units) == [
        "unit 'u': conserves 'COD', which is measured nowhere."
        " Measure it, or take it out. Did you mean 'COD5'?"
    ]


def test_bounds_that_contradict_each_other():
    assert said(["a supply u", "b u drain"], bounds={"low": [5, 0], "high": [4, 9]}) == [
        "stream 'a': low 5 is above high 4. Turn them round or correct one."
    ]


def test_a_table_without_its_columns():
    with pytest.raises(FileError) as caught:
        reconcile(pd.DataFrame({"id": ["a"]}), pd.DataFrame())
    assert str(caught.value).split("\n")[:2] == [
        "streams: lacks column 'from_unit'. Add it.",
        "streams: lacks column 'to_unit'. Add it.",
    ]


def test_exact_values_that_cannot_both_be_true():
    case = {"A": [[1, -1]], "y": [10, 11], "var": [0, 0]}
    with pytest.raises(SolveError) as caught:
        solve_case(case)
    assert str(caught.value) == (
        "reconciliation: balance 1 cannot close: values known exactly contradict each other."
        " Give one of them a standard deviation."
    )


PAGES = {
    "case 'p', y: is not a list of numbers: could not convert string to float: 'ten'."
    " Give numbers only.": lambda: solve_case({"id": "p", "A": [[1, -1]], "y": ["ten", 2]}),
    "case 'p': does not have one var, zero or more, for each y."
    " Give variances, not standard deviations.": lambda: solve_case(
        {"id": "p", "A": [[1, -1]], "y": [1, 2], "var": [1, -1]}
    ),
    "measurements, row 1, sd: '2 %' is no number. Correct it.": lambda: solve_case(
        {
            "streams": [{"id": "a", "from_unit": "supply", "to_unit": "u"}],
            "measurements": [{"stream": "a", "quantity": "flow", "value": 1, "sd": "2 %"}],
        }
    ),
    "case '': has no list measurements. Give a list of tables.": lambda: solve_case(
        {"streams": [{"id": "a", "from_unit": "supply", "to_unit": "u"}]}
    ),
    "file: holds no reconciliation case. Give tables with A, equations, or streams and"
    " measurements.": lambda: cases_of({"title": "none"}),
    "case 'p': has no balances. Give A, equations, or streams with measurements.": lambda: (
        solve_case({"id": "p", "y": [1]})
    ),
    "case 'p': has an A of another width than y. Check A.": lambda: solve_case(
        {"id": "p", "A": [[1, 1]], "y": [1, 2, 3]}
    ),
    "equation 1: 'x1 + 2' is not one equation. Write one left side = one right side.": lambda: (
        solve_case({"equations": ["x1 + 2"], "y": [1]})
    ),
    "equation 1: no 'x3'. Allowed: x1, x2.": lambda: solve_case(
        {"equations": ["x1 = x3"], "y": [1, 2]}
    ),
    "equation 1: no 'open'. Allowed: exp, log, sqrt.": lambda: solve_case(
        {"equations": ["open(x1) = x2"], "y": [1, 2]}
    ),
    "equation 1: 'Attribute' is not arithmetic. Use + - * / ^ and brackets.": lambda: solve_case(
        {"equations": ["x1.real = x2"], "y": [1, 2]}
    ),
}


@pytest.mark.parametrize("message", PAGES, ids=range(len(PAGES)))
def test_a_mistake_in_a_page(message):
    with pytest.raises(FileError) as caught:
        PAGES[message]()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "line", ["9^9^9^9 x1 = x2", "sqrt(-1 - x1^2) = x2", "log(0 x1) = x2", "x1 / (x2 - x2) = 1"]
)
def test_an_equation_without_a_value_stops_with_words(line):
    with pytest.raises(SolveError, match="did not settle"):
        solve_case({"equations": [line], "y": [1.0, 2.0]})


def test_a_very_deep_equation_is_refused():
    with pytest.raises(FileError, match=r"more than 200 steps deep|cannot be read"):
        solve_case({"equations": ["-" * 500 + "x1 = x2"], "y": [1.0, 2.0]})
