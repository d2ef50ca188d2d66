"""Balances written as equations; they are data and cannot run anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from renvand.errors import Fault, FileError, near
from renvand.reconcile.elimination import Array

STEP = 1e-30  # of the complex step: the derivative is exact, nothing is subtracted
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {"sqrt": np.sqrt, "exp": np.exp, "log": np.log}
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
LONGEST = 4_000  # characters of an equation
DEEPEST = 200  # brackets and terms inside each other; longer sums are better given as a matrix


@dataclass(frozen=True, kw_only=True)
class Equations:
    """Equations among named quantities; each side minus the other is zero."""

    names: tuple[str, ...]
    trees: tuple[ast.expr, ...]

    is_linear = False

    def residual(self, x: Array) -> Array:
        """Left side less right side."""
        return np.real(self._values(x)).astype(np.float64)

    def jacobian(self, x: Array) -> csr_array:
        """Derivative of each equation by each quantity."""
        columns = np.empty((len(self.trees), len(x)))
        for j in range(len(x)):
            moved = x.astype(np.complex128)
            moved[j] += 1j * STEP
            columns[:, j] = np.imag(self._values(moved)) / STEP
        return csr_array(columns)

    def _values(self, x: Any) -> Any:
        known = dict(zip(self.names, x, strict=True))
        with np.errstate(all="ignore"):  # what is not finite is told by the search
            return np.array([_value(tree, known) for tree in self.trees])


def read_equations(lines: Sequence[str], names: Sequence[str]) -> Equations:
    """Read equations such as ``x1 - 2 x2 + x3 sqrt(u3) = 33.57``.

    A blank or nothing between a number and a name, or two names, means times; ``^`` is a power.

    Raises
    ------
    FileError
        For what is not an equation, a name that is not known, or anything but arithmetic with
        sqrt, exp and log.
    """
    faults: list[Fault] = []
    trees: list[ast.expr] = []
    for number, line in enumerate(map(str, lines), 1):
        where = f"equation {number}"
        sides = line.split("=")
        if len(sides) != 2 or len(line) > LONGEST:
            what = f"'{line[:60]}' is not one equation."
            faults.append(Fault(where=where, what=what, do="Write one left side = one right side."))
            continue
        try:
            tree = ast.parse(f"({_plain(sides[0])})-({_plain(sides[1])})", mode="eval").body
        except (SyntaxError, ValueError, RecursionError) as error:
            what = f"'{line[:60]}' cannot be read: {error.args[0]}."
            faults.append(Fault(where=where, what=what, do="Check brackets and signs."))
            continue
        if _depth(tree) > DEEPEST:
            what = f"is more than {DEEPEST} steps deep."
            faults.append(Fault(where=where, what=what, do="Split it, or give a matrix A."))
        faults += [
            Fault(where=where, what=what, do=do) for what, do in _refused(tree, frozenset(names))
        ]
        trees.append(tree)
    if faults:
        raise FileError(faults)
    return Equations(names=tuple(names), trees=tuple(trees))


def _plain(side: str) -> str:
    """Put in the multiplication signs that people leave out."""
    text = side.strip().replace("^", "**")
    text = re.sub(r"(?<![\w.])((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?=[A-Za-z(])", r"\1*", text)
    return re.sub(r"(?<=[\w)])\s+(?=[\w(])", "*", text)


def _depth(tree: ast.expr) -> int:
    level, nodes = 0, [tree]
    while nodes:
        level += 1
        nodes = [n for node in nodes for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]
    return level


def _refused(tree: ast.expr, names: frozenset[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            allowed = frozenset(_FUNCTIONS) if id(node) in called else names
            if node.id not in allowed:
                found.append((f"no '{node.id}'.", near(node.id, allowed)))
        elif isinstance(node, ast.Call):
            if len(node.args) != 1 or node.keywords or not isinstance(node.func, ast.Name):
                found.append(("has a call that is not allowed.", "Use sqrt(x), exp(x), log(x)."))
        elif isinstance(node, ast.Constant):
            if not isinstance(node.value, int | float) or isinstance(node.value, bool):
                found.append((f"'{node.value}' is not a number.", "Use numbers and names only."))
        elif not isinstance(
            node, ast.BinOp | ast.UnaryOp | ast.USub | ast.UAdd | ast.Load | ast.operator
        ) or (isinstance(node, ast.operator) and type(node) not in _BINARY):
            kind = type(node).__name__
            found.append((f"'{kind}' is not arithmetic.", "Use + - * / ^ and brackets."))
    return found


def _value(tree: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(tree, ast.BinOp):
        return _BINARY[type(tree.op)](_value(tree.left, known), _value(tree.right, known))
    if isinstance(tree, ast.UnaryOp):
        value = _value(tree.operand, known)
        return -value if isinstance(tree.op, ast.USub) else value
    if isinstance(tree, ast.Name):
        return known[tree.id]
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        return _FUNCTIONS[tree.func.id](_value(tree.args[0], known))
    assert isinstance(tree, ast.Constant)
    return np.float64(tree.value)  # type: ignore[arg-type]
