"""Charts on slides: native ones that hold their data, and a Sankey of shapes."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from renvand.publish.archive import fixed
from renvand.publish.charts import alt, sankey, theme
from renvand.publish.charts.sankey import throughput, written
from renvand.publish.model import Chart
from renvand.publish.seminar.participants import write_text
from renvand.publish.seminar.slides import BOTTOM, EDGE, ROOM, TOP, Slides, describe, dress, flatten
from renvand.publish.voice import Voice

STEPS = 16  # straight pieces of one side of a flow
NODE = 4.0  # mm
GAP = 7.0  # mm between nodes
HIGHEST = 30.0  # mm for a bar and the room around it


def bars(
    slides: Slides,
    chart: Chart,
    *,
    voice: Voice,
    fields: tuple[str, ...] = ("fact",),
    top: float = TOP,
) -> None:
    """Draw a native bar chart; levels stand as a line of words below it.

    Parameters
    ----------
    slides : Slides
        The deck, on the slide to draw on.
    chart : Chart
        Items with the facts named by ``fields``.
    voice : Voice
        The language and the facts.
    fields : tuple of str
        'fact', or 'fact' and 'other' for two bars an item.
    top : float
        Where the chart begins. [mm]
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    series = [[voice.facts[getattr(item, name)].value for item in chart.items] for name in fields]
    data = CategoryChartData(number_format=_format(series))
    data.categories = [voice.text(item.label) for item in chart.items]
    for name, values in zip(_names(chart, voice, fields), series, strict=True):
        data.add_series(name, values)
    room = HIGHEST * max(len(chart.items), 2) * (1.3 if len(fields) == 2 else 1)
    bottom = min(BOTTOM - 8.0 * len(chart.levels), top + 12 + room)
    frame = slides.slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, slides.mm(EDGE), slides.mm(top), slides.mm(ROOM),
        slides.mm(bottom - top), data,
    )  # fmt: skip
    describe(frame, alt(chart, voice))
    drawn = frame.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(_workbook(data))
    drawn.has_title = False
    drawn.has_legend = len(fields) == 2
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
    _dress(drawn, slides.locale)
    colours = (theme.ACCENT,) if len(fields) == 1 else (theme.GREY["soft"], theme.ACCENT)
    for one, colour in zip(drawn.plots[0].series, colours, strict=True):
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = _rgb(colour)
    for row, level in enumerate(chart.levels):
        fact = voice.facts[level.fact]
        amount = voice.span(fact) or voice.number(fact.value)
        text = f"{amount} {voice.unit(fact.unit)}{voice.marks(fact)}"
        slides.text(text, (EDGE, bottom + 2 + 8 * row, ROOM), size=14, lead=voice.text(level.label))


def _names(chart: Chart, voice: Voice, fields: tuple[str, ...]) -> list[str]:
    """Name the series: two bars an item are two axes, or before and after."""
    if len(fields) == 1:
        return [voice.text(chart.caption)]
    if chart.axis:
        return [voice.text(chart.axis), voice.text(chart.other_axis)]
    return [voice.words("sheet.before"), voice.words("sheet.after")]


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:].upper())


def _workbook(data: Any) -> bytes:
    """Write the numbers behind a chart; the writer of python-pptx would run a label as formula."""
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    page.title = "Sheet1"  # the chart's references name it
    for row, category in enumerate(data.categories, 2):
        write_text(page.cell(row, 1), str(category.label))
    for column, series in enumerate(data, 2):
        write_text(page.cell(1, column), series.name)
        for row, value in enumerate(series.values, 2):
            page.cell(row, column).value = value
    made = io.BytesIO()
    book.save(made)
    return fixed(made.getvalue(), is_inner=True)


def _format(series: list[list[float]]) -> str:
    """Choose a number format by the smallest bar."""
    smallest = min((abs(v) for values in series for v in values if v), default=1.0)
    return "#,##0" if smallest >= 10 else "#,##0.0" if smallest >= 1 else "#,##0.00"


def _dress(drawn: Any, locale: str) -> None:
    """Remove grid and axis; write values at the bars; set fonts and language."""
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    drawn.font.size, drawn.font.color.rgb = Pt(14), _rgb(theme.INK)
    dress(drawn._chartSpace.find(qn("c:txPr")).find(f".//{qn('a:defRPr')}"), locale)
    drawn.category_axis.reverse_order = True
    drawn.category_axis.format.line.color.rgb = _rgb(theme.GREY["mid"])
    drawn.category_axis.has_major_gridlines = False
    drawn.value_axis.visible = False
    drawn.value_axis.has_major_gridlines = False
    drawn.value_axis.minimum_scale = 0
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 55 if len(drawn.plots[0].categories) > 1 else 140, -8
    plot.has_data_labels = True
    plot.data_labels.font.size, plot.data_labels.show_value = Pt(14), True


@dataclass
class _Node:
    column: int
    top: float = 0.0
    height: float = 0.0
    into: float = 0.0  # mm already taken on the left
    out: float = 0.0  # mm already taken on the right


def flows(slides: Slides, chart: Chart, *, voice: Voice) -> None:
    """Draw a Sankey diagram as shapes that can be moved and recoloured."""
    height = BOTTOM - TOP
    amounts = throughput(chart, voice)
    nodes = _nodes(chart, amounts, height=height)
    longest = max((theme.width(voice.text(i.label), 4.6) for i in chart.items), default=0.0)
    reach = ROOM - NODE - min(longest + 6, 62.0)
    step = reach / max(max(n.column for n in nodes.values()), 1)
    scale = _scale(nodes, amounts, height=height)
    order = sorted(chart.links, key=lambda k: (nodes[k.source].top, nodes[k.target].top))
    groups = {item.id: item.group for item in chart.items}
    for link in order:
        value = voice.facts[link.fact].value
        if value > 0:
            source, target = nodes[link.source], nodes[link.target]
            thick = value * scale
            start = (EDGE + source.column * step + NODE, TOP + source.top + source.out)
            end = (EDGE + target.column * step, TOP + target.top + target.into)
            colour = theme.tone(link.group or groups[link.target])
            _ribbon(slides, start, end=end, thick=thick, colour=colour)
            source.out, target.into = source.out + thick, target.into + thick
    for item in chart.items:
        node = nodes[item.id]
        if node.height > 0:
            x, y = EDGE + node.column * step, TOP + node.top
            slides.box((x, y, NODE, max(node.height, 0.8)), colour=theme.tone(item.group))
            words = f"{voice.text(item.label)}  {written(amounts[item.id], chart, voice=voice)}"
            left = x + NODE + 1.5
            room = min(step, EDGE + ROOM + 10 - left) - NODE if node.column else step - NODE
            slides.text(words, (left, y + node.height / 2 - 3, max(room, 20.0)), size=12)


def _nodes(chart: Chart, amounts: dict[str, float], *, height: float) -> dict[str, _Node]:
    """Put every node into a column, by its longest way from a source, and stack the columns."""
    nodes = {name: _Node(column=column) for name, column in sankey.columns(chart).items()}
    scale = _scale(nodes, amounts, height=height)
    columns: dict[int, list[str]] = defaultdict(list)
    for item in chart.items:
        nodes[item.id].height = amounts[item.id] * scale
        if amounts[item.id] > 0:
            columns[nodes[item.id].column].append(item.id)
    for column in sorted(columns):
        names = _sorted(columns[column], chart, nodes=nodes)
        free = height - sum(nodes[name].height for name in names)
        gap = min(free / max(len(names) - 1, 1), 3 * GAP)
        y = (free - gap * (len(names) - 1)) / 2
        for name in names:
            nodes[name].top = y
            y += nodes[name].height + gap
    return nodes


def _sorted(names: list[str], chart: Chart, *, nodes: dict[str, _Node]) -> list[str]:
    """Order a column by where its flows come from, so that few of them cross."""

    def middle(name: str) -> float:
        before = [nodes[k.source] for k in chart.links if k.target == name]
        return sum(n.top + n.height / 2 for n in before) / max(len(before), 1)

    return sorted(names, key=middle)


def _scale(nodes: dict[str, _Node], amounts: dict[str, float], *, height: float) -> float:
    """Find how many mm a unit of flow takes in the fullest column."""
    columns: dict[int, list[float]] = defaultdict(list)
    for name, node in nodes.items():
        columns[node.column].append(amounts[name])
    return min(
        ((height - GAP * (len(c) - 1)) / sum(c) for c in columns.values() if sum(c)), default=0.0
    )


def _ribbon(
    slides: Slides,
    start: tuple[float, float],
    *,
    end: tuple[float, float],
    thick: float,
    colour: str,
) -> None:
    """Draw one flow as a freeform with soft ends, half transparent."""
    upper = [
        (
            start[0] + (end[0] - start[0]) * t,
            start[1] + (end[1] - start[1]) * t * t * (3 - 2 * t),
        )
        for t in (n / STEPS for n in range(STEPS + 1))
    ]
    outline = [*upper, *((x, y + thick) for x, y in reversed(upper))]
    points = [(int(slides.mm(x)), int(slides.mm(y))) for x, y in outline]
    builder = slides.slide.shapes.build_freeform(*points[0])
    builder.add_line_segments(points[1:], close=True)
    shape = builder.convert_to_shape()
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    _fade(shape)
    shape.line.fill.background()
    flatten(shape)


def _fade(shape: Any) -> None:
    from pptx.oxml.ns import qn

    colour = shape.fill._xPr.find(qn("a:solidFill"))[0]
    alpha = colour.makeelement(qn("a:alpha"), {"val": "34000"})
    colour.append(alpha)
