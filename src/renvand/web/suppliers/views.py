"""Pages of suppliers: the catalogue, one row, its correction by the supplier, the judgement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renvand.partnership.models import Correction
from renvand.web import files, grid, rights
from renvand.web.accounts.views import form_page
from renvand.web.steps import technologies
from renvand.web.suppliers import catalogue
from renvand.web.suppliers.catalogue import OWN, Cells

UNFIT = 422  # HTTP
SHOWN = 20  # the last corrections of one supplier


@require_safe
def suppliers(request: HttpRequest, language: str) -> HttpResponse:
    """List the suppliers in the order of the alphabet, with what each row rests on."""
    names = technologies(language)
    rows = sorted(catalogue.catalogue().values(), key=lambda row: row["name"].casefold())
    found = request.GET.get("technology", "")
    waiting = _waiting() if rights.may(_seen(request), "suppliers.judge") else frozenset[str]()
    held = {
        "title": _("Suppliers"),
        "suppliers": [
            {**_shown(row, language), "waits": row["id"] in waiting}
            for row in rows
            if not found or found in row["technologies"].split("|")
        ],
        "newcomers": sorted(waiting - {row["id"] for row in rows}),
        "technologies": sorted(names.items(), key=lambda pair: pair[1]),
        "technology": found,
        "own": sorted(_seen(request).suppliers),
        "twins": [reverse("suppliers-data", args=(language, t)) for t in ("csv", "json")],
    }
    return render(request, "suppliers.html", held)


@require_safe
def data(request: HttpRequest, language: str, *, twin: str) -> HttpResponse:
    """Give the catalogue as data."""
    return files.answer(catalogue.catalogue().values(), tuple(catalogue.schema().columns), twin)


@require_safe
def supplier(request: HttpRequest, language: str, *, supplier: str) -> HttpResponse:
    """Show one supplier: its row, and to those concerned what has been asked for."""
    row = catalogue.catalogue().get(supplier)
    may_change = _may_change(request, supplier)
    if row is None and not may_change:
        raise Http404(supplier)
    asked = Correction.objects.filter(supplier=supplier).order_by("-asked_at", "-pk")
    held = {
        "title": row["name"] if row else supplier,
        "supplier": supplier,
        "row": _shown(row, language) if row else None,
        "offers": [(name, row[f"offer_{name}"]) for name in ("en", "da", "zh")] if row else [],
        "may_change": may_change,
        "corrections": [_told(each, row or {}, language) for each in asked[:SHOWN]]
        if may_change
        else [],
    }
    return render(request, "supplier.html", held)


@form_page
def correct(request: HttpRequest, language: str, *, supplier: str) -> HttpResponseBase:
    """Let a supplier write its own row; it counts once the secretariat has accepted it."""
    if not _may_change(request, supplier):
        raise Http404(supplier)
    waiting = Correction.objects.filter(supplier=supplier, state=Correction.WAITING).first()
    before: Cells = catalogue.catalogue().get(supplier, {})
    told = {**before, **(waiting.cells if waiting else {})}
    status = 200
    if request.method == "POST":
        told = {column: request.POST.get(f"c-0-{column}", "").strip() for column in OWN}
        told["technologies"] = _in_order(request.POST.getlist("c-0-technologies"), before)
    typed = _judged(told)
    if request.method == "POST" and not typed.faults:
        _ask(request, supplier, told)
        messages.success(request, _("Sent. The secretariat looks at it before it counts."))
        return redirect("supplier", language=language, supplier=supplier)
    if request.method == "POST":
        status = UNFIT
        messages.error(request, _("Not saved: some cells are wrong. They are marked."))
    laid = grid.layout(typed, language=language, lists={}, spare=0)
    chosen = told.get("technologies", "").split("|")
    held = {
        "title": told.get("name") or supplier,
        "supplier": supplier,
        "cells": [cell for cell in laid["rows"][0]["cells"] if cell["name"] in OWN],
        "techniques": [
            {"id": id, "name": name, "is_chosen": id in chosen}
            for id, name in sorted(technologies(language).items(), key=lambda pair: pair[1])
        ],
        "waits": waiting is not None,
    }
    return render(request, "supplier_form.html", held, status=status)


@require_POST
def judge(
    request: HttpRequest, language: str, *, supplier: str, correction: int
) -> HttpResponseBase:
    """Accept what a supplier wrote, or not."""
    with transaction.atomic():
        waiting = Correction.objects.filter(pk=correction, state=Correction.WAITING)
        found = waiting.select_for_update().filter(supplier=supplier).first()
        if found is None:
            raise Http404(str(correction))
        is_accepted = request.POST.get("act") == "accept"
        found.state = Correction.ACCEPTED if is_accepted else Correction.REFUSED
        found.judged_by = request.user  # pyright: ignore[reportAttributeAccessIssue]
        found.judged_at = timezone.now()
        found.save()
        if is_accepted:
            catalogue.keep(catalogue.entry(found, judge=request.user), user=request.user)  # pyright: ignore[reportAttributeAccessIssue]
    said = _("Accepted. The next run counts with it.") if is_accepted else _("Refused.")
    messages.success(request, said)
    return redirect("supplier", language=language, supplier=supplier)


def _seen(request: HttpRequest) -> Any:
    return request.sight  # pyright: ignore[reportAttributeAccessIssue]


def _may_change(request: HttpRequest, supplier: str) -> bool:
    """Say whether the person speaks for the supplier, or keeps the list."""
    seen = _seen(request)
    return supplier in seen.suppliers or rights.may(seen, "suppliers.judge")


def _waiting() -> frozenset[str]:
    waiting = Correction.objects.filter(state=Correction.WAITING)
    return frozenset(waiting.values_list("supplier", flat=True))


def _judged(told: Cells) -> grid.Grid:
    """Judge the cells a supplier writes by the rules of the table."""
    whole = catalogue.schema()
    columns = {name: whole.columns[name] for name in OWN}
    schema = type(whole)(name=whole.name, columns=columns, key=(), help=whole.help)
    return grid.judged([told], schema, known=catalogue.keys())


def _in_order(chosen: list[str], before: Cells) -> str:
    """Write techniques as they stood, new ones last: ticking moves nothing."""
    stood = before.get("technologies", "").split("|")
    return "|".join(sorted(chosen, key=lambda id: stood.index(id) if id in stood else len(stood)))


def _ask(request: HttpRequest, supplier: str, told: Cells) -> None:
    """Put a correction before the secretariat; a later one takes the place of one that waits."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    with transaction.atomic():
        waiting = Correction.objects.filter(supplier=supplier, state=Correction.WAITING)
        asked = waiting.first() or Correction(supplier=supplier)
        asked.cells, asked.asked_by = told, user
        asked.save()


def _shown(row: Cells, language: str) -> dict[str, Any]:
    names = technologies(language)
    return {
        **row,
        "offer": row[f"offer_{language}"] or row["offer_en"],
        "techniques": [names.get(id, id) for id in row["technologies"].split("|") if id],
        "is_read": row["is_page_read"] == "true",
    }


def _told(correction: Correction, row: Cells, language: str) -> dict[str, Any]:
    """Say what a correction asks for: while it waits, beside what stands now."""
    waits = correction.state == Correction.WAITING
    columns = catalogue.schema().columns
    changes = [
        {
            "title": columns[name].help.get(language, name).rstrip(".。"),
            "old": _in_words(name, row.get(name, ""), language),
            "new": _in_words(name, correction.cells.get(name, ""), language),
        }
        for name in OWN
        if waits and correction.cells.get(name, "") != row.get(name, "")
    ]
    return {"correction": correction, "waits": waits, "changes": changes}


def _in_words(column: str, cell: str, language: str) -> str:
    if column != "technologies":
        return cell
    names = technologies(language)
    return ", ".join(names.get(id, id) for id in cell.split("|"))
