"""The steps of a process in their order, and what each sends to the sewer."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts import theme
from renvand.publish.model import Chart, Item
from renvand.publish.voice import Voice

HEIGHT = 60.0  # pt on paper
BOX = 24.0  # px high
BETWEEN = 12.0  # px from box to box, for the arrow
# Heights on a scale from 0 to 1: middle of the boxes, their lower edge, end of the arrow down.
MIDDLE, EDGE, END = 0.78, 0.57, 0.4


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """Boxes in a row; under each what leaves it, in shares of the whole."""
    step = width / max(len(chart.items), 1)
    box = step - BETWEEN
    reach = box / step / 2  # half a box, in steps
    last = len(chart.items) - 1
    onward = [([n + reach, MIDDLE], [n + 1 - reach, MIDDLE]) for n in range(last)]
    down = [([n, EDGE], [n, END]) for n, item in enumerate(chart.items) if item.fact]
    return theme.base() | {
        "grid": {"left": 0, "right": 0, "top": 0, "bottom": 0},
        "xAxis": {"type": "value", "min": -0.5, "max": last + 0.5, "show": False},
        "yAxis": {"type": "value", "min": 0, "max": 1, "show": False},
        "series": [
            {
                "type": "scatter",
                "symbol": "rect",
                "symbolSize": [box, BOX],
                "itemStyle": {"color": theme.TINTS["faint"], "borderColor": theme.ACCENT,
                              "borderWidth": 0.6},
                "data": [
                    {"value": [n, MIDDLE], "label": _name(item, voice, room=box - 4)}
                    for n, item in enumerate(chart.items)
                ],
                "markLine": _arrows([*onward, *down]),
            },
            {
                "type": "scatter",
                "symbolSize": 0.1,
                "data": [
                    {"value": [n, END], "label": _waste(item, chart, voice=voice)}
                    for n, item in enumerate(chart.items)
                ],
            },
        ],
    }  # fmt: skip


def _name(item: Item, voice: Voice, *, room: float) -> dict[str, Any]:
    text = theme.wrap(voice.text(item.label), room)
    return theme.label(show=True, position="inside", lineHeight=9.5, formatter=text)


def _waste(item: Item, chart: Chart, *, voice: Voice) -> dict[str, Any]:
    """Write what leaves a step: its share of the water, and of the load where it is known."""
    lines = [
        f"{{n|{voice.percent(voice.facts[name].value)}}} {voice.text(word)}"
        for name, word in ((item.fact, chart.axis), (item.other, chart.other_axis))
        if name
    ]
    bold = {"fontWeight": "bold", "fontSize": theme.SIZE, "color": theme.ACCENT}
    return theme.label(
        show=True, position="bottom", distance=2, align="center", lineHeight=10,
        formatter="\n".join(lines), rich={"n": bold},
    )  # fmt: skip


def _arrows(pairs: list[tuple[list[float], list[float]]]) -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": ["none", "arrow"],
        "symbolSize": 5,
        "label": {"show": False},
        "lineStyle": {"color": theme.GREY["dark"], "width": 0.7, "type": "solid"},
        "data": [[{"coord": start}, {"coord": end}] for start, end in pairs],
    }
