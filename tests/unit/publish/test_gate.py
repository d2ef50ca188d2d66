"""The gate: consent, three companies, and who a letter could be."""

import datetime as dt

import pandas as pd

from renvand.publish.gate import companies, inferences, statistic, warnings
from renvand.publish.model import Fact, Gap
from renvand.trace import Figure

ON = dt.date(2026, 3, 1)


def review(name, **more):
    page = {"enterprise": f"{name}-works", "sector": "textile-dyeing", "has_consent": True}
    return page | {"consent_on": ON} | more


def fact(name, value, **more):
    return Fact(
        id=f"review.{name}.specific_water",
        value=value,
        unit="m3/t",
        basis="calculated",
        confidence=more.pop("confidence", "high"),
        sources=("meters",),
        **more,
    )


REVIEWS = {name: review(name) for name in ("wanzhou", "kaizhou", "fuling", "dazu")}


def test_letters_stay_but_follow_no_order_a_reader_knows():
    first = companies(REVIEWS, "textile-dyeing", seed=1)
    again = companies(dict(reversed(REVIEWS.items())), "textile-dyeing", seed=1)
    assert [c.letter for c in first] == ["A", "B", "C", "D"]
    assert first == again
    orders = {
        tuple(c.review for c in companies(REVIEWS, "textile-dyeing", seed=s)) for s in range(20)
    }
    assert len(orders) > 5


def test_consent_without_its_day_is_no_consent():
    group = companies({"x": review("x", consent_on=None)}, "textile-dyeing", seed=1)
    assert not group[0].has_consent


def test_three_companies_make_a_statistic_with_its_range_and_parts():
    group = companies({k: REVIEWS[k] for k in list(REVIEWS)[:3]}, "textile-dyeing", seed=1)
    facts = [
        fact("a", 100.0),
        fact("b", 80.0, confidence="low"),
        fact("c", 120.0, is_constructed=True),
    ]
    made = statistic(facts, group, id="publish.x", how="median", method="Median.")
    assert isinstance(made, Figure)
    assert (made.value, made.low, made.high) == (100.0, 80.0, 120.0)
    assert made.made_of == tuple(f.id for f in facts)


def test_two_companies_make_none():
    group = companies({k: REVIEWS[k] for k in list(REVIEWS)[:2]}, "textile-dyeing", seed=1)
    made = statistic([fact("a", 1.0), fact("b", 2.0)], group, id="x", how="sum", method="Sum.")
    assert isinstance(made, Gap)
    assert (made.reason.key, made.reason.values) == ("sheet.gap_few", {"least": "3"})


def test_one_company_without_consent_withholds_the_statistic():
    pages = REVIEWS | {"dazu": review("dazu", has_consent=False)}
    group = companies(pages, "textile-dyeing", seed=1)
    made = statistic([fact(c.review, 1.0) for c in group], group, id="x", how="sum", method="Sum.")
    assert isinstance(made, Gap)
    assert made.reason.values == {"n": "1", "all": "4"}


def test_the_gate_counts_who_a_letter_could_be():
    register = pd.DataFrame(
        [
            {"id": f"e{n}", "sector": "textile-dyeing", "division": "500101", "employees": 40.0 * n}
            for n in range(1, 6)
        ]
        + [
            {
                "id": "wanzhou-works",
                "sector": "textile-dyeing",
                "division": "500102",
                "employees": 100.0,
            }
        ]
    )
    group = companies({"wanzhou": REVIEWS["wanzhou"]}, "textile-dyeing", seed=1)
    found = inferences(group, register)
    assert [(i.known, i.candidates) for i in found] == [
        (("sector",), 6),
        (("sector", "size"), 5),
        (("sector", "district"), 1),
        (("sector", "district", "size"), 1),
    ]
    assert warnings(found) == []
    told = warnings(found, shown=("sector", "district"))
    assert str(told[0]) == (
        "company A: could be one of 1 companies for a reader who knows the sector and district. "
        "Show it with its written consent only, or show a wider group."
    )


def test_a_register_without_sizes_counts_sector_and_district():
    register = pd.DataFrame(
        [{"id": "wanzhou-works", "sector": "textile-dyeing", "division": "500102"}]
    )
    group = companies({"wanzhou": REVIEWS["wanzhou"]}, "textile-dyeing", seed=1)
    assert [i.known for i in inferences(group, register)] == [("sector",), ("sector", "district")]
