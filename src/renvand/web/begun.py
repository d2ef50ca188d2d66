"""A drawing to begin with: for a plant that has none, a common configuration at its capacity."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renvand.knowledge import frame
from renvand.partnership.models import Plant, PlantPage
from renvand.partnership.save import write_files
from renvand.partnership.schema import plant_schemas, tables
from renvand.partnership.store import stored_rows
from renvand.web import files

KINDS: Mapping[str, str] = {
    "A2O": "a2o",
    "AO": "ao",
    "OD": "ditch",
    "CASS": "cass",
    "MBR": "mbr",
}  # process of a plant: template


def template_of(row: Any) -> str:
    """Name the template that a plant can begin with; '' where there is a drawing or no template."""
    folder = files.case_folder() / "plants" / row.slug
    if (folder / "plant.toml").exists() or not row.capacity_m3_d:
        return ""
    return KINDS.get(row.process, "")


@require_POST
def draw(request: HttpRequest, language: str, *, plant: str) -> HttpResponseBase:
    """Give a plant a drawing, machines and an inflow, in the record and in the folder."""
    from renvand.plant.templates import template

    row = Plant.objects.filter(slug=plant).first()
    kind = template_of(row) if row else ""
    if row is None or not kind:
        raise Http404(plant)
    folder = files.case_folder() / "plants" / plant
    texts = template(kind, capacity=row.capacity_m3_d)
    texts["influent.csv"], months = _own_inflow(row, texts)
    new = {name: text for name, text in texts.items() if not (folder / name).exists()}
    with transaction.atomic():
        for place, (name, text) in enumerate(new.items()):
            page: Any = PlantPage(plant=row, file=name, text=text, position=place)
            page._history_user = request.user  # pyright: ignore[reportAttributeAccessIssue]
            page._change_reason = f"begun with the template {kind}"
            page.save()
        write_files(files.case_folder(), {f"plants/{plant}/{n}": text for n, text in new.items()})
    messages.success(request, _("Drawn. Replace what is known of the plant, then simulate."))
    if months and "influent.csv" in new:
        told = _("The inflow is the mean of %(months)s months of its own operation.")
        messages.info(request, told % {"months": months})
    return redirect("plant", language=language, plant=plant)


def _own_inflow(row: Any, texts: Mapping[str, str]) -> tuple[str, int]:
    """Give the inflow of a template at the strength of the plant's own months, and how many."""
    from renvand.process import load_model
    from renvand.steps.inflow import own_mean

    head, usual = (line.split(",") for line in texts["influent.csv"].split())
    months = stored_rows(tables("plant")["operation"], parent=row)
    operation = frame(months, plant_schemas()["operation"], lines=[])
    model = load_model(tomllib.loads(texts["plant.toml"])["model"])
    held = dict(zip(head, map(float, usual), strict=True))
    own, count = own_mean(held, operation, model)
    return f"{','.join(head)}\n{','.join(f'{own[name]:g}' for name in head)}\n", count
