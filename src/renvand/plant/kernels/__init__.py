"""The kernels of a plant, in plain Python, compiled together with those of a model's page.

What follows the line ``# kernels`` in each file, in the order of :data:`FILES`, is appended to the
text that a page gives (`react`, `factor`, `substitute`) and compiled with it. ``I`` and ``F`` hold
all whole and real numbers of a plant; the names in capitals say where, see
:mod:`renvand.plant.layout`. Arrays that one function receives are never the same array: that
promise is what lets loops become vector instructions. A function under ``# inline`` is copied to
where it is called. ``& PLACE`` shows the compiler that an index does not count from the end;
without it no loop becomes vector code.
"""

from __future__ import annotations

import re
from importlib import resources

FILES = (
    "water", "settler", "diehl", "delay", "store", "whole", "chebyshev", "rosenbrock", "control",
    "digest", "calendar", "newton",
)  # fmt: skip
# What a plant has none of is not compiled: the same names do nothing
_OPTIONAL = {
    "digest": ("digest(step, y, ex, I, Z)",),
    "store": (
        "open_stores(y, ex, I, F)", "shut_stores(y, ex, I)", "draw(y, I, F, N, R)",
        "part_stores(y, ex, I, F)", "swell(y, dy, I, F)", "spill(y, dy, ex, q, I, F, R)",
        "show_stores(out, record, ex, I)", "lean_levels(y, ex, q, I, F)",
        "level_back(b, ex, I, hg)",
    ),
    "delay": (
        "show_delays(y, ex, I, F)", "shift_delays(y, dy, feed, ex, q, I, F)",
        "delays_back(b, q, I, F, hg)",
    ),
    "diehl": (
        "sink_diehl(y, w, flux, F, numbers, x, n, X_f, thin)",
        "diehl_factor(y, T, w, dw, F, numbers, x, t, X_f, over, under, hg)",
    ),
    "chebyshev": (
        "advance(t, t_end, t_row, is_first, q0, s, p, h, I, F, N, W, tune, clock) -> t, False",
    ),
}  # fmt: skip
# What Python calls, and not only other kernels
DOORS = frozenset({
    "run", "rhs", "slopes", "eliminate", "write", "digest", "breathe", "set_inputs", "heat",
    "open_stores", "shut_stores",
})  # fmt: skip


def engine_text(parts: frozenset[str]) -> str:
    """Give the text of all kernels.

    Parameters
    ----------
    parts : frozenset of str
        What the plant has besides tanks and settlers, :attr:`Drawing.parts`; with 'chebyshev' the
        explicit method, too.
    """
    missing = [s for name in _OPTIONAL if name not in parts for s in _OPTIONAL[name]]
    whole = "\n\n".join(_text(name) for name in FILES if name in parts or name not in _OPTIONAL)
    return "\n\n".join([_without(whole, missing), *map(_nothing, missing)])


def _nothing(signature: str) -> str:
    head, _, gives = signature.partition(" -> ")
    return f"# inline\ndef {head}:\n    return {gives or 0}\n"


def _without(text: str, signatures: list[str]) -> str:
    """Leave out lines that only call what does nothing; each call takes time to compile.

    The only line of a branch stays.
    """
    names = "|".join(signature.partition("(")[0] for signature in signatures)
    return re.sub(rf"(?<!:\n)^ +(?:{names})\(.*\)\n", "", text, flags=re.MULTILINE)


def dual_engine_text() -> str:
    """Give the text that stands after them when they are compiled for dual numbers."""
    return _text("dual")


def _text(name: str) -> str:
    folder = resources.files("renvand.plant.kernels")
    text = (folder / f"{name}.py").read_text(encoding="utf-8").partition("# kernels\n")[2]
    return text.strip("\n") + "\n"
