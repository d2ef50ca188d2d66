"""Flows between units, as wide as they are large."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from renvand.publish.charts import theme
from renvand.publish.model import Chart
from renvand.publish.voice import Voice

LABEL_SHARE = 0.16  # of the width, for one name
NODE = 7.0  # px wide
GAP = 11  # px between two nodes: a line of a label
TALL = 0.35  # of the largest node: above, a label takes two lines


def option(chart: Chart, voice: Voice, *, width: float) -> dict[str, Any]:
    """A Sankey diagram: each node with its name and its flow."""
    flow = throughput(chart, voice)
    sources = {link.source for link in chart.links}
    names = {
        item.id: theme.wrap(voice.text(item.label), width * LABEL_SHARE) for item in chart.items
    }
    last = [names[i.id] for i in chart.items if i.id not in sources]
    right = theme.widest(last) + 26
    nodes = _nodes(chart, voice, names=names, flow=flow, room=_room(chart, width - right))
    series = {
        "type": "sankey",
        "left": 2,
        "right": right,
        "top": 6,
        "bottom": 8,
        "nodeWidth": NODE,
        "nodeGap": GAP * (2 if _is_crowded(chart, nodes, flow=flow) else 1),
        "draggable": False,
        "layoutIterations": 48,
        "emphasis": {"focus": "adjacency"},
        "data": nodes,
        "links": _links(chart, voice),
    }
    return theme.base() | {"series": [series]}


def columns(chart: Chart) -> dict[str, int]:
    """Give each node its column: the longest way from a source; the last nodes stand together."""
    found = {item.id: 0 for item in chart.items}
    for _ in chart.items:
        for link in chart.links:
            found[link.target] = max(found[link.target], found[link.source] + 1)
    last = max(found.values(), default=0)
    return found | dict.fromkeys(found.keys() - {link.source for link in chart.links}, last)


def _room(chart: Chart, width: float) -> float:
    """Give the room between two columns. [px]"""
    return (width - NODE) / max(*columns(chart).values(), 1) - NODE - 8


def _nodes(
    chart: Chart, voice: Voice, *, names: dict[str, str], flow: dict[str, float], room: float
) -> list[dict[str, Any]]:
    largest = max(flow.values(), default=1.0)
    ends = {item.id for item in chart.items} - {link.source for link in chart.links}
    return [
        {
            "name": item.id,
            "itemStyle": {"color": theme.tone(item.group), "borderWidth": 0},
            "label": _label(
                names[item.id],
                written(flow[item.id], chart, voice=voice),
                is_tall=flow[item.id] / largest > TALL,
                room=math.inf if item.id in ends else room,
            ),
        }
        for item in chart.items
        if flow[item.id] > 0
    ]


def _is_crowded(chart: Chart, nodes: list[dict[str, Any]], *, flow: dict[str, float]) -> bool:
    """Say whether low nodes with names of two lines stand one above the other."""
    largest, place = max(flow.values(), default=1.0), columns(chart)
    low = [
        place[node["name"]]
        for node in nodes
        if flow[node["name"]] <= TALL * largest and "\n" in node["label"]["formatter"]
    ]
    return len(low) > len(set(low))


def _links(chart: Chart, voice: Voice) -> list[dict[str, Any]]:
    groups = {item.id: item.group for item in chart.items}
    return [
        {
            "source": link.source,
            "target": link.target,
            "value": voice.facts[link.fact].value,
            "lineStyle": {"color": theme.tone(link.group or groups[link.target]), "opacity": 0.32},
        }
        for link in chart.links
        if voice.facts[link.fact].value > 0
    ]


def _label(name: str, amount: str, *, is_tall: bool, room: float) -> dict[str, Any]:
    """Write name and flow: on one line where the node is low and the next column far enough."""
    line = f"{name} {amount}".replace("\n", " ")
    is_one = not is_tall and theme.width(line) <= room
    plain = name.replace("\n", " ") if is_one else name
    between = "\n" if is_tall else "\u2002"
    return theme.label(
        formatter=f"{plain}{between}{{n|{amount}}}",
        rich={"n": {"fontSize": theme.SIZE, "fontWeight": "bold", "color": theme.INK}},
        lineHeight=10,
    )


def written(value: float, chart: Chart, *, voice: Voice) -> str:
    """Write a flow: shares to two digits, volumes to three."""
    return voice.number(value, digits=2 if chart.unit == "%" else 3)


def throughput(chart: Chart, voice: Voice) -> dict[str, float]:
    """Give what passes each node: the larger of what comes in and what goes out."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for link in chart.links:
        into[link.target] += voice.facts[link.fact].value
        out[link.source] += voice.facts[link.fact].value
    return {item.id: max(into[item.id], out[item.id]) for item in chart.items}
