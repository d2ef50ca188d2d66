"""What a stage of the programme is, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from renvand.errors import OurFault
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
    sections: tuple[str, ...] = ()  # of case.toml; when others change it is not made anew

    def view(self, case: CaseData) -> CaseData:
        """Give the case with only those settings that the stage says it reads."""
        return replace(case, settings=_Sections(case.settings, self.name, self.sections))


class _Sections(Mapping[str, Any]):
    """Settings that refuse a section the stage did not name: its hash would not know of it."""

    def __init__(self, told: Mapping[str, Any], stage: str, sections: tuple[str, ...]) -> None:
        self._told = {name: told[name] for name in sections if name in told}
        self._stage, self._sections = stage, sections

    def __getitem__(self, section: str) -> Any:
        if section not in self._sections:
            what = f"reads [{section}] of case.toml, which it does not name."
            raise OurFault(f"stage '{self._stage}' {what}")
        return self._told[section]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)
