"""The queue: every write says whose attempt it belongs to, so nothing is done or told twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now

from renvand.errors import Fault
from renvand.partnership.models.runs import (
    ACTIVE,
    DONE,
    FAILED,
    RUNNING,
    STOPPED,
    WAITING,
    Run,
)
from renvand.programme.fingerprint import of_value

LONGEST_LOG = 100_000  # characters kept, the last ones


@dataclass(frozen=True, kw_only=True)
class Terms:
    """When a worker counts as gone, and how often a run may lose one."""

    lease: float = 60.0  # s without a heartbeat
    most_lost: int = 3  # a run that took three workers with it would take the fourth


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to work on a run, good until somebody else gets it."""

    run: int
    attempt: int
    task: str
    arguments: Mapping[str, Any]
    log: str

    @property
    def mine(self) -> models.QuerySet[Run]:
        """The run, as long as it is still ours."""
        return Run.objects.filter(pk=self.run, state=RUNNING, attempt=self.attempt)


def put(
    task: str,
    arguments: Mapping[str, Any],
    *,
    inputs: str = "",
    enterprise: str = "",
    lane: str = "",
    is_found: bool = True,
    user: Any = None,
) -> tuple[Run, bool]:
    """Ask for work, or find it: on its way already, or done with the very same inputs.

    Parameters
    ----------
    task : str
        'module.function' of a task.
    arguments : mapping
        JSON values.
    inputs : str
        Hash of everything the result depends on; without it, that of the arguments.
    enterprise : str
        Id of the company whose numbers the result holds.
    lane : str
        Of runs in one lane, one is worked on at a time: they write the same files.
    is_found : bool
        Give what is done already; otherwise only what is still on its way.
    user : User, optional
        Who asks.

    Returns
    -------
    Run
        And whether it is new.
    """
    states = (*ACTIVE, DONE) if is_found else ACTIVE
    inputs = inputs or of_value(arguments)
    same = Run.objects.filter(task=task, inputs=inputs)
    while True:
        found = same.filter(state__in=states).order_by("-pk").first()
        if found is not None:
            return found, False
        run = Run(
            task=task,
            arguments=dict(arguments),
            inputs=inputs,
            enterprise=enterprise,
            lane=lane,
            user=user,
        )
        try:
            with transaction.atomic():
                run.save(force_insert=True)
            return run, True
        except IntegrityError:
            if not same.exists():
                raise  # not the rule of one at a time
            # somebody asked for the same at this moment: take theirs


def claim(worker: str) -> Claim | None:
    """Take the run that has waited longest and whose lane is free, or nothing."""
    busy = Run.objects.filter(state=RUNNING).exclude(lane="").values("lane")
    waiting = Run.objects.filter(state=WAITING).exclude(lane__in=busy)
    while True:
        run = waiting.order_by("pk").defer("result").first()
        if run is None:
            return None
        if _take(run, worker):
            return Claim(
                run=run.pk,
                attempt=run.attempt + 1,
                task=run.task,
                arguments=run.arguments,
                log=run.log,
            )


def _take(run: Run, worker: str) -> bool:
    """Take a run, if nobody was quicker; the database itself keeps each lane to one."""
    mine = Run.objects.filter(pk=run.pk, state=WAITING, attempt=run.attempt)
    try:
        with transaction.atomic():
            return bool(
                mine.update(
                    state=RUNNING,
                    attempt=run.attempt + 1,
                    worker=worker,
                    done=0,
                    total=0,
                    message="",
                    heartbeat_at=Now(),
                    started_at=Now(),
                )
            )
    except IntegrityError:
        return False  # another run of the lane was taken at this moment


def beat(claim: Claim, **told: Any) -> bool:
    """Say that the work goes on, and how far it is; False when it is no longer ours."""
    return bool(claim.mine.update(heartbeat_at=Now(), **told))


def finish(claim: Claim, result: Any, *, total: int = 0, log: str = "") -> bool:
    """Keep the result; False when the run is no longer ours, and the result is dropped."""
    return bool(
        claim.mine.update(
            state=DONE,
            result=result,
            log=_end(log),
            done=total,
            total=total,
            ended_at=Now(),
            heartbeat_at=Now(),
        )
    )


def fail(claim: Claim, faults: Sequence[Fault], *, log: str = "") -> bool:
    """Keep what went wrong; asked for again, it is tried again."""
    told = [{"where": f.where, "what": f.what, "do": f.do} for f in faults]
    return bool(claim.mine.update(state=FAILED, faults=told, log=_end(log), ended_at=Now()))


def give_back(claim: Claim, *, log: str) -> bool:
    """Let another worker take the run: this one was asked to leave."""
    return bool(claim.mine.update(state=WAITING, worker="", log=_end(log)))


def lose(claim: Claim, *, terms: Terms, log: str) -> None:
    """Note that the process died under the work."""
    claim.mine.update(log=_end(log))
    _lose(claim.mine, terms)


def stop(runs: models.QuerySet[Run]) -> int:
    """Stop runs; their workers see it within a second."""
    return runs.filter(state__in=ACTIVE).update(state=STOPPED, ended_at=Now())


def reap(terms: Terms) -> int:
    """Take runs back from workers that have gone silent; returns how many."""
    silent = Now() - timedelta(seconds=terms.lease)
    return _lose(Run.objects.filter(state=RUNNING, heartbeat_at__lt=silent), terms)


def _lose(runs: models.QuerySet[Run], terms: Terms) -> int:
    """Let runs be tried again, or give up on those that have lost too many workers."""
    lost = {"where": "run", "what": "lost its worker again and again.", "do": "See its log."}
    given_up = runs.filter(lost__gte=terms.most_lost - 1).update(
        state=FAILED, faults=[lost], lost=models.F("lost") + 1, ended_at=Now()
    )
    return given_up + runs.update(state=WAITING, lost=models.F("lost") + 1, worker="")


def _end(log: str) -> str:
    return log[-LONGEST_LOG:]
