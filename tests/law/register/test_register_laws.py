"""Whatever the lists hold, the register keeps these promises."""

import random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from renvand.steps.register import burden
from renvand.steps.register.identity import Code
from renvand.steps.register.link import Mention, link
from renvand.steps.register.load import by_outlet
from renvand.steps.register.names import comparable
from renvand.steps.register.values import folded, understand
from tests.unit.register.engine import made, observations, tables

concentrations = st.floats(min_value=1e-4, max_value=1e4)
samples = st.lists(st.tuples(concentrations, st.booleans()), min_size=1, max_size=12)
NONE = Code(text="", is_valid=False)


# Many outlets an example and few examples: working an expression out takes half a second.
FEW = settings(max_examples=4, deadline=None)


def loads(outlets, *, scale=1.0):
    rows = [
        {"outlet": str(n), "concentration_mg_l": c * scale, "is_censored": below}
        for n, pairs in enumerate(outlets)
        for c, below in pairs
    ]
    given = tables(observations=observations(rows))
    return made(by_outlet(given["observations"]).order_by("outlet"))


@FEW
@given(outlets=st.lists(samples, min_size=10, max_size=30))
def test_a_load_lies_in_its_own_range(outlets):
    """Between nothing for every censored sample and its whole reporting limit."""
    table = loads(outlets)
    slack = 1e-9 * table["load_high_kg_a"]
    assert (table["load_low_kg_a"] - slack <= table["load_kg_a"]).all()
    assert (table["load_kg_a"] <= table["load_high_kg_a"] + slack).all()


@FEW
@given(
    outlets=st.lists(samples, min_size=10, max_size=30), scale=st.sampled_from([1e-3, 10.0, 1e3])
)
def test_a_load_in_other_units_is_the_same_load(outlets, scale):
    """Micrograms or milligrams: the estimate scales with its samples."""
    one, other = loads(outlets)["load_kg_a"], loads(outlets, scale=scale)["load_kg_a"]
    assert (abs(other - scale * one) <= 1e-6 * abs(other)).all()


FIRST = {"Cr", "Ni", "Pb", "Cd", "Hg", "As"}
equivalents = st.dictionaries(
    st.sampled_from(sorted({"COD", "BOD5", "SS", "TP"} | FIRST)),
    st.floats(min_value=0, max_value=1e6),
    min_size=1,
)


@FEW
@given(outlets=st.lists(equivalents, min_size=10, max_size=30))
def test_never_more_is_taxed_than_there_is(outlets):
    rows = [
        {
            "outlet": str(n),
            "substance": name,
            "equivalents": amount,
            "category": "1" if name in FIRST else "2",
            "is_oxygen_demand": name in ("COD", "BOD5"),
            "exceedance": 1.0,
            "discharge": "direct",
        }
        for n, amounts in enumerate(outlets)
        for name, amount in amounts.items()
    ]
    given = tables(loads=pd.DataFrame(rows))
    out = made(burden.taxed(given["loads"], first_class=5, others=3, reductions=(0.75, 0.5)))
    assert (out["taxed_equivalents"] <= out["equivalents"]).all()
    for _, outlet in out[out["taxed_equivalents"] > 0].groupby("outlet"):
        taxed = set(outlet["substance"])
        assert len(taxed & FIRST) <= 5
        assert len(taxed - FIRST) <= 3
        assert not {"COD", "BOD5"} <= taxed


names = st.sampled_from(["宏达电镀", "宏达电镀厂", "宏达电镀一厂", "明亮纺织", ""])
codes = st.sampled_from(["", "A", "B"])


@st.composite
def mentions(draw):
    code = draw(codes)
    plant = draw(st.sampled_from(["", "001P", "002P"])) if code else ""
    return Mention(
        place="x",
        register=draw(st.sampled_from(["one", "two"])),
        number=draw(st.sampled_from(["", "1", "2"])),
        uscc=Code(text=code, is_valid=True) if code else NONE,
        permit=Code(text=code + plant, is_valid=True) if plant else NONE,
        name=draw(names),
        division=draw(st.sampled_from(["500120", "500111"])),
    )


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(mentions(), min_size=2, max_size=10), seed=st.integers(0, 99))
def test_the_sites_do_not_depend_on_the_order_of_the_rows(rows, seed):
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    sites = link(rows)
    shuffled = link([rows[i] for i in order])
    back = {i: shuffled[k] for k, i in enumerate(order)}
    same = {(i, j) for i in order for j in order if sites[i] == sites[j]}
    assert same == {(i, j) for i in order for j in order if back[i] == back[j]}


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(mentions(), min_size=2, max_size=10))
def test_two_permits_are_two_sites_unless_the_register_itself_says_one(rows):
    """Only a number that both rows carry in one register can join two permits."""
    rows = [m for m in rows if not m.number]
    sites = link(rows)
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            if a.permit.is_valid and b.permit.is_valid and a.permit.text != b.permit.text:
                assert sites[i] != sites[j]


@given(text=st.text(max_size=20))
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(value=st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_a_plain_number_is_read_as_itself(value):
    assert understand(repr(value)).value == value


@given(name=st.text(alphabet="重庆市璧山区县宏达电镀有限责任公司厂()（） ", max_size=12))
def test_a_comparable_name_has_no_spaces_or_brackets(name):
    assert not set(comparable(name)) & set(" ()（）")
