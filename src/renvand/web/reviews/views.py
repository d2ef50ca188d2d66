"""Pages of reviews: the list, the sheets of one, and the balance beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renvand.partnership.models import Enterprise, Review
from renvand.partnership.schema import tables
from renvand.text import Words
from renvand.web import desk, grid, rights
from renvand.web.accounts.views import form_page
from renvand.web.context import case_knowledge
from renvand.web.reviews import keep, live

FIRST = "meters"


@require_safe
def reviews(request: HttpRequest, language: str) -> HttpResponse:
    """List the reviews that a person may see."""
    found: Any = Review.objects
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    listed = [
        {"review": review, "name": company_name(review, language)}
        for review in found.visible_to(user).order_by("position", "slug")
    ]
    held = {"title": Words(language)("programme.review"), "reviews": listed, "first": FIRST}
    return render(request, "reviews.html", held)


def company_name(review: Any, language: str) -> str:
    """Name the company of a review; its id where the register is too large to be loaded."""
    company = Enterprise.objects.filter(slug=review.enterprise).first()
    if company is None:
        return str(review.enterprise)
    return company.name_zh if language == "zh" else company.name_en or company.name_zh


@form_page
def sheet(request: HttpRequest, language: str, *, review: str, table: str) -> HttpResponseBase:
    """Show a table of a review as a sheet to type in, with the balance beside it."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    found = keep.find(user, review)
    place = keep.place(found, table)
    status = desk.KEPT
    if request.method == "POST":
        if not may_change(request):
            raise Http404(review)
        typed = _typed(request, found, table)
        needed = "" if typed.faults else keep.needed(found, table, typed)
        status = desk.refusal(request, place, typed=typed, needed=needed)
        if status == desk.KEPT:
            desk.store(place, typed, user=user, links=keep.links(found))
            messages.success(request, _("Saved."))
            return redirect("review-sheet", language=language, review=review, table=table)
    else:
        typed = grid.judged(place.texts(), place.schema, known=keep.keys(found, instead={}))
    held = {
        "title": company_name(found, language),
        "review": found,
        "table": table,
        "tabs": tabs(language),
        "version": place.version(),
        "may_change": may_change(request),
        **_laid_out(request, found, typed=typed),
        **_balance(found, table, typed=typed, language=language),
    }
    return render(request, "review.html", held, status=status)


@require_POST
def trial(request: HttpRequest, language: str, *, review: str, table: str) -> HttpResponse:
    """Balance what has been typed so far; nothing is kept."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    found = keep.find(user, review)
    typed = _typed(request, found, table)
    told = [
        {"row": at + 1, "column": column, "text": text}
        for (at, column), text in typed.faults.items()
    ]
    held = _balance(found, table, typed=typed, language=language)
    return render(request, "balance.html", {**held, "cell_faults": told})


def tabs(language: str) -> list[tuple[str, str]]:
    """Name the sheets of a review."""
    return [(name, model.words[language].rstrip(".。")) for name, model in tables("review").items()]


def may_change(request: Any) -> bool:
    """Say whether the person may type."""
    return rights.may(request.sight, "review.change")


def _typed(request: HttpRequest, review: Any, table: str) -> grid.Grid:
    """Read what was typed; a new row of units may be named by another new row."""
    schema = keep.place(review, table).schema
    language = request.path_info.split("/")[1]
    rows = grid.posted(request.POST, schema, language=language)
    plain = grid.judged(rows, schema, known={})
    return grid.judged(rows, schema, known=keep.keys(review, instead={table: plain}))


def _laid_out(request: HttpRequest, review: Any, *, typed: grid.Grid) -> dict[str, Any]:
    language = request.path_info.split("/")[1]
    laid = grid.layout(
        typed,
        language=language,
        lists=keep.keys(review, instead={}),
        hints=keep.hints(review, language),
        spare=grid.EMPTY_ROWS if may_change(request) else 0,
    )
    return {"grid": laid}


def _balance(review: Any, table: str, *, typed: grid.Grid, language: str) -> dict[str, Any]:
    """Balance a review; rows with a fault wait until they are right."""
    data = keep.data(review, instead={table: grid.sound(typed)})
    return live.balance(review.slug, data, language=language, knowledge=case_knowledge())
