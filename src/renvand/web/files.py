"""Files as they are: the twins of pages, and the documents of a run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from renvand.errors import RenvandError
from renvand.programme.store import as_json
from renvand.programme.why import bibliography
from renvand.programme.why import why as walk
from renvand.trace import Figure
from renvand.web import shown, visible
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


def case_folder() -> Path:
    """Say which case is served."""
    folder: Path = settings.RENVAND_CASE
    return folder


def within_out(name: str) -> Path:
    """Find a file of the last run; nothing outside ``out/``, nothing hidden."""
    out = (case_folder() / "out").resolve()
    is_hidden = any(part.startswith(".") for part in Path(name).parts)
    try:
        path = (out / name).resolve()
        if is_hidden or not path.is_relative_to(out) or not path.is_file():
            raise Http404(name)
    except (OSError, ValueError) as error:  # longer than a name can be, or with a zero in it
        raise Http404(name) from error
    return path


def digest(path: Path) -> str:
    """Give the SHA-256 of a file; computed again only when it has changed."""
    return _digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def may_see(request: Any, name: str) -> bool:
    """Say whether a person may see a document of the last run."""
    path = within_out(name)
    return path.suffix in shown.DOCUMENTS and visible.document(
        path.relative_to((case_folder() / "out").resolve()).as_posix(),
        by=eyes(request),
        digest=lambda: digest(path),
    )


@require_safe
def out(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give a document that a run made; it may have its own style, never scripts."""
    if not may_see(request, name):
        raise Http404(name)
    path = within_out(name)
    response = HttpResponse(path.read_bytes(), content_type=KINDS[path.suffix])
    response["Content-Disposition"] = f'inline; filename="{path.name}"'
    response["Content-Security-Policy"] = DOCUMENTS
    response["X-Frame-Options"] = "SAMEORIGIN"  # a page of ours previews it
    return response


def eyes(request: Any) -> visible.Eyes:
    """Give the sight of who asks, looked up once an answer."""
    if not hasattr(request, "eyes"):
        request.eyes = visible.eyes(request.user, request.sight)
    return request.eyes


def rows_of_step(request: HttpRequest, stage: str, table: str) -> shown.Listing:
    """Give the rows of a step's table that a person may see.

    Raises
    ------
    Http404
        When there is no such table, or none of it is for this person.
    """
    path = within_out(f"{stage}/{table}.csv")
    seen = eyes(request)
    if not seen.may_see(stage, table):
        raise Http404(table)
    return seen.rows(stage, table, listing=shown.listing(path))


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
    """Give the rows of a step's table, as far as the person may see them."""
    listing = rows_of_step(request, stage, table)
    return answer(listing.dicts(), listing.columns, twin)


FIGURE = ("id", "value", "unit", "low", "high", "basis", "method")


def figure_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Give the figures of the last run that a person may see."""
    seen = eyes(request)
    found = shown.figures(case_folder()).figures.values()
    return [{key: getattr(f, key) for key in FIGURE} for f in found if seen.figure(f.id)]


@require_safe
def figures(request: HttpRequest, language: str, *, twin: str) -> HttpResponse:
    """Give figures as data."""
    return answer(figure_rows(request), FIGURE, twin)


def chain(request: HttpRequest, figure: str) -> tuple[list[Any], int]:
    """Walk from a figure to what it was made of, as far as a person may see.

    Returns
    -------
    tuple of list and int
        The links, and how many more are not for this person.
    """
    seen, case = eyes(request), case_folder()
    if not seen.figure(figure):
        raise Http404(figure)
    try:
        links = list(walk(figure, shown.figures(case), sources=bibliography(case)))
    except RenvandError as error:
        raise Http404(str(error)) from error
    kept = [link for link in links if seen.link(link.item)]
    return kept, len(links) - len(kept)


LINK = ("depth", "id", "value", "unit", "file", "row", "column", "basis", "confidence", "citation")


@require_safe
def why(request: HttpRequest, language: str, *, figure: str, twin: str) -> HttpResponse:
    """Give the chain behind a figure as data."""
    rows: list[dict[str, Any]] = []
    for link in chain(request, figure)[0]:
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
