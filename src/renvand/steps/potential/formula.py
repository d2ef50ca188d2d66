"""Formulas on the page of a technique: read against a white-list, worked out on arrays of draws.

A formula is data; nothing that a page can say is handed to Python's own evaluation.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from renvand.errors import near
from renvand.process.expression import DEEPEST, LONGEST, FormulaFault
from renvand.steps.potential.economics import Array

_Function = Callable[..., Any]
_SIGNS: Mapping[type[ast.operator], _Function] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
WORDS: Mapping[str, tuple[int, _Function]] = {
    "min": (2, np.minimum),
    "max": (2, np.maximum),
    "exp": (1, np.exp),
    "log": (1, np.log),
    "sqrt": (1, np.sqrt),
}


@dataclass(frozen=True)
class Formula:
    """A formula that was read: how it is written, the names in it, how to work it out."""

    text: str
    names: frozenset[str]
    work: Callable[[Mapping[str, Array]], Array]


def formula(text: str, *, names: Collection[str]) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Numbers, ``+ - * / ** ( )``, :data:`WORDS` and names.
    names : collection of str
        The names that may stand in it.

    Returns
    -------
    Formula
        Ready to be worked out.

    Raises
    ------
    FormulaFault
        With the first thing that is not allowed.
    """
    if len(text) > LONGEST:
        what = f"has {len(text)} characters; {LONGEST} are allowed."
        raise FormulaFault(what, "Write it in steps.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaFault(
            f"'{text[:60]}' is not a formula.", "Check signs and brackets."
        ) from None
    used: set[str] = set()
    work = _read(tree.body, frozenset(names), used=used, left=DEEPEST)
    return Formula(text=text.strip(), names=frozenset(used), work=work)


_Work = Callable[[Mapping[str, Array]], Array]


def _read(node: ast.expr, names: frozenset[str], *, used: set[str], left: int) -> _Work:
    if left == 0:
        raise FormulaFault(f"nests more than {DEEPEST} deep.", "Write it in steps.")
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value):
            number = np.array([float(value)])
            return lambda _: number
        case ast.Name(id=name):
            if name not in names:
                raise FormulaFault(f"'{name}' is not known.", near(name, {*names, *WORDS}))
            used.add(name)
            return lambda known: known[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            below = _read(inner, names, used=used, left=left - 1)
            return lambda known: -below(known)
        case ast.BinOp(op=sign) if type(sign) in _SIGNS:
            join = _SIGNS[type(sign)]
            return _joined(join, [node.left, node.right], names, used=used, left=left)
        case ast.Call(func=ast.Name(id=word), keywords=[]) if word in WORDS:
            count, join = WORDS[word]
            if len(node.args) == count:
                return _joined(join, node.args, names, used=used, left=left)
        case _:
            pass
    do = f"Use numbers, names, + - * / ** ( ) and {', '.join(WORDS)}."
    raise FormulaFault(f"'{ast.unparse(node)[:60]}' is not allowed.", do)


def _joined(
    join: _Function,
    nodes: list[ast.expr],
    names: frozenset[str],
    *,
    used: set[str],
    left: int,
) -> _Work:
    parts = [_read(node, names, used=used, left=left - 1) for node in nodes]
    return lambda known: join(*(part(known) for part in parts))
