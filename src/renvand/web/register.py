"""The register: its ranking and its map in step, filtered by the address."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.knowledge import Knowledge
from renvand.text import Words
from renvand.web import chart, files, shown
from renvand.web.context import case_knowledge, case_settings
from renvand.web.listing import as_listing, view
from renvand.web.shown import Listing
from renvand.web.words import cell

COLUMNS = ("rank", "id", "name", "sector", "division", "probability_first",
           "equal_standard_m3_a", "exceedance", "top_substance")  # fmt: skip


@lru_cache(maxsize=32)
def sectors(listing: Listing, language: str, *, known: Knowledge) -> list[tuple[str, str]]:
    """Name the sectors of a register."""
    groups = known.names("sector_groups", language)
    return [(slug, groups.get(slug, slug)) for slug in sorted(set(listing.column("sector")) - {""})]


def spoken(listing: Listing, language: str, *, known: Knowledge) -> Listing:
    """Give a company's name, sector and district in the language of the page."""
    sectors = known.names("sector_groups", language)
    divisions = known.names("divisions", language)
    first, second = ("name_zh", "name_en") if language == "zh" else ("name_en", "name_zh")
    rows: list[dict[str, str]] = []
    for row in listing.dicts():
        said = {"name": row.get(first) or row.get(second) or row["id"]}
        for column, words in (("sector", sectors), ("division", divisions)):
            if column in row:
                said[column] = words.get(row[column], row[column])
        rows.append({**row, **said})
    columns = ("name", *(c for c in listing.columns if c != "name"))
    return as_listing(rows, columns)


@lru_cache(maxsize=64)
def part(listing: Listing, sector: str, division: str, near: chart.Near | None) -> Listing:
    """Keep the companies of a sector, a district, a part of the map."""
    chosen = listing.only("sector", sector) if sector else listing
    chosen = chosen.only("division", division) if division else chosen
    return near.only(chosen) if near else chosen


@lru_cache(maxsize=32)
def named_rows(listing: Listing, language: str, *, known: Knowledge) -> Listing:
    """Give the ranking as a page shows it, written once for all who see the same rows."""
    return narrow(spoken(listing, language, known=known), COLUMNS).sort("rank")


def narrow(listing: Listing, columns: tuple[str, ...]) -> Listing:
    """Keep some columns, in their order."""
    kept = tuple(column for column in columns if column in listing.columns)
    rows = tuple(tuple(row[column] for column in kept) for row in listing.dicts())
    return Listing(columns=kept, rows=rows)


@require_safe
def register(request: HttpRequest, language: str) -> HttpResponse:
    """Show the companies on a map and in their ranking, in step."""
    title, folder = Words(language)("programme.register"), files.case_folder().name
    try:
        listing = files.rows_of_step(request, "register", "enterprises")
    except Http404:  # not run yet
        return render(request, "register.html", {"title": title, "folder": folder})
    query = request.GET
    sector, division = query.get("sector", ""), query.get("division", "")
    near = chart.Near.read(query.get("near", ""))
    chosen = part(listing, sector, division, near)
    found = chosen.find(query.get("q", ""))
    lit = None if found is listing else frozenset(found.column("id"))
    region = str(case_settings().get("region", "")).casefold()
    known = case_knowledge()
    ordered = named_rows(chosen, language, known=known)
    named = sectors(listing, language, known=known)
    twins = [reverse("table-data", args=(language, "register", "enterprises", t))
             for t in ("csv", "json")]  # fmt: skip
    held: dict[str, Any] = {
        "title": title,
        "map": chart.drawing(listing, region, lit=lit, near=near, told=_("{count} companies")),
        "near": query.get("near", "") if near else "",
        "companies": len(listing.rows),
        "sectors": named,
        "key": [(slug, name) for slug, name in named if slug in chart.SECTORS],
        "sector": sector,
        "view": view(
            request,
            ordered,
            stage="register",
            hidden=frozenset({"id"}),
            links={"name": reverse("company", args=(language, "ID")).replace("ID", "{id}")},
        ),
        "twins": twins,
    }
    return render(request, "register.html", held)


@require_safe
def company(request: HttpRequest, language: str, *, company: str) -> HttpResponse:
    """Show one company of the register: why it stands where it stands."""
    listing = files.rows_of_step(request, "register", "enterprises")
    row = next((row for row in listing.dicts() if row["id"] == company), None)
    if row is None:
        raise Http404(company)
    (said,) = spoken(listing.only("id", company), language, known=case_knowledge()).dicts()
    tables = [
        {"name": table, "view": view(request, own, stage="register")}
        for table in ("ranking", "loads", "outlets")
        if (own := _own(request, table, company)).rows
    ]
    prefix = f"register.{company}."
    known = [f for f in shown.figures(files.case_folder()).figures.values()
             if f.id.startswith(prefix)]  # fmt: skip
    worst = cell("top_substance", said.get("top_substance", ""), language)
    held = {"title": said["name"], "company": {**said, "top_substance": worst}, "tables": tables,
            "figures": known}  # fmt: skip
    return render(request, "company.html", held)


def _own(request: HttpRequest, table: str, company: str) -> Listing:
    try:
        listing = files.rows_of_step(request, "register", table)
    except Http404:
        return Listing(columns=(), rows=())
    column = "id" if table in ("ranking", "enterprises") else "site"
    return listing.only(column, company)
