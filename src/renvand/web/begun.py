"""A drawing to begin with: for a plant that has none, a common configuration at its capacity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renvand.partnership.models import Plant, PlantPage
from renvand.partnership.save import write_files
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
    new = {name: text for name, text in texts.items() if not (folder / name).exists()}
    with transaction.atomic():
        for place, (name, text) in enumerate(new.items()):
            page: Any = PlantPage(plant=row, file=name, text=text, position=place)
            page._history_user = request.user  # pyright: ignore[reportAttributeAccessIssue]
            page._change_reason = f"begun with the template {kind}"
            page.save()
        write_files(files.case_folder(), {f"plants/{plant}/{n}": text for n, text in new.items()})
    messages.success(request, _("Drawn. Replace what is known of the plant, then simulate."))
    return redirect("plant", language=language, plant=plant)
