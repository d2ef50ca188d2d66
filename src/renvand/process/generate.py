"""Write a page as the text of kernels: reactions and their linear algebra, eight tanks at once.

The text is plain assignments in one loop over eight lanes, which a compiler turns into vector
instructions; it stays valid Python and runs uncompiled, only slower.

Arrays: ``y[o + 8*row + lane]`` is the state of component `row` in tank `lane`; ``s`` the
coefficients of the matrix, ``p`` the parameters, ``h[oh + 8*i + lane]`` the parameters that depend
on temperature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.process.expression import Term, slope_lines, write
from renvand.process.factor import factor_text
from renvand.process.model import Array, Model
from renvand.process.names import (
    LANES,
    PLACE,
    KernelNames,
    function_text,
    head_lines,
    load_lines,
    names_of,
)
from renvand.process.page import Page


@dataclass(frozen=True, kw_only=True)
class KernelNumbers:
    """The numbers a model's kernel is called with."""

    s: Array  # (coefficient,)
    p: Array  # (parameter,)
    h: Array  # (heated parameter,), at the model's own temperature
    log_theta: Array  # (heated parameter,)  [1/°C]


def kernel_numbers(model: Model) -> KernelNumbers:
    """Give the numbers that go with :func:`kernel_text`, in its order."""
    names = names_of(model.page)
    theta = {parameter.name: parameter.theta for parameter in model.page.parameters}
    return KernelNumbers(
        s=np.array([model.stoichiometry[place] for place in names.coefficients]),
        p=np.array([model.values[name] for name in names.plain]),
        h=np.array([model.values[name] for name in names.heated]),
        log_theta=np.log(np.array([theta[name] for name in names.heated])),
    )


@dataclass(frozen=True, kw_only=True)
class Transport:
    """What moves in the same breath as reactions: written into the same loop, it costs little."""

    arguments: tuple[str, ...]  # of the function, after those of ``react``
    lines: tuple[str, ...]  # before the rows
    rows: tuple[str, ...]  # what is added to each row


def kernel_text(page: Page, *, transport: Transport | None = None, prefix: str = "") -> str:
    """Write the functions ``react``, ``factor`` and ``substitute`` of a page.

    Parameters
    ----------
    page : Page
        The model.
    transport : Transport, optional
        What to add to every row of ``react``.
    prefix : str
        Put before every name, for a text that stands beside that of another page.

    Returns
    -------
    str
        Python text. ``react(y, dy, o, s, p, h, oh)`` sets dy to what reactions make, for all rows
        and one more (temperature); the others are those of :mod:`renvand.process.factor`, and
        ``N_FACTORS`` is how many factors each tank has.
    """
    names = names_of(page)
    factor, n_factors = factor_text(page, names, prefix=prefix)
    constants = f"{prefix.upper()}N_FACTORS = {n_factors}\nPLACE = {PLACE}\n"
    return f"{constants}\n\n{_react(page, names, transport, prefix=prefix)}\n\n{factor}"


def _react(page: Page, names: KernelNames, transport: Transport | None, *, prefix: str) -> str:
    slopes: dict[Term, str] = {}
    symbols = names.symbols(page)
    texts = [write(process.rate, symbols, slopes=slopes) for process in page.processes]
    body = slope_lines(slopes, symbols)
    body += [f"r{i} = {text}" for i, text in enumerate(texts)]
    moved = Transport(arguments=(), lines=(), rows=()) if transport is None else transport
    body += moved.lines
    for j in range(len(page.components) + 1):
        made = _made(j, names) + (f" + {moved.rows[j]}" if moved.rows else "")
        body.append(f"dy[o + {LANES * j} + k] = {made}")
    arguments = ", ".join(["y, dy, o, s, p, h, oh", *moved.arguments])
    head = head_lines(f"{prefix}react({arguments})", page, names)
    return function_text(head + names.coefficient_lines, load_lines(page, names) + body)


def _made(component: int, names: KernelNames) -> str:
    parts = [f"{text}r{i}" for (i, j), text in sorted(names.weights.items()) if j == component]
    return " ".join(parts).removeprefix("+ ") or "0.0"
