"""What people write in a cell where a number should be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_THOUSANDS = r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"  # 1,234 and 1,234.5
_POWER = r"(?:[eE]|\s?[×xX*]\s?10\^)[-+]?\d+"
_NUMBER = rf"[-+]?(?:{_THOUSANDS}|\d+(?:[.,]\d+)?)(?:{_POWER})?"
_SPAN = re.compile(rf"^({_NUMBER})\s*[-~–—至]\s*({_NUMBER})\s*(\D.*)?$")
_PLAIN = re.compile(rf"^([<≤>≥])?\s*({_NUMBER})\s*(.*)$")
_NOTHING = {
    "",
    "-",
    "--",
    "/",
    "—",
    "无",
    "無",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "不适用",
    "#n/a",
}
_BELOW = re.compile(r"^(小于|低于|少于|未检出\s*\(\s*<|(?:nd|n\.d\.)\s*\(\s*<)", re.I)
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
    below = _BELOW.sub("<", cell)
    cell = below.rstrip(")") if below != cell else cell  # '未检出(<0.05)'
    plain = _PLAIN.match(cell.replace("<=", "≤").replace(">=", "≥"))
    if plain is None:
        raise ValueError(cell)
    sign, value, unit = plain[1] or "", _float(plain[2]), plain[3].strip()
    if unit and (unit[0].isdigit() or unit[0] in ".,×"):  # '1.2×103': 10³ or 103, nobody knows
        raise ValueError(cell)
    is_limit = unit in ("L", "l", "(L)")  # '0.05L' is how Chinese laboratories write '<'
    return Reading(
        value=value,
        unit="" if is_limit else unit,
        is_censored=is_limit or sign == "<",
        is_at_least=sign in (">", "≥"),
    )


def _float(text: str) -> float:
    """Read a number; '1,234' is a thousand, '0,5' a half, '1.2×10^3' twelve hundred."""
    number, *power = re.split(r"[eE]|\s?[×xX*]\s?10\^", text)
    is_parted = re.fullmatch(rf"[-+]?{_THOUSANDS}", number)
    plain = number.replace(",", "" if is_parted else ".")
    return float("e".join((plain, *power)))


_WAYS = (
    (
        "direct",
        re.compile(
            r"direct$|直接(排放|进入)?|.*直排|(直接)?(进入|排入|排至).*(江|河|湖|海|库|沟|地表|环境).*"
        ),
    ),
    ("park", re.compile(r"park|.*(园区|工业废水集中|集中工业).*")),
    ("sewer", re.compile(r"sewer|indirect.*|.*(间接|纳管|污水(处理)?厂|污水管网|市政管网).*")),
)


def way(text: str) -> str:
    """Read how an outlet discharges: '直接排放', '纳管排放', '进入城市污水处理厂'.

    Returns
    -------
    str
        'direct', 'sewer' or 'park' (a treatment plant of an industrial park); '' when not told.
    """
    written = folded(text).lower()
    return next((name for name, pattern in _WAYS if pattern.fullmatch(written)), "")
