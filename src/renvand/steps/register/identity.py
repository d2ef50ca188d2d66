"""Registry numbers of China and their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from renvand.steps.register.values import folded

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
_PERMIT = re.compile(r"^([0-9A-Z]{18})(\d{3})([A-Z])$")


@dataclass(frozen=True, kw_only=True)
class Code:
    """A registry number as understood."""

    text: str  # normalised; '' when there is none
    is_valid: bool
    rule: str = ""  # what was changed, if anything


def credit_code(text: str) -> Code:
    """Read a unified social credit code and test its check digit.

    A letter that the standard does not use is replaced by its look-alike only when the check
    digit then fits; nothing else is repaired. The nine signs of an organisation code, which came
    before and is part of it, are read as well.

    Parameters
    ----------
    text : str
        The code as written.

    References
    ----------
    gb32100_2015, gb11714_1997
    """
    code = re.sub(r"[\s\-·]", "", folded(text).upper())
    code = re.sub(r"\(\d+\)$", "", code)
    if not code or set(code) <= {"-", "/", "0"}:
        return Code(text="", is_valid=False)
    if has_check_digit(code):
        return Code(text=code, is_valid=True, rule="spelling" if code != text else "")
    if organisation_code(code):
        return Code(text=code, is_valid=True)
    similar = code.translate(_LOOKALIKE)
    if similar != code and has_check_digit(similar):
        return Code(text=similar, is_valid=True, rule="look-alike letter")
    return Code(text=code, is_valid=False)


def has_check_digit(code: str) -> bool:
    """Test the last sign of a unified social credit code.

    References
    ----------
    gb32100_2015
    """
    if len(code) != 18 or not set(code) <= set(_SIGNS):
        return False
    total = sum(_SIGNS.index(c) * w for c, w in zip(code[:17], _WEIGHTS, strict=True))
    return _SIGNS[(31 - total % 31) % 31] == code[17]


def organisation_code(code: str) -> bool:
    """Test the check digit of a nine-digit organisation code.

    References
    ----------
    gb11714_1997
    """
    plain = code.replace("-", "").upper()
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", plain):
        return False
    total = sum(_ORG_SIGNS.index(c) * w for c, w in zip(plain[:8], _ORG_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] == plain[8]


def completed(codes: Iterable[str]) -> dict[str, str]:
    """Give the credit code of each organisation code, as far as some list has it.

    Parameters
    ----------
    codes : iterable of str
        Valid codes of either kind.
    """
    found: dict[str, set[str]] = {}
    for code in codes:
        if len(code) == 18:
            found.setdefault(code[8:17], set()).add(code)
    return {part: full.pop() for part, full in found.items() if len(full) == 1}


def permit(text: str) -> Code:
    """Read a permit number: credit code, three digits, one letter."""
    number = re.sub(r"\s", "", folded(text).upper())
    found = _PERMIT.match(number)
    if found is None:
        return Code(text=number, is_valid=False)
    code = credit_code(found[1])
    return Code(text=code.text + found[2] + found[3], is_valid=code.is_valid, rule=code.rule)
