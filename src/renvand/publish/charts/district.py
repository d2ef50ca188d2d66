"""Districts shaded by a number. The shapes come with the case; Renvand ships no borders."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts import theme
from renvand.publish.model import Chart
from renvand.publish.voice import Voice

NAMED = 5  # districts that carry their name: the highest


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """A map: the darker, the more. Districts without a number stay white."""
    values = {item.id: voice.facts[item.fact].value for item in chart.items if item.fact}
    named = sorted(values, key=lambda name: -values[name])[:NAMED]
    labels = {item.id: voice.text(item.label) for item in chart.items}
    return theme.base() | {
        "visualMap": _scale(voice, values, width=width),
        "series": [
            {
                "type": "map",
                "map": chart.shapes,
                "nameProperty": "id",
                "roam": False,
                "left": 4,
                "right": 4,
                "top": 4,
                "bottom": 4,
                "itemStyle": {
                    "areaColor": "#ffffff",
                    "borderColor": theme.GREY["mid"],
                    "borderWidth": 0.5,
                },
                "label": {"show": False},
                "data": [
                    {
                        "name": name,
                        "value": value,
                        "label": theme.label(
                            show=name in named, formatter=labels[name], color=theme.INK
                        ),
                    }
                    for name, value in values.items()
                ],
            }
        ],
    }


def _scale(voice: Voice, values: dict[str, float], *, width: float) -> dict[str, Any]:
    """Give the legend: from none to the highest, in tints of one colour."""
    highest = max(values.values(), default=0.0)
    return {
        "type": "continuous",
        "min": 0,
        "max": highest or 1.0,
        "left": 2,
        "bottom": 2,
        "itemWidth": 8,
        "itemHeight": min(60.0, width / 4),
        "text": [voice.number(highest), "0"],
        "textStyle": theme.label(),
        "inRange": {"color": [theme.TINTS["faint"], theme.TINTS["mid"], theme.INK]},
    }
