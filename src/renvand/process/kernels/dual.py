"""What kernels for dual numbers say in place of signs and functions of plain numbers.

What follows the line ``# kernels`` stands before their text; see :mod:`renvand.process.dual`. Each
word gives a plain number where it is given plain numbers only.
"""

# ruff: noqa: ANN001, ANN201, ANN202
# pyright: basic, reportArgumentType=false
from __future__ import annotations

import math

# kernels
from numba.core import types
from numba.extending import overload

PLAIN = {"error_model": "numpy", "fastmath": {"contract"}}


def d_value(x):
    return x.real


def d_slope(x):
    return x.imag


def d_over(a, b):
    value = a.real / b.real
    return complex(value, (a.imag - value * b.imag) / b.real)


def d_max(a, b):
    return a if a.real >= b.real else b


def d_min(a, b):
    return a if a.real <= b.real else b


def d_abs(a):
    return a if a.real >= 0.0 else -a


def d_sqrt(a):
    value = math.sqrt(a.real)
    return complex(value, a.imag / (2.0 * value) if value > 0.0 else 0.0)


def d_exp(a):
    value = math.exp(a.real)
    return complex(value, a.imag * value)


def d_log(a):
    return complex(math.log(a.real), a.imag / a.real)


def d_power(a, b):
    value = a.real**b.real
    rise = b.real * a.real ** (b.real - 1.0) * a.imag
    return complex(value, rise + value * math.log(a.real) * b.imag)


def d_rest(a, b):
    return a.real % b.real


@overload(d_value, jit_options=PLAIN)
def _d_value(x):
    return (lambda x: x.real) if isinstance(x, types.Complex) else (lambda x: x)


@overload(d_slope, jit_options=PLAIN)
def _d_slope(x):
    return lambda x: x.imag


@overload(d_rest, jit_options=PLAIN)
def _d_rest(a, b):
    return lambda a, b: d_value(a) % d_value(b)


@overload(d_max, jit_options=PLAIN)
def _d_max(a, b):
    is_dual = isinstance(a, types.Complex) or isinstance(b, types.Complex)
    return (
        (lambda a, b: a + 0j if d_value(a) >= d_value(b) else b + 0j)
        if is_dual
        else lambda a, b: max(a, b)
    )


@overload(d_min, jit_options=PLAIN)
def _d_min(a, b):
    is_dual = isinstance(a, types.Complex) or isinstance(b, types.Complex)
    return (
        (lambda a, b: a + 0j if d_value(a) <= d_value(b) else b + 0j)
        if is_dual
        else lambda a, b: min(a, b)
    )


@overload(d_abs, jit_options=PLAIN)
def _d_abs(a):
    is_dual = isinstance(a, types.Complex)
    return (lambda a: a if a.real >= 0.0 else -a) if is_dual else lambda a: abs(a)


@overload(d_sqrt, jit_options=PLAIN)
def _d_sqrt(a):
    return d_sqrt if isinstance(a, types.Complex) else lambda a: math.sqrt(a)


@overload(d_exp, jit_options=PLAIN)
def _d_exp(a):
    return d_exp if isinstance(a, types.Complex) else lambda a: math.exp(a)


@overload(d_log, jit_options=PLAIN)
def _d_log(a):
    return d_log if isinstance(a, types.Complex) else lambda a: math.log(a)


@overload(d_over, jit_options=PLAIN)
def _d_over(a, b):
    if isinstance(a, types.Complex) and isinstance(b, types.Complex):
        return d_over
    if isinstance(a, types.Complex):
        return lambda a, b: complex(a.real / b, a.imag / b)
    if isinstance(b, types.Complex):
        return _under
    return lambda a, b: a / b


def _under(a, b):
    value = a / b.real
    return complex(value, -value * b.imag / b.real)


@overload(d_power, jit_options=PLAIN)
def _d_power(a, b):
    if isinstance(a, types.Complex) and isinstance(b, types.Complex):
        return d_power
    if isinstance(a, types.Complex):
        return lambda a, b: complex(a.real**b, b * a.real ** (b - 1.0) * a.imag)
    if isinstance(b, types.Complex):
        return lambda a, b: complex(a**b.real, a**b.real * math.log(a) * b.imag)
    return lambda a, b: a**b
