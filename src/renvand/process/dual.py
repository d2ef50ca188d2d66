"""Kernels that carry a derivative along with every value: exact, and from the same text.

A dual number ``a + b e`` with ``e*e = 0`` is kept as the complex number ``a + 1e-30 b i``: products
then come out right by themselves, and what else kernels do (divide, compare, take roots) is put
into words that follow the rule of the derivative. Where two values meet, in ``max`` or at a limit,
it is the derivative of the branch that was taken.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from renvand.process.compiled import load_kernels
from renvand.process.model import Array

Duals = NDArray[np.complex128]
SCALE = 1e-30  # small enough that its square is lost beside any value
_CALLS = {"min": "d_min", "max": "d_max", "abs": "d_abs"}
_MATH = {"sqrt": "d_sqrt", "exp": "d_exp", "log": "d_log"}
_SIGNS: dict[type[ast.operator], str] = {
    ast.Div: "d_over", ast.Pow: "d_power", ast.Mod: "d_rest",
}  # fmt: skip


def dual(value: Array, slope: Array) -> Duals:
    """Put values and their derivatives together."""
    return value + SCALE * 1j * slope


def slope_of(duals: Duals) -> Array:
    """Take the derivatives out."""
    return duals.imag / SCALE


def dual_text(text: str) -> str:
    """Rewrite a text of kernels, marked or not, for dual numbers."""
    return ast.unparse(_Rewriting().visit(ast.parse(text)))


@cache
def load_dual_kernels(text: str, *, title: str, is_compiled: bool = True) -> ModuleType:
    """Give the functions of a kernel text for dual numbers; see :func:`dual_text`."""
    folder = resources.files("renvand.process.kernels")
    words = (folder / "dual.py").read_text(encoding="utf-8").partition("# kernels\n")[2]
    whole = f"{words}\n\n{dual_text(text)}\n"
    return load_kernels(whole, title=f"derivatives of {title}", is_compiled=is_compiled)


class _Rewriting(ast.NodeTransformer):
    """Turns what complex numbers cannot do into words that dual numbers can."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Only values are compared."""
        self.generic_visit(node)
        node.left = _value(node.left)
        node.comparators = [_value(one) for one in node.comparators]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Quotients, powers, remainders."""
        self.generic_visit(node)
        word = _SIGNS.get(type(node.op))
        return _called(word, node.left, node.right) if word else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """``a /= b`` is ``a = a / b``."""
        self.generic_visit(node)
        word = _SIGNS.get(type(node.op))
        if word is None:
            return node
        held = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.Assign([node.target], _called(word, held, node.value), lineno=node.lineno)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Functions of numbers."""
        self.generic_visit(node)
        match node.func:
            case ast.Name(id=name) if name in _CALLS:
                node.func = ast.Name(_CALLS[name], ast.Load())
            case ast.Name(id="int"):
                node.args = [_value(one) for one in node.args]
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name in _MATH:
                node.func = ast.Name(_MATH[name], ast.Load())
            case _:
                pass
        return node


def _value(node: ast.expr) -> ast.expr:
    return node if isinstance(node, ast.Constant) else _called("d_value", node)


def _called(word: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(word, ast.Load()), list(arguments), [])
