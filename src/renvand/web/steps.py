"""Pages of the steps that are read and not typed: sectors and potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.partnership.models import Review
from renvand.text import Words
from renvand.web import charting, files, shown
from renvand.web.charting import Bar, amount
from renvand.web.context import case_knowledge
from renvand.web.listing import as_listing, view
from renvand.web.reviews import keep
from renvand.web.reviews.views import company_name
from renvand.web.shown import Listing
from renvand.web.tags import sector_names

MEASURES = ("water", "cod", "metal", "energy")
HALF = 420.0  # px: two charts side by side


def rows(request: HttpRequest, stage: str, table: str) -> Listing:
    """Give the rows of a result that a person may see; none where there is no result."""
    try:
        return files.rows_of_step(request, stage, table)
    except Http404:
        return Listing(columns=(), rows=())


def twins(language: str, stage: str, table: str) -> list[str]:
    """Give the addresses of a table as data."""
    return [reverse("table-data", args=(language, stage, table, t)) for t in ("csv", "json")]


@require_safe
def sectors(request: HttpRequest, language: str) -> HttpResponse:
    """Compare the candidate sectors, and say how sure the choice is."""
    listing = rows(request, "sectors", "comparison")
    names = sector_names(language)
    compared: list[dict[str, Any]] = [
        {
            **row,
            "name": names.get(row["sector"], row["sector"]),
            "is_chosen": row["is_chosen"] == "True",
            "share": amount(row["probability_chosen"]),
        }
        for row in listing.dicts()
    ]
    chances = [
        Bar(
            name=row["name"],
            value=100 * row["share"],
            group="company" if row["is_chosen"] else "loss",
        )
        for row in compared
    ]
    held = {
        "title": Words(language)("programme.sectors"),
        "compared": compared,
        "diagram": charting.bars(chances, unit="%", language=language, width=HALF, levels={}),
        "view": view(
            request,
            as_listing(
                [
                    {**row, "sector": names.get(row["sector"], row["sector"])}
                    for row in listing.dicts()
                ],
                listing.columns,
            ),
        ),
        "twins": twins(language, "sectors", "comparison"),
    }
    return render(request, "sectors.html", held)


@require_safe
def potential(request: HttpRequest, language: str) -> HttpResponse:
    """List what can be saved at each company."""
    found: Any = Review.objects
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    totals = {row["review"]: row for row in rows(request, "potential", "totals").dicts()}
    listed = [
        {"review": review, "name": company_name(review, language), "totals": totals[review.slug]}
        for review in found.visible_to(user).order_by("position", "slug")
        if review.slug in totals
    ]
    title = Words(language)("programme.potential")
    return render(request, "potential.html", {"title": title, "reviews": listed})


@require_safe
def savings(request: HttpRequest, language: str, *, review: str) -> HttpResponse:
    """Show what can be saved at one company: options, cost curve, water network, suppliers."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    found = keep.find(user, review)
    of = {
        name: rows(request, "potential", name).only("review", review).dicts()
        for name in ("totals", "options", "macc", "networks", "suppliers")
    }
    pictures = _pictures(request, review, language)
    wanted = request.GET.get("picture", "")
    picture = next((p for p in pictures if p["name"] == wanted), next(iter(pictures), None))
    measure = request.GET.get("measure", "")
    measure = measure if measure in MEASURES else MEASURES[0]
    named = {row["option"]: row for row in of["options"]}
    held = {
        "title": company_name(found, language),
        "review": found,
        "totals": next(iter(of["totals"]), None),
        "options": [_option(row, language) for row in of["options"]],
        "measures": [m for m in MEASURES if any(row["measure"] == m for row in of["macc"])],
        "measure": measure,
        "curve": _curve(of["macc"], measure, named=named, language=language),
        "networks": of["networks"],
        "pictures": pictures,
        "picture": picture,
        "suppliers": [
            {
                **row,
                "technology": technologies(language).get(row["technology"], row["technology"]),
                "offer": row[f"offer_{language}"],
            }
            for row in of["suppliers"]
        ],
    }
    return render(request, "savings.html", held)


PICTURES = ("pipes_polished", "pipes_direct", "pipes_now", "water_now", "water_after")


def _pictures(request: HttpRequest, review: str, language: str) -> list[dict[str, str]]:
    """Name the drawings of a review that the last run left, best network first, pinches last."""
    start, end = f"potential/{review}-", f".{language}.svg"
    found = {
        d.path.removeprefix(start).removesuffix(end): d.path
        for d in shown.documents(files.case_folder(), "potential")
        if d.path.startswith(start) and d.path.endswith(end)
    }
    words = Words(language)
    pinches = [name for name in found if name.startswith("pinch-")]
    drawn = [(name, words(f"potential.{name}")) for name in PICTURES if name in found]
    drawn += [(name, _("Pinch of %(substance)s") % {"substance": name.removeprefix("pinch-")})
              for name in pinches]  # fmt: skip
    return [
        {"name": name, "words": said, "path": found[name]}
        for name, said in drawn
        if files.may_see(request, found[name])
    ]


def technologies(language: str) -> Mapping[str, str]:
    """Name the technologies that the case counts with."""
    return case_knowledge().names("technologies", language)


def _option(row: Mapping[str, str], language: str) -> dict[str, Any]:
    numbers = ("water_m3_a", "energy_kwh_a", "investment", "net_saving_a", "payback_a",
               "probability_pays")  # fmt: skip
    return {
        "name": row[f"name_{language}"],
        "unit": row[f"unit_{language}"],
        "why": row[f"trigger_{language}"],
        "is_in_package": row["is_in_package"] == "True",
        "confidence": row["confidence"],
        **{name: amount(row[name]) for name in numbers},
    }


def _curve(
    macc: list[dict[str, str]], measure: str, *, named: Mapping[str, Any], language: str
) -> dict[str, Any] | None:
    blocks = [
        Bar(
            name=named.get(row["option"], {}).get(f"name_{language}", row["option"]),
            value=amount(row["end"]) - amount(row["start"]),
            other=amount(row["cost_per_unit"]),
        )
        for row in macc
        if row["measure"] == measure
    ]
    drawn = charting.pairs(
        blocks, kind="curve", axes=(_("saved a year"), _("cost of a unit")), unit="1",
        language=language,
    )  # fmt: skip
    return drawn and {**drawn, "names": [block.name for block in blocks]}
