"""What went wrong, where, and what to do: every message a user reads has these three parts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """One fault or finding, in the words of the person who must mend it."""

    where: str  # 'limits.csv, line 4, limit_mg_l'
    what: str  # "'0,5' is not a number."
    do: str  # 'Write 0.5 with a point.'

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.do}".rstrip()


class RenvandError(Exception):
    """A fault of the input or of the numbers; shown without a stack trace."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        found = (faults,) if isinstance(faults, Fault) else tuple(faults)
        self.faults: Sequence[Fault] = found
        super().__init__("\n".join(str(fault) for fault in found))

    def _render_traceback_(self) -> list[str]:
        """Give what a notebook shows: the message alone."""
        return [f"{type(self).__name__}: {self}"]


class FileError(RenvandError):
    """A file of the user's holds something that cannot be read as meant."""


class PlantError(RenvandError):
    """A plant drawing or a process model that cannot work."""


class SolveError(RenvandError):
    """The numbers did not come out: no convergence, no feasible point."""


class OurFault(RuntimeError):
    """A promise of our own code is broken; this one does show its stack trace."""


def near(word: str, words: Iterable[str]) -> str:
    """Suggest the closest of the allowed words.

    Parameters
    ----------
    word : str
        What was written.
    words : iterable of str
        What is allowed.

    Returns
    -------
    str
        ``Did you mean 'settler'?``, or the list of allowed words.
    """
    allowed = sorted(set(words))
    close = difflib.get_close_matches(word, allowed, n=1)
    if close:
        return f"Did you mean '{close[0]}'?"
    if len(allowed) > 12:
        return f"Allowed are {len(allowed)} words, such as {', '.join(allowed[:6])}."
    return f"Allowed: {', '.join(allowed)}."
