"""Runs: asked for, looked at, stopped."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Body, Router, Status

from renvand.web.api.door import claimed
from renvand.web.api.record import REFUSALS
from renvand.web.api.shapes import Limit, Number, Offset, Refused, RunOut, RunResult, RunsOut, Word
from renvand.web.runs import kinds, pages, queue

router = Router(tags=["runs"])
Told = Body[dict[str, Any]]


@router.get("/runs", response={200: RunsOut, **REFUSALS}, url_name=claimed("runs", "runs.see"))
def runs(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """List runs, the last first."""
    found = pages.visible(request.user)  # pyright: ignore[reportAttributeAccessIssue]
    last = found.order_by("-pk").defer("log")[offset : offset + limit]
    held = [pages.as_data(run) for run in last]
    return {"total": found.count(), "limit": limit, "offset": offset, "runs": held}


@router.get("/runs/{run}", response={200: RunResult, **REFUSALS},
            url_name=claimed("run", "runs.see"))  # fmt: skip
def run(request: HttpRequest, run: Number) -> dict[str, Any]:
    """Give a run with what came out."""
    return pages.as_data(pages.find(request, run))


@router.post("/runs/start/{kind}", response={200: RunOut, 201: RunOut, 400: Refused, **REFUSALS},
             url_name=claimed("run-start", "runs.start"))  # fmt: skip
def start(request: HttpRequest, kind: Word, told: Told) -> Status[dict[str, Any]]:
    """Ask for work; 200 when the same was asked for or done before, 201 when it is new."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    found, is_new = kinds.start(kind, told, user=user, case=settings.RENVAND_CASE)
    return Status(201 if is_new else 200, pages.as_data(found))


@router.post("/runs/{run}/stop", response={200: RunOut, **REFUSALS},
             url_name=claimed("run-stop", "runs.start"))  # fmt: skip
def stop(request: HttpRequest, run: Number) -> dict[str, Any]:
    """Stop a run; what is over stays as it is."""
    found = pages.find(request, run)
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    queue.stop(pages.visible(user).filter(pk=found.pk))
    return pages.as_data(pages.find(request, run))
