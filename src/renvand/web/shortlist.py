"""The companies to review: change a constraint, see the answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renvand.errors import Fault, SolveError
from renvand.programme import store
from renvand.steps.case import CaseData, records
from renvand.steps.shortlist import shortlist as choose
from renvand.text import Words
from renvand.web import files, register, rights, shown
from renvand.web.context import case_knowledge, of_case
from renvand.web.listing import as_listing, view
from renvand.web.steps import rows, twins

CONSTRAINTS = {"size": (1, 20), "per_division": (1, 10), "reserves": (0, 10)}  # lowest, highest
COLUMNS = ("state", "name", "sector", "division", "rank", "worth", "size", "is_willing",
           "reasons", "id")  # fmt: skip


@require_safe
def shortlist(request: HttpRequest, language: str) -> HttpResponse:
    """Show the choice, or the choice that other constraints would give."""
    now = _constraints(request)
    kept = rows(request, "shortlist", "companies")
    seen: Any = request.sight  # pyright: ignore[reportAttributeAccessIssue]
    may_try = rights.may(seen, "shortlist.try") and _is_ready()
    listing, faults = kept, ()
    if may_try and any(now[name] != value for name, value in _settled().items()):
        listing, faults = _tried(now)
    chosen = {row["id"] for row in listing.dicts() if row["state"] == "chosen"}
    before = {row["id"] for row in kept.dicts() if row["state"] == "chosen"}
    narrow = register.narrow(register.spoken(listing, language, known=case_knowledge()), COLUMNS)
    held = {
        "title": Words(language)("programme.shortlist"),
        "constraints": [
            {"name": name, "now": now[name], "low": low, "high": high}
            for name, (low, high) in CONSTRAINTS.items()
        ],
        "may_try": may_try,
        "is_tried": listing is not kept,
        "came": len(chosen - before),
        "went": len(before - chosen),
        "faults": faults,
        "view": view(request, narrow, stage="shortlist", hidden=frozenset({"id"})),
        "twins": twins(language, "shortlist", "companies"),
    }
    return render(request, "shortlist.html", held)


def _settled() -> dict[str, int]:
    page = of_case("shortlist")
    return {name: int(page.get(name, low)) for name, (low, _) in CONSTRAINTS.items()}


def _constraints(request: HttpRequest) -> dict[str, int]:
    """Read the constraints of the address, within what makes sense."""
    found = _settled()
    for name, (low, high) in CONSTRAINTS.items():
        told = request.GET.get(name, "")
        if told.isascii() and told.isdigit():
            found[name] = min(max(int(told[:6]), low), high)
    return found


def _is_ready() -> bool:
    folder = files.case_folder()
    return all(shown.tables(folder, stage) for stage in ("register", "sectors"))


def _tried(constraints: dict[str, int]) -> tuple[shown.Listing, tuple[Fault, ...]]:
    """Choose anew; nothing is kept."""
    out = files.case_folder() / "out"
    settings = {"shortlist": {**of_case("shortlist"), **constraints}}
    case = CaseData(folder=files.case_folder(), settings=settings, sources={}, tables={})
    try:
        register_, sectors = (store.recall(out / stage) for stage in ("register", "sectors"))
        made = choose(case, register_, sectors=sectors).tables["companies"]
    except SolveError as error:
        return shown.Listing(columns=(), rows=()), tuple(error.faults)
    except FileNotFoundError as error:  # a run is writing just now
        raise Http404("shortlist") from error
    clean = made.astype(object).where(made.notna(), "")
    return as_listing(records(clean), [str(name) for name in made.columns]), ()
