"""The pages of runs: what is going on, one run as it goes, start and stop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from renvand.errors import FileError
from renvand.partnership.models import Review, Run
from renvand.partnership.models.runs import ACTIVE
from renvand.text import Words, number
from renvand.web import told
from renvand.web.grid import pointed
from renvand.web.runs import kinds, queue
from renvand.web.words import RESULTS

SHOWN = 50  # runs on the list, the last ones
PARTS = ("changes", "settings")  # fields "changes.x" of a form are one argument, by name
LISTS = ("levers",)  # fields of a form that may have several values
MOST_ROWS = 200  # of a table of a result that the page shows


def visible(user: Any) -> QuerySet[Run]:
    """Give the runs a person may see."""
    runs: Any = Run.objects
    return runs.visible_to(user)


def find(request: HttpRequest, run: int) -> Run:
    """Find a run the person may see."""
    found = visible(request.user).filter(pk=run).first()
    if found is None:
        raise Http404(request.path_info)
    return found


def label(run: Run, language: str) -> str:
    """Name a run as people do."""
    kind = kinds.kind_of(run)
    words = Words(language)
    return words(f"runs.{kind}", **run.arguments) if kind else run.task


def shown(run: Run, language: str) -> dict[str, Any]:
    """Give what a page says of a run."""
    words = Words(language)
    end = run.ended_at or run.heartbeat_at
    seconds = (end - run.started_at).total_seconds() if end and run.started_at else None
    return {
        "run": run,
        "label": label(run, language),
        "state": words(f"runs.{run.state}"),
        "is_active": run.state in ACTIVE,
        "message": words(run.message) if run.message and words.has(run.message) else "",
        "took": words("runs.seconds", seconds=number(seconds, language, digits=3))
        if seconds is not None
        else "",
    }


@require_safe
def runs(request: HttpRequest, language: str) -> HttpResponse:
    """List the last runs, and offer the work there is."""
    last = visible(request.user).defer("result", "log").select_related("user")
    listed = [shown(run, language) for run in last.order_by("-pk")[:SHOWN]]
    reviews: Any = Review.objects
    plants = settings.RENVAND_CASE.glob("plants/*/plant.toml")
    return render(
        request,
        "runs/runs.html",
        {
            "title": Words(language)("runs.runs"),
            "runs": listed,
            "is_active": any(each["is_active"] for each in listed),
            "plants": sorted(path.parent.name for path in plants),
            "reviews": reviews.visible_to(request.user).order_by("position"),
            "is_idle": _is_idle(listed),
            "command": f"renvand work {settings.RENVAND_CASE.name}",
        },
    )


def _is_idle(listed: list[dict[str, Any]]) -> bool:
    """Say whether something waits and nobody works."""
    states = {each["run"].state for each in listed}
    return "waiting" in states and "running" not in states


@require_safe
def run(request: HttpRequest, language: str, *, run: int) -> HttpResponse:
    """Show a run: how far it is, what it says, what came out."""
    found = find(request, run)
    title = Words(language)("runs.run", number=found.pk)
    held = {**shown(found, language), "title": title}
    held["parts"] = parts(found.result, language) if found.result else []
    return render(request, "runs/run.html", held)


@require_safe
def run_data(request: HttpRequest, language: str, *, run: int) -> JsonResponse:
    """Give a run as data."""
    return JsonResponse(as_data(find(request, run)), json_dumps_params={"ensure_ascii": False})


def as_data(run: Run) -> dict[str, Any]:
    """Write a run for programs."""
    plain = ("id", "task", "arguments", "inputs", "state", "attempt", "done", "total", "message",
             "faults", "result")  # fmt: skip
    times = ("made_at", "started_at", "ended_at")
    return {
        **{name: getattr(run, name) for name in plain},
        **{name: at.isoformat() if (at := getattr(run, name)) else None for name in times},
        "kind": kinds.kind_of(run),
    }


@require_POST
def start(request: HttpRequest, language: str, *, kind: str) -> HttpResponse:
    """Ask for work; the page of the run follows."""
    sent = {key: value for key, value in request.POST.items() if value}
    asked: dict[str, Any] = {
        key: request.POST.getlist(key) if key in LISTS else pointed(value, language)
        for key, value in sent.items()
        if key != "csrfmiddlewaretoken" and "." not in key
    }
    for part in PARTS:
        start = f"{part}."
        of_part = {
            key.removeprefix(start): pointed(value, language)
            for key, value in sent.items()
            if key.startswith(start)
        }
        asked |= {part: of_part} if of_part else {}
    try:
        found, is_new = kinds.start(
            kind,
            asked,
            user=request.user,
            case=settings.RENVAND_CASE,
        )
    except FileError as error:
        for fault in error.faults:
            said, _ = told.said(f"{fault.what} {fault.do}", language)
            messages.error(request, f"{fault.where}: {said}")
        return redirect("runs", language=language)
    if not is_new and found.state == "done":
        messages.info(request, Words(language)("runs.found"))
    return redirect("run", language=language, run=found.pk)


@require_POST
def stop(request: HttpRequest, language: str, *, run: int) -> HttpResponse:
    """Stop a run."""
    queue.stop(visible(request.user).filter(pk=find(request, run).pk))
    return redirect("run", language=language, run=run)


def parts(result: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Lay a result out as tables: of rows, or of names with their values."""
    made: list[dict[str, Any]] = []
    for name, value in result.items():
        rows = _as_rows(value)
        if not rows:
            continue
        columns = list(rows[0])
        made.append(
            {
                "name": RESULTS.get(name, name),
                "columns": [RESULTS.get(column, column) for column in columns],
                "rows": [
                    [_cell(row.get(column), language) for column in columns]
                    for row in rows[:MOST_ROWS]
                ],
                "more": max(0, len(rows) - MOST_ROWS),
            }
        )
    return made


def _as_rows(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    if not isinstance(value, dict):
        return [{"": value}]
    if all(isinstance(each, dict) for each in value.values()):
        return [{"": name, **each} for name, each in value.items()]
    return [{"": name, "value": each} for name, each in value.items()]


def _cell(value: Any, language: str) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return number(value, language, digits=4)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(RESULTS.get(value, value))
