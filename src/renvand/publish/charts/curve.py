"""Marginal cost curve: how much each measure saves (width), at what cost (height)."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from renvand.publish.charts import scale, theme
from renvand.publish.model import Chart
from renvand.publish.voice import Voice


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """Blocks side by side, numbered as in the table of options; below zero they earn money."""
    heights = [voice.facts[item.other].value for item in chart.items]
    ends = list(accumulate(voice.facts[item.fact].value for item in chart.items))
    starts = [0.0, *ends[:-1]]
    margin = 0.16 * (max(0.0, *heights) - min(0.0, *heights) or 1.0)
    low = min(0.0, *heights) - margin * any(h < 0 for h in heights)
    high = max(0.0, *heights) + margin
    end = ends[-1] if ends else 1.0
    costs, amounts = theme.ticks(low, high), theme.ticks(0, end)[1:]
    left = max(theme.width(voice.number(v)) for v in costs) + 6
    axes = scale.hidden_axes((0.0, end), (low, high))
    return (
        theme.base()
        | scale.named(axes, x=voice.text(chart.axis), y=voice.text(chart.other_axis), left=left)
        | {
            "grid": {
                "left": left,
                "right": scale.right(voice, amounts, end),
                "top": 22,
                "bottom": 28,
            },
            "series": [
                scale.grid(voice, across=costs, along=amounts),
                *(
                    _block(starts[i], ends[i], height=heights[i], name=str(i + 1), group=item.group)
                    for i, item in enumerate(chart.items)
                ),
            ],
        }
    )


def _block(start: float, end: float, *, height: float, name: str, group: str) -> dict[str, Any]:
    colour = theme.tone(group) if group else theme.TINTS["strong" if height <= 0 else "soft"]
    return {
        "type": "line",
        "symbol": "none",
        "lineStyle": {"width": 0},
        "areaStyle": {"color": colour, "opacity": 1, "origin": 0},
        "data": [[start, height], [end, height]],
        "markLine": {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": "#ffffff", "width": 0.8, "type": "solid"},
            "label": {"show": False},
            "data": [[{"coord": [end, 0]}, {"coord": [end, height]}]],
        },
        "markPoint": {
            "symbol": "circle",
            "symbolSize": 1,
            "silent": True,
            "itemStyle": {"color": "transparent"},
            "data": [{"coord": [(start + end) / 2, height]}],
            "label": theme.label(
                formatter=name, position="top" if height >= 0 else "bottom", fontWeight="bold"
            ),
        },
    }
