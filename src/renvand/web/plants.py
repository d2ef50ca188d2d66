"""Public plants: the list with its benchmarks, and one plant with drawing, runs and scenarios."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.partnership.models import Plant
from renvand.partnership.save import cells
from renvand.partnership.schema import columns_of, tables
from renvand.partnership.store import stored_rows
from renvand.text import Words, number, quantity, unit_name
from renvand.web import charting, rights
from renvand.web.begun import template_of
from renvand.web.charting import Bar, amount
from renvand.web.context import of_case
from renvand.web.listing import as_listing, view
from renvand.web.register import narrow
from renvand.web.scatter import Point, scatter
from renvand.web.shown import Listing
from renvand.web.steps import rows, twins
from renvand.web.words import CELLS, FRONT, plant_name

SHOWN = ("rank", "id", "name", "probability_first", "probability_first_three", "kwh_m3",
         "kwh_kg_tn", "saving_best_practice", "load", "is_shortlisted", "veto")  # fmt: skip
COMPARED = ("scenario", "energy_kwh_m3", "TN_g_m3", "S_NH_g_m3", "cost_d",
            "energy_saving", "keeps_limits")  # fmt: skip
BACKING = ("basis", "source", "locator", "confidence")  # columns that back a row's numbers


@require_safe
def plants(request: HttpRequest, language: str) -> HttpResponse:
    """Show the plants: which is best for a demonstration, how sure, and their energy."""
    names = _names(language)
    best = {row["plant"]: row for row in rows(request, "plants", "shortlist").dicts()}
    kpis = {row["plant"]: row for row in rows(request, "plants", "kpis").dicts()}
    merged = [
        {**dict.fromkeys(SHOWN, ""), **kpis.get(p, {}), **row, "id": p, "name": names.get(p, p)}
        for p, row in best.items()
    ]
    plain = [{"id": plant, "name": name} for plant, name in names.items()]
    listing = as_listing(merged, SHOWN) if merged else as_listing(plain, ("id", "name"))
    energy = [
        Bar(name=names.get(plant, plant), value=amount(row["kwh_m3"]))
        for plant, row in kpis.items()
    ]
    energy.sort(key=lambda bar: bar.value)
    first = next(iter(kpis.values()), None)
    levels = {} if first is None else {
        _("best tenth"): amount(first["kwh_m3_best_tenth"]),
        _("average"): amount(first["kwh_m3_average"]),
    }  # fmt: skip
    way = reverse("plant", args=(language, "ID")).replace("ID", "{id}")
    held = {
        "title": Words(language)("programme.plants"),
        "diagram": charting.bars(
            energy, unit="kWh/m3", language=language, width=430.0,
            levels={k: v for k, v in levels.items() if math.isfinite(v)},
        ),
        "view": view(request, listing, stage="plants", links={"name": way},
            headings={"name": _("Plant")}, hidden=frozenset({"id"})),
        "twins": twins(language, "plants", "shortlist"),
    }  # fmt: skip
    return render(request, "plants.html", held)


def _names(language: str) -> dict[str, str]:
    found: Any = Plant.objects
    return {plant.slug: plant_name(plant, language) for plant in found.all()}


@require_safe
def plant(request: HttpRequest, language: str, *, plant: str) -> HttpResponse:
    """Show one plant."""
    found: Any = Plant.objects
    row = found.filter(slug=plant).first()
    if row is None:
        raise Http404(plant)
    is_trial = of_case("trial").get("plant") == plant
    scenarios = rows(request, "trial", "scenarios").dicts() if is_trial else []
    months: Any = tables("plant")["operation"]
    operation = [cells(one) for one in stored_rows(months, parent=row)]
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    held = {
        "title": _names(language).get(plant, plant),
        "plant": row,
        "drawing": _drawing(row, language),
        "reasons": _reasons(rows(request, "plants", "reasons").only("plant", plant), language),
        "operation": view(
            request,
            as_listing(operation, tuple(columns_of(months))),
            headings=_headings(months, language),
            hidden=frozenset(BACKING),
        ),
        "may_draw": bool(template_of(row)) and rights.may(seen, "plants.change"),
        "may_start": rights.may(seen, "runs.start"),
        "scenarios": view(request, _compared(scenarios, language)) if scenarios else None,
        "picture": _picture(scenarios, request.GET.get("scenario", ""), language),
    }
    return render(request, "plant.html", held)


def _compared(scenarios: Sequence[Mapping[str, str]], language: str) -> Listing:
    named = [{**row, "scenario": _scenario(row, language)} for row in scenarios]
    return narrow(as_listing(named, tuple(named[0])), COMPARED)


def _reasons(found: Listing, language: str) -> list[str]:
    """Say why a plant stands where it stands, in sentences."""
    words = Words(language)
    return [
        words(row["key"], value=quantity(amount(row["value"]), row["unit"], language, digits=3))
        for row in found.sort("order").dicts()
        if words.has(row["key"])
    ]


def _headings(model: Any, language: str) -> dict[str, str]:
    """Name the columns of a table of the record, with their units."""
    found: dict[str, str] = {}
    for heading, field in columns_of(model).items():
        rule = field.rule()
        unit = f" [{unit_name(rule.unit, language)}]" if rule.unit else ""
        found[heading] = rule.help.get(language, heading).rstrip(".。") + unit
    return found


def _drawing(row: Any, language: str) -> dict[str, Any] | None:
    """Lay the line of a plant out as boxes, and name its pumps."""
    from renvand.partnership.models import PlantPage

    page = PlantPage.objects.filter(plant=row, file="plant.toml").first()
    if page is None:
        return None
    drawn = tomllib.loads(page.text)
    flow = drawn.get("flow", {})
    stops = [stop.strip() for stop in str(flow.get("line", "")).split(">") if stop.strip()]
    tanks = drawn.get("tanks", {})
    boxes: list[dict[str, Any]] = [
        {"name": name, "at": 110 * n, "volume": tanks.get(name, {}).get("volume", ""),
         "is_aerated": "kla" in tanks.get(name, {})}
        for n, name in enumerate(stops)
    ]  # fmt: skip
    places = {box["name"]: box["at"] for box in boxes}
    pumps = [_pump(pump, places) for pump in flow.get("pumps", ())]
    deep = 26 * sum(pump["is_drawn"] for pump in pumps)
    depth = 0
    for pump in pumps:
        depth += 26 * pump["is_drawn"]
        pump["depth"] = 64 + depth
        pump["note"] = _part(str(pump["note"]), language)
    for box in boxes:
        box["name"] = _part(box["name"], language)
    return {"boxes": boxes, "pumps": pumps, "width": 110 * len(boxes), "height": 100 + deep,
            "model": drawn.get("model", "")}  # fmt: skip


def _part(name: str, language: str) -> str:
    """Say a usual name of a drawing in the reader's language: 'aerobic_2' is 好氧池 2."""
    stem = name.rstrip("0123456789")
    words, key = Words(language), f"plant.part_{stem.strip('_ ').replace(' ', '_')}"
    return f"{words(key)} {name.removeprefix(stem)}".strip() if words.has(key) else name


def _pump(pump: Mapping[str, Any], places: Mapping[str, int]) -> dict[str, Any]:
    start, _, end = (part.strip() for part in str(pump.get("path", "")).partition(">"))
    unit = start.partition(".")[0]
    is_drawn = unit in places and end in places
    return {
        "note": pump.get("note", pump.get("path", "")),
        "flow": pump.get("flow", ""),
        "from": places.get(unit, 0) + 45,
        "to": places.get(end, 0) + 45,
        "is_drawn": is_drawn,
    }


def _scenario(row: Mapping[str, str], language: str) -> str:
    """Name a setting of a lever: 'aeration: 80 %'."""
    words, lever = Words(language), row["lever"]
    if not words.has(f"plant.lever_{lever}"):
        return str(CELLS.get(row["scenario"], row["scenario"]))
    share, unit = amount(row["share"]), row.get("unit", "share")
    told = (
        f"{number(100 * share, language, places=0)} %"
        if unit == "share"
        else quantity(share, unit, language)
    )
    name = words(f"plant.lever_{lever}")
    return name if unit == "none" else words("plant.lever_at", lever=name, value=told)


def _picture(scenarios: Sequence[Mapping[str, str]], chosen: str, language: str) -> Any:
    """Draw scenarios by energy and total nitrogen."""
    points = [
        Point(
            name=row["scenario"],
            label=_scenario(row, language),
            x=amount(row["energy_kwh_m3"]),
            y=amount(row["TN_g_m3"]),
            keeps=row["keeps_limits"] == "True",
        )
        for row in scenarios
    ]
    axes = (str(FRONT["energy_kwh_m3"]), str(FRONT["TN_g_m3"]))
    return scatter(points, axes=axes, chosen=chosen)
