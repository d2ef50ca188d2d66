"""One accent colour, its tints, and greys: the look of every chart and document."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

INK = "#12303b"
ACCENT = "#0b6b86"
TINTS = {"strong": "#0b6b86", "mid": "#5f9fb2", "soft": "#a9cbd6", "faint": "#e6f0f3"}
GREY = {"dark": "#55626a", "mid": "#98a3aa", "soft": "#cfd6da", "faint": "#eef1f2"}
WARN = "#b3401f"  # limits only

FONT = "Noto Sans, Noto Sans SC"
SIZE = 8.0  # px in the drawing = pt on paper

# Tone of the groups that items and links belong to.
TONES = {
    "": ACCENT,
    "company": ACCENT,
    "supply": TINTS["strong"],
    "process": TINTS["mid"],
    "reuse": "#2f8f6b",
    "wastewater": GREY["dark"],
    "loss": GREY["mid"],
    "product": TINTS["soft"],
    "gap": WARN,
    "quiet": GREY["soft"],
}


def tone(group: str) -> str:
    """Give the colour of a group."""
    return TONES.get(group, GREY["mid"])


def label(**more: Any) -> dict[str, Any]:
    """Give the common style of a text in a chart: no halo, which paper would not show."""
    return {"fontSize": SIZE, "color": INK, "textBorderWidth": 0} | more


def width(text: str, size: float = SIZE) -> float:
    """Estimate how wide a text runs, in px: a hanzi is square, a letter a little over half."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return size * (wide + 0.58 * (len(text) - wide))


def wrap(text: str, limit: float, *, size: float = SIZE) -> str:
    """Break a label into lines no wider than the limit, between words or hanzi."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width(lines[-1] + piece.rstrip(), size) > limit:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.strip() for line in lines)


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for character in text:
        if unicodedata.east_asian_width(character) in "WF" or (
            pieces[-1] and pieces[-1][-1] in " -/"
        ):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def ticks(low: float, high: float, *, wanted: int = 4) -> list[float]:
    """Give round values between two bounds, about as many as wanted."""
    if not high > low:
        return [low]
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    first = math.ceil(low / step)
    return [step * n for n in range(first, math.floor(high / step) + 1)]


def names_axis(names: list[str]) -> dict[str, Any]:
    """Give the axis that names horizontal bars, the first on top."""
    return {
        "type": "category",
        "inverse": True,
        "data": names,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": GREY["mid"], "width": 0.6}},
        "axisLabel": label(lineHeight=10, interval=0),
    }


def widest(names: list[str]) -> float:
    """Give the width of the widest line of some labels."""
    return max((width(line) for name in names for line in name.split("\n")), default=0.0)


def base() -> dict[str, Any]:
    """Give what every chart starts from."""
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": SIZE, "color": INK},
    }
