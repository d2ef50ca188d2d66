"""A small language for optimisation: sums and products of variables, rows, a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Term = tuple[int, ...]  # () constant, (i,) linear, (i, j) product


class Polynomial:
    """A polynomial of degree two in numbered variables."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Term, float]) -> None:
        self.terms = {term: factor for term, factor in terms.items() if factor}

    def __add__(self, other: Polynomial | float) -> Polynomial:
        return total([self, other])

    def __sub__(self, other: Polynomial | float) -> Polynomial:
        return total([self, -1.0 * other])

    def __rsub__(self, other: float) -> Polynomial:
        return total([other, -1.0 * self])

    def __mul__(self, other: Polynomial | float) -> Polynomial:
        if not isinstance(other, Polynomial):
            return Polynomial({term: factor * other for term, factor in self.terms.items()})
        made: dict[Term, float] = {}
        for a, x in self.terms.items():
            for b, y in other.terms.items():
                term = tuple(sorted(a + b))
                made[term] = made.get(term, 0.0) + x * y
        return Polynomial(made)

    __radd__ = __add__
    __rmul__ = __mul__

    @property
    def constant(self) -> float:
        """Give the part without variables."""
        return self.terms.get((), 0.0)

    @property
    def is_constant(self) -> bool:
        """Say whether it is a number."""
        return all(not term for term in self.terms)

    @property
    def is_linear(self) -> bool:
        """Say whether no product of variables is left."""
        return all(len(term) < 2 for term in self.terms)

    def over(self, variables: Sequence[Any]) -> Any:
        """Write it in the variables of a solver."""
        made: Any = 0.0
        for term, factor in self.terms.items():
            product: Any = factor
            for number in term:
                product = product * variables[number]
            made = made + product
        return made

    def at(self, x: Sequence[float]) -> float:
        """Give the value at a point."""
        return sum(f * math.prod(x[i] for i in term) for term, f in self.terms.items())


def total(parts: Iterable[Polynomial | float]) -> Polynomial:
    """Add many polynomials at once."""
    made: dict[Term, float] = {}
    for part in parts:
        terms = part.terms if isinstance(part, Polynomial) else {(): part}
        for term, factor in terms.items():
            made[term] = made.get(term, 0.0) + factor
    return Polynomial(made)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A polynomial between two numbers."""

    name: str
    body: Polynomial
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Power:
    """A concave cost: factor times a variable to an exponent below one."""

    variable: int
    factor: float
    exponent: float


@dataclass
class Model:
    """Variables with bounds, rows and an objective to make small; filled by the superstructure."""

    names: list[str] = field(default_factory=list[str])
    low: list[float] = field(default_factory=list[float])
    high: list[float] = field(default_factory=list[float])
    is_whole: list[bool] = field(default_factory=list[bool])
    rows: list[Row] = field(default_factory=list[Row])
    objective: Polynomial = field(default_factory=lambda: Polynomial({}))
    powers: list[Power] = field(default_factory=list[Power])

    def variable(
        self, name: str, low: float = 0.0, *, high: float = math.inf, is_whole: bool = False
    ) -> Polynomial:
        """Add a variable."""
        self.names.append(name)
        self.low.append(low)
        self.high.append(max(low, high))
        self.is_whole.append(is_whole)
        return Polynomial({(len(self.names) - 1,): 1.0})

    def require(
        self,
        name: str,
        body: Polynomial,
        *,
        low: float = -math.inf,
        high: float = math.inf,
    ) -> None:
        """Add a row ``low <= body <= high``; what is constant in the body moves to the sides."""
        shift = body.constant
        free = Polynomial({term: factor for term, factor in body.terms.items() if term})
        self.rows.append(Row(name=name, body=free, low=low - shift, high=high - shift))

    @property
    def is_linear(self) -> bool:
        """Say whether a linear solver can take it."""
        return not self.powers and all(row.body.is_linear for row in self.rows)

    def cost(self, x: Sequence[float]) -> float:
        """Give the objective at a point."""
        concave = (p.factor * max(x[p.variable], 0.0) ** p.exponent for p in self.powers)
        return self.objective.at(x) + sum(concave)

    def violation(self, x: Sequence[float]) -> float:
        """Give the largest relative violation of a row or bound at a point."""
        worst = max(
            (max(lo - v, v - hi) for v, lo, hi in zip(x, self.low, self.high, strict=True)),
            default=0.0,
        )
        for row in self.rows:
            value = row.body.at(x)
            side = row.low if value < row.low else row.high
            miss = max(row.low - value, value - row.high)
            scale = 1 + abs(side) if math.isfinite(side) else 1.0
            worst = max(worst, miss / scale)
        return worst
