"""From the figures of the steps to the facts of a sheet: value, range, confidence, sources."""

from __future__ import annotations

import math
from collections.abc import Mapping

from renvand.publish.model import Fact
from renvand.steps.outcome import Outcome
from renvand.trace import CONFIDENCES, Figure, Ledger, Origin


class FactBook:
    """All figures of a run; keeps those that a sheet takes, and those it makes."""

    def __init__(
        self, results: Mapping[str, Outcome], *, hidden: frozenset[str] = frozenset()
    ) -> None:
        """Gather the figures; sources in ``hidden`` would name a company and are left out."""
        self._ledger = Ledger()
        self._hidden = hidden
        for outcome in results.values():
            self._ledger.add(outcome.figures)
        self._taken: dict[str, Fact] = {}
        self._made: dict[str, Figure] = {}
        self._origins: dict[str, tuple[Origin, ...]] = {}

    def has(self, figure_id: str) -> bool:
        """Say whether there is a figure with a number in it."""
        figure = self._ledger.figures.get(figure_id)
        return figure is not None and math.isfinite(figure.value)

    def add(self, figure: Figure) -> Fact:
        """Put a figure into the ledger, not into the sheet, and give its fact."""
        self._ledger.add([figure])
        self._made[figure.id] = figure
        return self.fact(figure.id)

    def make(self, figure: Figure) -> str:
        """Take in a figure that the sheet itself makes of others, and give its id."""
        return self.take(self.add(figure).id)

    def take(self, figure_id: str) -> str:
        """Take a figure into the sheet and give its id."""
        self._taken.setdefault(figure_id, self.fact(figure_id))
        return figure_id

    def again(self, figure_id: str, *, name: str, unit: str = "", factor: float = 1.0) -> str:
        """Take a figure in under another id, one that does not name the company.

        Parameters
        ----------
        figure_id : str
            A figure of a step, 'review.<company>.…'.
        name : str
            The id that readers see; the ledger leads from it to the figure.
        unit : str
            Unit to show it in; empty keeps its own.
        factor : float
            What to multiply with to come to that unit: 100 from a share to per cent.
        """
        if name in self._taken:
            return name
        fact = self.fact(figure_id, unit=unit, factor=factor)
        return self.make(
            Figure(
                id=name,
                value=fact.value,
                unit=fact.unit,
                method=fact.method,
                made_of=(figure_id,),
                low=fact.low,
                high=fact.high,
                basis=fact.basis,
            )
        )

    def fact(self, figure_id: str, *, unit: str = "", factor: float = 1.0) -> Fact:
        """Give a figure as a fact, without taking it into the sheet."""
        figure = self._ledger.figures[figure_id]
        origins = self._behind(figure_id)
        ordered = sorted(origins, key=lambda o: CONFIDENCES.index(o.confidence))
        ends = [figure.low, figure.high]
        has_range = all(v is not None and math.isfinite(v) for v in ends)
        low, high = ((v or 0.0) * factor if has_range else None for v in ends)
        return Fact(
            id=figure.id,
            value=figure.value * factor,
            unit=unit or figure.unit,
            low=low,
            high=high,
            basis=figure.basis,
            confidence=ordered[-1].confidence if ordered else "medium",
            is_constructed=any(o.basis == "constructed" for o in origins),
            method=figure.method,
            sources=tuple(
                dict.fromkeys(o.source for o in origins if o.source not in ("", *self._hidden))
            ),
        )

    def _behind(self, figure_id: str) -> tuple[Origin, ...]:
        if figure_id not in self._origins:
            self._origins[figure_id] = tuple(self._ledger.origins(figure_id))
        return self._origins[figure_id]

    def reviews_behind(self, figure_id: str) -> set[str]:
        """Name the companies' reviews that a figure was made of, however far back."""
        found: set[str] = set()
        seen: set[str] = set()
        queue = [figure_id]
        while queue:
            name = queue.pop()
            if name in seen:
                continue
            seen.add(name)
            step, _, rest = name.partition(".")
            if step in ("review", "potential"):
                found.add(rest.split(".")[0])
            elif name in self._ledger.figures:
                queue += [p for p in self._ledger.figures[name].made_of if isinstance(p, str)]
        return found

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Give the facts of the sheet, by id."""
        return tuple(self._taken[name] for name in sorted(self._taken))

    @property
    def made(self) -> tuple[Figure, ...]:
        """Give the figures that the sheet made, for the ledger behind ``why``."""
        return tuple(self._made[name] for name in sorted(self._made))
