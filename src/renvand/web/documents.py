"""Documents of a run: looked at in three languages, and let out to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renvand.partnership.models import Plant, Release
from renvand.programme import store
from renvand.publish.gate import CROWD
from renvand.text import LANGUAGES
from renvand.web import files, languages, rights, shown
from renvand.web.tags import sector_names
from renvand.web.words import GATE, plant_name

STAGES = ("sheets", "seminars")


@require_safe
def documents(request: HttpRequest, language: str) -> HttpResponse:
    """List the documents that a person may see: data sheets by sector and language, then others."""
    found = [d for d in shown.documents(files.case_folder()) if files.may_see(request, d.path)]
    sectors = dict.fromkeys(_sector(d) for d in found if d.stage == "sheets")
    sheets = [
        {
            "sector": sector,
            "name": _sheet_name(sector, language),
            "languages": [
                (code, languages.NAMES[code], _is_out(_own(found, sector, code)))
                for code in LANGUAGES
                if _own(found, sector, code)
            ],
        }
        for sector in sectors
    ]
    others: dict[str, list[shown.Document]] = {}
    for document in found:
        if document.stage != "sheets" and document.kind != "SVG":  # pictures stand on their pages
            others.setdefault(document.stage, []).append(document)
    held = {
        "title": _("Data sheets and seminars"),
        "sheets": sheets,
        "others": sorted(others.items(), key=lambda other: other[0] != "seminars"),
    }
    return render(request, "documents.html", held)


def _sheet_name(name: str, language: str) -> str:
    """Name a sheet: of a sector, of the region, or of a plant."""
    if name == "region":
        return _("The region")
    plant = Plant.objects.filter(slug=name.removeprefix("plant-")).first()
    if name.startswith("plant-") and plant is not None:
        return plant_name(plant, language)
    return sector_names(language).get(name, name)


def _sector(document: shown.Document) -> str:
    return PurePosixPath(document.path).name.split(".")[0]


def _own(found: list[shown.Document], sector: str, spoken: str) -> list[shown.Document]:
    """Give the files of one sheet in one language."""
    start = f"sheets/{sector}.{spoken}."
    return [document for document in found if document.path.startswith(start)]


def _is_out(found: list[shown.Document]) -> bool:
    """Say whether these very files have been let out."""
    out = dict(Release.objects.values_list("path", "sha256"))
    return bool(found) and all(
        out.get(d.path) == files.digest(files.within_out(d.path)) for d in found
    )


@require_safe
def sheet(request: HttpRequest, language: str, *, sector: str, spoken: str) -> HttpResponse:
    """Show a sheet in one language, and what stands between it and everybody."""
    found = [d for d in shown.documents(files.case_folder(), "sheets")
             if files.may_see(request, d.path)]  # fmt: skip
    own = _own(found, sector, spoken)
    if spoken not in LANGUAGES or not own:
        raise Http404(sector)
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    may_release = rights.may(seen, "documents.release")
    page = next((d.path for d in own if d.path.endswith(".html")), "")
    held = {
        "title": _sheet_name(sector, language),
        "sector": sector,
        "spoken": spoken,
        "languages_of_sheet": [
            (code, languages.NAMES[code]) for code in LANGUAGES if _own(found, sector, code)
        ],
        "documents": own,
        "page": page,
        "is_out": _is_out(own),
        "may_release": may_release,
        "gate": _gate(sector) if may_release else [],
        "findings": _findings(sector) if may_release else [],
    }
    return render(request, "sheet.html", held)


def _gate(sector: str) -> list[dict[str, Any]]:
    """Say who a reader could take each letter for."""
    extras = store.recall(files.case_folder() / "out" / "sheets").extras
    told: Any = extras.get("inferences", {})
    return [
        {**one, "is_safe": one["candidates"] >= CROWD, "words": _known(one["known"])}
        for one in told.get(sector, [])
    ]


def _known(known: Iterable[str]) -> str:
    """Name what a reader knows of a company."""
    return ", ".join(str(GATE.get(word, word)) for word in known)


def _findings(sector: str) -> list[dict[str, str]]:
    found = shown.findings(files.case_folder(), "sheets")
    return [one for one in found if sector in one["where"] or "company" in one["where"]]


@require_POST
def release(request: HttpRequest, language: str, *, sector: str, spoken: str) -> HttpResponseBase:
    """Let a sheet out in one language: these bytes, to everybody; or take it back."""
    found = _own(shown.documents(files.case_folder(), "sheets"), sector, spoken)
    if not found:
        raise Http404(sector)
    if request.POST.get("act") == "withdraw":
        Release.objects.filter(path__in=[d.path for d in found]).delete()
        messages.success(request, _("Taken back: only the partners see it now."))
    elif request.POST.get("is_read") != "yes":
        messages.error(request, _("Not released: confirm first that you have looked at it all."))
    elif _is_telling(sector):
        told = _("Not released: a reader could tell which company a letter stands for.")
        messages.error(request, told)
    else:
        with transaction.atomic():
            for document in found:
                sha256 = files.digest(files.within_out(document.path))
                Release.objects.update_or_create(
                    path=document.path, defaults={"sha256": sha256, "user": request.user}
                )
        messages.success(request, _("Released: everybody can read it now."))
    return redirect("sheet", language=language, sector=sector, spoken=spoken)


def _is_telling(sector: str) -> bool:
    """Say whether the sector alone, which the sheet names, already tells a company."""
    return any(one["known"] == ["sector"] and not one["is_safe"] for one in _gate(sector))
