"""Documents of a run: looked at in three languages, and let out to everybody."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renvand.partnership.models import Release
from renvand.programme import store
from renvand.publish.gate import CROWD
from renvand.text import LANGUAGES
from renvand.web import files, languages, rights, shown
from renvand.web.tags import sector_names

STAGES = ("sheets", "seminars")


@require_safe
def documents(request: HttpRequest, language: str) -> HttpResponse:
    """List the documents that a person may see: data sheets by sector and language, then others."""
    found = [d for d in shown.documents(files.case_folder()) if files.may_see(request, d.path)]
    names = sector_names(language)
    sectors = dict.fromkeys(_sector(d) for d in found if d.stage == "sheets")
    sheets = [
        {
            "sector": sector,
            "name": names.get(sector, sector),
            "languages": [
                (code, languages.NAMES[code], _is_out(_own(found, sector, code)))
                for code in LANGUAGES
                if _own(found, sector, code)
            ],
        }
        for sector in sectors
    ]
    others = [d for d in found if d.stage != "sheets"]
    held = {"title": _("Data sheets and seminars"), "sheets": sheets, "documents": others}
    return render(request, "documents.html", held)


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
        "title": sector_names(language).get(sector, sector),
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
        {**one, "is_safe": one["candidates"] >= CROWD, "known": ", ".join(one["known"])}
        for one in told.get(sector, [])
    ]


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
    return any(one["known"] == "sector" and not one["is_safe"] for one in _gate(sector))
