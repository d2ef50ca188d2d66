"""What holds for every number in every language."""

from hypothesis import given
from hypothesis import strategies as st

from renvand.text import LANGUAGES, number, span

finite = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)
languages = st.sampled_from(LANGUAGES)


def read(written, language):
    """Read a number back as a person would."""
    factor, _, power = written.partition("·10")
    thousands, point = (".", ",") if language == "da" else (",", ".")
    value = float(factor.replace(thousands, "").replace(point, "."))
    exponent = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return value * 10.0 ** int(exponent or 0)


@given(finite, languages, st.integers(2, 6))
def test_a_written_number_is_the_number_to_its_digits(value, language, digits):
    written = number(value, language, digits=digits)
    allowed = max(0.51 * 10.0 ** (1 - digits), 0.051 if "·" in written else 0) * abs(value)
    assert abs(read(written, language) - value) <= allowed + 1e-300


@given(finite, finite, languages)
def test_a_range_keeps_its_order(a, b, language):
    low, high = min(a, b), max(a, b)
    written = span(low, high, language)
    if low >= 0 and "–" in written:
        first, last = (read(end, language) for end in written.split("–"))
        assert first <= last


@given(st.floats(), languages)
def test_any_float_can_be_written(value, language):
    assert number(value, language)
    assert span(value, value, language)
