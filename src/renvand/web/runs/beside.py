"""A worker beside the pages on a laptop: started with them, started again, ended with them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from renvand.partnership.database import Database

SECONDS_TO_BREATHE = 2.0  # before a worker that died is started again
SECONDS_TO_LEAVE = 10.0


@contextmanager
def worker_beside(case: Path, database: Database) -> Generator[None]:
    """Keep a worker of a case alive.

    Parameters
    ----------
    case : path
        The folder.
    database : path or str
        Where its record lies.
    """
    closing = threading.Event()
    command = [sys.executable, "-m", "renvand", "work", str(case), "--beside", str(os.getpid())]
    environ = {**os.environ, "DATABASE_URL": str(database)}
    started = [subprocess.Popen(command, env=environ)]

    def keep() -> None:
        while not closing.is_set():
            started[0].wait()
            if not closing.wait(SECONDS_TO_BREATHE):
                started[0] = subprocess.Popen(command, env=environ)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        closing.set()
        started[0].terminate()
        keeper.join(SECONDS_TO_LEAVE)
        started[0].kill()
        started[0].wait()
