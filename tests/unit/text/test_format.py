"""Numbers, dates and units as each language writes them."""

import datetime as dt
import math

import pytest

from renvand.text import clock, day, number, percent, quantity, span, unit_name
from renvand.text.format import plain_space


@pytest.mark.parametrize(
    ("value", "da", "en"),
    [
        (1234.5, "1.235", "1,235"),
        (412_345.0, "412.345", "412,345"),  # digits before the point are never lost
        (9.996, "10,0", "10.0"),  # rounding up adds no digit
        (0.00123, "0,00123", "0.00123"),
        (5, "5", "5"),  # a count
        (5.0, "5,00", "5.00"),  # a measurement
        (-0.0004, "-0,000400", "-0.000400"),
        (1e-8, "1,0·10⁻⁸", "1.0·10⁻⁸"),
        (0.0, "0", "0"),
        (math.nan, "–", "–"),
        (math.inf, "–", "–"),
    ],
)
def test_numbers_keep_their_significant_digits(value, da, en):
    assert (number(value, "da"), number(value, "en"), number(value, "zh")) == (da, en, en)


def test_a_rough_number_is_rounded_before_the_point_too():
    assert number(412_345.0, "en", is_rough=True) == "412,000"
    assert number(999_600.0, "en", is_rough=True) == "1,000,000"


def test_halves_are_rounded_away_from_zero():
    assert [number(v, "en", digits=2) for v in (16.5, 17.5, -16.5)] == ["17", "18", "-17"]


def test_numbers_of_a_column_share_their_places():
    assert [number(v, "da", places=1) for v in (0.26, 2, 12.34)] == ["0,3", "2,0", "12,3"]


def test_per_cent_takes_a_space_in_danish_only():
    assert [percent(0.165, x, digits=3) for x in ("da", "en", "zh")] == [
        "16,5\u00a0%",
        "16.5%",
        "16.5%",
    ]


@pytest.mark.parametrize(
    ("unit", "da", "en", "zh"),
    [
        ("m3/d", "m³/døgn", "m³/day", "m³/d"),
        ("m3/a", "m³/år", "m³/year", "m³/年"),
        ("mg/l", "mg/l", "mg/l", "mg/L"),
        ("l/kg", "l/kg", "l/kg", "L/kg"),
        ("CNY/m3", "CNY/m³", "CNY/m³", "元/m³"),
        ("a", "år", "years", "年"),
        ("l/m2", "l/m²", "l/m²", "L/m²"),
        ("blorp", "blorp", "blorp", "blorp"),
    ],
)
def test_units_are_written_as_readers_know_them(unit, da, en, zh):
    assert [unit_name(unit, x) for x in ("da", "en", "zh")] == [da, en, zh]


def test_number_and_unit_do_not_part():
    assert quantity(1000.0, "m3/d", "da") == "1.000\u00a0m³/døgn"
    assert quantity(3.0, "1", "en") == "3.00"
    assert plain_space(quantity(16.5, "%", "da")) == "16,5 %"


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (74.0, 141.0, "74–141"),
        (0.51, 12.0, "0.5–12.0"),
        (3.0, 3.0, "3.0"),
        (-3.0, 5.0, "-3.0 to 5.0"),
        (0, 0.0487, "0–0.049"),
        (60, 688_320, "60–690,000"),
    ],
)
def test_a_range_is_written_to_one_place(low, high, shown):
    assert span(low, high, "en") == shown


def test_dates_and_clocks():
    assert day(dt.date(2026, 11, 23), "da", has_weekday=True) == "mandag den 23. november 2026"
    assert day(dt.date(2026, 11, 23), "zh") == "2026年11月23日"
    assert [clock(dt.time(9, 5), x) for x in ("da", "en")] == ["09.05", "09:05"]
