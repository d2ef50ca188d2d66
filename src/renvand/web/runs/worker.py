"""The worker: takes runs one after the other, watches over them, and can die at any moment."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection

from renvand.errors import Fault
from renvand.partnership.database import Database
from renvand.partnership.setup import open_record
from renvand.web.runs import queue
from renvand.web.runs.bench import Answer, Bench, Broken, Job, Told
from renvand.web.runs.queue import Claim, Terms

SECONDS_IDLE = 0.5  # between two looks at an empty queue
SECONDS_TO_HEAR = 0.5  # between two looks at whether a run was stopped
BEATS_A_LEASE = 6  # so many heartbeats may go missing before a run is taken back

T = TypeVar("T")


class Worker:
    """Works off the queue of a case.

    Parameters
    ----------
    case : path
        The folder.
    database : path or str
        Where its record lies.
    terms : Terms
        The same for all workers of a record.
    beside : int
        Leave when this process is no longer our parent; 0 for a worker that stands alone.
    """

    def __init__(self, case: Path, database: Database, *, terms: Terms, beside: int = 0) -> None:
        self.case, self.database, self.terms = case, database, terms
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._beside, self._is_asked = beside, False

    @property
    def is_leaving(self) -> bool:
        """Say whether it is time to go."""
        return self._is_asked or self._beside not in (0, os.getppid())

    def work(self, *, until_empty: bool = False) -> None:
        """Work until asked to leave, or until nothing is left to do."""
        open_record(self.database)
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, self._leave)
        bench = Bench(self.case)
        reaped = 0.0
        try:
            while not self.is_leaving:
                if time.monotonic() - reaped > self.terms.lease / BEATS_A_LEASE:
                    _patiently(lambda: queue.reap(self.terms))
                    reaped = time.monotonic()
                claim = _patiently(lambda: queue.claim(self.name))
                if claim is not None:
                    self._attend(claim, bench)
                elif until_empty and not _patiently(_is_anything_left):
                    return
                else:
                    time.sleep(SECONDS_IDLE)
        finally:
            bench.close()

    def _leave(self, *_: Any) -> None:
        self._is_asked = True

    def _attend(self, claim: Claim, bench: Bench) -> None:
        """Stay with a run until it ends, is stopped, or we leave."""
        log = claim.log
        bench.log()  # what came after the last one
        bench.give(
            Job(task=claim.task, arguments=claim.arguments, run=claim.run, attempt=claim.attempt)
        )
        last, told = time.monotonic(), Told(done=0, total=0, message="")
        while True:
            heard = bench.hear(SECONDS_TO_HEAR)
            log += bench.log()
            if isinstance(heard, Answer | Broken):
                self._end(claim, heard, total=told.total, log=log)
                return
            if self.is_leaving:
                bench.kill()
                _patiently(lambda log=log: queue.give_back(claim, log=log))
                return
            told = heard or told
            is_due = time.monotonic() - last > min(1.0, self.terms.lease / BEATS_A_LEASE)
            if not is_due:
                continue
            last = time.monotonic()
            state = {**vars(told), "log": log[-queue.LONGEST_LOG :]}
            if not _patiently(lambda state=state: queue.beat(claim, **state)):
                bench.kill()  # stopped, or given to another
                return

    def _end(self, claim: Claim, heard: Answer | Broken, *, total: int, log: str) -> None:
        if isinstance(heard, Broken) and heard.code < 0:  # by a signal: out of memory, kill -9
            _patiently(lambda: queue.lose(claim, terms=self.terms, log=log))
        elif isinstance(heard, Broken):
            fault = Fault(where="run", what="broke off; this is our fault.", do="See its log.")
            _patiently(lambda: queue.fail(claim, [fault], log=log))
        elif heard.faults:
            _patiently(lambda: queue.fail(claim, heard.faults, log=log))
        else:
            _patiently(lambda: queue.finish(claim, heard.result, total=total, log=log))


def _is_anything_left() -> bool:
    from renvand.partnership.models.runs import ACTIVE, Run

    return Run.objects.filter(state__in=ACTIVE).exists()


def _patiently(ask: Callable[[], T]) -> T:
    """Ask the database until it answers: a server may be restarted under us.

    Every write of the queue names its attempt, so asking twice does no harm.
    """
    while True:
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(1.0)
