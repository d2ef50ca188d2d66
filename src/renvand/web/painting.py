"""Charts for pages: the definition documents use, drawn on the server, fit for strict rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from renvand.publish import charts
from renvand.publish.model import Chart, Fact
from renvand.publish.voice import Voice

# The engine loads in a tenth of a second and belongs to its thread: all pages share one painter.
_painter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
ROOM_FOR_NUMBER = 16.0  # px, right of the last names: on a page they are in no margin
_STYLE = re.compile(r'\sstyle="([^"]*)"')
_FONT = re.compile(r"(\S+) (\S+) ([\d.]+px) (.+)")  # style, weight, size, family in one
_SIZE = re.compile(r'<svg width="[\d.]+" height="[\d.]+"')


def drawing(
    chart: Chart, facts: Mapping[str, Fact], *, language: str, size: tuple[float, float]
) -> dict[str, Any]:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        What to show.
    facts : mapping of str to Fact
        Its numbers.
    language : str
        Of its words.
    size : tuple of float
        Width and height. [px]

    Returns
    -------
    dict
        ``svg``, and ``alt``: the same in words.
    """
    voice = Voice(language, facts)
    option = charts.option(chart, voice, width=size[0])
    if chart.kind == "sankey":
        option["series"][0]["right"] += ROOM_FOR_NUMBER
    return {"svg": svg(option, size=size), "alt": charts.alt(chart, voice)}


def svg(option: Mapping[str, Any], *, size: tuple[float, float]) -> str:
    """Draw an ECharts option as SVG without style attributes, as wide as its place."""
    width, height = size
    return fitted(_painted(lambda: charts.svg(option, width=width, height=height)))


def _painted(work: Callable[[], str]) -> str:
    return _painter.submit(work).result()


@lru_cache(maxsize=64)
def fitted(text: str) -> str:
    """Turn style attributes, which the rules for pages forbid, into attributes of the drawing."""
    return _SIZE.sub("<svg", _STYLE.sub(_as_attributes, text), count=1)


def _as_attributes(style: re.Match[str]) -> str:
    found: dict[str, str] = {}
    for part in style[1].split(";"):
        name, _, value = (text.strip() for text in part.partition(":"))
        font = _FONT.fullmatch(value) if name == "font" else None
        if font:
            names = ("font-style", "font-weight", "font-size", "font-family")
            found |= dict(zip(names, font.groups(), strict=True))
        elif name and value:
            found[name] = value
    return "".join(f' {name}="{value}"' for name, value in found.items())
