"""Rows without a number, judged by what rows with a number teach."""

import random

import pytest

from renvand.steps.register.doubts import doubts
from renvand.steps.register.identity import Code
from renvand.steps.register.likely import likely
from renvand.steps.register.link import Mention, link
from renvand.steps.register.names import comparable

NONE = Code(text="", is_valid=False)
SIGNS = "宏达明亮金山新华泰裕永兴隆盛昌茂源丰顺安康福禄祥瑞"


def mention(file, line, *, name, address, code=""):
    return Mention(
        place=f"inbox/{file}.csv, line {line}",
        register=file,
        number="",
        uscc=Code(text=code, is_valid=True) if code else NONE,
        permit=NONE,
        name=comparable(name),
        division="500120",
        address=comparable(address),
    )


@pytest.fixture(scope="module")
def rows():
    """120 companies in two lists with numbers and slips; one more row without a number."""
    rng = random.Random(3)
    made = []
    for n in range(120):
        name = "".join(rng.sample(SIGNS, 5)) + "电镀厂"
        address = f"璧山区{''.join(rng.sample(SIGNS, 3))}路{n}号"
        slip = (name[:3] + name[4:], name[1:5] + "厂", name, name)[n % 4]
        made += [
            mention("a", n, name=name, address=address, code=f"C{n:03}"),
            mention("b", n, name=slip, address=address + ("附1" if n % 3 else ""), code=f"C{n:03}"),
        ]
        last = name, address
    return [*made, mention("c", 0, name=last[0][1:5] + "厂", address=last[1])]


def test_a_row_without_number_is_found_by_its_address(rows):
    sites = link(rows)
    found = likely(rows, sites)
    pair = (sites[-2], sites[-1])
    assert pair in {p[:2] for p in found.pairs}
    assert found.labelled == 120
    assert found.quality is not None
    assert found.quality.precision > 0.95
    assert found.quality.recall > 0.95
    asked = doubts(rows, sites, apart=set(), likely=found.pairs)
    assert pair in {(d.first, d.second) for d in asked}


def test_likely_pairs_are_asked_for_until_a_person_keeps_them_apart():
    rows = [
        mention("a", 1, name="宏达电镀厂", address="金山路1号"),
        mention("b", 1, name="新华工厂", address="金山路1号"),
    ]
    (asked,) = doubts(rows, link(rows), apart=set(), likely=[(0, 1, 0.9)])
    assert (asked.score, asked.reason) == (90.0, "similar name and address")
    assert doubts(rows, link(rows), apart={frozenset((0, 1))}, likely=[(0, 1, 0.9)]) == []


def test_with_few_labels_nothing_is_learnt(rows):
    few = rows[:40]
    assert likely(few, link(few)).pairs == ()


@pytest.mark.slow
def test_spark_finds_the_same_pairs():
    import shutil
    from importlib.util import find_spec

    import pandas as pd

    from renvand.steps.register.similar import Plan, pairs

    if not find_spec("pyspark") or not shutil.which("java"):
        pytest.skip("pyspark or Java is not on this machine")
    rng = random.Random(4)
    names = ["".join(rng.choices("abcdefghij", k=8)) for _ in range(300)]
    slips = [name if n % 3 else name[:4] + name[5:] for n, name in enumerate(names)]
    left = pd.DataFrame({"id": [f"a{n:03}" for n in range(300)], "name": names, "town": "x"})
    right = left.assign(id=[f"b{n:03}" for n in range(300)], name=slips)
    plan = Plan(fields={"name": "name"}, blocks=[["town"]], certain=[["name"]])
    here, there = (
        pairs(left, right, plan=plan, seed=1, engine=engine) for engine in ("duckdb", "local[1]")
    )
    for found in (here, there):
        best = found.drop_duplicates("first")  # of the first list: its most probable partner
        assert (best["first"].str[1:] == best["second"].str[1:]).mean() > 0.95
