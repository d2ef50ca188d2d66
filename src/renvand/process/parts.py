"""What a page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from renvand.process.expression import Term, symbols_of


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter as the page states it."""

    name: str
    value: Term
    unit: str
    theta: float  # factor per °C
    source: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Component:
    """A substance of the model."""

    name: str
    unit: str
    meaning: str
    composition: tuple[Term, ...]  # one for each conserved quantity

    @property
    def is_particulate(self) -> bool:
        """Whether it settles: the field's own rule, its name begins with X."""
        return self.name.startswith("X")


@dataclass(frozen=True, kw_only=True)
class Process:
    """One row of the matrix with its rate; None stands for '?'."""

    name: str
    rate: Term
    cells: Mapping[str, Term | None]


@dataclass(frozen=True, kw_only=True)
class Observable:
    """Something measured that is a linear sum of components: COD, TSS, BOD5, TN."""

    name: str
    unit: str
    formula: Term
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Gas:
    """A component that goes between water and air, besides oxygen.

    It arrives with ``speed * kla * (saturation - concentration)``, kla being that of oxygen.
    """

    name: str
    speed: Term  # [1]
    saturation: Term  # in the unit of the component
    meaning: str


@dataclass(frozen=True, kw_only=True)
class ParameterSet:
    """A published set of values that replaces those in the table."""

    name: str
    title: str
    source: str
    confidence: str  # high, medium, low
    temperature: float  # °C at which the values hold
    values: Mapping[str, Term]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A process model, checked for form; :class:`renvand.process.model.Model` has the numbers."""

    name: str
    title: str
    source: str
    note: str  # what a reader must know of the numbers
    conserves: tuple[str, ...]
    temperature: float  # °C at which the table's values hold
    oxygen: str  # the component that aeration supplies
    components: tuple[Component, ...]
    processes: tuple[Process, ...]
    parameters: tuple[Parameter, ...]
    observables: tuple[Observable, ...]
    gases: tuple[Gas, ...]
    sets: Mapping[str, ParameterSet]
    sources: Mapping[str, Mapping[str, Any]]  # key to bibliography: the shipped ones and its own

    @property
    def component_names(self) -> tuple[str, ...]:
        """The names, in the order of the table."""
        return tuple(component.name for component in self.components)

    @cached_property
    def shaping(self) -> frozenset[str]:
        """Parameters that matrix, composition, observables or gases depend on."""
        terms = [term for c in self.components for term in c.composition]
        terms += [cell for p in self.processes for cell in p.cells.values() if cell is not None]
        terms += [observable.formula for observable in self.observables]
        terms += [term for gas in self.gases for term in (gas.speed, gas.saturation)]
        return frozenset[str]().union(*map(symbols_of, terms)) - {*self.component_names}
