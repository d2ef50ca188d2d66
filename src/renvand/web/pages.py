"""The pages: each is one reading of what is there, and layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renvand import knowledge
from renvand.errors import FileError
from renvand.partnership.folder import check_case
from renvand.partnership.schema import tables as record_tables
from renvand.text import LANGUAGES, Words, number
from renvand.trace import Figure
from renvand.web import chart, files, shown
from renvand.web import record as kept
from renvand.web.shown import ROWS_A_PAGE, Listing

NAMES = {"da": "Dansk", "en": "English", "zh": "中文"}
LONGEST_CHAIN = 300  # links a page shows; all of them are in its twins
HTML_LANGUAGE = {"da": "da", "en": "en", "zh": "zh-Hans"}


def _page(
    request: HttpRequest, template: str, language: str, *, title: str, **context: Any
) -> HttpResponse:
    case = _settings()
    return render(
        request,
        template,
        {
            "request": request,
            "language": language,
            "html_language": HTML_LANGUAGE[language],
            "languages": [(code, NAMES[code], HTML_LANGUAGE[code]) for code in LANGUAGES],
            "title": title,
            "case_title": case.get("title", {}).get(language, ""),
            "notice": case.get("notice", {}).get(language, ""),
            **context,
        },
    )


def _settings() -> Mapping[str, Any]:
    """Read what the case says of itself; a faulty page says nothing, and /check/ says why."""
    try:
        page = knowledge.read_toml(files.case_folder() / "case.toml", name="case.toml")
    except FileError:
        return {}
    case = page.get("case")
    return case if isinstance(case, dict) else {}


@require_safe
def door(request: HttpRequest) -> HttpResponseBase:
    """Send a reader to the language of the browser."""
    wanted = request.headers.get("Accept-Language", "").split(",")
    spoken = [word.strip()[:2] for word in wanted if word.strip()[:2] in LANGUAGES]
    return redirect("overview", language=spoken[0] if spoken else "en")


@require_safe
def overview(request: HttpRequest, language: str) -> HttpResponse:
    """Show the programme as steps with their state."""
    case = files.case_folder()
    title = Words(language)("web.overview")
    steps = shown.stages(case)
    return _page(request, "overview.html", language, title=title, steps=steps, folder=case.name)


@require_safe
def stage(request: HttpRequest, language: str, *, stage: str) -> HttpResponse:
    """Show what a step has made and found."""
    case = files.case_folder()
    step = next((s for s in shown.stages(case) if s["name"] == stage and s["is_made"]), None)
    if step is None:
        raise Http404(stage)
    return _page(
        request,
        "stage.html",
        language,
        title=Words(language)(f"programme.{stage}"),
        step=step,
        documents=shown.documents(case, stage),
        findings=shown.findings(case, stage),
    )


def _view(request: HttpRequest, listing: Listing, language: str, *, stage: str = "") -> Any:
    """Choose, order and cut a table as the address says, and write its cells."""
    found = listing.find(request.GET.get("q", "")).sort(request.GET.get("sort", ""))
    page = request.GET.get("page", "1")
    last = max(1, -(-len(found.rows) // ROWS_A_PAGE))
    at = min(max(int(page), 1), last) if page.isascii() and page.isdigit() else 1
    first = (at - 1) * ROWS_A_PAGE
    numbers = listing.numbers()
    writer = _Writer(
        columns=found.columns,
        numbers=numbers,
        amounts=listing.amounts(),
        language=language,
        stage=stage,
        figures=frozenset(shown.figures(files.case_folder()).figures) if stage else frozenset(),
    )
    rows = found.rows[first : first + ROWS_A_PAGE]
    return {
        "columns": [(name, name in numbers, _next_sort(request, name)) for name in found.columns],
        "rows": [writer.cells(row) for row in rows],
        "first": first + 1 if rows else 0,
        "last": first + len(rows),
        "total": len(found.rows),
        "previous": at - 1 if at > 1 else None,
        "next": at + 1 if at < last else None,
        "q": request.GET.get("q", ""),
    }


def _next_sort(request: HttpRequest, column: str) -> str:
    return f"-{column}" if request.GET.get("sort") == column else column


@dataclass(frozen=True, kw_only=True)
class _Writer:
    """Writes the cells of a table for a reader."""

    columns: Sequence[str]
    numbers: frozenset[str]
    amounts: frozenset[str]
    language: str
    stage: str
    figures: frozenset[str]

    def cells(self, row: Sequence[str]) -> list[dict[str, Any]]:
        """Write a row; a cell that is a figure leads to where it comes from."""
        key = row[self.columns.index("id")] if "id" in self.columns else ""
        cells: list[dict[str, Any]] = []
        for column, cell in zip(self.columns, row, strict=True):
            figure = f"{self.stage}.{key}.{column}"
            is_amount = column in self.amounts and cell
            cells.append(
                {
                    "text": number(float(cell), self.language, digits=4) if is_amount else cell,
                    "is_number": column in self.numbers,
                    "link": reverse("why", args=(self.language, figure))
                    if figure in self.figures
                    else "",
                }
            )
        return cells


@require_safe
def table(request: HttpRequest, language: str, *, stage: str, table: str) -> HttpResponse:
    """Show a table of a step."""
    listing = shown.listing(files.within_out(f"{stage}/{table}.csv"))
    return _page(
        request,
        "table.html",
        language,
        title=table,
        stage=stage,
        view=_view(request, listing, language, stage=stage),
        twins=[reverse("table-data", args=(language, stage, table, t)) for t in ("csv", "json")],
    )


def _sectors(listing: Listing, language: str) -> list[tuple[str, str]]:
    """Name the sectors of a register."""
    groups = knowledge.table("sector_groups").set_index("id")[f"name_{language}"].to_dict()
    found = sorted({row["sector"] for row in listing.dicts() if row.get("sector")})
    return [(slug, str(groups.get(slug, slug))) for slug in found]


@require_safe
def register(request: HttpRequest, language: str) -> HttpResponse:
    """Show the companies on a map and in their ranking, in step."""
    if "enterprises" not in shown.tables(files.case_folder(), "register"):
        title, folder = Words(language)("programme.register"), files.case_folder().name
        return _page(request, "register.html", language, title=title, folder=folder)
    listing = shown.listing(files.within_out("register/enterprises.csv"))
    sector = request.GET.get("sector", "")
    chosen = listing.only("sector", sector) if sector else listing
    lit = frozenset(row["id"] for row in chosen.find(request.GET.get("q", "")).dicts())
    region = str(_settings().get("region", "")).casefold()
    order = ("rank", "id", "name_zh", "name_en", "sector", "division", "probability_first",
             "equal_standard_m3_a", "exceedance", "top_substance", "receiving_reach")  # fmt: skip
    columns = [c for c in order if c in listing.columns]
    narrow = Listing(
        columns=tuple(columns),
        rows=tuple(tuple(row[c] for c in columns) for row in chosen.dicts()),
    )
    ordered = narrow if request.GET.get("sort") else narrow.sort("rank")
    return _page(
        request,
        "register.html",
        language,
        title=Words(language)("programme.register"),
        map=chart.drawing(listing.dicts(), region, lit=lit),
        companies=len(listing.rows),
        sectors=_sectors(listing, language),
        key=[(slug, name) for slug, name in _sectors(listing, language) if slug in chart.SECTORS],
        sector=sector,
        view=_view(request, ordered, language, stage="register"),
        twins=[
            reverse("table-data", args=(language, "register", "enterprises", t))
            for t in ("csv", "json")
        ],
    )


@require_safe
def documents(request: HttpRequest, language: str) -> HttpResponse:
    """List every document of the last run."""
    return _page(
        request,
        "documents.html",
        language,
        title=Words(language)("web.documents"),
        documents=shown.documents(files.case_folder()),
    )


def _as_listing(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Listing:
    return Listing(
        columns=tuple(columns),
        rows=tuple(tuple("" if r[c] is None else str(r[c]) for c in columns) for r in rows),
    )


@require_safe
def figures(request: HttpRequest, language: str) -> HttpResponse:
    """List every figure that reaches a reader, each leading to its chain."""
    view = _view(request, _as_listing(files.figure_rows(), files.FIGURE), language)
    for row in view["rows"]:
        row[0]["link"] = reverse("why", args=(language, row[0]["text"]))
    return _page(
        request,
        "table.html",
        language,
        title=Words(language)("web.figures"),
        view=view,
        twins=[reverse("figures-data", args=(language, t)) for t in ("csv", "json")],
    )


@require_safe
def why(request: HttpRequest, language: str, *, figure: str) -> HttpResponse:
    """Show the chain from a figure to measurements and sources."""
    links = [
        {"depth": link.depth, "item": link.item, "citation": link.citation,
         "is_figure": isinstance(link.item, Figure)}
        for link in files.chain(figure)
    ]  # fmt: skip
    ledger = shown.figures(files.case_folder())
    return _page(
        request,
        "why.html",
        language,
        title=Words(language)("web.why"),
        figure=links[0]["item"],
        links=links[1:LONGEST_CHAIN],
        total=len(links) - 1,
        is_cut=len(links) > LONGEST_CHAIN,
        is_constructed=ledger.is_constructed(figure),
        is_doubtful=ledger.confidence(figure) == "low",
        twins=[reverse("why-data", args=(language, figure, t)) for t in ("csv", "json")],
    )


@require_safe
def check(request: HttpRequest, language: str) -> HttpResponse:
    """Show every fault of the folder."""
    faults = check_case(files.case_folder())
    title = Words(language)("web.check")
    return _page(request, "check.html", language, title=title, faults=faults)


@require_safe
def record(request: HttpRequest, language: str) -> HttpResponse:
    """List the tables of the record."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    models: dict[str, Any] = dict(record_tables())
    listed = [(n, models[n].words[language], count) for n, count in kept.counts(user).items()]
    title = Words(language)("web.record")
    return _page(request, "record.html", language, title=title, tables=listed)


@require_safe
def record_table(request: HttpRequest, language: str, *, table: str) -> HttpResponse:
    """Show a table of the record, as far as the person may see it."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    columns, rows = kept.rows_for(user, table)
    return _page(
        request,
        "table.html",
        language,
        title=table,
        view=_view(request, _as_listing(rows, columns), language),
        twins=[reverse("record-table-data", args=(language, table, t)) for t in ("csv", "json")],
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in the reader's language that there is no such page."""
    first = request.path.split("/")[1]
    language = first if first in LANGUAGES else "en"
    title = Words(language)("web.not_found")
    response = _page(request, "missing.html", language, title=title)
    response.status_code = 404
    return response
