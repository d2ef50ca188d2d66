"""Water saved is the difference of two closed balances; nothing counts twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renvand.steps.potential.company import return_water, save_water
from renvand.steps.potential.economics import annuity, internal_rates, irr, npv, payback
from tests.law.potential.companies import imbalance, plating_shop

amount = st.floats(1, 1e6)


@given(
    rinse=st.floats(1, 1e3),
    bath=st.floats(1, 100),
    reject=st.floats(0, 1),
    share=st.floats(0, 2),
)
def test_saving_keeps_every_balance_closed(rinse, bath, reject, share):
    """Upstream with its make-up, downstream with its treatment; the load of the rinse stays."""
    before = plating_shop(rinse, bath, reject)
    volume = min(share * rinse, before.most_saved("rinse"))
    after = save_water(before, "rinse", volume=share * rinse)
    assert imbalance(before) <= 1e-9 * before.intake
    assert imbalance(after) <= 1e-9 * before.intake
    saved = before.intake - after.intake
    assert saved == pytest.approx(volume * before.intake_factor("rinse"), abs=1e-9 * before.intake)
    for k in ("TDS", "Ni"):
        loads = [next(s for s in c.streams if s.id == "s8") for c in (before, after)]
        first, last = (s.flow * s.quality[k] for s in loads)
        assert last == pytest.approx(first)


@given(volume=st.floats(0, 1e3))
def test_water_brought_back_keeps_every_balance_closed(volume):
    """A return shortens the intake and the effluent by the same."""
    before = plating_shop()
    after = return_water(before, "treatment", volume=volume)
    assert imbalance(after) <= 1e-9 * before.intake
    assert before.intake - after.intake == pytest.approx(
        min(volume, before.most_returned("treatment")), abs=1e-9
    )


@given(back=st.floats(0, 40), volume=st.floats(0, 40))
def test_saving_after_a_return_falls_on_the_intake(back, volume):
    """What a unit saves later is bought less, not returned less."""
    first = return_water(plating_shop(), "treatment", volume=back)
    after = save_water(first, "rinse", volume=volume)
    assert imbalance(after) <= 1e-9 * first.intake
    saved = min(volume, first.most_saved("rinse")) * first.intake_factor("rinse")
    assert first.intake - after.intake == pytest.approx(saved, abs=1e-9)


@given(saved=amount, years=st.integers(1, 40), rate=st.floats(0.001, 0.5))
def test_the_annuity_pays_exactly_back(saved, years, rate):
    """What the annuity asks for is worth its investment today."""
    investment = saved / annuity(rate, years)
    assert npv(rate, [-investment, *[saved] * years]) == pytest.approx(0, abs=1e-7 * investment)
    assert payback(investment, saved, rate=rate) == pytest.approx(years, abs=1e-6)


@given(spent=amount, saved=amount, years=st.integers(1, 40))
@settings(deadline=None)
def test_two_ways_to_the_internal_rate_agree(spent, saved, years):
    """The root of the present value, one by one and for many at once."""
    many = internal_rates(np.array([spent]), np.array([saved]), years=years)[0]
    if -0.9 < many < 100:
        assert irr([-spent, *[saved] * years]) == pytest.approx(many, abs=1e-6)
