"""From what a chart shows to an ECharts option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from renvand.publish.charts import bar, course, curve, process, profile, rivers, sankey
from renvand.publish.model import Chart, ChartKind
from renvand.publish.voice import Voice

_MAKERS: dict[ChartKind, Callable[..., dict[str, Any]]] = {
    "bar": bar.option,
    "sankey": sankey.option,
    "curve": curve.option,
    "profile": profile.option,
    "map": rivers.option,
    "process": process.option,
    "course": course.option,
}


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """Give the ECharts option of a chart in one language.

    Parameters
    ----------
    chart : Chart
        What to show.
    voice : Voice
        The language and the facts.
    width : float
        How wide it will be drawn: labels are broken to fit. [px]
    """
    return _MAKERS[chart.kind](chart, voice, width=width)
