"""Numbers, dates and units as the reader of a language writes them."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from babel import dates, numbers

from renvand.text.words import catalogue

LOCALES = {"da": "da_DK", "en": "en_GB", "zh": "zh_Hans_CN"}
NO_BREAK = "\u00a0"
SMALLEST, LARGEST = 1e-6, 1e15  # beyond, a number is written with a power of ten
WIDE = 100  # times the lower end of a range: beyond, each end is rounded by itself
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _round(value: float, places: int) -> Decimal:
    """Round half away from zero, as readers do; negative places stand before the point."""
    step = Decimal(1).scaleb(-places)
    return (Decimal(repr(value)) / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _places(value: float, digits: int) -> int:
    """Count the places behind the point that show the significant digits; negative before it."""
    if value == 0:
        return 0
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return digits - 1 - _round(value, places).adjusted()


def number(
    value: float,
    language: str,
    *,
    digits: int = 3,
    is_rough: bool = False,
    places: int | None = None,
) -> str:
    """Write a number with its significant digits: 1.234,5 in Danish, 1,234.5 in English.

    Parameters
    ----------
    value : float
        The number; NaN gives a dash, an int is written without decimals.
    language : str
        'da', 'en' or 'zh'.
    digits : int
        Significant digits.
    is_rough : bool
        Round before the point as well: 412,345 becomes 412,000. Otherwise never.
    places : int, optional
        Digits behind the point, instead of significant digits: for columns of numbers.
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= LARGEST or (places is None and 0 < abs(value) < SMALLEST):
        return _power_of_ten(value, language)
    kept = _places(float(value), max(digits, 1)) if places is None else places
    rounded = _round(float(value), kept if is_rough else max(kept, 0))
    shown = 0 if isinstance(value, int) and places is None else max(kept, 0)
    pattern = "#,##0" + ("." + "0" * shown if shown else "")
    return numbers.format_decimal(rounded, format=pattern, locale=LOCALES[language])


def _power_of_ten(value: float, language: str) -> str:
    exact = Decimal(repr(value))
    exponent = exact.adjusted()
    mantissa = exact.scaleb(-exponent)
    factor = numbers.format_decimal(mantissa, format="0.0", locale=LOCALES[language])
    return f"{factor}·10{str(exponent).translate(_SUPERSCRIPT)}"


def percent(share: float, language: str, *, digits: int = 2) -> str:
    """Write a share of one as per cent."""
    if not math.isfinite(share):
        return "–"
    space = NO_BREAK if language == "da" else ""
    return f"{number(100 * share, language, digits=digits)}{space}%"


def unit_name(unit: str, language: str) -> str:
    """Write a unit as readers know it: 'm3/d' becomes 'm³/døgn' in Danish."""
    if f"unit.{unit}" in catalogue():
        return catalogue()[f"unit.{unit}"][language]
    parts = [catalogue().get(f"unit.{part}", {}).get(language, part) for part in unit.split("/")]
    if len(parts) == 2 and f"unit.per_{unit.split('/')[1]}" in catalogue():
        parts[1] = catalogue()[f"unit.per_{unit.split('/')[1]}"][language]
    return "/".join(parts)


def quantity(
    value: float, unit: str, language: str, *, digits: int = 3, is_rough: bool = False
) -> str:
    """Write number and unit, bound by a no-break space."""
    if unit == "%":
        return percent(value / 100, language, digits=digits)
    return with_unit(number(value, language, digits=digits, is_rough=is_rough), unit, language)


def with_unit(written: str, unit: str, language: str) -> str:
    """Put the name of a unit behind a number that is already written."""
    if unit in ("", "1"):
        return written
    if unit == "%":
        return f"{written}{NO_BREAK if language == 'da' else ''}%"
    name = unit_name(unit, language)
    space = "" if language == "zh" and unicodedata.east_asian_width(name[0]) == "W" else NO_BREAK
    return f"{written}{space}{name}"


def spoken(value: float, language: str, *, digits: int = 3) -> str:
    """Write a rounded number as a sentence says it: 310 million, 310 mio., 3.1亿.

    Parameters
    ----------
    value : float
        The number; a small one is written as :func:`number` does.
    language : str
        'da', 'en' or 'zh'.
    digits : int
        Significant digits.
    """
    steps = ((1e8, "亿"), (1e4, "万")) if language == "zh" else ((1e6, "million"),)
    for step, word in steps:
        if abs(value) >= step:
            part = _round(value / step, _places(value / step, digits))
            plain = number(float(part), language, digits=digits, is_rough=True)
            kept = number(int(part), language) if part == int(part) else plain
            if language == "zh":
                return f"{kept}{word}"
            return f"{kept}{NO_BREAK}{'mio.' if language == 'da' else word}"
    return number(value, language, digits=digits, is_rough=True)


def span(low: float, high: float, language: str, *, digits: int = 2, is_rough: bool = False) -> str:
    """Write a range with an en dash, both ends to the same place: 74–141, 0.5–12.0.

    Ends that lie far apart are rounded each by itself: 60–690,000. Words take the place of the
    dash when a bound is negative.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    first = _places(low, 1) if low else 0  # the lower end keeps at least one digit
    places = max(min(_places(v, digits) for v in (low or high, high or low)), first)
    if 0 < abs(low) < SMALLEST or high >= LARGEST or 0 < WIDE * low < high:
        ends = [number(v, language, digits=digits, is_rough=high < LARGEST) for v in (low, high)]
    else:
        kept = places if is_rough else max(places, 0)
        ends = [number(v, language, places=kept, is_rough=is_rough) for v in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    if low == 0:
        ends[0] = "0"  # has no digits of its own
    if low < 0:
        return catalogue()["text.range"][language].format(low=ends[0], high=ends[1])
    return "–".join(ends)


def day(date: dt.date, language: str, *, has_weekday: bool = False) -> str:
    """Write a date in full."""
    form = "full" if has_weekday else "long"
    return dates.format_date(date, format=form, locale=LOCALES[language])


def clock(time: dt.time | dt.datetime, language: str) -> str:
    """Write hours and minutes: 09.00 in Danish, 09:00 in English and Chinese."""
    pattern = "HH.mm" if language == "da" else "HH:mm"
    return dates.format_time(time, format=pattern, locale=LOCALES[language], tzinfo=_zone(time))


def _zone(time: dt.time | dt.datetime) -> dt.tzinfo | None:
    return time.tzinfo if isinstance(time, dt.datetime) else None


def plain_space(text: str) -> str:
    """Turn no-break spaces into plain ones, to compare texts."""
    return text.replace(NO_BREAK, " ").replace("\u202f", " ")
