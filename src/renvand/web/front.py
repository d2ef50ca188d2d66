"""The best a plant can do: search the settings of levers, click through those that none beats."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.errors import Fault, RenvandError
from renvand.text import number
from renvand.web import files, rights
from renvand.web.context import of_case
from renvand.web.runs.kinds import KINDS
from renvand.web.scatter import Point, scatter
from renvand.web.scenarios import drawn_plant, lever_name, runs_of
from renvand.web.words import FRONT, plant_name

LEVERS = ("aeration", "recycle", "carbon")  # asked for where the case names none


@require_safe
def front(request: HttpRequest, language: str, *, plant: str) -> HttpResponse:
    """Show the front of a search, one of its settings, and a form for another search."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    row = drawn_plant(plant)
    found = runs_of(user, plant, task=KINDS["optimise"].task)
    done = [run for run in found if run.state == "done"]
    run = next((r for r in done if str(r.pk) == request.GET.get("run")), next(iter(done), None))
    levers, faults = offered(plant)
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    held: dict[str, Any] = {
        "title": _("The best of %(plant)s") % {"plant": plant_name(row, language)},
        "plant": row,
        "runs": found,
        "run": run,
        "faults": faults,
        "may_start": rights.may(seen, "runs.start") and bool(levers),
        "levers": [
            {"id": lever, "name": lever_name(lever, language), "is_asked": lever in _asked(levers)}
            for lever in levers
        ],
    }
    if run is not None:
        held |= _shown(run.result, request.GET, language)
    return render(request, "front.html", held)


def offered(plant: str) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Name the levers of a plant that a search can turn; or say why there are none."""
    from renvand.steps.trial.levers import fitting, known
    from renvand.steps.trial.site import open_site

    try:
        site = open_site(files.case_folder() / "plants" / plant)
        kinds = known(site, fitting(site))
    except RenvandError as error:
        return (), tuple(error.faults)
    return tuple(lever.id for lever in kinds if lever.unit != "none"), ()


def _asked(levers: Sequence[str]) -> set[str]:
    named: Sequence[str] = of_case("trial").get("levers") or LEVERS
    return {lever for lever in levers if lever in named}


def _shown(result: Mapping[str, Any], query: Mapping[str, str], language: str) -> dict[str, Any]:
    """Draw a front by two of its objectives, and tell the point that was clicked."""
    objectives, points = result["objectives"], result["points"]
    x = query.get("x", "") if query.get("x") in objectives else objectives[0]
    others = [name for name in objectives if name != x]
    y = query.get("y", "") if query.get("y") in others else others[0]
    chosen = next((p for p in points if p["point"] == query.get("point")), None)
    levers = [lever for lever in result["levers"] if points and lever in points[0]]
    drawn = [
        Point(
            name=point["point"],
            label=point["point"],
            x=_number(point[x]),
            y=_number(point[y]),
            keeps=not any(
                _number(point.get(f"{n}_g_m3")) > limit for n, limit in result["limits"].items()
            ),
        )
        for point in points
    ]
    return {
        "axes": [("x", [(name, FRONT[name]) for name in objectives], x),
                 ("y", [(name, FRONT[name]) for name in others], y)],
        "picture": scatter(drawn, axes=(str(FRONT[x]), str(FRONT[y])),
                           chosen=chosen["point"] if chosen else ""),
        "heads": [lever_name(lever, language) for lever in levers] + [
            FRONT[name] for name in FRONT if points and name in points[0]
        ],
        "rows": [_row(point, levers, language, chosen) for point in points],
        "evaluations": result["evaluations"],
        "chosen": chosen and [(lever, chosen[lever]) for lever in levers],
        "point": chosen and chosen["point"],
    }  # fmt: skip


def _row(
    point: Mapping[str, Any], levers: Sequence[str], language: str, chosen: Any
) -> dict[str, Any]:
    names = [*levers, *(name for name in FRONT if name in point)]
    values = [_number(point[name]) for name in names]
    return {
        "name": point["point"],
        "is_chosen": point is chosen,
        "cells": [number(v, language, digits=3) if math.isfinite(v) else "" for v in values],
    }


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
