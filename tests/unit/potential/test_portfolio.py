"""Choosing options: against all subsets, within the budget, with nothing better left out."""

from itertools import combinations

import numpy as np
import pytest

from renvand.knowledge import SHIPPED
from renvand.partnership.folder import read_case
from renvand.steps.potential.catalogue import Price, Range, Technique, shipped
from renvand.steps.potential.combine import in_order, package
from renvand.steps.potential.draws import DRAWS
from renvand.steps.potential.economy import Economy
from renvand.steps.potential.option import candidates, quantified
from renvand.steps.potential.portfolio import best_within, field_of, front, portfolios, ranks
from tests.law.potential.companies import plating_shop

NAMES = ("cascade-rinsing", "conductivity-control", "spray-rinsing", "longer-drip", "eco-rinse")


def economy(**changes):
    """Prices as shipped; a park's fee."""
    prices = {
        key: Price(
            value=Range(low=row["low"], typical=row["typical"], high=row["high"]),
            row=row,
            file="knowledge/prices.csv",
        )
        for key, row in shipped("prices").items()
    }
    given = {
        "rate": 0.08,
        "horizon": 10.0,
        "prices": prices,
        "fee": "fee-park-plating",
        "tax": 0.0,
        "location": 1.0,
        "price_year": 2023,
        "seed": 1,
        "knowledge": SHIPPED,
    }
    return Economy(**{**given, **changes})


@pytest.fixture(scope="module")
def field():
    shop, prices = plating_shop(rinse=80.0), economy()
    rows = [
        Technique(row=shipped("technologies")[name], file="knowledge/technologies.csv")
        for name in NAMES
    ]
    options = [quantified(c, shop, economy=prices) for c in candidates(shop, tuple(rows))]
    return field_of(shop, options, economy=prices)


def every_subset(field, budget):
    """Count each set of options on the balance, at most one of a group."""
    best = 0.0
    count = len(field.options)
    for size in range(1, count + 1):
        for numbers in combinations(range(count), size):
            groups = [field.options[i].candidate.group for i in numbers]
            if len(set(groups)) < size:
                continue
            choice = field.chosen(numbers)
            if choice.investment <= budget * (1 + 1e-6):
                best = max(best, choice.gains["npv"])
    return best


@pytest.mark.parametrize("budget", [50_000.0, 200_000.0, 400_000.0, np.inf])
def test_the_choice_is_the_best_of_all_subsets(field, budget):
    """Every subset counted on the balance by brute force gives no more."""
    assert len(field.options) >= 4
    choice = best_within(field, budget)
    assert choice.investment <= budget * (1 + 1e-6)
    assert choice.gains["npv"] == pytest.approx(every_subset(field, budget), rel=1e-9)


def test_a_larger_budget_is_never_worse(field):
    """And the budget of the case stands in the list."""
    whole = best_within(field, np.inf)
    table = portfolios(field, whole=whole, budget=123_456.0)
    assert table["npv"].is_monotonic_increasing
    assert (table["investment"] <= table["budget"] * (1 + 1e-6)).all()
    assert table.loc[table["is_given"], "budget"].to_list() == [123_456.0]


def test_no_set_of_the_front_beats_another(field):
    """In present value, water, COD and metal at once."""
    points = front(field, seed=1)[["npv", "water_m3_a", "cod_kg_a", "metal_kg_a"]].to_numpy()
    assert len(points) >= 2
    for i, one in enumerate(points):
        for j, other in enumerate(points):
            if i != j:
                assert not ((other >= one).all() and (other > one).any())


def test_ranks_add_up(field):
    """One option is first in every draw; the ends hold the typical rank's neighbourhood."""
    table = ranks(field.options, field.economy)
    assert table["probability_first"].sum() == pytest.approx(1.0)
    assert sorted(table["rank"]) == list(range(1, len(table) + 1))
    assert (table["rank_low"] <= table["rank_high"]).all()


def test_options_together_save_what_the_balance_shows(field):
    """Built in order, their water adds up to what the intake falls by."""
    shop = field.company
    placed = in_order(shop, field.options, economy=field.economy)
    saved = sum(each.placed.water[0] for each in placed)
    assert saved == pytest.approx((shop.intake - placed[-1].after.intake) * shop.days_a)
    alone = sum(each.alone.water[0] for each in placed)
    assert saved < alone


def test_an_option_whose_reason_is_gone_is_not_built():
    """A cascade brings the rinse from 40 below 20 l/m², where no valve shuts idle flow any more."""
    shop, prices = plating_shop(rinse=20.0), economy()
    rows = [
        Technique(row=shipped("technologies")[name], file="knowledge/technologies.csv")
        for name in ("cascade-rinsing", "conductivity-control")
    ]
    options = [quantified(c, shop, economy=prices) for c in candidates(shop, tuple(rows))]
    assert len(options) == 2
    (built,) = in_order(shop, options, economy=prices)
    assert built.placed.candidate.technique.id == "cascade-rinsing"


def test_money_of_an_option_is_its_account(field):
    """Investment, running costs and savings are the sums of their lines."""
    for option in field.options:
        for kind, value in (
            ("investment", option.investment),
            ("running", option.operation),
            ("saving", option.saving),
        ):
            lines = sum(line.money for line in option.account if line.kind == kind)
            assert lines == pytest.approx(value[0])
        assert option.investment.shape == (DRAWS,)


def test_a_cascade_by_hand():
    """80 m3/d, one rinse place for 20: four places of 60,000, installed 1.6: 384,000 CNY."""
    shop, prices = plating_shop(rinse=80.0), economy()
    row = Technique(row=shipped("technologies")["cascade-rinsing"], file="x")
    (found,) = [c for c in candidates(shop, (row,)) if c.unit == "rinse"]
    option = quantified(found, shop, economy=prices)
    assert option.investment[0] == pytest.approx(4 * 60_000 * 1.6)
    # 80 % of 80 m3/d, 1.25 m3 at the intake for each; water and the half of the fee that is flow
    saved = 0.8 * 80 * 1.25 * 300
    assert option.water[0] == pytest.approx(saved)
    assert option.saving[0] == pytest.approx(saved * (4.65 + 0.5 * 40))
    assert option.operation[0] == pytest.approx(0.03 * 384_000)


def test_what_lies_outside_its_page_is_shown_but_not_chosen():
    """Ion exchange above 500 mg/l of salts."""
    shop, prices = plating_shop(), economy()
    row = dict(shipped("technologies")["ion-exchange-rinse-loop"]) | {"trigger": "running-rinse"}
    technique = Technique(row=row, file="x")
    found = list(candidates(shop, (technique,)))
    (placed,) = package(shop, found, economy=prices)
    assert placed.place == 0
    assert placed.alone.outside == ("tds_mg_l 600: 0-500",)


def test_the_five_companies_pay_back_as_engineers_expect():
    """Whole packages within one third of a year and eight; nothing within a month."""
    from pathlib import Path

    folder = Path(__file__).resolve().parents[3] / "examples" / "chongqing"
    from dataclasses import replace

    from renvand.steps.potential.catalogue import techniques
    from renvand.steps.potential.company import company_of
    from renvand.steps.potential.economy import economy_of
    from renvand.steps.review import review

    case = read_case(folder)
    for name in ("kaizhou-dyeing", "tongliang-plating"):
        one = replace(case, reviews={name: case.reviews[name]})
        company = company_of(one, name, reconciled=review(one).tables["streams"])
        prices = economy_of(one, company)
        found = list(candidates(company, techniques(one, company.sector)))
        for each in package(company, found, economy=prices):
            if each.is_in_package:
                assert 0.3 < each.placed.payback()[0] < 8.0, each.placed.candidate.id
