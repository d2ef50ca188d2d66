"""Water saved is the difference of two reconciled balances, at each company of the example."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from renvand.partnership.folder import read_case
from renvand.reconcile import reconcile
from renvand.steps.potential.catalogue import techniques
from renvand.steps.potential.combine import in_order, package
from renvand.steps.potential.company import company_of
from renvand.steps.potential.economy import economy_of
from renvand.steps.potential.option import candidates
from renvand.steps.review import review

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "chongqing"
COMPANIES = sorted(folder.name for folder in (EXAMPLE / "reviews").iterdir())


@pytest.fixture(scope="module")
def case():
    return read_case(EXAMPLE)


@pytest.fixture(scope="module")
def balances(case):
    return review(case).tables["streams"]


def intake(company):
    """Reconcile the flows of a company, each known to 2 %, and add up what it takes in."""
    streams = company.streams
    drawn = pd.DataFrame([{"id": s.id, "from_unit": s.start, "to_unit": s.end} for s in streams])
    flows = pd.DataFrame(
        [
            {"stream": s.id, "quantity": "flow", "value": s.flow, "sd": 0.02 * s.flow + 1e-6}
            for s in streams
        ]
    )
    found = reconcile(drawn, flows)
    assert not found.errors
    return sum(found.value(s.id)[0] for s in streams if s.start == "supply")


@pytest.mark.parametrize("name", COMPANIES)
def test_water_saved_is_the_difference_of_two_reconciled_balances(case, balances, name):
    """All options of a company one after another, with a membrane that gives a fifth back."""
    own = balances[balances["review"] == name]
    company = replace(company_of(case, name, reconciled=own), reusable_share=0.2)
    economy = economy_of(case, company)
    found = list(candidates(company, techniques(case, company.sector)))
    proposed = package(company, found, economy=economy)
    for built in (
        [each for each in proposed if each.is_in_package],
        in_order(company, [each.alone for each in proposed], economy=economy),
    ):
        saved = sum(each.placed.water[0] for each in built)
        after = built[-1].after
        assert saved > 0
        assert saved == pytest.approx((intake(company) - intake(after)) * company.days_a, rel=1e-4)
