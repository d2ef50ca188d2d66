"""Mistakes in a file of water networks, each with its exact words; networks that cannot be."""

import copy

import pytest

from renvand.errors import FileError, SolveError
from renvand.waternet import Fresh, Sink, Source, WaterCase, read_cases, rinse_water, solve, target

GOOD = {
    "id": "mill",
    "contaminants": ["COD", "TDS"],
    "fresh": [{"name": "FW", "conc": {"COD": 0, "TDS": 100}}],
    "ops": [
        {
            "name": "P1",
            "load": {"COD": 2, "TDS": 1},
            "cin": {"COD": 10, "TDS": 200},
            "cout": {"COD": 100, "TDS": 400},
        }
    ],
    "treat": [{"name": "T1", "rem": {"COD": 0.9}}],
    "limit": {"COD": 50},
}


def told(change):
    page = copy.deepcopy(GOOD)
    change(page)
    with pytest.raises(FileError) as caught:
        read_cases(page, name="mill.json")
    return [str(fault) for fault in caught.value.faults]


MISTAKES = {
    "removal above one": (
        lambda p: p["treat"][0]["rem"].update(COD=95),
        "mill.json, case 'mill', treat 'T1', rem: 'COD' is 95; the most is 1. Check the unit.",
    ),
    "missing contaminant": (
        lambda p: p["ops"][0]["load"].pop("TDS"),
        "mill.json, case 'mill', ops 'P1', load: lacks contaminant 'TDS'. "
        "Add it; 0 when there is none.",
    ),
    "negative load": (
        lambda p: p["ops"][0]["load"].update(COD=-2),
        "mill.json, case 'mill', ops 'P1', load: 'COD' is -2. Give 0 or more.",
    ),
    "wrong unit": (
        lambda p: p.update(unit="kg/h"),
        "mill.json, case 'mill', unit: 'kg/h' is not known. Did you mean 'kg/s'?",
    ),
    "unknown key": (
        lambda p: p["ops"][0].update(cinn={}),
        "mill.json, case 'mill', ops 'P1': 'cinn' is not known. Did you mean 'cin'?",
    ),
    "name that is no word": (
        lambda p: p["fresh"].append({"name": {"A": 5}}),
        "mill.json, case 'mill', fresh 2: has no name. Write {\"name\": …}.",
    ),
    "list that is none": (
        lambda p: p.update(distances=5),
        "mill.json, case 'mill', distances: is not a list. Write [ … ].",
    ),
    "pipe that is no pair of names": (
        lambda p: p.update(forced=[["FW", {"A": 5}]]),
        "mill.json, case 'mill', forced: ['FW', {'A': 5}] is not a pipe. Write [\"from\", \"to\"].",
    ),
    "unknown contaminant": (
        lambda p: p["limit"].update(CDO=1),
        "mill.json, case 'mill', case, limit: 'CDO' is no contaminant. Did you mean 'COD'?",
    ),
    "cleaner outlet": (
        lambda p: p["ops"][0]["cout"].update(COD=5),
        "mill.json, case 'mill', ops 'P1': COD: outlet 5 is not above inlet 10. "
        "An operation with a load makes water dirtier.",
    ),
    "text for a number": (
        lambda p: p["ops"][0]["load"].update(COD="2,5"),
        "mill.json, case 'mill', ops 'P1', load: 'COD' is '2,5', not a number. Write a number.",
    ),
    "same name twice": (
        lambda p: p["ops"].append(copy.deepcopy(p["ops"][0])),
        "mill.json, case 'mill', ops 2: 'P1' stands twice. Give each its own name.",
    ),
    "contradiction": (
        lambda p: p.update(forced=[["P1", "T1"]], forbidden=[["P1", "T1"]]),
        "mill.json, case 'mill', forced: P1 to T1 is both forced and forbidden. "
        "Keep one of the two.",
    ),
    "no such place": (
        lambda p: p.update(forbidden=[["P1", "T2"]]),
        "mill.json, case 'mill', forbidden: 'T2' is not in the network. "
        "Allowed: FW, P1, T1, discharge.",
    ),
    "no water": (
        lambda p: p.update(ops=[]),
        "mill.json, case 'mill', case: has no water. Give ops, or sources and sinks.",
    ),
    "half a pipe": (
        lambda p: p.update(most_pipes=2.5),
        "mill.json, case 'mill', case: 'most_pipes' is 2.5. Give a whole number.",
    ),
    "no such distance": (
        lambda p: p.update(distances=[["P1", "T9", 20]]),
        "mill.json, case 'mill', distances: 'T9' is not in the network. "
        "Allowed: FW, P1, T1, discharge.",
    ),
    "not a distance": (
        lambda p: p.update(distances=[["P1", 20]]),
        "mill.json, case 'mill', distances: ['P1', 20] is not a distance. "
        'Write ["from", "to", metres].',
    ),
    "distances missing": (
        lambda p: p.update(pipe_cost_m=50, distances=[["FW", "P1", 20], ["P1", "T1", 5]]),
        "mill.json, case 'mill', distances: lack 2 pipes: P1 to discharge, T1 to discharge. "
        "Add them, or forbid the pipe.",
    ),
    "worth without interest": (
        lambda p: p.update(objective="npv", annualisation=0),
        "mill.json, case 'mill', case: 'annualisation' is 0; a net present value needs it. "
        "Give the annuity, such as 0.149 for 10 years at 8 %.",
    ),
    "not understood": (
        lambda p: p.update(extra_constraint="be good"),
        "mill.json, case 'mill', extra_constraint: 'be good' is not understood. "
        "Write 'F_<treatment> <= fresh'.",
    ),
}


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_a_mistake_gives_its_message(mistake):
    """Place, what is wrong with the value, what to do."""
    change, message = MISTAKES[mistake]
    assert told(change) == [message]


def test_all_faults_come_at_once():
    """Two mistakes, two messages."""

    def change(page):
        page["ops"][0]["load"]["COD"] = -2
        page["treat"][0]["rem"]["COD"] = 95

    assert len(told(change)) == 2


@pytest.mark.parametrize("page", [[], {}, [3], "text", None, {"id": 3}, [{"id": "a"}]])
def test_nonsense_is_refused_in_words(page):
    """Whatever JSON it is, the answer is a sentence or no case; never a stack trace."""
    if page == []:
        assert read_cases(page, name="odd.json") == ((), ())
        return
    with pytest.raises(FileError) as caught:
        read_cases(page, name="odd.json")
    assert all(fault.do for fault in caught.value.faults)


def plant(**changes):
    parts = {
        "id": "mill",
        "contaminants": ("A",),
        "fresh": (Fresh(name="FW", quality={"A": 0.0}),),
        "sinks": (Sink(name="D1", flow=10.0, worst={"A": 20.0}),),
        "sources": (Source(name="S1", flow=10.0, quality={"A": 100.0}),),
    }
    return WaterCase(**(parts | changes))


def reason(case):
    with pytest.raises(SolveError) as caught:
        solve(case, seconds=10)
    return [str(fault) for fault in caught.value.faults]


def test_too_little_water_names_the_sink_and_the_amount():
    """Five of fresh water bear one and a quarter of the source at 20 ppm."""
    scarce = (Fresh(name="FW", quality={"A": 0.0}, most=5.0),)
    assert reason(plant(fresh=scarce)) == [
        "case 'mill', sink D1: gets 6.25 of 10 t/h; 3.75 t/h are missing. "
        "Allow more fresh water, or a smaller demand."
    ]


def test_too_few_pipes_are_named():
    """Water for one demand, and a drain for one source: two pipes at least."""
    assert reason(plant(most_pipes=1)) == [
        "case 'mill': has no network of the pipes allowed. "
        "Allow more pipes ('most_pipes', 'most_into', 'most_from') or smaller ones."
    ]


def test_too_dirty_fresh_water_names_the_sink_and_the_excess():
    """Fresh water of 30 ppm cannot serve a demand of 20."""
    dirty = (Fresh(name="FW", quality={"A": 30.0}),)
    assert reason(plant(fresh=dirty)) == [
        "case 'mill', sink D1: cannot be kept at 20 ppm A: the best is 30 ppm, 10 ppm too much. "
        "Give cleaner fresh water, more treatment, or a weaker demand."
    ]


def test_a_target_says_what_it_is_not_for():
    """Two contaminants have no cascade."""
    case = plant(contaminants=("A", "B"))
    with pytest.raises(SolveError, match="Use 'solve': it takes every network"):
        target(case)


def test_a_rinse_without_dilution_is_refused():
    """Nothing to rinse is no rinse."""
    with pytest.raises(SolveError, match="a dilution of 1 in 2 tanks has no answer"):
        rinse_water(1.0, 2)
