"""The river before and after: its reaches on a map by class, and its course in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renvand.partnership.models import Reach
from renvand.river import WORSE
from renvand.steps.effect.rivermap import class_name as named_class
from renvand.text import Words
from renvand.web import chart as maps
from renvand.web import charting, files, shown
from renvand.web.charting import Bar, amount
from renvand.web.context import case_settings, of_case
from renvand.web.shown import Listing
from renvand.web.steps import rows, twins

SHADES = ("i", "ii", "iii", "iv", "v")  # of the style sheet, best first
TIMES = ("before", "after")
FLOWS = ("low", "mean")


@require_safe
def river(request: HttpRequest, language: str) -> HttpResponse:
    """Show the rivers by class, before or after, and one course of them in numbers."""
    profile = rows(request, "effect", "profile")
    starts, substances = _words(profile, "start"), _words(profile, "substance")
    start = _chosen(request, "start", starts)
    substance = _chosen(request, "substance", substances)
    flow, when = _chosen(request, "flow", FLOWS), _chosen(request, "when", TIMES)
    reaches: Any = Reach.objects
    found = list(reaches.select_related("downstream"))
    names = {
        reach.slug: reach.name_zh if language == "zh" else reach.name_en or reach.slug
        for reach in found
    }
    classes = rows(request, "effect", "classes").only("flow", flow).dicts()
    listed = [{**row, "name": names.get(row["reach"], row["reach"])} for row in classes]
    by_reach = {row["reach"]: row for row in listed}
    held = {
        "title": Words(language)("programme.effect"),
        "choices": [("start", starts, start), ("substance", substances, substance),
                    ("flow", FLOWS, flow), ("when", TIMES, when)],
        "names": names,
        "map": _map(found, by_reach, when=when, language=language),
        "key": [(shade, class_name(name, language)) for name, shade in shades().items() if name],
        "picture": _picture(request, f"profile-{start}-{substance}.{language}.svg"),
        "diagram": _course(
            profile.only("start", start).only("substance", substance).only("flow", flow),
            names,
            language=language,
        ),
        "classes": [
            {**row, **{t: class_name(row[f"class_{t}"], language) for t in TIMES}}
            for row in listed
        ],
        "twins": twins(language, "effect", "profile"),
        "is_made": bool(shown.tables(files.case_folder(), "effect")),
    }  # fmt: skip
    return render(request, "river.html", held)


def class_name(name: str, language: str) -> str:
    """Name a class of water: 'class III', 'good status', 'worse', 'not known'."""
    return named_class(Words(language), name)


def shades() -> dict[str, str]:
    """Give the shade of the style sheet for each class of the case's standard, best first."""
    classes = of_case("standards").get("classes", ())
    apart = (len(SHADES) - 1) / max(len(classes) - 1, 1)
    steps = [round(i * apart) for i in range(len(classes))] if len(classes) > 1 else [1]
    own = {name: SHADES[step] for name, step in zip(classes, steps, strict=False)}
    return {**own, WORSE: WORSE, "": "unknown"}


def _map(
    reaches: Iterable[Any], classes: Mapping[str, Mapping[str, str]], *, when: str, language: str
) -> dict[str, Any] | None:
    """Draw each reach as a line to the next, coloured by its class, as wide as its flow."""
    placed = {
        reach.slug: reach
        for reach in reaches
        if reach.longitude is not None and reach.latitude is not None
    }
    if not placed:
        return None
    region = str(case_settings().get("region", "")).casefold()
    below = maps.base(region)
    points = [(reach.longitude, reach.latitude) for reach in placed.values()]
    frame = below.frame if below else maps.frame(points)
    lines: list[dict[str, Any]] = []
    for slug, reach in placed.items():
        row = classes.get(slug, {})
        name = row.get(f"class_{when}", "")
        end_of = placed.get(reach.downstream.slug, reach) if reach.downstream else reach
        start, end = (frame.place(r.longitude, r.latitude) for r in (reach, end_of))
        lines.append(
            {
                "class": shades()[name],
                "width": round(3 + 1.6 * math.log10(1 + reach.flow_mean_m3_s), 1),
                "path": f"M{start[0]:g},{start[1]:g} L{end[0]:g},{end[1]:g}",
                "name": f"{row.get('name', slug)}: {class_name(name, language)}",
            }
        )
    return {
        "height": frame.height,
        "districts": below.districts if below else (),
        "rivers": below.rivers if below else (),
        "credit": below.credit if below else "",
        "lines": lines,
    }


def _picture(request: HttpRequest, name: str) -> str:
    """Give the picture of a course with its range and limits, where the last run drew it."""
    path = f"effect/pictures/{name}"
    known = {document.path for document in shown.documents(files.case_folder(), "effect")}
    return path if path in known and files.may_see(request, path) else ""


def _course(course: Listing, names: Mapping[str, str], *, language: str) -> dict[str, Any] | None:
    steps = [
        Bar(
            name=f"{names.get(row['reach'], row['reach'])} ({row['distance_km']} km)",
            value=amount(row["before_mg_l"]),
            other=amount(row["after_mg_l"]),
        )
        for row in course.dicts()
    ]
    return charting.pairs(steps, kind="profile", axes=("", ""), unit="mg/l", language=language)


def _words(listing: Listing, column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in listing.dicts()))


def _chosen(request: HttpRequest, name: str, words: Iterable[str]) -> str:
    wanted, known = request.GET.get(name, ""), list(words)
    return wanted if wanted in known else next(iter(known), "")
