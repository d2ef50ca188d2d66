"""Simulations of a plant side by side: set its levers, duplicate a run, compare what came out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.errors import Fault, RenvandError
from renvand.partnership.models import Plant as PlantRow
from renvand.partnership.models import Run
from renvand.text import Words, number, percent
from renvand.web import files, rights
from renvand.web.runs.kinds import KINDS
from renvand.web.words import RESULTS, plant_name

if TYPE_CHECKING:
    from renvand.plant import Plant

SHOWN = 20  # runs on the list, the last ones
SIDE_BY_SIDE = 4  # runs compared at a time, by colour and dash
MEASURED = ("energy", "AE", "PE", "ME", "SP", "EC", "OCI", "EQI", "COD", "NH4", "NOx", "TN", "TSS")
DRAWN = ("NH4", "TN", "NOx", "COD", "TSS")  # over time
POWER = ("AE", "PE", "ME")  # kWh/d
UNITS = {"kla": "1/d", "volume": "m³", "area": "m²", "height": "m"}
RARELY = ("volume", "saturation", "area", "height", "removal", "headspace")  # levers below the fold
WIDE, HIGH, EDGE = 520.0, 220.0, 34.0  # px, of the lines over time


def drawn_plant(plant: str) -> PlantRow:
    """Find a plant that has a drawing in the folder.

    Raises
    ------
    Http404
        When there is none.
    """
    row = PlantRow.objects.filter(slug=plant).first()
    if row is None or not (files.case_folder() / "plants" / plant / "plant.toml").is_file():
        raise Http404(plant)
    return row


def runs_of(user: Any, plant: str, *, task: str) -> list[Any]:
    """Give the last runs of a task for a plant that a person may see."""
    every: Any = Run.objects
    own = every.visible_to(user).filter(task=task, arguments__plant=plant)
    return list(own.select_related("user").defer("log").order_by("-pk")[:SHOWN])


def ready(plant: str) -> tuple[Plant | None, tuple[Fault, ...]]:
    """Say whether a plant can be simulated: as drawn, with its inflow; if not, what is missing."""
    from renvand.plant import load_plant, own_influent

    folder: Path = files.case_folder() / "plants" / plant
    try:
        built = load_plant(folder)
        own_influent(folder, built.model)
    except RenvandError as error:
        return None, tuple(error.faults)
    return built, ()


@require_safe
def scenarios(request: HttpRequest, language: str, *, plant: str) -> HttpResponse:
    """Compare simulations of a plant, and offer another one like them."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    row = drawn_plant(plant)
    found = runs_of(user, plant, task=KINDS["simulate"].task)
    done = [run for run in found if run.state == "done"]
    chosen = [run for run in done if str(run.pk) in request.GET.getlist("run")] or done
    chosen = sorted(chosen[:SIDE_BY_SIDE], key=lambda run: run.pk)
    like = next((run for run in found if str(run.pk) == request.GET.get("like")), None)
    held: Mapping[str, Any] = like.arguments if like else {}
    built, faults = ready(plant)
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    series = request.GET.get("series", "")
    series = series if series in DRAWN else DRAWN[0]
    shown = {
        "title": _("Scenarios of %(plant)s") % {"plant": plant_name(row, language)},
        "plant": row,
        "runs": [_listed(run, chosen, language) for run in found],
        "compared": _compared(chosen, language),
        "chosen": [(n, run) for n, run in enumerate(chosen)],
        "series": series,
        "drawn": [(name, RESULTS[name]) for name in DRAWN],
        "lines": _lines(chosen, series, language),
        "may_start": rights.may(seen, "runs.start") and built is not None,
        "faults": faults,
        "days": held.get("days") or "",
        "levers": _levers(built, held.get("changes", {}), language) if built else [],
        "like": like,
        "settings": [
            {"id": lever, "name": lever_name(lever, language), "value": value}
            for lever, value in held.get("settings", {}).items()
        ],
    }
    return render(request, "scenarios.html", shown)


def _listed(run: Any, chosen: Sequence[Any], language: str) -> dict[str, Any]:
    settings = run.arguments.get("settings", {})
    named = {lever_name(lever, language): value for lever, value in settings.items()}
    told = {**named, **run.arguments.get("changes", {})}
    said = ", ".join(
        f"{name} = {number(value, language, digits=3)}" for name, value in told.items()
    )
    return {"run": run, "changes": said, "is_chosen": run in chosen}


def lever_name(lever: str, language: str) -> str:
    """Name a lever."""
    words = Words(language)
    return words(f"plant.lever_{lever}") if words.has(f"plant.lever_{lever}") else lever


def _levers(built: Plant, held: Mapping[str, float], language: str) -> list[dict[str, Any]]:
    """Give every lever with where it stands today; those turned in operation come first."""
    from renvand.plant.drawing.levers import lever_value

    found: list[dict[str, Any]] = []
    for lever in built.levers:
        today, what = lever_value(built.drawing, lever), lever.rpartition(".")[2]
        if today is None or not math.isfinite(today):
            continue
        is_pump = built.drawing.pipe(lever) >= 0
        found.append(
            {
                "name": lever,
                "unit": "m³/d" if is_pump else UNITS.get(what, ""),
                "today": number(today, language, digits=4),
                "value": held.get(lever, ""),
                "is_rare": what in RARELY or (today == 0 and lever not in held),
            }
        )
    return sorted(found, key=lambda lever: lever["is_rare"])


def measured(result: Mapping[str, Any]) -> dict[str, float]:
    """Gather what a simulation found under one name each, with electricity by volume treated."""
    found = {**result["effluent"], **result["performance"]}
    power = [float(found[name]) for name in POWER if found.get(name) is not None]
    if found.get("Q") and len(power) == len(POWER):
        found["energy"] = sum(power) / found["Q"]
    return {name: found[name] for name in MEASURED if found.get(name) is not None}


def _compared(runs: Sequence[Any], language: str) -> list[dict[str, Any]]:
    """Lay runs side by side: each figure, and by how much it differs from the first."""
    found = [measured(run.result) for run in runs]
    rows: list[dict[str, Any]] = []
    for name in MEASURED:
        values = [each.get(name, math.nan) for each in found]
        if not any(map(math.isfinite, values)):
            continue
        cells = [_cell(value, values[0], language) for value in values]
        rows.append({"name": RESULTS[name], "cells": cells})
    exceeded = [(", ".join(run.result["violations"]) or "–", "") for run in runs]
    return [*rows, {"name": RESULTS["violations"], "cells": exceeded}]


def _cell(value: float, first: float, language: str) -> tuple[str, str]:
    if not math.isfinite(value):
        return "", ""
    change = (value - first) / first if math.isfinite(first) and first else 0.0
    sign = "+" if change > 0 else ""
    differs = f"{sign}{percent(change, language, digits=2)}" if abs(change) > 5e-4 else ""
    return number(value, language, digits=4), differs


def _lines(runs: Sequence[Any], series: str, language: str) -> dict[str, Any] | None:
    """Draw one series of the effluent over time, a line for each run."""
    courses: list[tuple[Any, list[tuple[float, float]]]] = []
    for run in runs:
        rows = run.result["series"]
        if rows and series in rows[0]:
            time = next(iter(rows[0]))  # the index comes first
            courses.append((run, [(r[time], r[series]) for r in rows if r[series] is not None]))
    points = [point for _, course in courses for point in course]
    if not points:
        return None
    last, top = max(x for x, _ in points), max(y for _, y in points) or 1.0
    wide, high = (WIDE - 2 * EDGE) / (last or 1.0), (HIGH - 2 * EDGE) / top
    paths = [
        " ".join(f"{EDGE + x * wide:.1f},{HIGH - EDGE - y * high:.1f}" for x, y in course)
        for _, course in courses
    ]
    return {
        "paths": [(n, courses[n][0], path) for n, path in enumerate(paths)],
        "width": WIDE,
        "height": HIGH,
        "top": number(top, language, digits=3),
        "days": number(last, language, digits=3),
    }
