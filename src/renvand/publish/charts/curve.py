"""Marginal cost curve: how much each measure saves (width), at what cost (height)."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from renvand.publish.charts import theme
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
    hidden = {"type": "value", "axisLabel": {"show": False}, "axisTick": {"show": False}}
    plain = hidden | {"splitLine": {"show": False}, "axisLine": {"show": False}}
    title = theme.label(color=theme.GREY["dark"])
    return theme.base() | {
        "grid": {"left": left, "right": 8, "top": 22, "bottom": 28},
        "xAxis": plain
        | {
            "min": 0,
            "max": end,
            "name": voice.text(chart.axis),
            "nameLocation": "middle",
            "nameGap": 15,
            "nameTextStyle": title,
            "position": "bottom",
        },
        "yAxis": plain
        | {
            "min": low,
            "max": high,
            "name": voice.text(chart.other_axis),
            "nameLocation": "end",
            "nameGap": 8,
            "nameTextStyle": title | {"align": "left", "padding": [0, 0, 0, -left]},
        },
        "series": [
            _grid(voice, costs=costs, amounts=amounts),
            *(
                _block(starts[i], ends[i], height=heights[i], name=str(i + 1), group=item.group)
                for i, item in enumerate(chart.items)
            ),
        ],
    }


def _grid(voice: Voice, *, costs: list[float], amounts: list[float]) -> dict[str, Any]:
    """Draw the scale with lines of our own: their labels are numbers written in the language."""
    data: list[dict[str, Any]] = []
    for axis, values in (("yAxis", costs), ("xAxis", amounts)):
        for value in values:
            is_zero = axis == "yAxis" and value == 0
            line = {
                "color": theme.GREY["dark" if is_zero else "soft"],
                "width": 0.8 if is_zero else 0.4 if axis == "yAxis" else 0,
                "type": "solid",
            }
            label = theme.label(
                formatter=voice.number(value),
                position="start",
                distance=4,
                color=theme.GREY["dark"],
            )
            data.append({axis: value, "lineStyle": line, "label": label})
    lines = {"silent": True, "symbol": "none", "z": 1, "data": data}
    return {"type": "line", "data": [], "markLine": lines}


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
