"""Stop the global solver by CPU time.

SCIP's own CPU clock asks the system at every step, a fifth of all its time, and does not count
what the system spends for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

_LOOK = 0.02  # s between two looks at the clock


@contextmanager
def stopped_after(solver: Any, *, seconds: float) -> Generator[None]:
    """Interrupt a solver that runs inside when the process has used so much more CPU time. [s]"""
    done = threading.Event()
    until = time.process_time() + seconds

    def watch() -> None:
        while not done.wait(_LOOK):
            if time.process_time() > until:
                solver.interruptSolve()
                return

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
