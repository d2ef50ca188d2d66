"""What people write where a number should be."""

import pytest

from renvand.steps.register.values import Reading, understand


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0.1mg/L", Reading(value=0.1, unit="mg/L")),
        ("0,5 mg/L", Reading(value=0.5, unit="mg/L")),
        ("<0.05", Reading(value=0.05, is_censored=True)),
        ("＜０．０５", Reading(value=0.05, is_censored=True)),
        ("0.05L", Reading(value=0.05, is_censored=True)),
        ("6-9", Reading(value=9.0, low=6.0)),
        ("6～9", Reading(value=9.0, low=6.0)),
        ("6.5—8.5 mg/L", Reading(value=8.5, low=6.5, unit="mg/L")),
        (">=5", Reading(value=5.0, is_at_least=True)),
        ("≤0.5", Reading(value=0.5)),
        ("未检出", Reading(value=None, is_censored=True)),
        ("1,234", Reading(value=1234.0)),
        ("1,234.5", Reading(value=1234.5)),
        ("1.2E-3", Reading(value=0.0012)),
        ("1.2×10^3", Reading(value=1200.0)),
        ("0.05（L）", Reading(value=0.05, is_censored=True)),
        ("未检出（<0.05）", Reading(value=0.05, is_censored=True)),
        ("ND(<0.5mg/L)", Reading(value=0.5, unit="mg/L", is_censored=True)),
        ("小于0.05", Reading(value=0.05, is_censored=True)),
        ("１２３\u00a0mg/L", Reading(value=123.0, unit="mg/L")),
    ],
)
def test_a_cell_is_understood(written, meant):
    assert understand(written) == meant


@pytest.mark.parametrize("written", ["", "／", "—", "无", "N/A", "#N/A", " "])
def test_a_cell_that_says_nothing_is_nothing(written):
    assert understand(written) is None


@pytest.mark.parametrize("written", ["some", "1.2.3", "达标", "1.2×103", "1.234,5", "约5"])
def test_a_cell_that_is_no_number_is_refused_not_guessed(written):
    with pytest.raises(ValueError):
        understand(written)
