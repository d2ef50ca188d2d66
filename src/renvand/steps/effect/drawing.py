"""Strokes of a picture in SVG: text, lines, areas. No fonts are embedded, no scripts used."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from renvand.river import WORSE

FONT = "Noto Sans, Noto Sans SC, sans-serif"
INK, DARK, GREY, FAINT = "#12303b", "#55626a", "#98a3aa", "#eef1f2"
WARN = "#b3401f"  # limits only
# Colours of the classes as Chinese reports of water quality use them, dark enough for white paper.
COLOURS = ("#5aa9e6", "#1f6fb2", "#3a9d5d", "#d1a000", "#e2711d")
WORSE_COLOUR = "#b3261e"
Point = tuple[float, float]


def colours(classes: Sequence[str]) -> dict[str, str]:
    """Give each class of water its colour, from the best to worse than all; '' is not known."""
    apart = (len(COLOURS) - 1) / max(len(classes) - 1, 1)
    steps = [round(i * apart) for i in range(len(classes))] if len(classes) > 1 else [1]
    shades = {name: COLOURS[step] for name, step in zip(classes, steps, strict=False)}
    return {**shades, WORSE: WORSE_COLOUR, "": GREY}


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight way from values to places on paper."""

    low: float
    high: float
    start: float  # px
    end: float  # px

    def __call__(self, value: float) -> float:
        """Place a value. [px]"""
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.start + part * (self.end - self.start)


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """Write one element; underscores in names of attributes are hyphens."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_short(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def label(words: str, at: Point, *, size: float = 11.0, **style: object) -> str:
    """Write words at a point."""
    x, y = at
    return element("text", escape(words), x=x, y=y, font_size=size, **({"fill": INK} | style))


def line(points: Iterable[Point], **style: object) -> str:
    """Draw a line through points."""
    way = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return element("path", d=way, **({"fill": "none", "stroke": INK} | style))


def area(lower: Sequence[Point], upper: Sequence[Point], **style: object) -> str:
    """Fill between two lines."""
    way = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in (*lower, *reversed(upper))) + " Z"
    return element("path", d=way, **style)


def picture(parts: Iterable[str], *, size: Point, title: str, words: str, language: str) -> str:
    """Put strokes together to a picture that says in words what it shows."""
    width, height = size
    head = element("title", escape(title), id="t") + element("desc", escape(words), id="d")
    return element(
        "svg",
        head + "\n" + "\n".join(parts) + "\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        lang="zh-Hans" if language == "zh" else language,
        aria_labelledby="t d",
        font_family=FONT,
    )


def name_of(row: Mapping[str, Any], language: str) -> str:
    """Give a reach its name; Danish readers get the English one, as for places elsewhere."""
    first, other = ("name_zh", "name_en") if language == "zh" else ("name_en", "name_zh")
    names = (row.get(first), row.get(other), row.get("id"), row.get("reach"))
    return next(str(name) for name in names if isinstance(name, str) and name)


def wide(words: str, *, size: float) -> float:
    """Estimate how wide words run: a hanzi is square, a letter a little over half. [px]"""
    hanzi = sum(unicodedata.east_asian_width(c) in "WF" for c in words)
    return size * (hanzi + 0.55 * (len(words) - hanzi))
