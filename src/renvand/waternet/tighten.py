"""Interval tightening: what the balances say about the bounds of each variable."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from renvand.waternet.algebra import Model, Row, Term

_HUGE = 1e15  # beyond this a bound says nothing
_STEP = 1e-6  # relative gain below which a new bound is not worth having


def tighten(model: Model, *, rounds: int = 10) -> None:
    """Narrow the bounds of a model in place, by its own rows.

    Parameters
    ----------
    model : Model
        All variables have to be 0 or more, as flows and concentrations are.
    rounds : int
        Passes over the rows at most.
    """
    entries = [(row, list(row.body.terms.items())) for row in model.rows]
    for _ in range(rounds):
        has_moved = False
        for row, terms in entries:
            has_moved |= _narrow(model, row, terms=terms)
        if not has_moved:
            return


def _range(model: Model, term: Term, *, factor: float) -> tuple[float, float]:
    low = math.prod(model.low[i] for i in term)
    high = math.prod(model.high[i] for i in term) if all(model.high[i] for i in term) else 0.0
    return (factor * low, factor * high) if factor > 0 else (factor * high, factor * low)


def _narrow(model: Model, row: Row, *, terms: Sequence[tuple[Term, float]]) -> bool:
    ranges = [_range(model, term, factor=factor) for term, factor in terms]
    least, most = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    has_moved = False
    for (term, factor), (low, high) in zip(terms, ranges, strict=True):
        top = row.high - (least - low) if abs(least) < _HUGE else math.inf
        bottom = row.low - (most - high) if abs(most) < _HUGE else -math.inf
        if factor < 0:
            top, bottom = bottom, top
        for number, low_new, high_new in _implied(
            model, term, bottom=bottom / factor, top=top / factor
        ):
            has_moved |= _move(model, number, low=low_new, high=high_new)
    return has_moved


def _implied(
    model: Model, term: Term, *, bottom: float, top: float
) -> Iterator[tuple[int, float, float]]:
    if len(term) == 1:
        yield term[0], bottom, top
        return
    for number, other in (term, term[::-1]):
        if number == other:
            continue
        floor, ceiling = model.low[other], model.high[other]
        high = top / floor if floor > 1e-9 and top >= 0 else math.inf
        low = bottom / ceiling if 0 < ceiling < _HUGE and bottom > 0 else 0.0
        yield number, low, high


def _move(model: Model, number: int, *, low: float, high: float) -> bool:
    has_moved = False
    if high < model.high[number] - _STEP * max(1.0, abs(high)):
        model.high[number] = max(high, model.low[number])
        has_moved = True
    if low > model.low[number] + _STEP * max(1.0, abs(low)):
        model.low[number] = min(low, model.high[number])
        has_moved = True
    return has_moved
