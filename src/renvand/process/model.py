"""A page with numbers: stoichiometry closed, conservation checked, rates that can be evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, PlantError, near
from renvand.process.expression import (
    FormulaFault,
    Term,
    constant,
    derive,
    evaluate,
    symbols_of,
)
from renvand.process.page import Page, read_page

Array = NDArray[np.float64]
LEFT_OVER = 1e-9  # per unit rate, relative to what the row moves
INDEPENDENT = 1e-9  # smallest singular value, relative, that still determines a '?'
ABSURD = 1e20  # of a rate where everything is 1 g/m³


@dataclass(frozen=True, kw_only=True)
class Model:
    """A process model ready to compute; change it with :meth:`changed`."""

    page: Page
    set_name: str
    temperature: float  # °C at which `values` hold
    values: Mapping[str, float]
    given: Mapping[str, float]  # those of `values` that replace the page's and the set's own
    composition: Array  # (conserved, component)
    stoichiometry: Array  # (process, component)
    observables: Mapping[str, Array]  # name to weights (component,)
    gas_speed: (
        Array  # (component,) transfer to the air as share of oxygen's; 0 where none, oxygen too
    )
    gas_saturation: Array  # (component,) in the component's unit

    def __repr__(self) -> str:
        of = f", set '{self.set_name}'" if self.set_name else ""
        size = f"{len(self.components)} components, {len(self.page.processes)} processes"
        return f"<Model '{self.page.name}'{of}: {size}>"

    @property
    def components(self) -> tuple[str, ...]:
        """The names of the components."""
        return self.page.component_names

    def at(self, temperature: float) -> dict[str, float]:
        """Give the parameters at a temperature [°C]."""
        warmer = temperature - self.temperature
        theta = {parameter.name: parameter.theta for parameter in self.page.parameters}
        return {name: value * theta[name] ** warmer for name, value in self.values.items()}

    def rates(self, C: Array, *, temperature: float | None = None) -> Array:
        """How fast every process runs.

        Parameters
        ----------
        C : array (..., component)
            Concentrations. [as in the page]
        temperature : float, optional
            Of the water; the page's own when left out. [°C]

        Returns
        -------
        array (..., process)
            Rates. [per day]
        """
        values = self._environment(C, temperature)
        rates = [evaluate(process.rate, values) for process in self.page.processes]
        return np.stack([np.broadcast_to(rate, C.shape[:-1]) for rate in rates], axis=-1)

    def conversion(self, C: Array, *, temperature: float | None = None) -> Array:
        """How fast every component is made, array (..., component). [g/m³/d]"""
        return self.rates(C, temperature=temperature) @ self.stoichiometry

    def jacobian(self, C: Array, *, temperature: float | None = None) -> Array:
        """Derivative of :meth:`conversion` of one state, array (component, component). [1/d]"""
        values = self._environment(C, temperature)
        slopes = np.zeros((len(self.page.processes), len(self.components)))
        for i, j, term in partials(self.page):
            slopes[i, j] = evaluate(term, values)
        return self.stoichiometry.T @ slopes

    def changed(self, values: Mapping[str, float]) -> Model:
        """Give the same model with other parameter values.

        Parameters that the page computes from the changed ones follow, unless they too were given.

        Raises
        ------
        PlantError
            When a name is not a parameter, or the rows no longer close.
        """
        unknown = [name for name in values if name not in self.values]
        if unknown:
            raise PlantError(
                Fault(
                    where=f"model '{self.page.name}', {name}",
                    what="is not a parameter.",
                    do=near(name, self.values),
                )
                for name in unknown
            )
        given = {**self.given, **values}
        terms = _terms(self.page, self.set_name, given)
        numbers = _worked_out(terms, self.page.name)
        if any(numbers[name] != self.values[name] for name in self.page.shaping):
            return _with_numbers(self, numbers, given)
        if faults := list(_absurd(self.page, numbers)):
            raise PlantError(faults)
        return replace(self, values=numbers, given=given)

    def _environment(self, C: Array, temperature: float | None) -> dict[str, Any]:
        at = self.temperature if temperature is None else temperature
        columns = {name: C[..., j] for j, name in enumerate(self.components)}
        return {**self.at(at), **columns}


def load_model(
    where: str | Path | Traversable | Page,
    *,
    set_name: str = "",
    values: Mapping[str, float] | None = None,
) -> Model:
    """Load a process model and check it.

    Parameters
    ----------
    where : str, path or Page
        The name of a shipped page ('asm1'), a file, or a page already read.
    set_name : str
        A parameter set of the page; '' for the table itself.
    values : mapping of str to float, optional
        Own values on top of it.

    Returns
    -------
    Model
        Closed and conserving.

    Raises
    ------
    FileError
        When the page is not well formed.
    PlantError
        When it does not conserve, a '?' is not determined, or a set or parameter is unknown.
    """
    page = where if isinstance(where, Page) else read_page(where)
    if set_name and set_name not in page.sets:
        where_ = f"model '{page.name}', set '{set_name}'"
        raise PlantError(Fault(where=where_, what="is not known.", do=near(set_name, page.sets)))
    chosen = page.sets.get(set_name)
    numbers = _worked_out(_terms(page, set_name, {}), page.name)
    bare = Model(
        page=page,
        set_name=set_name,
        temperature=page.temperature if chosen is None else chosen.temperature,
        values=numbers,
        given={},
        composition=np.zeros((0, 0)),
        stoichiometry=np.zeros((0, 0)),
        observables={},
        gas_speed=np.zeros(0),
        gas_saturation=np.zeros(0),
    )
    return bare.changed(values) if values else _with_numbers(bare, numbers, {})


def check(where: str | Path | Traversable | Page) -> Page:
    """Check a page with each of its parameter sets.

    Raises
    ------
    FileError
        When the page is not well formed.
    PlantError
        With what does not conserve or compute, in the table itself or with one of the sets.
    """
    page = where if isinstance(where, Page) else read_page(where)
    faults: dict[Fault, None] = {}
    for name in ("", *page.sets):
        try:
            load_model(page, set_name=name)
        except PlantError as error:
            for fault in error.faults:
                told = replace(fault, where=f"{fault.where}, with set '{name}'") if name else fault
                if fault not in faults:
                    faults[told] = None
    if faults:
        raise PlantError(faults)
    return page


def _terms(page: Page, set_name: str, given: Mapping[str, float]) -> dict[str, Term]:
    """Give the parameters of a page: its own, above them a set's, above them the given ones."""
    terms = {parameter.name: parameter.value for parameter in page.parameters}
    if set_name:
        terms |= page.sets[set_name].values
    return terms | {name: Term("number", number=value) for name, value in given.items()}


def _worked_out(terms: Mapping[str, Term], page: str) -> dict[str, float]:
    """Evaluate parameters that depend on each other; circles were refused at reading."""
    numbers = {name: term.number for name, term in terms.items() if term.op == "number"}
    sums = _Sums(page, numbers)
    while len(numbers) < len(terms):
        ready = [n for n in terms if n not in numbers and symbols_of(terms[n]) <= numbers.keys()]
        for name in ready:
            numbers[name] = sums.constant(f"parameters, {name}", terms[name])
    if sums.faults:
        raise PlantError(sums.faults)
    return numbers


class _Sums:
    """Works out formulas of parameters and collects what is wrong with them."""

    def __init__(self, page: str, values: Mapping[str, float]) -> None:
        self.page, self.values = page, values
        self.faults: list[Fault] = []

    def constant(self, where: str, term: Term) -> float:
        """Work one out; 0 when it cannot be."""
        try:
            return constant(term, self.values)
        except FormulaFault as fault:
            self.faults.append(fault.at(f"{self.page}.toml: {where}"))
            return 0.0


def _with_numbers(model: Model, values: dict[str, float], given: Mapping[str, float]) -> Model:
    page, sums = model.page, _Sums(model.page.name, values)
    composition = np.array(
        [
            [
                sums.constant(f"components, {c.name}, {q}", term)
                for q, term in zip(page.conserves, c.composition, strict=True)
            ]
            for c in page.components
        ]
    ).T.reshape(len(page.conserves), len(page.components))
    rows, faults = _close(page, sums, composition)
    speed, saturation, unfit = _gases(page, sums)
    observables, wrong = _weights(page, values)
    faults = [*sums.faults, *faults, *_heated_matrix(page), *wrong, *unfit, *_absurd(page, values)]
    if faults:
        raise PlantError(dict.fromkeys(faults))
    return replace(
        model,
        values=values,
        given=given,
        composition=composition,
        stoichiometry=rows,
        observables=observables,
        gas_speed=speed,
        gas_saturation=saturation,
    )


def _absurd(page: Page, values: Mapping[str, float]) -> Iterator[Fault]:
    """Find rates that are no numbers: a half saturation of 0 below a fraction, 1e30 * 1e300."""
    state = {name: np.float64(1.0) for name in page.component_names}
    for process in page.processes:
        with np.errstate(all="ignore"):
            found = float(evaluate(process.rate, {**values, **state}))
        if not abs(found) < ABSURD:
            where = f"{page.name}.toml: rates, {process.name}"
            what = f"is {found:g} where everything is 1."
            yield Fault(where=where, what=what, do="Look for a division by zero, or a unit.")


def _gases(page: Page, sums: _Sums) -> tuple[Array, Array, list[Fault]]:
    """Say how fast each component goes to the air, and what the water holds under it."""
    numbers = np.zeros((2, len(page.components)))
    faults: list[Fault] = []
    heated = {parameter.name for parameter in page.parameters if parameter.theta != 1.0}
    for gas in page.gases:
        column = page.component_names.index(gas.name)
        for i, (what, term) in enumerate((("speed", gas.speed), ("saturation", gas.saturation))):
            where = f"gases, {gas.name}, {what}"
            numbers[i, column] = found = sums.constant(where, term)
            where = f"{page.name}.toml: {where}"
            if found < 0.0:
                faults.append(Fault(where=where, what=f"is {found:g}.", do="Give 0 or more."))
            if wrong := heated & symbols_of(term):
                do = "Transfer is the same at any temperature; set its theta to 1."
                faults.append(
                    Fault(where=where, what=f"'{min(wrong)}' depends on temperature.", do=do)
                )
    return numbers[0], numbers[1], faults


def _close(page: Page, sums: _Sums, composition: Array) -> tuple[Array, list[Fault]]:
    """Fill every '?' so that the row conserves; check that it is determined and that it does."""
    column = {name: j for j, name in enumerate(page.component_names)}
    rows = np.zeros((len(page.processes), len(column)))
    faults: list[Fault] = []
    for row, process in zip(rows, page.processes, strict=True):
        unknown = [column[name] for name, cell in process.cells.items() if cell is None]
        before = len(sums.faults)
        for name, cell in process.cells.items():
            if cell is not None:
                row[column[name]] = sums.constant(f"matrix, {process.name}, {name}", cell)
        if len(sums.faults) > before:
            continue
        where = f"{page.name}.toml: matrix, {process.name}"
        if unknown:
            part = composition[:, unknown]
            found = np.linalg.lstsq(part, -composition @ row, rcond=None)[0]
            sizes = np.linalg.svd(part, compute_uv=False)
            if len(unknown) > len(sizes) or sizes[-1] <= INDEPENDENT * sizes[0]:
                names = ", ".join(page.component_names[j] for j in unknown)
                what = f"the '?' of {names} are not determined by {', '.join(page.conserves)}."
                faults.append(Fault(where=where, what=what, do="Give one of them as a number."))
                continue
            row[unknown] = found
        moved = np.abs(composition) @ np.abs(row)
        for quantity, left, size in zip(page.conserves, composition @ row, moved, strict=True):
            if abs(left) > LEFT_OVER * max(size, 1.0):
                what = f"does not conserve {quantity}: {left:+.4g} is left over."
                do = "Put '?' in one more cell of that row, or correct a coefficient."
                faults.append(Fault(where=where, what=what, do=do))
    return rows, faults


def _heated_matrix(page: Page) -> Iterator[Fault]:
    """Find yields that depend on temperature: the matrix is the same at any temperature."""
    heated = {parameter.name for parameter in page.parameters if parameter.theta != 1.0}
    for process in page.processes:
        for name, cell in process.cells.items():
            wrong = heated & symbols_of(cell) if cell is not None else set[str]()
            if wrong:
                what = f"'{min(wrong)}' depends on temperature."
                do = "A coefficient may not; set its theta to 1."
                yield Fault(
                    where=f"{page.name}.toml: matrix, {process.name}, {name}", what=what, do=do
                )


def _weights(page: Page, values: Mapping[str, float]) -> tuple[dict[str, Array], list[Fault]]:
    """Find the weights of the observables by asking for each component alone."""
    weights: dict[str, Array] = {}
    faults: list[Fault] = []
    names = page.component_names
    trial = {name: 1.0 + 0.7 * j for j, name in enumerate(names)}
    for observable in page.observables:
        with np.errstate(all="ignore"):
            alone = [
                float(evaluate(observable.formula, {**values, **_unit(names, j)}))
                for j in range(len(names))
            ]
            whole = float(evaluate(observable.formula, {**values, **trial}))
        weights[observable.name] = np.array(alone)
        if not np.isclose(whole, weights[observable.name] @ np.array(list(trial.values()))):
            where = f"{page.name}.toml: observables, {observable.name}"
            faults.append(Fault(where=where, what="is not a linear sum.", do="Use + and * only."))
    return weights, faults


def _unit(names: Iterable[str], index: int) -> dict[str, float]:
    return {name: float(j == index) for j, name in enumerate(names)}


def partials(page: Page) -> Iterator[tuple[int, int, Term]]:
    """Give the derivatives of the rates that are not zero: process, component, formula."""
    column = {name: j for j, name in enumerate(page.component_names)}
    for i, process in enumerate(page.processes):
        for name in sorted(symbols_of(process.rate) & column.keys(), key=lambda n: column[n]):
            yield i, column[name], derive(process.rate, name)
