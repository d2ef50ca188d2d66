"""What a task is given besides its arguments, and how it is called."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.utils.module_loading import import_string
from django_tasks.base import Task, task

from renvand.errors import OurFault
from renvand.partnership.setup import setup
from renvand.web.runs.bench import Job, Told

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """The ``context`` of a task: where it works and to whom it tells how far it is."""

    case: Path
    attempt: int
    tell: Callable[[Told], None]


def long_work(
    function: Callable[Concatenate[Workplace, P], dict[str, Any]],
) -> Task[P, dict[str, Any]]:
    """Make a task of a function that gets a :class:`Workplace` first."""
    made: Any = task
    return made(takes_context=True)(function)


def find_task(name: str) -> Task[Any, Any]:
    """Find a task by its path; anything else that can be imported is refused."""
    setup()
    found = import_string(name)
    if not isinstance(found, Task):
        raise OurFault(f"'{name}' is not a task")
    return found


def perform(job: Job, case: Path, *, tell: Callable[[Told], None]) -> Any:
    """Do a job and give its result, which must be JSON."""
    task = find_task(job.task)
    place = Workplace(case=case, attempt=job.attempt, tell=tell)
    first = (place,) if task.takes_context else ()
    result = task.func(*first, **job.arguments)
    return json.loads(json.dumps(result, allow_nan=False))  # the database's own rule
