"""Axes whose numbers are written in the language: lines of our own, not ECharts' ticks."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts import theme
from renvand.publish.voice import Voice

NEAR = 0.9  # of the axis: a number farther out would be cut


def hidden_axes(x: tuple[float, float], y: tuple[float, float]) -> dict[str, Any]:
    """Give two axes that draw nothing themselves."""
    plain = {
        "type": "value",
        "axisLabel": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
        "axisLine": {"show": False},
    }
    return {
        "xAxis": plain | {"min": x[0], "max": x[1], "position": "bottom"},
        "yAxis": plain | {"min": y[0], "max": y[1]},
    }


def named(axes: dict[str, Any], *, x: str, y: str, left: float) -> dict[str, Any]:
    """Write the names of the axes: below the middle, and above the left edge."""
    title = theme.label(color=theme.GREY["dark"])
    below = {"name": x, "nameLocation": "middle", "nameGap": 15, "nameTextStyle": title}
    above = {
        "name": y,
        "nameLocation": "end",
        "nameGap": 8,
        "nameTextStyle": title | {"align": "left", "padding": [0, 0, 0, -left]},
    }
    return {"xAxis": axes["xAxis"] | below, "yAxis": axes["yAxis"] | above}


def right(voice: Voice, along: list[float], end: float) -> float:
    """Give the room right of the axis that half of the last number needs. [px]"""
    last = along[-1] if along else 0.0
    is_near = last > NEAR * end
    return 8 + (theme.width(voice.number(last)) / 2 - 6 if is_near else 0)


def grid(voice: Voice, *, across: list[float], along: list[float]) -> dict[str, Any]:
    """Draw the scale: a line across at each height, a number along at each place."""
    data: list[dict[str, Any]] = []
    for axis, values in (("yAxis", across), ("xAxis", along)):
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
