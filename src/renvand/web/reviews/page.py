"""The page of a review as a form: product, production, days of a year, consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from renvand.partnership.folder import page_keys
from renvand.partnership.models import Review
from renvand.partnership.page import nest
from renvand.partnership.save import cells, write_files
from renvand.partnership.schema import columns_of
from renvand.partnership.store import stored_rows
from renvand.web import desk, files, grid
from renvand.web.accounts.views import form_page
from renvand.web.reviews import keep
from renvand.web.reviews.views import company_name, may_change, tabs

FIXED = ("id", "enterprise")  # they say whose the review is, and so who may see it


@form_page
def page(request: HttpRequest, language: str, *, review: str) -> HttpResponseBase:
    """Show what holds for the whole review, and keep it."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    found = keep.find(user, review)
    place = page_of(found)
    status = desk.KEPT
    typed = _judged(place.texts())
    if request.method == "POST":
        if not may_change(request):
            raise Http404(review)
        told = grid.posted(request.POST, place.schema, language=language)
        kept = {name: place.texts()[0][name] for name in FIXED}
        typed = _judged([{**(told[0] if told else {}), **kept}])
        status = desk.refusal(request, place, typed=typed, needed="")
        if status == desk.KEPT:
            _store(place, typed.values[0], user=user)
            messages.success(request, _("Saved."))
            return redirect("review-page", language=language, review=review)
    laid = grid.layout(typed, language=language, lists={}, spare=0)
    held = {
        "title": company_name(found, language),
        "review": found,
        "table": "page",
        "tabs": tabs(language),
        "version": place.version(),
        "may_change": may_change(request),
        "cells": [cell for cell in laid["rows"][0]["cells"] if cell["name"] not in FIXED],
    }
    return render(request, "review_page.html", held, status=status)


class Page(desk.Place):
    """The one row of a review, as a page of its folder."""

    def rows(self) -> Any:
        """Give the review alone."""
        return self.model.objects.filter(pk=self.parent.pk)

    def texts(self) -> list[dict[str, str]]:
        """Give its row as text."""
        return [cells(row) for row in stored_rows(self.model, among=self.rows())]

    def version(self) -> str:
        """Name the state of the page."""
        last = self.model.history.filter(id=self.parent.pk).order_by("-history_id").first()
        return str(last.history_id if last else 0)

    def write(self) -> None:
        """Bring the file in step with the record."""
        (row,) = stored_rows(self.model, among=self.rows())
        write_files(files.case_folder(), {self.file: nest(row, page_keys("review"))})


def page_of(review: Any) -> Page:
    """Put the page of a review on the desk."""
    return Page(model=Review, file=f"reviews/{review.slug}/review.toml", parent=review)


def _judged(rows: grid.Rows) -> grid.Grid:
    """Judge the page; whoever says yes to publishing says since when."""
    known = {"enterprises": {row["enterprise"] for row in rows}}
    typed = grid.judged(rows, Page(model=Review, file="").schema, known=known)
    row = typed.values[0]
    if not row["has_consent"] or row["consent_on"] or typed.faults:
        return typed
    missing = {(0, "consent_on"): "is empty. Give a value."}
    return grid.Grid(schema=typed.schema, texts=typed.texts, values=typed.values, faults=missing)


def _store(place: Page, row: Mapping[str, Any], *, user: Any) -> None:
    """Keep the page in the record, under a name, and in the folder."""
    review = place.parent
    for heading, column in columns_of(Review).items():
        value = row[heading]
        setattr(review, column.attname, "" if value is None and not column.null else value)
    review._history_user = user
    review._change_reason = "changed on a page"
    with transaction.atomic():
        review.save()
        place.write()
