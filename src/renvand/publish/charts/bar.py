"""Bars with their range, and levels to compare with."""

from __future__ import annotations

from typing import Any

from renvand.publish.charts import theme
from renvand.publish.model import Chart, Fact, Level
from renvand.publish.voice import Voice

LABEL_SHARE = 0.34  # of the width, at most, for the names of the bars
RIGHT = 34.0  # px, for a value beyond the last bar
ROW = 11.0  # px for one line of level labels


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """Horizontal bars: value at the end, thin line for the range, levels named above."""
    facts = [voice.facts[item.fact] for item in chart.items]
    names = [theme.wrap(voice.text(i.label), width * LABEL_SHARE) for i in chart.items]
    levels = [voice.facts[level.fact] for level in chart.levels]
    ends = [v for f in (*facts, *levels) for v in (f.value, f.high) if v is not None]
    top = 1.12 * max(ends, default=1.0) or 1.0
    left = theme.widest(names) + 8
    return theme.base() | {
        "grid": {"left": left, "right": RIGHT, "top": 4 + ROW * len(levels), "bottom": 2},
        "xAxis": {"type": "value", "min": 0, "max": top, "show": False},
        "yAxis": theme.names_axis(names),
        "series": [
            _bars(chart, voice, facts=facts),
            *_levels(chart.levels, voice, top=top, left=left, room=width - left - RIGHT),
        ],
    }


def _bars(chart: Chart, voice: Voice, *, facts: list[Fact]) -> dict[str, Any]:
    data = [
        {
            "value": fact.value,
            "itemStyle": {"color": theme.tone(item.group)},
            "label": theme.label(
                show=True,
                position="insideLeft",
                color="#ffffff",
                formatter=voice.number(fact.value),
            )
            if fact.high is not None
            else theme.label(show=True, position="right", formatter=voice.number(fact.value)),
        }
        for item, fact in zip(chart.items, facts, strict=True)
    ]
    whiskers = [w for row, fact in enumerate(facts) for w in _whisker(fact, row)]
    return {
        "type": "bar",
        "data": data,
        "barWidth": "58%",
        "z": 3,
        "markLine": {
            "silent": True,
            "z": 5,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"width": 1.2, "type": "solid"},
            "data": whiskers,
        },
    }


def _whisker(fact: Fact, row: int) -> list[list[dict[str, Any]]]:
    """Draw the range of a bar: pale inside the bar, dark outside."""
    if fact.low is None or fact.high is None:
        return []
    pieces = ((fact.low, fact.value, theme.TINTS["soft"]), (fact.value, fact.high, theme.INK))
    return [
        [{"coord": [start, row], "lineStyle": {"color": colour}}, {"coord": [end, row]}]
        for start, end, colour in pieces
    ]


def _levels(
    levels: tuple[Level, ...], voice: Voice, *, top: float, left: float, room: float
) -> list[dict[str, Any]]:
    """Draw each level as a series of its own, with its name on a line of its own."""
    return [
        _level(level, voice, top=top, left=left, room=room, distance=2 + ROW * row)
        for row, level in enumerate(reversed(levels))
    ]


def _level(
    level: Level, voice: Voice, *, top: float, left: float, room: float, distance: float
) -> dict[str, Any]:
    fact = voice.facts[level.fact]
    colour = theme.WARN if level.is_limit else theme.GREY["dark"]
    text = f"{voice.text(level.label)} {voice.span(fact) or voice.number(fact.value)}"
    series: dict[str, Any] = {"type": "bar", "data": [], "z": 1}
    at = fact.value
    if fact.low is not None and fact.high is not None:
        at = fact.low
        series["markArea"] = {
            "silent": True,
            "itemStyle": {"color": theme.GREY["faint"]},
            "data": [[{"xAxis": fact.low}, {"xAxis": fact.high}]],
        }
    align, shift = _kept_inside(text, left + room * at / top, width=left + room + RIGHT)
    series["markLine"] = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {
            "color": colour,
            "width": 0 if "markArea" in series else 1.2,
            "type": "solid" if level.is_limit else [3, 2],
        },
        "label": theme.label(
            formatter=text,
            position="start",
            distance=distance,
            color=colour,
            align=align,
            offset=[shift, 0],
        ),
        "data": [{"xAxis": at}],
    }
    return series


def _kept_inside(text: str, x: float, *, width: float) -> tuple[str, float]:
    """Choose on which side of its line a label stands, and push it in where it would stick out."""
    long = theme.width(text)
    if x < width / 2:
        return "left", min(0.0, width - x - long)
    return "right", max(0.0, long - x)
