"""Rivers as lines from reach to reach, shaded by the class of their water. No borders are drawn."""

from __future__ import annotations

import math
from typing import Any

from renvand.publish.charts import theme
from renvand.publish.model import Chart, Item
from renvand.publish.voice import Voice

HEIGHT = 262.0  # pt on paper
LEGEND = 16.0  # px below the map
# Tone and least width of a class of water: clean recedes, poor stands out.
CLASSES = {"good": theme.TINTS["soft"], "fair": theme.ACCENT, "poor": theme.WARN}
NAMED = 9  # reaches that carry their name: the poor ones, then the largest
EDGE = 0.1  # of the width of the map


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """A map: each reach a line to the next, as wide as its flow, and places as dots."""
    points = _projected(chart)
    reaches = {item.id: item for item in chart.items}
    lines = [
        _line(points[k.source], points[k.target], reaches[k.source], flow=voice.facts[k.fact].value)
        for k in chart.links
    ]
    shown = [name for name in CLASSES if any(item.group == name for item in chart.items)]
    axes = _axes(list(points.values()), width=width)
    legend = {
        "bottom": 0, "left": 0, "itemWidth": 14, "itemHeight": 3, "itemGap": 12, "icon": "rect",
        "data": [voice.words(f"sheet.class_{name}") for name in shown],
        "textStyle": theme.label(),
    }  # fmt: skip
    named = [
        {"type": "line", "name": voice.words(f"sheet.class_{name}"), "data": [],
         "itemStyle": {"color": CLASSES[name]}, "lineStyle": {"color": CLASSES[name]}}
        for name in shown
    ]  # fmt: skip
    places = _places(chart, voice, points=points)
    return theme.base() | axes | {"legend": legend, "series": [*named, *lines, *places]}


def _projected(chart: Chart) -> dict[str, list[float]]:
    """Shrink degrees of longitude to the length they have at the middle of the map."""
    placed = [(item.id, item.at) for item in chart.items if item.at is not None]
    middle = sum(at[1] for _, at in placed) / max(len(placed), 1)
    shrink = math.cos(math.radians(middle))
    return {name: [at[0] * shrink, at[1]] for name, at in placed}


def _axes(points: list[list[float]], *, width: float) -> dict[str, Any]:
    """Give axes with one scale in both directions and room around."""
    room = (width - 8, HEIGHT - LEGEND - 8)
    spans = [(min(p[n] for p in points), max(p[n] for p in points)) for n in (0, 1)]
    scale = max((high - low) / side for (low, high), side in zip(spans, room, strict=True)) or 1.0
    axes: dict[str, Any] = {"grid": {"left": 4, "right": 4, "top": 4, "bottom": LEGEND + 4}}
    for name, (low, high), side in zip(("xAxis", "yAxis"), spans, room, strict=True):
        middle, half = (low + high) / 2, scale * side / 2
        axes[name] = {"type": "value", "min": middle - half, "max": middle + half, "show": False}
    return axes


def _line(start: list[float], end: list[float], item: Item, *, flow: float) -> dict[str, Any]:
    style = {
        "color": CLASSES[item.group],
        "width": 0.8 + 0.75 * math.log10(1 + max(flow, 0.0)),
        "cap": "round",
    }
    return {"type": "line", "symbol": "none", "data": [start, end], "lineStyle": style}


def _places(chart: Chart, voice: Voice, *, points: dict[str, list[float]]) -> list[dict[str, Any]]:
    """Draw dots for places, and names where they do not hide one another."""
    flows = {link.source: voice.facts[link.fact].value for link in chart.links}
    reaches = [item for item in chart.items if item.group in CLASSES]
    reaches.sort(key=lambda item: (item.group != "poor", -flows.get(item.id, 0.0)))
    dots = [item for item in chart.items if item.group not in CLASSES]
    shown = [*((item, 5.0) for item in dots), *((item, 0.1) for item in reaches[:NAMED])]
    ahead = {k.source: points[k.target][0] - points[k.source][0] for k in chart.links}
    across = [point[0] for point in points.values()]
    edge = max(across) - EDGE * (max(across) - min(across))  # a name right of it would be cut
    data = [
        {
            "value": points[item.id],
            "symbolSize": size,
            "itemStyle": {"color": theme.INK},
            "label": theme.label(
                show=True,
                formatter=voice.text(item.label),
                position=(
                    "left" if ahead.get(item.id, 0.0) > 0 or points[item.id][0] > edge else "right"
                ),
                distance=3,
                fontWeight="bold" if size > 1 else "normal",
                backgroundColor="rgba(255,255,255,0.72)",
                padding=[0, 1],
            ),
        }
        for item, size in shown
    ]
    series = {"type": "scatter", "data": data, "labelLayout": {"hideOverlap": True}}
    return [series]
