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
    "water", "settler", "whole", "chebyshev", "rosenbrock", "control", "calendar", "newton",
)  # fmt: skip


def engine_text() -> str:
    """Give the text of all kernels."""
    folder = resources.files("renvand.plant.kernels")
    texts = [(folder / f"{name}.py").read_text(encoding="utf-8") for name in FILES]
    return "\n\n".join(text.partition("# kernels\n")[2].strip("\n") + "\n" for text in texts)
