"""Words, numbers and dates in Danish, English and Simplified Chinese."""

from renvand.text.format import LOCALES, day, number, percent, quantity, span
from renvand.text.words import LANGUAGES, Words

__all__ = ["LANGUAGES", "LOCALES", "Words", "day", "number", "percent", "quantity", "span"]
