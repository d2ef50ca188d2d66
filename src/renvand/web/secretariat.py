"""The secretariat: partners, money, milestones and what is to be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.partnership.models import Action, BudgetLine, Partner, Seminar
from renvand.partnership.schema import schemas, tables
from renvand.text import Words
from renvand.web import desk, files, grid, rights, shown
from renvand.web.accounts.views import form_page
from renvand.web.context import case_settings

TABLES = ("partners", "budget", "actions")


def _mine(model: Any, user: Any) -> list[Any]:
    return list(model.objects.visible_to(user).order_by("position", "pk"))


@require_safe
def secretariat(request: HttpRequest, language: str) -> HttpResponse:
    """Show where the partnership stands."""
    held = {
        **standing(request, language),
        "title": Words(language)("programme.secretariat"),
        "documents": shown.documents(files.case_folder(), "secretariat"),
        "tables": TABLES,
        "forms": ("pdf", "docx"),
    }
    return render(request, "secretariat.html", held)


def standing(request: HttpRequest, language: str) -> dict[str, Any]:
    """Say where the partnership stands: money, milestones, actions, partners, seminars."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    may_change = rights.may(seen, "secretariat.change")
    told = case_settings().get("as_of")
    as_of = dt.date.fromisoformat(str(told)) if told else dt.date.today()
    lines = _mine(BudgetLine, user)
    actions: list[dict[str, Any]] = [
        {"row": row, "title": getattr(row, f"title_{language}"), "state": _state(row, as_of)}
        for row in sorted(_mine(Action, user), key=lambda row: (row.due_on, row.slug))
    ]
    return {
        "as_of": as_of,
        "lines": [_line(row, language) for row in lines],
        "total": _total(lines),
        "milestones": [a for a in actions if a["row"].kind == "milestone"],
        "tasks": [a for a in actions if a["row"].kind != "milestone"],
        "partners": [_partner(row, language, may_change) for row in _mine(Partner, user)],
        "seminars": _mine(Seminar, user),
        "may_change": may_change,
    }


def _state(row: Any, as_of: dt.date) -> str:
    if row.done_on:
        return "done"
    return "failed" if row.due_on < as_of else "waiting"


def _line(row: Any, language: str) -> dict[str, Any]:
    spent, committed = row.spent_dkk or 0.0, row.committed_dkk or 0.0
    return {
        "name": getattr(row, f"label_{language}"),
        "planned": row.planned_dkk,
        "committed": committed,
        "spent": spent,
        "left": row.planned_dkk - max(spent, committed),
        "is_over": max(spent, committed) > row.planned_dkk,
    }


def _total(lines: Sequence[Any]) -> dict[str, float]:
    columns = ("planned_dkk", "committed_dkk", "spent_dkk")
    found = {c: sum(getattr(row, c) or 0.0 for row in lines) for c in columns}
    bound = sum(max(row.spent_dkk or 0.0, row.committed_dkk or 0.0) for row in lines)
    return {**found, "left": found["planned_dkk"] - bound}


def _partner(row: Any, language: str, may_change: bool) -> dict[str, Any]:
    """Give a partner; a person's contact only with consent, or to those who keep the list."""
    is_open = row.has_consent or may_change
    return {
        "name": getattr(row, f"name_{language}") or row.name_en,
        "role": row.role,
        "country": row.country,
        "contact": row.contact if is_open else "",
        "email": row.email if is_open else "",
        "has_consent": row.has_consent,
    }


@form_page
def office_sheet(request: HttpRequest, language: str, *, table: str) -> HttpResponseBase:
    """Let the secretariat type a table of its own."""
    if table not in TABLES:
        raise Http404(table)
    place = desk.Place(model=tables()[table], file=f"{table}.csv")
    status = desk.KEPT
    if request.method == "POST":
        rows = grid.posted(request.POST, place.schema, language=language)
        plain = grid.judged(rows, place.schema, known={})
        typed = grid.judged(rows, place.schema, known=_known(instead=(table, plain)))
        needed = "" if typed.faults else _needed(table, typed)
        status = desk.refusal(request, place, typed=typed, needed=needed)
        if status == desk.KEPT:
            desk.store(place, typed, user=request.user, links=_links())
            messages.success(request, _("Saved."))
            return redirect("office-sheet", language=language, table=table)
    else:
        typed = grid.judged(place.texts(), place.schema, known=_known())
    held = {
        "title": place.model.words[language].rstrip(".。"),
        "table": table,
        "tabs": [(name, tables()[name].words[language].rstrip(".。")) for name in TABLES],
        "grid": grid.layout(typed, language=language, lists=_known()),
        "version": place.version(),
        "may_change": True,
    }
    return render(request, "office.html", held, status=status)


def _known(instead: tuple[str, grid.Grid] | None = None) -> dict[str, frozenset[str]]:
    own: dict[str, frozenset[str]] = {}
    for name in TABLES:
        model: Any = tables()[name]
        own[name] = frozenset(model.objects.values_list("slug", flat=True))
    if instead:
        own[instead[0]] = frozenset(str(row["id"]) for row in instead[1].values if row["id"])
    return own


def _links() -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for name in TABLES:
        model: Any = tables()[name]
        found[model] = dict(model.objects.values_list("slug", "pk"))
    return found


def _needed(table: str, typed: grid.Grid) -> str:
    """Say which other table still names a row that is gone; '' when none does."""
    known = _known(instead=(table, typed))
    for name in TABLES:
        if name != table:
            texts = desk.Place(model=tables()[name], file="").texts()
            other = grid.judged(texts, schemas()[name], known=known)
            if other.faults:
                (at, column), what = next(iter(other.faults.items()))
                return f"{name}, {at + 1}, {column}: {what}"
    return ""
