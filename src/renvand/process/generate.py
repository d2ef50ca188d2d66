"""Write a page as the text of kernels: reactions and their derivatives, eight tanks at once.

The text is plain assignments in one loop over eight lanes, which a compiler turns into vector
instructions; it stays valid Python and runs uncompiled, only slower.

Arrays: ``y[o + 8*row + lane]`` is the state of component `row` in tank `lane`; ``s`` the
coefficients of the matrix, ``p`` the parameters, ``h[oh + 8*i + lane]`` the parameters that depend
on temperature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.process.expression import Term, slope_lines, symbols_of, write
from renvand.process.model import Array, Model, partials
from renvand.process.page import Page

LANES = 8
PLACE = 0x7FFFFFFF  # a place masked with it is seen to be no index from the end


@dataclass(frozen=True, kw_only=True)
class KernelNumbers:
    """The numbers a model's kernel is called with."""

    s: Array  # (coefficient,)
    p: Array  # (parameter,)
    h: Array  # (heated parameter,), at the model's own temperature
    log_theta: Array  # (heated parameter,)  [1/°C]


@dataclass(frozen=True, kw_only=True)
class _Names:
    plain: tuple[str, ...]
    heated: tuple[str, ...]
    coefficients: tuple[tuple[int, int], ...]
    signs: dict[tuple[int, int], float]

    @property
    def of(self) -> dict[str, str]:
        return {name: f"p_{name}" for name in (*self.plain, *self.heated)}


def _names(page: Page) -> _Names:
    used = frozenset[str]().union(*(symbols_of(process.rate) for process in page.processes))
    theta = {parameter.name: parameter.theta for parameter in page.parameters}
    column = {name: j for j, name in enumerate(page.component_names)}
    signs: dict[tuple[int, int], float] = {}
    coefficients: list[tuple[int, int]] = []
    for i, process in enumerate(page.processes):
        for name, cell in process.cells.items():
            if cell is not None and cell.op == "number" and abs(cell.number) == 1.0:
                signs[i, column[name]] = cell.number
            else:
                coefficients.append((i, column[name]))
    return _Names(
        plain=tuple(n for n, factor in theta.items() if n in used and factor == 1.0),
        heated=tuple(n for n, factor in theta.items() if n in used and factor != 1.0),
        coefficients=tuple(coefficients),
        signs=signs,
    )


def kernel_numbers(model: Model) -> KernelNumbers:
    """Give the numbers that go with :func:`kernel_text`, in its order."""
    names = _names(model.page)
    theta = {parameter.name: parameter.theta for parameter in model.page.parameters}
    return KernelNumbers(
        s=np.array([model.stoichiometry[place] for place in names.coefficients]),
        p=np.array([model.values[name] for name in names.plain]),
        h=np.array([model.values[name] for name in names.heated]),
        log_theta=np.log(np.array([theta[name] for name in names.heated])),
    )


def partial_places(page: Page) -> list[tuple[int, int]]:
    """Say which derivative stands where in what ``partials`` writes: (process, component)."""
    return [(i, j) for i, j, _ in partials(page)]


@dataclass(frozen=True, kw_only=True)
class Transport:
    """What moves in the same breath as reactions: written into the same loop, it costs little."""

    arguments: tuple[str, ...]  # of the function, after those of ``react``
    lines: tuple[str, ...]  # before the rows
    rows: tuple[str, ...]  # what is added to each row


def kernel_text(page: Page, *, transport: Transport | None = None) -> str:
    """Write the functions ``react`` and ``partials`` of a page.

    Parameters
    ----------
    page : Page
        The model.
    transport : Transport, optional
        What to add to every row of ``react``.

    Returns
    -------
    str
        Python text. ``react(y, dy, o, s, p, h, oh)`` sets dy to what reactions make, for all rows
        and one more (temperature); ``partials(y, d, o, s, p, h, oh)`` sets ``d[8*n + lane]``.
    """
    names = _names(page)
    rates = [process.rate for process in page.processes]
    slopes: dict[Term, str] = {}
    texts = [write(rate, _symbols(page, names), slopes=slopes) for rate in rates]
    body = slope_lines(slopes, _symbols(page, names))
    body += [f"r{i} = {text}" for i, text in enumerate(texts)]
    moved = Transport(arguments=(), lines=(), rows=()) if transport is None else transport
    body += moved.lines
    for j in range(len(page.components) + 1):
        made = _made(j, names, len(rates)) + (f" + {moved.rows[j]}" if moved.rows else "")
        body.append(f"dy[o + {LANES * j} + k] = {made}")
    arguments = ", ".join(["y, dy, o, s, p, h, oh", *moved.arguments])
    head = _head(f"react({arguments})", page, names)
    slots = {place: i for i, place in enumerate(names.coefficients)}
    head += [f"    s_{i}_{j} = s[{n}]" for (i, j), n in slots.items()]
    react = _function(head, _loads(page, names, rates) + body)
    return f"{react}\n\n{_partials_text(page, names)}"


def _partials_text(page: Page, names: _Names) -> str:
    slopes: dict[Term, str] = {}
    terms = [term for _, _, term in partials(page)]
    texts = [write(term, _symbols(page, names), slopes=slopes) for term in terms]
    body = slope_lines(slopes, _symbols(page, names))
    body += [f"d[{LANES * n} + k] = {text}" for n, text in enumerate(texts)]
    head = _head("partials(y, d, o, s, p, h, oh)", page, names)
    return _function(head, _loads(page, names, [process.rate for process in page.processes]) + body)


def _symbols(page: Page, names: _Names) -> dict[str, str]:
    return {**names.of, **{name: f"c_{name}" for name in page.component_names}}


def _head(signature: str, page: Page, names: _Names) -> list[str]:
    arrays = ("y", "dy", "d", "s", "p", "h", "q", "kla", "F")
    arguments = signature.partition("(")[2].rstrip(")").split(", ")
    places = [name for name in arguments if name not in arrays]
    lines = [
        f"def {signature}:",
        f"    # {page.name}; generated from its page",
        *(f"    {name} &= {PLACE}" for name in places),
    ]
    return lines + [f"    p_{name} = p[{i}]" for i, name in enumerate(names.plain)]


def _loads(page: Page, names: _Names, rates: list[Term]) -> list[str]:
    used = frozenset[str]().union(*(symbols_of(rate) for rate in rates))
    loads = [
        f"c_{name} = y[o + {LANES * j} + k]"
        for j, name in enumerate(page.component_names)
        if name in used
    ]
    return loads + [f"p_{n} = h[oh + {LANES * i} + k]" for i, n in enumerate(names.heated)]


def _function(head: list[str], body: list[str]) -> str:
    lines = [*head, f"    for k in range({LANES}):", *(f"        {line}" for line in body)]
    return "\n".join(lines) + "\n"


def _made(component: int, names: _Names, processes: int) -> str:
    parts: list[str] = []
    for i in range(processes):
        if (i, component) in names.signs:
            parts.append(f"{'+' if names.signs[i, component] > 0 else '-'} r{i}")
        elif (i, component) in names.coefficients:
            parts.append(f"+ s_{i}_{component} * r{i}")
    return " ".join(parts).removeprefix("+ ") or "0.0"
