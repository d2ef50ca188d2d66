"""What a stage of the programme is, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome

Results = Mapping[str, Outcome]


@dataclass(frozen=True, kw_only=True)
class Product:
    """What a stage made: an outcome, and the documents rendered from it."""

    outcome: Outcome
    documents: Mapping[str, bytes] = field(default_factory=dict[str, bytes])  # file name: content


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage: what it reads, which stages it builds on, and the work itself."""

    name: str
    reads: tuple[str, ...]  # glob patterns within the case
    needs: tuple[str, ...]  # names of earlier stages
    work: Callable[[CaseData, Results], Product]
