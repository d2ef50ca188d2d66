"""The formulas of a page: read against a white-list, evaluated, differentiated, written out.

A formula is data. It becomes a tree of :class:`Term`; nothing that a page can say is ever handed
to Python's own evaluation.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from renvand.errors import Fault, near

Operation = Literal["number", "symbol", "+", "-", "*", "/", "sat", "inh", "slope"]

LONGEST = 2_000  # characters of a formula; the longest of ADM1 has under 300
DEEPEST = 60  # nested levels; keeps every walk far from Python's own limit
MOST_STEPS = 150  # operations of a formula, for the same reason; the longest of ADM1 has 21
LARGEST = 1e30  # of a number in a formula, and of what a formula of numbers gives
WORDS = {
    "sat": "sat(S, K): Monod saturation S/(K+|S|)",
    "inh": "inh(S, K): Monod inhibition K/(K+S)",
}
TINY = 1e-30  # keeps 0/0 of an empty tank at 0
_LETTERS = re.compile(r"[A-Za-z0-9_+\-*/()., ]*")
_SIGNS: dict[type[ast.operator], Operation] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


@dataclass(frozen=True)
class Term:
    """One node of a formula."""

    op: Operation
    parts: tuple[Term, ...] = ()
    number: float = 0.0
    name: str = ""


ZERO, ONE = Term("number"), Term("number", number=1.0)


class FormulaFault(ValueError):
    """What is wrong with a formula and what to do, before it is known where it stands."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what, self.do = what, do

    def at(self, where: str) -> Fault:
        """Say where."""
        return Fault(where=where, what=self.what, do=self.do)


def parse(text: str, *, symbols: Collection[str]) -> Term:
    """Read a formula.

    Parameters
    ----------
    text : str
        Numbers, ``+ - * / ( )``, ``sat(S, K)``, ``inh(S, K)`` and symbols.
    symbols : collection of str
        The names that may stand in it.

    Returns
    -------
    Term
        The formula as a tree.

    Raises
    ------
    FormulaFault
        With the first thing that is not allowed.
    """
    if len(text) > LONGEST:
        raise FormulaFault(
            f"has {len(text)} characters; {LONGEST} are allowed.", "Split the process."
        )
    strange = sorted(set(_LETTERS.sub("", text)))
    if strange:
        raise FormulaFault(
            f"'{text}' has the sign '{strange[0]}'.", "Use only + - * / ( ) and words."
        )
    if _depth(text) > DEEPEST:
        raise FormulaFault(f"nests brackets more than {DEEPEST} deep.", "Write it flatter.")
    try:
        with warnings.catch_warnings():  # Python warns of '1if'; here it is simply no formula
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaFault(
            f"'{text[:60]}' is not a formula.", "Check signs and brackets."
        ) from None
    steps = sum(isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call) for node in ast.walk(tree))
    if steps > MOST_STEPS:
        what = f"has {steps} operations; {MOST_STEPS} are allowed."
        raise FormulaFault(what, "Split the process.")
    return _term(tree.body, _Reading(text.strip(), frozenset(symbols)), DEEPEST)


@dataclass(frozen=True)
class _Reading:
    text: str
    symbols: frozenset[str]

    def refuse(self, node: ast.expr) -> FormulaFault:
        part = self.text[node.col_offset : node.end_col_offset][:60]
        do = "Use numbers, names, + - * / ( ), sat and inh."
        return FormulaFault(f"'{part}' is not allowed.", do)


def _depth(text: str) -> int:
    depth = deepest = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest


def _term(node: ast.expr, reading: _Reading, left: int) -> Term:
    if left == 0:
        raise FormulaFault(f"nests more than {DEEPEST} deep.", "Write it flatter.")
    match node:
        case ast.Constant(value=value):
            return _number(value)
        case ast.Name(id=name):
            if name in WORDS:
                raise FormulaFault(f"'{name}' stands without brackets.", f"Write {WORDS[name]}.")
            if name not in reading.symbols:
                words = {*reading.symbols, *WORDS}
                raise FormulaFault(f"'{name}' is not known.", near(name, words))
            return Term("symbol", name=name)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return subtract(ZERO, _term(inner, reading, left - 1))
        case ast.BinOp():
            return _chain(node, reading, left)
        case ast.Call(func=ast.Name(id=word), args=[one, other], keywords=[]) if word in WORDS:
            pair = (_term(one, reading, left - 1), _term(other, reading, left - 1))
            return Term("sat" if word == "sat" else "inh", pair)
        case ast.Call(func=ast.Name(id=word)):
            do = f"Write {WORDS[word]}." if word in WORDS else near(word, WORDS)
            raise FormulaFault(f"'{word}(…)' is not allowed.", do)
        case _:
            raise reading.refuse(node)


def _chain(node: ast.BinOp, reading: _Reading, left: int) -> Term:
    """Read a + b - c + …, which Python nests to the left, without recursing along it."""
    steps: list[tuple[Operation, ast.expr]] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp):
        sign = _SIGNS.get(type(first.op))
        if sign is None:
            raise reading.refuse(first)
        steps.append((sign, first.right))
        first = first.left
    made = _term(first, reading, left - 1)
    for sign, right in reversed(steps):
        other = _term(right, reading, left - 1)
        if sign == "/" and other == ZERO:
            raise FormulaFault(f"'{reading.text[:60]}' divides by zero.", "Correct it.")
        made = _JOIN[sign](made, other)
    return made


def _number(value: object) -> Term:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaFault(f"'{str(value)[:40]}' is not a number.", "Write digits.")
    if not abs(value) <= LARGEST:
        raise FormulaFault("a number is larger than 1e30.", "Check its unit.")
    return Term("number", number=float(value))


def add(a: Term, b: Term) -> Term:
    """Give a + b, leaving out what is zero."""
    if a == ZERO or b == ZERO:
        return b if a == ZERO else a
    return Term("+", (a, b))


def subtract(a: Term, b: Term) -> Term:
    """Give a - b, leaving out what is zero."""
    if a.op == b.op == "number":
        return Term("number", number=a.number - b.number)
    return a if b == ZERO else Term("-", (a, b))


def multiply(a: Term, b: Term) -> Term:
    """Give a * b, leaving out zeros and ones."""
    if ZERO in (a, b):
        return ZERO
    if ONE in (a, b):
        return b if a == ONE else a
    return Term("*", (a, b))


def divide(a: Term, b: Term) -> Term:
    """Give a / b, leaving out zeros and ones."""
    return a if a == ZERO or b == ONE else Term("/", (a, b))


_JOIN: dict[Operation, Callable[[Term, Term], Term]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
}


def walk(term: Term) -> Iterator[Term]:
    """Give a term and all below it."""
    stack = [term]
    while stack:
        one = stack.pop()
        yield one
        stack.extend(one.parts)


def symbols_of(term: Term) -> frozenset[str]:
    """Name the symbols of a formula."""
    return frozenset(one.name for one in walk(term) if one.op == "symbol")


def derive(term: Term, symbol: str) -> Term:
    """Differentiate by one symbol.

    The derivative of ``sat`` holds for both signs of S; that of a saturation constant which
    depends on a component holds where the component is not negative.
    """
    if symbol not in symbols_of(term):
        return ZERO
    if term.op == "symbol":
        return ONE
    a, b = term.parts
    da, db = derive(a, symbol), derive(b, symbol)
    if term.op == "+":
        return add(da, db)
    if term.op == "-":
        return subtract(da, db)
    if term.op == "*":
        return add(multiply(da, b), multiply(a, db))
    if term.op == "/":
        return subtract(divide(da, b), divide(multiply(term, db), b))
    square = multiply(Term("slope", (a, b)), Term("slope", (a, b)))
    rise = multiply(square, subtract(multiply(b, da), multiply(a, db)))
    return rise if term.op == "sat" else subtract(ZERO, rise)


def evaluate(term: Term, values: Mapping[str, Any]) -> Any:
    """Work out a formula with floats or arrays that fit each other.

    Division by zero gives infinity or NaN as in numpy, except that ``0/0`` of an empty tank,
    and so a saturation with S = K = 0, is 0.
    """
    if term.op == "number":
        return term.number
    if term.op == "symbol":
        return values[term.name]
    a, b = (evaluate(part, values) for part in term.parts)
    if term.op == "+":
        return a + b
    if term.op == "-":
        return a - b
    if term.op == "*":
        return a * b
    if term.op == "/":
        return np.divide(a, b + TINY * (np.asarray(b) == 0))
    slope = 1.0 / (b + abs(a) + TINY)
    return {"slope": slope, "sat": a * slope, "inh": 1.0 - a * slope}[term.op]


def constant(term: Term, values: Mapping[str, float]) -> float:
    """Work out a formula of parameters alone.

    Raises
    ------
    FormulaFault
        When it divides by zero or is no finite number, or one so large that sums of it are none.
    """
    if any(
        one.op == "/" and not float(evaluate(one.parts[1], values)) != 0.0 for one in walk(term)
    ):
        raise FormulaFault("divides by zero.", "Check the parameters in it.")
    with np.errstate(all="ignore"):
        found = float(evaluate(term, values))
    if not abs(found) <= LARGEST:
        raise FormulaFault(f"is {found:g}.", "Check its formula.")
    return found


def write(term: Term, names: Mapping[str, str], *, slopes: dict[Term, str]) -> str:
    """Write a formula as Python text for a kernel.

    Parameters
    ----------
    term : Term
        The formula.
    names : mapping of str to str
        What each symbol is called in the kernel.
    slopes : dict of Term to str
        Names of the variables that hold ``1/(K+|S|)``; new ones are added, in order of need.

    Returns
    -------
    str
        An expression, in brackets where needed.
    """
    if term.op == "number":
        return repr(term.number) if math.copysign(1.0, term.number) > 0 else f"({term.number!r})"
    if term.op == "symbol":
        return names[term.name]
    a, b = (write(part, names, slopes=slopes) for part in term.parts)
    if term.op in ("sat", "inh", "slope"):
        slope = slopes.setdefault(Term("slope", term.parts), f"q{len(slopes)}")
        return {"slope": slope, "sat": f"({a} * {slope})", "inh": f"(1.0 - {a} * {slope})"}[term.op]
    if term.op == "/":
        return f"({a} / ({b} + {TINY}))"
    return f"({a} {term.op} {b})"


def slope_lines(slopes: Mapping[Term, str], names: Mapping[str, str]) -> list[str]:
    """Write the lines that compute the shared ``1/(K+|S|)``, in an order that works."""
    lines: list[str] = []
    for term, name in slopes.items():
        S, K = (write(part, names, slopes=dict(slopes)) for part in term.parts)
        lines.append(f"{name} = 1.0 / ({K} + abs({S}) + {TINY})")
    return lines
