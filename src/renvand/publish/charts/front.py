"""The front of a search: what each setting takes against what it leaves, with the limits."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Any

from renvand.publish.charts import theme
from renvand.publish.charts.draw import svg
from renvand.text import Words

WIDTH, HEIGHT = 620.0, 360.0
SMALLEST, LARGEST = 6.0, 18.0  # px of a point, by the third objective


# What an objective is called, and its unit.
NAMES = {
    "energy_kwh_m3": ("plant.energy_use", "kWh/m³"), "TN_g_m3": ("plant.total_nitrogen", "mg/L"),
    "S_NH_g_m3": ("plant.ammonium", "mg/L"), "TP_g_m3": ("plant.stop_tp", "mg/L"),
    "n2o_kg_d": ("plant.nitrous_oxide", "kg/d"), "cost_d": ("plant.operation_cost", "/d"),
}  # fmt: skip


def front_option(front: Mapping[str, Any], *, language: str = "en") -> dict[str, Any]:
    """Give the ECharts option of a front.

    Parameters
    ----------
    front : mapping
        The extra ``front`` of the step trial: ``objectives`` (columns), ``points``, ``limits``.
    language : str
        Of the words: da, en or zh.

    Returns
    -------
    dict
        First objective across, second upwards, the third as the size of a point; a line at every
        limit of the first two; a point is pale where the limits hold in less than nine tenths of
        other waters.
    """
    across, up, *more = front["objectives"]
    points = front["points"]
    size = [point[more[0]] for point in points] if more else [0.0] * len(points)
    low, span = min(size), max(size) - min(size)
    data = [
        {
            "name": point["point"],
            "value": [point[across], point[up], value],
            "symbolSize": SMALLEST + (LARGEST - SMALLEST) * ((value - low) / span if span else 0),
            "itemStyle": {"opacity": 0.9 if point.get("holds", 1.0) >= 0.9 else 0.35},
        }
        for point, value in zip(points, size, strict=True)
    ]
    axes = {across: "xAxis", up: "yAxis"}
    limits = [
        {axes[column]: limit, "name": f"{limit:g}"}
        for column, limit in front["limits"].items()
        if column in axes
    ]
    return theme.base() | {
        "grid": {"left": 60, "right": 24, "top": 24, "bottom": 44},
        "tooltip": {"trigger": "item"},
        "xAxis": _axis(front, across, language),
        "yAxis": _axis(front, up, language) | {"nameGap": 44, "nameRotate": 90},
        "series": [
            {
                "type": "scatter",
                "itemStyle": {"color": theme.TINTS["strong"]},
                "data": data,
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"type": "dashed", "color": theme.WARN},
                    "label": {"formatter": "{b}"},
                    "data": limits,
                },
            }
        ],
    }


def front_svg(front: Mapping[str, Any], *, language: str = "en") -> str:
    """Draw a front as SVG."""
    return svg(front_option(front, language=language), width=WIDTH, height=HEIGHT)


def paths_option(front: Mapping[str, Any], *, language: str = "en") -> dict[str, Any]:
    """Give the ECharts option of a front in parallel axes: each setting is one line.

    Parameters
    ----------
    front : mapping
        As for :func:`front_option`, with ``levers``.
    language : str
        Of the words: da, en or zh.

    Returns
    -------
    dict
        An axis for every lever, every objective and, where points were run again under other
        waters, the share in which the limits hold; pale as in the other picture.
    """
    words = Words(language)
    named = {lever: words(f"plant.lever_{lever}") for lever in front["levers"]}
    named |= {c: f"{words(NAMES[c][0])}, {NAMES[c][1]}" for c in front["objectives"]}
    columns = [*front["levers"], *front["objectives"]]
    if all("holds" in point for point in front["points"]):
        columns.append("holds")
        named["holds"] = words("plant.limits_hold")
    letters = 7 if language == "zh" else 15  # of a line, so that names do not touch
    axes = [
        {
            "dim": i,
            "name": textwrap.fill(named[column], letters, break_long_words=language == "zh"),
            "scale": True,
            "nameTextStyle": {"fontSize": 9},
            "axisLabel": {"fontSize": 9},
        }
        | ({"min": 0, "max": 1} if column == "holds" else {})
        for i, column in enumerate(columns)
    ]
    lines = [
        {
            "value": [float(f"{point[column]:.4g}") for column in columns],
            "lineStyle": {"opacity": 0.8 if point.get("holds", 1.0) >= 0.9 else 0.25},
        }
        for point in front["points"]
    ]
    return theme.base() | {
        "parallel": {
            "left": 48,
            "right": 48,
            "top": 64,
            "bottom": 20,
            "parallelAxisDefault": {
                "nameLocation": "end",
                "nameGap": 12,
                "axisLine": {"lineStyle": {"color": theme.TINTS["strong"]}},
            },
        },
        "parallelAxis": axes,
        "series": [
            {
                "type": "parallel",
                "lineStyle": {"width": 1.2, "color": theme.TINTS["strong"]},
                "data": lines,
            }
        ],
    }


def paths_svg(front: Mapping[str, Any], *, language: str = "en") -> str:
    """Draw a front in parallel axes as SVG."""
    return svg(paths_option(front, language=language), width=WIDTH, height=HEIGHT)


def _axis(front: Mapping[str, Any], column: str, language: str) -> dict[str, Any]:
    """Give an axis that reaches to the limit, where there is one."""
    values = [float(point[column]) for point in front["points"]]
    values += [limit for name, limit in front["limits"].items() if name == column]
    low, high = min(values), max(values)
    margin = 0.06 * ((high - low) or abs(high) or 1.0)
    inner = theme.ticks(max(low - margin, 0.0), high + margin)
    step = inner[1] - inner[0] if len(inner) > 1 else 2 * margin
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    key, unit = NAMES[column]
    return {
        "type": "value",
        "min": float(f"{first * step:.6g}"),
        "max": float(f"{max(last, first + 1) * step:.6g}"),
        "interval": float(f"{step:.6g}"),
        "name": f"{Words(language)(key)} ({unit})",
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"fontSize": 11},
        "axisLabel": {"fontSize": 10},
    }
