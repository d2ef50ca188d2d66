"""A map of the rivers: each reach a line to the next, coloured by the class of its water."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from renvand.river import WORSE
from renvand.steps.effect.drawing import (
    DARK,
    INK,
    Point,
    colours,
    element,
    label,
    line,
    name_of,
    picture,
    wide,
)
from renvand.steps.outcome import Outcome
from renvand.text import Words

MAP_SIZE = (720.0, 460.0)  # px
SMALL = 9.0  # px, letters of names
Place = Callable[[Mapping[str, Any]], Point]


def river_map(outcome: Outcome, *, when: str, language: str) -> str:
    """Draw the reaches as lines to the next, coloured by class at low flow.

    Parameters
    ----------
    outcome : Outcome
        With ``extras["map"]``.
    when : str
        'before' or 'after'.
    language : str
        'da', 'en' or 'zh'.
    """
    words, classes = Words(language), tuple(outcome.extras["classes"])
    shades = colours(classes)
    reaches = {str(row["reach"]): row for row in outcome.extras["map"] if _has_place(row)}
    place = _projection(list(reaches.values()))
    parts = [
        _reach(row, reaches, place, colour=shades[row[f"class_{when}"] or ""])
        for row in reaches.values()
    ]
    better = [row for row in reaches.values() if row["class_before"] != row["class_after"]]
    parts += [_change(row, place(row), classes) for row in better if when == "after"]
    title = words("river.map", when=words(f"river.{when}"))
    return picture(
        [
            label(title, (12, 20), size=14.0, font_weight="bold"),
            *parts,
            *_names(
                _poor_first(list(reaches.values()), classes, when=when), place, language=language
            ),
            *_key(words, shades),
        ],
        size=MAP_SIZE,
        title=title,
        words=_map_in_words(
            list(reaches.values()), better, words=words, names=(*classes, WORSE), when=when
        ),
        language=language,
    )


def _has_place(row: Mapping[str, Any]) -> bool:
    return row["longitude"] is not None and row["latitude"] is not None


def _projection(rows: Sequence[Mapping[str, Any]]) -> Place:
    """Give the way from a row to paper: degrees of longitude shrunk to their length."""
    if not rows:
        return lambda _: (0.0, 0.0)
    lat = [float(row["latitude"]) for row in rows]
    shrink = math.cos(math.radians(sum(lat) / len(lat)))
    lon = [float(row["longitude"]) * shrink for row in rows]
    room = (MAP_SIZE[0] - 80, MAP_SIZE[1] - 110)
    step = max((max(lon) - min(lon)) / room[0], (max(lat) - min(lat)) / room[1]) or 1.0

    def place(row: Mapping[str, Any]) -> Point:
        x = (float(row["longitude"]) * shrink - min(lon)) / step
        return 40 + x, MAP_SIZE[1] - 70 - (float(row["latitude"]) - min(lat)) / step

    return place


def _reach(
    row: Mapping[str, Any], reaches: Mapping[str, Mapping[str, Any]], place: Place, *, colour: str
) -> str:
    below = reaches.get(str(row["downstream"]))
    thick = 1.5 + 1.2 * math.log10(1 + float(row["flow_m3_s"]))
    style: dict[str, object] = {"stroke": colour, "stroke_width": thick}
    if not row["is_mixed"]:
        style["stroke_dasharray"] = "5 2"
    if below is None:
        x, y = place(row)
        return element("circle", cx=x, cy=y, r=thick, fill=colour)
    return line([place(row), place(below)], stroke_linecap="butt", **style)


def _change(row: Mapping[str, Any], at: Point, classes: Sequence[str]) -> str:
    x, y = at
    said = f"{_short(row['class_before'], classes)} → {_short(row['class_after'], classes)}"
    return label(said, (x + 5, y - 5), font_weight="bold", stroke="white", stroke_width=3.0,
                 paint_order="stroke")  # fmt: skip


def _short(name: str, classes: Sequence[str]) -> str:
    return f">{classes[-1]}" if name == WORSE else name


def _key(words: Words, shades: Mapping[str, str]) -> list[str]:
    """Explain colours and dashes along the lower edge."""
    parts: list[str] = []
    x, y = 12.0, MAP_SIZE[1] - 28
    for name in filter(None, shades):
        parts += [
            line([(x, y), (x + 22, y)], stroke=shades[name], stroke_width=4.0),
            label(class_name(words, name), (x + 27, y + 4)),
        ]
        x += 95
    y += 18
    dashes = {"stroke": INK, "stroke_width": 3.0, "stroke_dasharray": "5 2"}
    return [*parts, line([(12, y), (34, y)], **dashes), label(words("river.bank"), (39, y + 4))]


def class_name(words: Words, name: str) -> str:
    """Name a class of water: 'class III', 'good status', 'worse', 'not known'."""
    own = f"river.class_{name or 'unknown'}"
    return words(own) if words.has(own) else words("river.class", name=name)


def _map_in_words(
    rows: Sequence[Mapping[str, Any]],
    better: Sequence[Mapping[str, Any]],
    *,
    words: Words,
    names: Sequence[str],
    when: str,
) -> str:
    found = [row[f"class_{when}"] or "" for row in rows]
    counts = [(name, found.count(name)) for name in (*names, "") if name in found]
    said = "; ".join(f"{class_name(words, name)}: {count}" for name, count in counts)
    changed = words("river.unchanged")
    if better:
        named = ", ".join(name_of(row, words.language) for row in better)
        changed = words("river.changed", reaches=named)
    return words("river.alt_map", count=len(rows), classes=said, changed=changed)


def _poor_first(
    rows: Sequence[Mapping[str, Any]], classes: Sequence[str], *, when: str
) -> list[Mapping[str, Any]]:
    """Put the reaches of the worse half of the classes first, then the largest."""
    poor = (*classes, WORSE)[(len(classes) + 1) // 2 :]
    return sorted(rows, key=lambda r: (r[f"class_{when}"] not in poor, -float(r["flow_m3_s"])))


def _names(rows: Sequence[Mapping[str, Any]], place: Place, *, language: str) -> list[str]:
    """Name reaches, the first ones first, where names do not hide one another."""
    taken: list[tuple[float, float, float]] = []
    parts: list[str] = []
    for row in rows:
        x, y = place(row)
        name = name_of(row, language)
        left, right = x + 6, x + 8 + wide(name, size=SMALL)
        is_free = all(abs(y - v) > SMALL + 3 or right < a or left > b for v, a, b in taken)
        if is_free and right < MAP_SIZE[0]:
            taken.append((y, left, right))
            halo = {"stroke": "white", "stroke_width": 2.5, "paint_order": "stroke"}
            parts.append(label(name, (left, y + 3), size=SMALL, **(halo | {"fill": DARK})))
    return parts
