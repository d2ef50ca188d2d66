"""Who changed what in the record, and how to have it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renvand.partnership.models import Addition, Plant, Review
from renvand.partnership.schema import columns_of, tables
from renvand.web import desk
from renvand.web.reviews.page import page_of
from renvand.web.suppliers import catalogue

SHOWN = 100  # the last changes


def _models() -> dict[str, Any]:
    own = {catalogue.SHELF: Addition}
    return {**tables(), "review": Review, **tables("review"), **tables("plant"), **own}


def _words(name: str, model: Any, language: str) -> str:
    """Name a table; a shelf is called as the shipped table that it adds to."""
    words = catalogue.schema().help if model is Addition else model.words
    return words[language].partition(";")[0].rstrip(".。")


def _model(table: str) -> Any:
    if table not in _models():
        raise Http404(table)
    return _models()[table]


@require_safe
def history(request: HttpRequest, language: str, *, table: str) -> HttpResponse:
    """Show the last changes of a table, as far as the person may see its rows."""
    model = _model(table)
    entries = [
        {
            "entry": entry,
            "kind": kind_of(entry.history_type),
            "name": _key(entry),
            "changes": _changes(entry),
        }
        for entry in _visible(request, model)[:SHOWN]
    ]
    held = {
        "title": _words(table, model, language),
        "table": table,
        "tables": [(name, _words(name, each, language)) for name, each in _models().items()],
        "entries": entries,
    }
    return render(request, "history.html", held)


def kind_of(sign: str) -> str:
    """Name a kind of change."""
    return {"+": _("added"), "~": _("changed"), "-": _("taken away")}.get(sign, sign)


def _visible(request: HttpRequest, model: Any) -> Any:
    """Keep the changes of rows that a person may see; rows that are gone, if they see all."""
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    entries = model.history.select_related("history_user").order_by("-history_id")
    if model is Addition:
        return entries.filter(shelf=catalogue.SHELF)
    if seen.covers(model.confidentiality):
        return entries
    return entries.filter(id__in=model.objects.visible_to(request.user).values("pk"))


def _key(entry: Any) -> str:
    """Name the row, as its file does."""
    if isinstance(entry.instance, Addition):
        return str(entry.cells.get("id", ""))
    row = entry.instance
    columns = columns_of(entry.instance_type)
    words: list[str] = []
    for heading in row.key:
        column = columns[heading]
        value = getattr(row, column.attname)
        if column.is_relation and value is not None:
            there = column.related_model.objects.filter(pk=value).first()
            value = there.slug if there else ""
        words.append(str(value or ""))
    return ", ".join(word for word in words if word)


def _changes(entry: Any) -> list[dict[str, Any]]:
    """Say what differs from the state before."""
    before = entry.prev_record
    if entry.history_type != "~" or before is None:
        return []
    if isinstance(entry.instance, Addition):
        return [
            {"column": name, "old": before.cells.get(name, ""), "new": cell}
            for name, cell in entry.cells.items()
            if cell != before.cells.get(name, "")
        ]
    columns = columns_of(entry.instance_type)
    found: list[dict[str, Any]] = []
    for heading, column in columns.items():
        now = getattr(entry, column.attname)
        old = getattr(before, column.attname)
        if now != old:
            found.append({"column": heading, "old": old, "new": now})
    return found


@require_POST
def restore(request: HttpRequest, language: str, *, table: str, entry: int) -> HttpResponseBase:
    """Bring a row back to what it was after a change; that, too, goes into the history."""
    model = _model(table)
    found = _visible(request, model).filter(history_id=entry).first()
    if found is None:
        raise Http404(str(entry))
    try:
        with transaction.atomic():
            row = found.instance
            row._change_reason = "restored on a page"
            row._history_user = request.user
            there = model.objects.filter(pk=row.pk).first()
            row._state.adding = there is None
            row.position = there.position if there else model.objects.count()
            row.full_clean(validate_constraints=True)
            row.save()
            _place(model, row).write()
        messages.success(request, _("Restored."))
    except (DatabaseError, ValidationError):
        messages.error(request, _("Not restored: something it names is gone."))
    return redirect("history", language=language, table=table)


def _place(model: Any, row: Any) -> desk.Place:
    if model is Review:
        return page_of(row)
    if model is Addition:
        return catalogue.shelf()
    if model.parent == "review":
        parent: Any = Review.objects.get(pk=row.review_id)
        return desk.Place(
            model=model, file=f"reviews/{parent.slug}/{model.table}.csv", parent=parent
        )
    if model.parent == "plant":
        parent = Plant.objects.get(pk=row.plant_id)
        return desk.Place(
            model=model, file=f"plants/{parent.slug}/{model.table}.csv", parent=parent
        )
    return desk.Place(model=model, file=f"{model.table}.csv")
