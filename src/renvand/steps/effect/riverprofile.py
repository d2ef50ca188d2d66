"""Concentrations down a river, before and after, with their range and the limits of the reaches."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from renvand.steps.case import CaseData, records
from renvand.steps.effect.drawing import (
    COLOURS,
    DARK,
    FAINT,
    GREY,
    WARN,
    Point,
    Scale,
    area,
    element,
    label,
    line,
    name_of,
    picture,
    wide,
)
from renvand.steps.effect.water import limits
from renvand.text import Words, number, quantity, unit_name

PROFILE_SIZE = (720.0, 330.0)  # px
FRAME = {"left": 62.0, "right": 708.0, "top": 60.0, "bottom": 272.0}  # px, of the curves
NAMED = 60.0  # px that a reach must be wide for its name
SMALL = 9.0  # px, letters of names
SEEN = 0.01  # smallest change worth a picture, of the concentration


def river_profile(case: CaseData, rows: Sequence[Mapping[str, Any]], *, language: str) -> str:
    """Draw one substance from a place to where the water leaves, before and after.

    Parameters
    ----------
    case : CaseData
        Names, lengths and classes of the reaches.
    rows : sequence of mapping
        Of the table ``profile``: one place, one substance.
    language : str
        'da', 'en' or 'zh'.
    """
    words, rows = Words(language), _where_it_matters(rows)
    reaches = {str(row["id"]): row for row in records(case.tables["reaches"])}
    own = [reaches[str(row["reach"])] for row in rows]
    ends = [float(row["distance_km"]) for row in rows]
    ends.append(ends[-1] + float(own[-1]["length_km"]))
    bounds = [_limit(case, reach, str(rows[0]["substance"])) for reach in own]
    tops = [row[f"{when}_high_mg_l"] for row in rows for when in ("before", "after")]
    top = 1.06 * max([*tops, *(b for b in bounds if b <= 1.5 * max(tops))])
    x = Scale(low=0.0, high=ends[-1], start=FRAME["left"], end=FRAME["right"])
    y = Scale(low=0.0, high=top or 1.0, start=FRAME["bottom"], end=FRAME["top"])
    substance = str(rows[0]["substance"])
    title = words("river.profile", substance=substance, place=name_of(own[0], language))
    steps = {name: _steps(rows, name, ends=ends, x=x, y=y) for name in _LINES}
    parts = [
        label(title, (12, 20), size=14.0, font_weight="bold"),
        *_ground(rows, own, ends=ends, x=x, language=language),
        *_axes(x, y, substance=substance, words=words),
        area(steps["before_low"], steps["before_high"], fill=GREY, fill_opacity=0.28),
        area(steps["after_low"], steps["after_high"], fill=COLOURS[1], fill_opacity=0.25),
        *_limits(bounds, ends=ends, x=x, y=y),
        line(steps["before"], stroke=DARK, stroke_width=2.0),
        line(steps["after"], stroke=COLOURS[1], stroke_width=2.0, stroke_dasharray="7 2"),
        *_profile_key(words),
    ]
    said = words(
        "river.alt_profile",
        count=len(rows),
        length=quantity(ends[-1], "km", language),
        **{w: quantity(float(rows[0][f"{w}_mg_l"]), "mg/l", language) for w in ("before", "after")},
    )
    return picture(parts, size=PROFILE_SIZE, title=title, words=said, language=language)


_LINES = ("before", "before_low", "before_high", "after", "after_low", "after_high")


def _where_it_matters(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Keep the reaches down to the first that changes by less than a hundredth, and one more."""
    for i, row in enumerate(rows):
        if row["before_mg_l"] - row["after_mg_l"] < SEEN * row["before_mg_l"]:
            return rows[: i + 2]
    return rows


def _limit(case: CaseData, reach: Mapping[str, Any], substance: str) -> float:
    grades = limits(case, is_lake=reach.get("kind") == "lake").get(substance)
    names = case.standards.classes
    if grades is None or reach["class"] not in names:
        return math.inf
    return grades[names.index(reach["class"])]


def _steps(
    rows: Sequence[Mapping[str, Any]], name: str, *, ends: Sequence[float], x: Scale, y: Scale
) -> list[Point]:
    """Hold the value of each reach's head over its length."""
    values = [float(row[f"{name}_mg_l"]) for row in rows]
    return [(x(end), y(v)) for i, v in enumerate(values) for end in (ends[i], ends[i + 1])]


def _ground(
    rows: Sequence[Mapping[str, Any]],
    own: Sequence[Mapping[str, Any]],
    *,
    ends: Sequence[float],
    x: Scale,
    language: str,
) -> list[str]:
    """Shade reaches that are not mixed across, and name those that are long enough."""
    parts: list[str] = []
    for i, row in enumerate(rows):
        left, width = x(ends[i]), x(ends[i + 1]) - x(ends[i])
        if not row["is_mixed"]:
            size = {"width": width, "height": FRAME["bottom"] - FRAME["top"]}
            parts.append(element("rect", x=left, y=FRAME["top"], **size, fill=FAINT))
        edge = [(left, FRAME["top"] - 4), (left, FRAME["bottom"])]
        parts.append(line(edge, stroke=GREY, stroke_width=0.5))
        name = name_of(own[i], language)
        if width >= NAMED:
            room = int(len(name) * width / wide(name, size=SMALL))
            shown = name if len(name) <= room else name[: room - 1] + "…"
            parts.append(label(shown, (left + 2, FRAME["top"] - 6), size=SMALL, fill=DARK))
    return parts


def _axes(x: Scale, y: Scale, *, substance: str, words: Words) -> list[str]:
    language = words.language
    parts = [line([(x.start, y.start), (x.end, y.start)], stroke=GREY)]
    for value in _ticks(x.high):
        said = number(value, language, places=_places(x.high))
        parts.append(label(said, (x(value), y.start + 15), text_anchor="middle"))
    for value in _ticks(y.high):
        level, said = y(value), number(value, language, places=_places(y.high))
        parts += [
            line([(x.start, level), (x.end, level)], stroke=GREY, stroke_width=0.4),
            label(said, (x.start - 6, level + 4), text_anchor="end"),
        ]
    unit = unit_name("mg/l", language)
    named = words("river.concentration", substance=substance, unit=unit)
    far = words("river.distance", unit=unit_name("km", language))
    return [
        *parts,
        label(named, (12, FRAME["top"] - 16), fill=DARK),
        label(far, (x.end, y.start + 30), text_anchor="end", fill=DARK),
    ]


def _step(high: float) -> float:
    power = 10.0 ** math.floor(math.log10(high / 4)) if high > 0 else 1.0
    return next(power * m for m in (1, 2, 5, 10) if power * m >= high / 4)


def _ticks(high: float) -> list[float]:
    step = _step(high)
    return [step * n for n in range(int(high / step) + 1)]


def _places(high: float) -> int:
    return max(0, -math.floor(math.log10(_step(high))))


def _limits(bounds: Sequence[float], *, ends: Sequence[float], x: Scale, y: Scale) -> list[str]:
    """Draw the limit of each reach's class, where it lies within the picture."""
    return [
        line([(x(ends[i]), y(b)), (x(ends[i + 1]), y(b))], stroke=WARN, stroke_width=1.2)
        for i, b in enumerate(bounds)
        if b <= y.high
    ]


def _profile_key(words: Words) -> list[str]:
    y = PROFILE_SIZE[1] - 20
    dark, blue = DARK, COLOURS[1]
    box = {"width": 22.0, "height": 10.0}
    return [
        line([(12, y), (34, y)], stroke=dark, stroke_width=2.0),
        label(words("river.before"), (39, y + 4)),
        line([(92, y), (114, y)], stroke=blue, stroke_width=2.0, stroke_dasharray="7 2"),
        label(words("river.after"), (119, y + 4)),
        element("rect", x=172, y=y - 5, **box, fill=blue, fill_opacity=0.25),
        label(words("river.range"), (199, y + 4)),
        line([(282, y), (304, y)], stroke=WARN, stroke_width=1.2),
        label(words("river.limit"), (309, y + 4)),
        element("rect", x=478, y=y - 5, **box, fill=FAINT, stroke=GREY, stroke_width=0.5),
        label(words("river.bank"), (505, y + 4), size=9.0),
    ]
