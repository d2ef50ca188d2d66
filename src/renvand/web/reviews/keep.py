"""Reviews out of the record: as the step takes them, and as tables on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from renvand import knowledge
from renvand.partnership.folder import either, keys_of, page_keys
from renvand.partnership.models import Review, Source
from renvand.partnership.models.reviews import SINKS
from renvand.partnership.page import nest
from renvand.partnership.schema import review_schemas, tables
from renvand.partnership.store import stored_rows
from renvand.steps.case import ReviewData
from renvand.text import Words
from renvand.web.context import case_knowledge
from renvand.web.desk import Place
from renvand.web.grid import Grid, judged

Typed = Mapping[str, Grid]  # what was just typed, by table


def find(user: Any, slug: str) -> Any:
    """Give a review that a person may see.

    Raises
    ------
    Http404
        When there is none, or none for this person.
    """
    reviews: Any = Review.objects
    review = reviews.visible_to(user).filter(slug=slug).first()
    if review is None:
        raise Http404(slug)
    return review


def place(review: Any, table: str) -> Place:
    """Put a table of a review on the desk.

    Raises
    ------
    Http404
        When reviews have no such table.
    """
    model = tables("review").get(table)
    if model is None:
        raise Http404(table)
    return Place(model=model, file=f"reviews/{review.slug}/{table}.csv", parent=review)


BALANCED = ("units", "streams", "meters", "samples")  # what a balance is made of


def data(review: Any, *, instead: Typed) -> ReviewData:
    """Give what the balance of a review needs, some tables replaced by what was just typed."""
    (page,) = stored_rows(Review, among=Review.objects.filter(pk=review.pk))
    return ReviewData(
        settings=nest(page, page_keys("review")),
        tables={
            name: knowledge.frame(
                [dict(row) for row in _rows(review, name, instead)], schema, lines=[]
            )
            for name, schema in review_schemas().items()
            if name in BALANCED
        },
    )


def _rows(review: Any, table: str, typed: Typed) -> list[Mapping[str, Any]]:
    if table in typed:
        return list(typed[table].values)
    return list(stored_rows(tables("review")[table], parent=review))


def keys(review: Any, *, instead: Typed) -> dict[str, frozenset[str]]:
    """Give the keys that cells of a review may name."""
    own = {
        name: frozenset(str(row["id"]) for row in _rows(review, name, instead) if row.get("id"))
        for name, schema in review_schemas().items()
        if "id" in schema.columns
    }
    return {**keys_of(case_knowledge()), "sources": sources(), **own, **either(own)}


def sources() -> frozenset[str]:
    """Give the keys of the bibliography, shipped and own."""
    own = Source.objects.values_list("slug", flat=True)
    return frozenset(knowledge.sources()) | frozenset(own)


def links(review: Any) -> dict[Any, dict[str, int]]:
    """Give the units and streams that cells may name, by model."""
    found: dict[Any, dict[str, int]] = {}
    for name in ("units", "streams"):
        model: Any = tables("review")[name]
        rows = model.objects.filter(review=review)
        found[model] = dict(rows.values_list("slug", "pk"))
    return found


def hints(review: Any, language: str) -> dict[str, dict[str, str]]:
    """Say in words what the ids of units and streams stand for."""
    own: Any = tables("review")
    labels = ("slug", f"label_{language}", "label_en")
    units = {
        slug: label or english or slug
        for slug, label, english in own["units"].objects.filter(review=review).values_list(*labels)
    }
    words = Words(language)
    places = {name: words(f"sheet.{name}") for name in ("supply", *SINKS)} | units
    ends = ("slug", "from_unit", "to_unit")
    streams = {
        slug: f"{places.get(start, start)} → {places.get(end, end)}"
        for slug, start, end in own["streams"].objects.filter(review=review).values_list(*ends)
    }
    return {"units": units, "streams": streams}


def needed(review: Any, table: str, typed: Grid) -> str:
    """Say which other table still names a row that is gone from this one; '' when none does."""
    known = keys(review, instead={table: typed})
    for name, schema in review_schemas().items():
        if name == table:
            continue
        other = judged(place(review, name).texts(), schema, known=known)
        if other.faults:
            (at, column), what = next(iter(other.faults.items()))
            return f"{name}, {at + 1}, {column}: {what}"
    return ""
