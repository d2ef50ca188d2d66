"""Before and after along a river: two lines with their ranges over the distance."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts import scale, theme
from renvand.publish.model import Chart, Fact
from renvand.publish.voice import Voice

SPACE = 0.12  # of the range of values, above and below


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """Lines that hold along a reach: before broad and grey, after narrow upon it in the accent."""
    reaches = [item.at or (0.0, 0.0) for item in chart.items]  # from and to, along the river
    places = [*(start for start, _ in reaches), reaches[-1][1]]
    sides = [
        [voice.facts[getattr(item, name)] for item in (*chart.items, chart.items[-1])]
        for name in ("fact", "other")
    ]
    values = [v for side in sides for f in side for v in (f.value, f.low, f.high) if v is not None]
    space = SPACE * (max(values) - min(values) or abs(values[0]) or 1.0)
    low, high = max(min(values) - space, 0.0), max(values) + space
    across = theme.ticks(low, high)
    along = theme.ticks(min(places), max(places), wanted=max(int(width // 60), 2))
    left = max(theme.width(voice.number(v)) for v in across) + 6
    axes = scale.hidden_axes((min(places), max(places) or 1.0), (low, high))
    titles = [voice.words("sheet.before"), voice.words("sheet.after")]
    before = _side(titles[0], places, sides[0], colour=theme.GREY["mid"], thick=4.5)
    after = _side(titles[1], places, sides[1], colour=theme.ACCENT, thick=1.6)
    return (
        theme.base()
        | scale.named(axes, x=voice.text(chart.axis), y=voice.text(chart.other_axis), left=left)
        | {
            "legend": {
                "top": 0, "right": 0, "itemWidth": 14, "itemHeight": 3, "icon": "rect",
                "data": titles, "textStyle": theme.label(),
            },
            "grid": {
                "left": left, "right": scale.right(voice, along, max(places)),
                "top": 32, "bottom": 28,
            },
            "series": [scale.grid(voice, across=across, along=along), *before, *after],
        }
    )  # fmt: skip


def _side(
    title: str, places: list[float], side: list[Fact], *, colour: str, thick: float
) -> list[dict[str, Any]]:
    line = {
        "type": "line",
        "name": title,
        "step": "end",
        "symbol": "none",
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": thick},
        "data": [[x, f.value] for x, f in zip(places, side, strict=True)],
    }
    return [*_band(title, places, side, colour=colour), line]


def _band(
    title: str, places: list[float], side: list[Fact], *, colour: str
) -> list[dict[str, Any]]:
    """The range of a line, where it has one: an unseen lower edge, and what lies on it."""
    edges = [(x, f.low, f.high) for x, f in zip(places, side, strict=True)]
    if any(low is None or high is None for _, low, high in edges):
        return []
    bare = {
        "type": "line", "step": "end", "symbol": "none", "silent": True, "stack": title,
        "lineStyle": {"opacity": 0},
    }  # fmt: skip
    return [
        {**bare, "data": [[x, low] for x, low, _ in edges]},
        {
            **bare,
            "data": [[x, (high or 0.0) - (low or 0.0)] for x, low, high in edges],
            "areaStyle": {"color": colour, "opacity": 0.13},
        },
    ]
