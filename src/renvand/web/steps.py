"""Pages of the steps that are read and not typed: sectors, potential, river."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.partnership.models import Reach, Review
from renvand.text import Words
from renvand.web import chart as maps
from renvand.web import charting, files, shown
from renvand.web.charting import Bar, amount
from renvand.web.context import case_settings
from renvand.web.listing import view
from renvand.web.reviews import keep
from renvand.web.reviews.live import closing
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
        "view": view(request, listing, stage="sectors"),
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
        for name in ("totals", "options", "macc", "networks", "pipes", "suppliers")
    }
    networks = [row["network"] for row in of["networks"]]
    network = request.GET.get("network", "")
    network = network if network in networks else next(iter(networks), "")
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
        "network": network,
        "drawing": _network(of["pipes"], network, language=language),
        "suppliers": of["suppliers"],
        "offer": f"offer_{language}",
    }
    return render(request, "savings.html", held)


def _option(row: Mapping[str, str], language: str) -> dict[str, Any]:
    numbers = ("water_m3_a", "energy_kwh_a", "investment_cny", "net_saving_cny_a", "payback_a",
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


def _network(pipes: list[dict[str, str]], network: str, *, language: str) -> dict[str, Any] | None:
    own = [row for row in pipes if row["network"] == network]
    names = {row[end]: row[f"{end}_{language}"] for row in own for end in ("from", "to")}
    back = closing([(row["from"], row["to"]) for row in own])
    flows = [
        (
            row["from"],
            f"{row['to']}~" if (row["from"], row["to"]) in back else row["to"],
            amount(row["flow_m3_d"]),
            "reuse" if row["is_new"] == "True" else "",
        )
        for row in own
    ]
    names |= {f"{end}~": f"→ {name}" for end, name in names.items()}
    return charting.flows(flows, names, unit="m3/d", language=language)


@require_safe
def river(request: HttpRequest, language: str) -> HttpResponse:
    """Show the river before and after, reach by reach, and along its course."""
    profile = rows(request, "effect", "profile")
    starts, substances = _words(profile, "start"), _words(profile, "substance")
    start = _chosen(request, "start", starts)
    substance = _chosen(request, "substance", substances)
    flow = _chosen(request, "flow", ["low", "mean"])
    reaches: Any = Reach.objects
    names = {
        reach.slug: reach.name_zh if language == "zh" else reach.name_en or reach.slug
        for reach in reaches.all()
    }
    course = profile.only("start", start).only("substance", substance).only("flow", flow).dicts()
    steps = [
        Bar(
            name=f"{names.get(row['reach'], row['reach'])} ({row['distance_km']} km)",
            value=amount(row["before_mg_l"]),
            other=amount(row["after_mg_l"]),
        )
        for row in course
    ]
    classes = rows(request, "effect", "classes").only("flow", flow).dicts()
    held = {
        "title": Words(language)("programme.effect"),
        "map": maps.base(str(case_settings().get("region", "")).casefold()),
        "choices": [("start", starts, start), ("substance", substances, substance),
                    ("flow", ["low", "mean"], flow)],
        "names": names,
        "diagram": charting.pairs(
            steps, kind="profile", axes=("", ""), unit="mg/l", language=language
        ),
        "classes": [{**row, "name": names.get(row["reach"], row["reach"])} for row in classes],
        "twins": twins(language, "effect", "profile"),
        "is_made": bool(shown.tables(files.case_folder(), "effect")),
    }  # fmt: skip
    return render(request, "river.html", held)


def _words(listing: Listing, column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in listing.dicts()))


def _chosen(request: HttpRequest, name: str, words: list[str]) -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in words else next(iter(words), "")
