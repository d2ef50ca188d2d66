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
    "water", "settler", "whole", "chebyshev", "rosenbrock", "control", "digest", "calendar",
    "newton",
)  # fmt: skip
WITHOUT = {"digest": "def digest(step, y, ex, I, Z):\n    return 0\n"}  # where there is none


def engine_text(*, has_digester: bool) -> str:
    """Give the text of all kernels."""
    folder = resources.files("renvand.plant.kernels")
    parts: list[str] = []
    for name in FILES:
        text = (folder / f"{name}.py").read_text(encoding="utf-8").partition("# kernels\n")[2]
        parts.append(text if has_digester else WITHOUT.get(name, text))
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)
