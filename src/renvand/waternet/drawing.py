"""Pictures of water as SVG: flows between places, and composite curves with their pinch.

Names and titles are given by the caller, in its language; the pictures need no other file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Tone = Literal["fresh", "waste", "reuse", "new", "other"]
COLOURS: Mapping[Tone, str] = {
    "fresh": "#2f7fb8",
    "waste": "#9a8f84",
    "reuse": "#58a06c",
    "new": "#d9722e",
    "other": "#b8bec6",
}
INK = "#22303c"
FONT = "'Noto Sans', 'Noto Sans SC', 'Helvetica Neue', Arial, sans-serif"
_NODE = 10.0  # width
_GAP = 30.0  # between nodes of a column; room for two lines of a label
_TOP = 46.0
_SIDE = 150.0  # room for labels left and right
_LEAST = 1.2  # width of the thinnest line, so that it is seen
_HEIGHT = 300.0  # of all nodes of the fullest column together


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Water from one place to another."""

    start: str
    end: str
    amount: float
    tone: Tone = "other"
    note: str = ""  # shown when the reader points at the line


def flow_diagram(
    flows: Iterable[Flow],
    columns: Mapping[str, int],
    *,
    names: Mapping[str, str],
    title: str,
    width: float = 1180.0,
) -> str:
    """Draw flows as lines as wide as they are large.

    Parameters
    ----------
    flows : iterable of Flow
        All ends must be in `columns`; a flow may also go back to an earlier column.
    columns : mapping of str to int
        Place and its column, 0 at the left.
    names : mapping of str to str
        What is written beside each place.
    title : str
        What the picture shows; also read aloud in its place.
    width : float
        Of the drawing. [px]

    Returns
    -------
    str
        The SVG.
    """
    drawn = [flow for flow in flows if flow.amount > 0]
    through = _through(drawn)
    used = {place: column for place, column in columns.items() if place in through}
    last = max(used.values(), default=0)
    scale = _scale(used, through)
    spots = _spots(used, drawn, through=through, scale=scale)
    step = (width - 2 * _SIDE - _NODE) / max(last, 1)
    left = {place: _SIDE + column * step for place, column in used.items()}
    height = max((y + through[p] * scale for p, y in spots.items()), default=_TOP) + 30
    parts = [*_lines(drawn, left=left, spots=spots, scale=scale)]
    for place, y in spots.items():
        size = max(through[place] * scale, _LEAST)
        parts.append(_box(left[place], y, size))
        label = f"{names.get(place, place)}|{_amount(through[place])}"
        parts += _label(label, left[place], y + size / 2, column=used[place], last=last)
    return _page(parts, title=title, width=width, height=height)


def _through(flows: Sequence[Flow]) -> dict[str, float]:
    into: dict[str, float] = {}
    out: dict[str, float] = {}
    for flow in flows:
        into[flow.end] = into.get(flow.end, 0.0) + flow.amount
        out[flow.start] = out.get(flow.start, 0.0) + flow.amount
    places = dict.fromkeys([*out, *into])
    return {p: max(into.get(p, 0.0), out.get(p, 0.0)) for p in places}


def _scale(columns: Mapping[str, int], through: Mapping[str, float]) -> float:
    totals: dict[int, float] = {}
    for place, column in columns.items():
        totals[column] = totals.get(column, 0.0) + through[place]
    return _HEIGHT / max([*totals.values(), 1e-9])


def _spots(
    columns: Mapping[str, int],
    flows: Sequence[Flow],
    *,
    through: Mapping[str, float],
    scale: float,
) -> dict[str, float]:
    """Stack the places of each column; a place stands near those it gets its water from."""
    spots: dict[str, float] = {}
    for column in sorted(set(columns.values())):
        members = [place for place in columns if columns[place] == column]
        wish = {place: _wish(place, flows, spots, order=i) for i, place in enumerate(members)}
        y = _TOP
        for place in sorted(members, key=lambda p: wish[p]):
            spots[place] = y
            y += max(through[place] * scale, _LEAST) + _GAP
    return spots


def _wish(
    place: str, flows: Sequence[Flow], spots: Mapping[str, float], *, order: int
) -> tuple[float, int]:
    known = [(f.amount, spots[f.start]) for f in flows if f.end == place and f.start in spots]
    total = sum(amount for amount, _ in known)
    mean = sum(amount * y for amount, y in known) / total if total else 0.0
    return mean, order


def _lines(
    flows: Sequence[Flow],
    *,
    left: Mapping[str, float],
    spots: Mapping[str, float],
    scale: float,
) -> list[str]:
    starts, ends = dict(spots), dict(spots)
    begin: dict[int, float] = {}
    finish: dict[int, float] = {}
    for number in sorted(range(len(flows)), key=lambda i: spots[flows[i].end]):
        flow = flows[number]
        begin[number] = starts[flow.start] + flow.amount * scale / 2
        starts[flow.start] += flow.amount * scale
    for number in sorted(range(len(flows)), key=lambda i: spots[flows[i].start]):
        flow = flows[number]
        finish[number] = ends[flow.end] + flow.amount * scale / 2
        ends[flow.end] += flow.amount * scale
    made: list[str] = []
    for number, flow in enumerate(flows):
        shape = _ribbon(
            (left[flow.start] + _NODE, begin[number]),
            (left[flow.end], finish[number]),
            thick=max(flow.amount * scale, _LEAST),
            colour=COLOURS[flow.tone],
        )
        strong = 0.85 if flow.tone == "new" else 0.5
        note = f"<title>{escape(flow.note)}</title>" if flow.note else ""
        made.append(f'<path {shape} opacity="{strong}">{note}</path>')
    return made


def _ribbon(
    start: tuple[float, float], end: tuple[float, float], *, thick: float, colour: str
) -> str:
    """Give the outline of a flow to the right; a flow back is a line that loops."""
    (x, y), (u, v), half = start, end, thick / 2
    if u <= x:
        path = f"M{x:.1f} {y:.1f}C{x + 60:.1f} {y:.1f} {u - 60:.1f} {v:.1f} {u:.1f} {v:.1f}"
        return f'd="{path}" fill="none" stroke="{colour}" stroke-width="{thick:.2f}"'
    m = (x + u) / 2
    path = (
        f"M{x:.1f} {y - half:.1f}C{m:.1f} {y - half:.1f} {m:.1f} {v - half:.1f} "
        f"{u:.1f} {v - half:.1f}V{v + half:.1f}C{m:.1f} {v + half:.1f} {m:.1f} {y + half:.1f} "
        f"{x:.1f} {y + half:.1f}Z"
    )
    return f'd="{path}" fill="{colour}"'


def _box(x: float, y: float, size: float) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_NODE}" height="{size:.2f}" fill="{INK}" rx="1.5"/>'
    )


def _label(label: str, x: float, y: float, *, column: int, last: int) -> list[str]:
    name, _, amount = label.rpartition("|")
    if column == 0 < last:
        place, anchor = x - 6, "end"
    else:
        place, anchor = x + _NODE + 6, "start"
    style = f'text-anchor="{anchor}" paint-order="stroke" stroke="#fff" stroke-width="3"'
    return [
        f'<text x="{place:.1f}" y="{y - 1:.1f}" font-size="12" {style}>{escape(name)}</text>',
        f'<text x="{place:.1f}" y="{y + 13:.1f}" font-size="11.5" font-weight="700" '
        f"{style}>{amount}</text>",
    ]


def _amount(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 100 else f"{value:.3g}"


def _page(parts: Sequence[str], *, title: str, width: float, height: float) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" font-family="{FONT}" '
        f'fill="{INK}"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="14" y="24" font-size="15" font-weight="700">{escape(title)}</text>'
    )
    return head + "".join(parts) + "</svg>\n"


@dataclass(frozen=True, kw_only=True)
class CurveWords:
    """What is written on composite curves, in one language."""

    title: str
    flow: str  # name and unit of the axis
    load: str
    sinks: str
    sources: str
    pinch: str
    fresh: str  # what is bought, what is let out: with their flow
    waste: str


def composite_svg(
    curves: Mapping[str, Sequence[tuple[float, float]]],
    pinch: Sequence[tuple[float, float]],
    *,
    fresh: float,
    words: CurveWords,
    width: float = 760.0,
    height: float = 460.0,
) -> str:
    """Draw the sink and the source composite and where they touch.

    Parameters
    ----------
    curves : mapping of str to points
        'sinks' and 'sources'; flow and load at the end of each piece.
    pinch : sequence of points
        Where the curves touch.
    fresh : float
        Flow from outside, at the beginning of the sources.
    words : CurveWords
        Title, axes and names.
    width, height : float
        Of the drawing. [px]

    Returns
    -------
    str
        The SVG.
    """
    points = [point for curve in curves.values() for point in curve]
    right = max((x for x, _ in points), default=0.0) * 1.05 or 1.0
    top = max((y for _, y in points), default=0.0) * 1.08 or 1.0
    box = (74.0, 44.0, width - 30.0, height - 66.0)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            box[0] + (box[2] - box[0]) * x / right,
            box[3] - (box[3] - box[1]) * y / top,
        )

    parts = _axes(at, right, top, box=box, words=words)
    both = (
        (COLOURS["waste"], "sinks", words.sinks),
        (COLOURS["fresh"], "sources", words.sources),
    )
    for colour, key, name in both:
        ends = [at(x, y) for x, y in curves[key]]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in ends]
        x, y = ends[-1]
        parts.append(
            f'<text x="{x - 8:.1f}" y="{y - 8:.1f}" font-size="12.5" font-weight="700" '
            f'text-anchor="end" fill="{colour}" paint-order="stroke" stroke="#fff" '
            f'stroke-width="3">{escape(name)}</text>'
        )
    flows = [max((x for x, _ in curves[key]), default=0.0) for key in ("sinks", "sources")]
    for low, high, name in ((0.0, fresh, words.fresh), (flows[0], flows[1], words.waste)):
        if high > low:
            parts += _span(at(low, 0.0)[0], at(high, 0.0)[0], y=box[3] + 26, name=name)
    for flow, load in pinch:
        x, y = at(flow, load)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{COLOURS["new"]}" '
            f'stroke-width="2.5"/><text x="{x + 13:.1f}" y="{y + 16:.1f}" font-size="12.5" '
            f'font-weight="700" fill="{COLOURS["new"]}">{escape(words.pinch)}</text>'
        )
    return _page(parts, title=words.title, width=width, height=height)


def _span(low: float, high: float, *, y: float, name: str) -> list[str]:
    """Draw a bracket below the axis."""
    return [
        f'<path d="M{low:.1f} {y}v6H{high:.1f}v-6" fill="none" stroke="{COLOURS["new"]}"/>',
        f'<text x="{(low + high) / 2:.1f}" y="{y + 20}" font-size="11.5" text-anchor="middle">'
        f"{escape(name)}</text>",
    ]


def _axes(
    at: Callable[[float, float], tuple[float, float]],
    right: float,
    top: float,
    *,
    box: tuple[float, ...],
    words: CurveWords,
) -> list[str]:
    left, upper, end, lower = box
    parts = [
        f'<path d="M{left} {upper}V{lower}H{end}" fill="none" stroke="{INK}"/>',
        f'<text x="{end}" y="{lower - 8}" font-size="12.5" text-anchor="end">'
        f"{escape(words.flow)}</text>",
        f'<text x="16" y="{upper}" font-size="12.5" text-anchor="end" '
        f'transform="rotate(-90 16 {upper})">{escape(words.load)}</text>',
    ]
    for value in _ticks(right):
        x, _ = at(value, 0.0)
        parts.append(
            f'<path d="M{x:.1f} {lower}v5" stroke="{INK}"/><text x="{x:.1f}" '
            f'y="{lower + 19}" font-size="11.5" text-anchor="middle">{_amount(value)}</text>'
        )
    for value in _ticks(top):
        _, y = at(0.0, value)
        parts.append(
            f'<path d="M{left - 5} {y:.1f}H{end}" stroke="#dfe4e8"/><text x="{left - 9}" '
            f'y="{y + 4:.1f}" font-size="11.5" text-anchor="end">{_amount(value)}</text>'
        )
    return parts


def _ticks(most: float) -> list[float]:
    """Give about five round values from zero on."""
    step = 10.0 ** len(str(int(most)))
    while most / step < 4:
        for part in (2.0, 2.5, 2.0):
            step /= part
            if most / step >= 4:
                break
    return [step * i for i in range(int(most / step) + 1)]
