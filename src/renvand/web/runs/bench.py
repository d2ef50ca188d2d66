"""The bench: a process of its own for heavy work, so that it can be stopped at once."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from renvand.errors import Fault, RenvandError

SECONDS_TO_LOOK = 0.2  # between two looks at whether the worker is still there
LONGEST_READ = 100_000  # bytes of the log taken at a time


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the bench says while it works."""

    done: int
    total: int
    message: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How the work ended: a result, or faults of the input."""

    result: Any = None
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The process died; a signal's number is negative."""

    code: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the bench gets."""

    task: str
    arguments: Mapping[str, Any]
    run: int
    attempt: int


class Bench:
    """A process that does one job after the other, and can be killed at any moment.

    Parameters
    ----------
    case : path
        The folder the tasks work on.
    """

    def __init__(self, case: Path) -> None:
        self._case = case
        self._log = Path(tempfile.mkdtemp(prefix="renvand-")) / "log"
        self._read = 0
        self._begin()

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other = context.Pipe()
        self._log.write_bytes(b"")
        self._read = 0
        self._process = context.Process(
            target=_at_the_bench, args=(other, self._case, self._log, os.getpid())
        )
        self._process.start()
        other.close()

    def give(self, job: Job) -> None:
        """Start a job; a dead process is replaced first."""
        if not self._process.is_alive():
            self.kill()
            self._begin()
        self._line.send(job)

    def hear(self, seconds: float) -> Told | Answer | Broken | None:
        """Wait for word; None when there was none."""
        try:
            return self._line.recv() if self._line.poll(seconds) else None
        except (EOFError, ConnectionResetError):
            self._process.join()
            return Broken(code=self._process.exitcode or 0)

    def log(self) -> str:
        """Give what was written since the last time."""
        with self._log.open("rb") as file:
            file.seek(self._read)
            text = file.read(LONGEST_READ)
        self._read += len(text)
        return text.decode("utf-8", "replace")

    def kill(self) -> None:
        """End the process and all it has started."""
        if self._process.pid is not None and self._process.is_alive():
            _kill_group(self._process.pid)
        self._process.join()
        self._line.close()

    def close(self) -> None:
        """End for good."""
        self.kill()
        self._log.unlink(missing_ok=True)
        self._log.parent.rmdir()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has not made its group yet, or has just ended
        os.kill(pid, signal.SIGKILL)


def _at_the_bench(line: Connection, case: Path, log: Path, worker: int) -> None:
    """Work until there is no worker any more."""
    os.setsid()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.SIG_IGN)  # the worker decides
    threading.Thread(target=_end_with, args=(worker,), daemon=True).start()
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(file, 1)
    os.dup2(file, 2)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # a line is in the log before the answer is out
    from renvand.web.runs.work import perform

    while True:
        try:
            job = line.recv()
        except EOFError:
            return
        try:
            line.send(Answer(result=perform(job, case, tell=lambda told: line.send(told))))
        except RenvandError as error:
            line.send(Answer(faults=error.faults))


def _end_with(worker: int) -> None:
    """Die with the worker, and take along what was started here: nobody hears us any more."""
    while os.getppid() == worker:
        time.sleep(SECONDS_TO_LOOK)
    os.killpg(0, signal.SIGKILL)
