"""What people write in a cell where a number should be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
_SPAN = re.compile(rf"^({_NUMBER})\s*[-~–—至]\s*({_NUMBER})\s*(\D.*)?$")
_PLAIN = re.compile(rf"^([<≤>≥])?\s*({_NUMBER})\s*(.*)$")
_NOTHING = {"", "-", "--", "/", "—", "无", "無", "n/a", "na", "nan", "null", "none", "不适用"}
_NOT_DETECTED = {"未检出", "未檢出", "nd", "n.d.", "低于检出限", "not detected"}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A cell understood: a value or a range, its unit if written, and whether it is censored."""

    value: float | None  # upper end of a range; reporting limit when censored, None if not given
    low: float | None = None  # lower end of a range
    unit: str = ""
    is_censored: bool = False
    is_at_least: bool = False  # '>5': no upper end is known


def folded(text: str) -> str:
    """Make full-width digits, odd spaces and Chinese signs plain."""
    plain = unicodedata.normalize("NFKC", text).replace("\u00a0", " ").replace("\u200b", "")
    return " ".join(plain.split())


def understand(text: str) -> Reading | None:
    """Read '0.1mg/L', '<0.05', '6-9', '／', '未检出'.

    Parameters
    ----------
    text : str
        The cell as written.

    Returns
    -------
    Reading or None
        None when the cell says that there is no value.

    Raises
    ------
    ValueError
        When the text is no number in any of these ways.
    """
    cell = folded(text)
    if cell.lower() in _NOTHING:
        return None
    if cell.lower() in _NOT_DETECTED:
        return Reading(value=None, is_censored=True)
    span = _SPAN.match(cell)
    if span:
        low, high = _float(span[1]), _float(span[2])
        return Reading(value=max(low, high), low=min(low, high), unit=(span[3] or "").strip())
    plain = _PLAIN.match(cell.replace("<=", "≤").replace(">=", "≥"))
    if plain is None:
        raise ValueError(cell)
    sign, value, unit = plain[1] or "", _float(plain[2]), plain[3].strip()
    if unit and (unit[0].isdigit() or unit[0] in ".,"):
        raise ValueError(cell)
    is_below = sign == "<" or unit in ("L", "l")  # '0.05L' is how Chinese laboratories write '<'
    return Reading(
        value=value,
        unit="" if unit in ("L", "l") else unit,
        is_censored=is_below,
        is_at_least=sign in (">", "≥"),
    )


def _float(text: str) -> float:
    """Read a number; '1,234' is a thousand, '0,5' a half."""
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))
