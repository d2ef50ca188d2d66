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

from importlib import resources

FILES = (
    "water", "settler", "store", "whole", "chebyshev", "rosenbrock", "control", "digest",
    "calendar", "newton",
)  # fmt: skip
WITHOUT_DIGESTER = {"digest": "def digest(step, y, ex, I, Z):\n    return 0\n"}
# where no level moves, the same names do nothing
_STORE = (
    "open_stores(y, ex, I, F)", "shut_stores(y, ex, I)", "draw(y, I, F, N, R)",
    "part_stores(y, ex, I, F)", "swell(y, dy, I, F)", "spill(y, dy, ex, q, I, F, R)",
    "show_stores(out, record, ex, I)", "lean_levels(y, ex, q, I, F)", "level_back(b, ex, I, hg)",
)  # fmt: skip
WITHOUT_STORES = {"store": "\n\n".join(f"# inline\ndef {s}:\n    return\n" for s in _STORE)}


def engine_text(*, has_digester: bool, has_stores: bool = False) -> str:
    """Give the text of all kernels."""
    absent: dict[str, str] = {} if has_digester else dict(WITHOUT_DIGESTER)
    absent |= {} if has_stores else WITHOUT_STORES
    return "\n\n".join(absent.get(name) or _text(name) for name in FILES)


def dual_engine_text() -> str:
    """Give the text that stands after them when they are compiled for dual numbers."""
    return _text("dual")


def _text(name: str) -> str:
    folder = resources.files("renvand.plant.kernels")
    text = (folder / f"{name}.py").read_text(encoding="utf-8").partition("# kernels\n")[2]
    return text.strip("\n") + "\n"
