"""Numbers, dates and units as the reader of a language writes them."""

from __future__ import annotations

import datetime as dt
import math

from babel import dates, numbers

LOCALES = {"da": "da_DK", "en": "en_GB", "zh": "zh_Hans_CN"}
_PER_DAY = {"da": "døgn", "en": "d", "zh": "d"}
_PER_YEAR = {"da": "år", "en": "yr", "zh": "a"}


def _rounded(value: float, digits: int) -> tuple[float, int]:
    """Round to significant digits; give also how many stand behind the point."""
    if value == 0:
        return 0.0, 0
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return round(value, decimals), max(decimals, 0)


def number(value: float, language: str, *, digits: int = 3) -> str:
    """Write a number with its significant digits: 1.234,5 in Danish, 1,234.5 in English.

    Parameters
    ----------
    value : float
        The number; NaN gives a dash.
    language : str
        'da', 'en' or 'zh'.
    digits : int
        Significant digits; whole numbers are never cut.
    """
    if not math.isfinite(value):
        return "–"
    rounded, decimals = _rounded(value, max(digits, 1))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    if abs(rounded) < 1e-6 and rounded:
        pattern = "0.0E0"
    return numbers.format_decimal(rounded, format=pattern, locale=LOCALES[language])


def percent(share: float, language: str, *, digits: int = 2) -> str:
    """Write a share of one as per cent."""
    if not math.isfinite(share):
        return "–"
    space = "" if language == "zh" else "\u00a0"
    return f"{number(100 * share, language, digits=digits)}{space}%"


def unit_name(unit: str, language: str) -> str:
    """Write a unit as readers know it: 'm3/d' becomes 'm³/døgn' in Danish."""
    words = unit.replace("m3", "m³").replace("m2", "m²").replace("um", "µm")
    if words.endswith("/d"):
        words = words.removesuffix("d") + _PER_DAY[language]
    elif words.endswith("/a"):
        words = words.removesuffix("a") + _PER_YEAR[language]
    return words


def quantity(value: float, unit: str, language: str, *, digits: int = 3) -> str:
    """Write number and unit, bound by a no-break space."""
    if unit == "%":
        return percent(value / 100, language, digits=digits)
    name = unit_name(unit, language)
    return (
        f"{number(value, language, digits=digits)}\u00a0{name}"
        if name not in ("", "1")
        else (number(value, language, digits=digits))
    )


def span(low: float, high: float, language: str, *, digits: int = 2) -> str:
    """Write a range with an en dash."""
    return f"{number(low, language, digits=digits)}–{number(high, language, digits=digits)}"


def day(date: dt.date, language: str) -> str:
    """Write a date in full."""
    return dates.format_date(date, format="long", locale=LOCALES[language])
