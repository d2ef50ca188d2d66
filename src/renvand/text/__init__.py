"""Words, numbers and dates in Danish, English and Simplified Chinese."""

from renvand.text.format import (
    LOCALES,
    clock,
    day,
    number,
    percent,
    quantity,
    span,
    spoken,
    unit_name,
    with_unit,
)
from renvand.text.words import LANGUAGES, Words

__all__ = [
    "LANGUAGES",
    "LOCALES",
    "Words",
    "clock",
    "day",
    "number",
    "percent",
    "quantity",
    "span",
    "spoken",
    "unit_name",
    "with_unit",
]
