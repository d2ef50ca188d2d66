"""Pages that hold for every step: what was made, each figure's origin, the folder, the record."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.partnership.folder import check_case
from renvand.partnership.schema import columns_of
from renvand.partnership.schema import tables as record_tables
from renvand.text import Words
from renvand.trace import Figure
from renvand.web import files, languages, shown
from renvand.web import record as kept
from renvand.web.listing import as_listing, view
from renvand.web.words import result_name

LONGEST_CHAIN = 300  # links a page shows; all of them are in its twins
FORBIDDEN, MISSING, FAILED = 403, 404, 500  # HTTP


@require_safe
def door(request: HttpRequest) -> HttpResponseBase:
    """Send a reader to the language of the browser."""
    return redirect("overview", language=languages.of_browser(request))


@require_safe
def overview(request: HttpRequest, language: str) -> HttpResponse:
    """Show the programme as steps with their state, as far as the person may look into them."""
    case, seen = files.case_folder(), files.eyes(request)
    steps: list[dict[str, Any]] = []
    for step in shown.stages(case):
        tables = [name for name in step["tables"] if seen.may_see(step["name"], name)]
        documents = [
            d for d in shown.documents(case, step["name"]) if files.may_see(request, d.path)
        ]
        is_open = seen.may_see(step["name"], "") or bool(tables or documents)
        steps.append({**step, "tables": tables, "documents": len(documents), "is_open": is_open})
    held = {"title": _("Overview"), "steps": steps, "folder": case.name}
    return render(request, "overview.html", held)


@require_safe
def stage(request: HttpRequest, language: str, *, stage: str) -> HttpResponse:
    """Show what a step has made and found."""
    case, seen = files.case_folder(), files.eyes(request)
    step = next((s for s in shown.stages(case) if s["name"] == stage and s["is_made"]), None)
    tables = [name for name in step["tables"] if seen.may_see(stage, name)] if step else []
    documents = [d for d in shown.documents(case, stage) if files.may_see(request, d.path)]
    if step is None or not (tables or documents or seen.may_see(stage, "")):
        raise Http404(stage)
    held = {
        "title": Words(language)(f"programme.{stage}"),
        "step": step,
        "tables": tables,
        "documents": documents,
        "findings": shown.findings(case, stage) if seen.sees_findings(stage) else [],
    }
    return render(request, "stage.html", held)


@require_safe
def table(request: HttpRequest, language: str, *, stage: str, table: str) -> HttpResponse:
    """Show a table of a step."""
    listing = files.rows_of_step(request, stage, table)
    held = {
        "title": result_name(table, language),
        "stage": stage,
        "view": view(request, listing, stage=stage),
        "twins": [reverse("table-data", args=(language, stage, table, t)) for t in ("csv", "json")],
    }
    return render(request, "table.html", held)


@require_safe
def figures(request: HttpRequest, language: str) -> HttpResponse:
    """List the figures that reach a reader, each leading to its chain."""
    way = reverse("why", args=(language, "FIGURE")).replace("FIGURE", "{}")
    listing = as_listing(files.figure_rows(request), files.FIGURE)
    held = {
        "title": _("Figures"),
        "view": view(request, listing, links={"id": way}),
        "twins": [reverse("figures-data", args=(language, t)) for t in ("csv", "json")],
    }
    return render(request, "table.html", held)


@require_safe
def why(request: HttpRequest, language: str, *, figure: str) -> HttpResponse:
    """Show the chain from a figure to measurements and sources."""
    chain, hidden = files.chain(request, figure)
    links = [
        {"depth": link.depth, "item": link.item, "citation": link.citation,
         "is_figure": isinstance(link.item, Figure)}
        for link in chain
    ]  # fmt: skip
    ledger = shown.figures(files.case_folder())
    held = {
        "title": _("Where this figure comes from"),
        "figure": links[0]["item"],
        "links": links[1:LONGEST_CHAIN],
        "hidden": hidden,
        "total": len(links) - 1,
        "is_cut": len(links) > LONGEST_CHAIN,
        "is_constructed": ledger.is_constructed(figure),
        "is_doubtful": ledger.confidence(figure) == "low",
        "twins": [reverse("why-data", args=(language, figure, t)) for t in ("csv", "json")],
    }
    return render(request, "why.html", held)


@require_safe
def check(request: HttpRequest, language: str) -> HttpResponse:
    """Show every fault of the folder."""
    faults = check_case(files.case_folder())
    return render(request, "check.html", {"title": _("Check"), "faults": faults})


@require_safe
def record(request: HttpRequest, language: str) -> HttpResponse:
    """List the tables of the record that hold something for the person."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    models: dict[str, Any] = dict(record_tables())
    listed = [(n, models[n].words[language], count) for n, count in kept.counts(user).items()]
    return render(request, "record.html", {"title": _("Record"), "tables": listed})


@require_safe
def record_table(request: HttpRequest, language: str, *, table: str) -> HttpResponse:
    """Show a table of the record, as far as the person may see it."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    columns, rows = kept.rows_for(user, table)
    model = record_tables()[table]
    helps = {
        heading: field.words.get(language, "").rstrip(".。")
        for heading, field in columns_of(model).items()
    }
    held = {
        "title": model.words[language].rstrip(".。"),
        "view": view(request, as_listing(rows, columns), headings=helps),
        "twins": [reverse("record-table-data", args=(language, table, t)) for t in ("csv", "json")],
    }
    return render(request, "table.html", held)


def _said(request: HttpRequest, title: str, *, status: int) -> HttpResponse:
    """Say something in the language of the address, whatever came before it."""
    return render(request, "missing.html", {"title": title}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    with translation.override(languages.DJANGO[languages.of_path(request.path_info)]):
        return _said(request, _("There is no such page."), status=MISSING)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that a page failed: most often the results are those of an older program."""
    with translation.override(languages.DJANGO[languages.of_path(request.path_info)]):
        told = _("This page failed. Run the programme again if Renvand was renewed since.")
        return _said(request, told, status=FAILED)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old, or came from elsewhere."""
    return _said(request, _("This form is too old. Load the page again."), status=FORBIDDEN)
