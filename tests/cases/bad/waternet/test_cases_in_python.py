"""Mistakes in a case that was written in Python, and what they are answered."""

from dataclasses import replace

import pytest

from renvand.errors import FileError
from renvand.waternet import Fresh, Operation, Sink, Source, WaterCase, solve, target

GOOD = WaterCase(
    id="mill",
    contaminants=("salt",),
    fresh=(Fresh(name="mains", quality={"salt": 0}),),
    sources=(Source(name="last", flow=40, quality={"salt": 100}),),
    sinks=(Sink(name="first", flow=40, worst={"salt": 50}),),
)
MISTAKES = [
    (
        {"fresh": (Fresh(name="mains", quality={"solt": 0}),)},
        [
            "case 'mill', fresh 'mains', quality: 'solt' is no contaminant. Did you mean 'salt'?",
            "case 'mill', fresh 'mains', quality: lacks contaminant 'salt'. "
            "Add it; 0 when there is none.",
        ],
    ),
    (
        {"contaminants": "salt"},
        ["case 'mill': contaminants are not a tuple of names. Write them as "
         "('salt',)."],
    ),
    (
        {"unit": "m3/day", "objective": "money"},
        [
            "case 'mill': unit 'm3/day' is not known. Did you mean 'm3/d'?",
            "case 'mill': objective 'money' is not known. Allowed: cost, fresh, fresh+treatment, "
            "npv, treatment.",
        ],
    ),
    (
        {"sinks": (Sink(name="first", flow=-1, worst={"salt": float("nan")}),)},
        [
            "case 'mill', sink 'first', worst: 'salt' is nan. Give 0 or more.",
            "case 'mill', sink 'first': 'flow' is -1. Give 0 or more.",
        ],
    ),
    (
        {"sources": (GOOD.sources[0], GOOD.sources[0])},
        ["case 'mill', source 'last': stands twice. Rename one."],
    ),
    (
        {"operations": (Operation(name="wash", load={"salt": "2"}, inlet={"salt": 0}),)},
        ["case 'mill', operation 'wash', load: 'salt' is '2'. Give 0 or more."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mistake", "told"), MISTAKES)
def test_a_mistake_in_a_case_is_told_before_anything_is_computed(mistake, told):
    with pytest.raises(FileError) as caught:
        solve(replace(GOOD, **mistake))
    assert [str(fault) for fault in caught.value.faults][: len(told)] == told


def test_a_target_looks_at_its_case_too():
    mistake, told = MISTAKES[0]
    with pytest.raises(FileError, match=told[0].split(":")[0]):
        target(replace(GOOD, **mistake))
