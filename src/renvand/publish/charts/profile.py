"""Before and after, side by side."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts import theme
from renvand.publish.charts.bar import LABEL_SHARE
from renvand.publish.model import Chart
from renvand.publish.voice import Voice


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """Two bars a row: before in grey, after in the accent colour."""
    names = [theme.wrap(voice.text(i.label), width * LABEL_SHARE) for i in chart.items]
    left = theme.widest(names) + 8
    titles = [voice.words("sheet.before"), voice.words("sheet.after")]
    sides = [[i.fact for i in chart.items], [i.other for i in chart.items]]
    ends = [voice.facts[name].value for side in sides for name in side]
    return theme.base() | {
        "legend": {
            "top": 0,
            "left": left - 4,
            "itemWidth": 9,
            "itemHeight": 7,
            "itemGap": 14,
            "data": titles,
            "textStyle": theme.label(),
        },
        "grid": {"left": left, "right": 4, "top": 16, "bottom": 2},
        "xAxis": {"type": "value", "min": 0, "max": 1.16 * max(ends, default=1), "show": False},
        "yAxis": theme.names_axis(names),
        "series": [
            _side(title, side, voice=voice, colour=colour)
            for title, colour, side in zip(
                titles, (theme.GREY["soft"], theme.ACCENT), sides, strict=True
            )
        ],
    }


def _side(title: str, facts: list[str], *, voice: Voice, colour: str) -> dict[str, Any]:
    values = [voice.facts[name].value for name in facts]
    return {
        "type": "bar",
        "name": title,
        "barGap": "12%",
        "barCategoryGap": "34%",
        "itemStyle": {"color": colour},
        "data": [
            {
                "value": value,
                "label": theme.label(show=True, position="right", formatter=voice.number(value)),
            }
            for value in values
        ],
    }
