"""Files as they are: the twins of pages, the documents of a run, style and fonts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from renvand.errors import RenvandError
from renvand.programme.store import as_json
from renvand.programme.why import bibliography
from renvand.programme.why import why as walk
from renvand.trace import Figure
from renvand.web import shown
from renvand.web.headers import DOCUMENTS

KINDS = {
    ".pdf": "application/pdf",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".ics": "text/calendar; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DAY = 86_400  # s


def case_folder() -> Path:
    """Say which case is served."""
    folder: Path = settings.RENVAND_CASE
    return folder


def within_out(name: str) -> Path:
    """Find a file of the last run; nothing outside ``out/``, nothing hidden."""
    out = (case_folder() / "out").resolve()
    path = (out / name).resolve()
    is_hidden = any(part.startswith(".") for part in Path(name).parts)
    if is_hidden or not path.is_relative_to(out) or not path.is_file():
        raise Http404(name)
    return path


@require_safe
def out(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give a file that a run made; documents may have their own style, never scripts."""
    path = within_out(name)
    kind = KINDS.get(path.suffix)
    response = FileResponse(
        path.open("rb"),
        as_attachment=kind is None,
        filename=path.name,
        content_type=kind or "application/octet-stream",
    )
    response["Content-Security-Policy"] = DOCUMENTS
    return response


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Give the one stylesheet."""
    text = resources.files("renvand.web") / "static" / "style.css"
    return HttpResponse(text.read_bytes(), content_type="text/css; charset=utf-8")


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Give the sign in the browser's tab."""
    drawing = resources.files("renvand.web") / "static" / "icon.svg"
    return HttpResponse(drawing.read_bytes(), content_type=KINDS[".svg"])


@require_safe
def font(request: HttpRequest, font: str) -> HttpResponse:
    """Give a font that comes with the package."""
    path = resources.files("renvand.publish") / "assets" / "fonts" / font
    if not font.endswith(".ttf") or not path.is_file():
        raise Http404(font)
    response = HttpResponse(path.read_bytes(), content_type="font/ttf")
    response["Cache-Control"] = f"max-age={DAY}"
    return response


def answer(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], twin: str) -> HttpResponse:
    """Give rows as CSV or JSON."""
    if twin == "json":
        text = json.dumps({"columns": list(columns), "rows": list(rows)}, ensure_ascii=False)
        return HttpResponse(text, content_type=KINDS[".json"])
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return HttpResponse(lines.getvalue(), content_type=KINDS[".csv"])


@require_safe
def table(
    request: HttpRequest, language: str, *, stage: str, table: str, twin: str
) -> HttpResponseBase:
    """Give a table of a step: the very file, or the same rows as JSON."""
    path = within_out(f"{stage}/{table}.csv")
    if twin == "csv":
        return out(request, f"{stage}/{table}.csv")
    listing = shown.listing(path)
    return answer(listing.dicts(), listing.columns, twin)


FIGURE = ("id", "value", "unit", "low", "high", "basis", "method")


def figure_rows() -> list[dict[str, Any]]:
    """Give all figures of the last run."""
    found = shown.figures(case_folder()).figures.values()
    return [{key: getattr(figure, key) for key in FIGURE} for figure in found]


@require_safe
def figures(request: HttpRequest, language: str, *, twin: str) -> HttpResponse:
    """Give all figures as data."""
    return answer(figure_rows(), FIGURE, twin)


def chain(figure: str) -> list[Any]:
    """Walk from a figure to what it was made of."""
    case = case_folder()
    try:
        return list(walk(figure, shown.figures(case), sources=bibliography(case)))
    except RenvandError as error:
        raise Http404(str(error)) from error


LINK = ("depth", "id", "value", "unit", "file", "row", "column", "basis", "confidence", "citation")


@require_safe
def why(request: HttpRequest, language: str, *, figure: str, twin: str) -> HttpResponse:
    """Give the chain behind a figure as data."""
    rows: list[dict[str, Any]] = []
    for link in chain(figure):
        item = as_json(link.item) if isinstance(link.item, Figure) else vars(link.item)
        named = {"depth": link.depth, "citation": link.citation, **item}
        rows.append({key: named.get(key, "") for key in LINK})
    return answer(rows, LINK, twin)


@require_safe
def record_table(request: HttpRequest, language: str, *, table: str, twin: str) -> HttpResponse:
    """Give a table of the record as data, as far as the person may see it."""
    from renvand.web.record import rows_for

    columns, rows = rows_for(request.user, table)  # pyright: ignore[reportAttributeAccessIssue]
    return answer(rows, columns, twin)
