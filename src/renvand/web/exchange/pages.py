"""The pages of exchange: what can be had, what can be sent."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renvand.errors import Fault, FileError
from renvand.partnership.forms import review_template
from renvand.partnership.inbox import KINDS
from renvand.partnership.models import Review, Source
from renvand.partnership.models.reviews import SECTORS
from renvand.partnership.schema import schemas
from renvand.partnership.workbook import MOST_ROWS
from renvand.text import Words
from renvand.web.exchange import books, exports, lists, safe, tables
from renvand.web.files import KINDS as CONTENT
from renvand.web.runs import kinds

COORDINATES = ("WGS-84", "GCJ-02")
UNFIT = 422  # HTTP
SURVEY = "-survey"  # ends the name of a form for tablets
MOST_FILES = 200  # submissions sent together


@require_safe
def exchange(request: HttpRequest, language: str) -> HttpResponse:
    """Show what can be had and sent."""
    return _page(request, language)


def _page(request: Any, language: str, **more: Any) -> HttpResponse:
    reviews: Any = Review.objects
    held = {
        "title": Words(language)("exchange.exchange"),
        "tables": [
            {
                "name": kept.name,
                "help": kept.schema.help.get(language, "").rstrip(".。"),
                "rows": count,
            }
            for kept in tables.every().values()
            if (count := kept.visible(request.user).count())
        ],
        "sectors": SECTORS,
        "reviews": reviews.visible_to(request.user).order_by("position"),
        "version": tables.schema_version(),
        "largest": safe.LARGEST >> 20,
        **more,
    }
    return render(request, "exchange/exchange.html", held, status=UNFIT if more else 200)


@require_safe
def table(request: Any, language: str, *, table: str, form: str) -> HttpResponseBase:
    """Give a table, as far as the person may see it."""
    kept = tables.find(table)
    found = kept.visible(request.user)
    if form == "csv":
        lines = (text.encode() for text in exports.csv_lines(kept, kept.stream(found)))
        response: Any = StreamingHttpResponse(lines, content_type=CONTENT[".csv"])
    else:
        if form == "xlsx" and found.count() > MOST_ROWS:
            raise Http404(table)  # a sheet cannot be sent back with more
        rows = kept.rows(found)
        makers = {"json": exports.as_json, "xlsx": exports.as_workbook, "zip": exports.as_zip}
        kind = CONTENT.get(f".{form}", "application/zip")
        response = HttpResponse(makers[form](kept, rows, language=language), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{table}.{form}"'
    response["Renvand-Schema"] = kept.version
    if form == "csv":
        response["Link"] = f'<{table}.csv-metadata.json>; rel="describedby"'
    return response


@require_safe
def metadata(request: Any, language: str, *, table: str) -> HttpResponse:
    """Describe the CSV of a table, as W3C's CSV on the Web asks."""
    kept = tables.find(table)
    told = exports.metadata(kept, language, tables.cited(kept.rows(kept.visible(request.user))))
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    return HttpResponse(text, content_type="application/csvm+json")


@require_safe
def template(request: Any, language: str, *, name: str) -> HttpResponse:
    """Give a workbook to fill in: the tables of the case, or an empty review of a sector."""
    sector = name.removesuffix(SURVEY)
    if name == "case":
        known = tables.every()
        rows = {
            name: known[name].rows(known[name].visible(request.user), slice(MOST_ROWS))
            for name in schemas()
            if request.sight.covers(known[name].model.confidentiality)
        }
        made = exports.workbook({n: schemas()[n] for n in rows}, rows, language=language)
    elif sector in SECTORS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "form.xlsx"
            form = "xlsform" if name.endswith(SURVEY) else "xlsx"
            case = settings.RENVAND_CASE
            review_template(case, "", path, sector=sector, form=form, language=language)
            made = path.read_bytes()
    else:
        raise Http404(name)
    response = HttpResponse(made, content_type=CONTENT[".xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _received(request: HttpRequest) -> list[UploadedFile]:
    """Give the files of a form."""
    uploads = request.FILES.getlist("file")[:MOST_FILES]
    if not uploads:
        what = f"is missing, or larger than {safe.LARGEST >> 20} MB."
        raise FileError(Fault(where="file", what=what, do="Choose a file."))
    return uploads


@require_POST
def workbook(request: Any, language: str) -> HttpResponse:
    """Take a filled-in workbook or survey, or say by cell what is wrong with it."""
    paths: list[Path] = []
    who, review = request.user.get_username(), request.POST.get("review", "").strip()
    try:
        for upload in _received(request):
            paths.append(safe.keep(upload, kinds=safe.FILLED))
        written = books.take(
            paths, settings.RENVAND_CASE, review=review, who=who, seen=request.sight
        )
    except FileError as error:
        copy = books.marked(paths[0], error.faults) if len(paths) == 1 else None
        key = copy.parent.name if copy else ""
        return _page(request, language, faults=error.faults, key=key)
    finally:
        for path in paths:
            safe.drop(path)
    messages.success(request, Words(language)("exchange.taken", files=", ".join(written)))
    return redirect("exchange", language=language)


@require_safe
def faults(request: HttpRequest, language: str, *, key: str) -> HttpResponse:
    """Give a workbook back with its faults marked."""
    path = safe.find(key)
    if path is None or path.suffix != ".xlsx":
        raise Http404(key)
    response = HttpResponse(path.read_bytes(), content_type=CONTENT[".xlsx"])
    response["Content-Disposition"] = 'attachment; filename="faults.xlsx"'
    return response


@require_POST
def list_sent(request: HttpRequest, language: str) -> HttpResponse:
    """Take a list as received; how to read it is asked next."""
    try:
        path = safe.keep(_received(request)[0], kinds=safe.LISTS)
    except FileError as error:
        return _page(request, language, faults=error.faults)
    return redirect("exchange-list", language=language, key=path.parent.name)


@require_http_methods(["GET", "HEAD", "POST"])
def list_read(request: Any, language: str, *, key: str) -> HttpResponse:
    """Ask how a list is to be read, with our proposal; then put it into the inbox."""
    path = safe.find(key)
    if path is None or path.suffix not in safe.LISTS:
        raise Http404(key)
    try:
        found = lists.propose(path)
    except FileError as error:
        safe.drop(path)
        return _page(request, language, faults=error.faults)
    asked = request.POST.get("kind") or request.GET.get("kind") or found.entry["kind"]
    kind = asked if asked in KINDS else found.entry["kind"]
    wrong: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            lists.take(
                settings.RENVAND_CASE,
                path,
                found=found,
                answer=_answer(request, kind),
                who=request.user.get_username(),
            )
        except FileError as error:
            wrong = tuple(error.faults)
        else:
            safe.drop(path)
            run, _ = kinds.start("link", {}, user=request.user, case=settings.RENVAND_CASE)
            return redirect("run", language=language, run=run.pk)
    held = {
        "title": Words(language)("exchange.read"),
        "name": path.name,
        "key": key,
        "shape": {k: v for k, v in found.entry.items() if k not in ("columns", "source", "kind")},
        "kind": kind,
        "kinds": KINDS,
        "columns": lists.offered(found, kind),
        "headers": lists.headers(found),
        "sources": Source.objects.order_by("slug").values_list("slug", "title"),
        "coordinates": COORDINATES if "longitude" in found.entry["columns"] else (),
        "faults": wrong,
        "posted": request.POST,
    }
    return render(request, "exchange/list.html", held, status=UNFIT if wrong else 200)


def _answer(request: HttpRequest, kind: str) -> lists.Answer:
    said = request.POST
    columns = {
        name.removeprefix("column."): str(value)
        for name, value in said.items()
        if name.startswith("column.")
    }
    new: dict[str, Any] = {}
    source = said.get("source", "")
    if not source:
        source = said.get("new_key", "").strip()
        new = {"title": said.get("new_title", "").strip(), "kind": "list"}
        year = said.get("new_year", "").strip()
        new |= {"year": int(year)} if year.isascii() and year.isdigit() and len(year) == 4 else {}
    return lists.Answer(
        kind=kind,
        columns=columns,
        source=source,
        new_source=new,
        coordinates=said.get("coordinates", ""),
    )
