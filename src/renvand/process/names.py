"""What the numbers of a page are called in its kernels, and the frame of a kernel over lanes."""

from __future__ import annotations

from dataclasses import dataclass

from renvand.process.expression import symbols_of
from renvand.process.page import Page

LANES = 8
PLACE = 0x7FFFFFFF  # a place masked with it is seen to be no index from the end
_ARRAYS = ("y", "dy", "L", "b", "s", "p", "h", "q", "kla", "sat", "gas", "hg")


@dataclass(frozen=True, kw_only=True)
class KernelNames:
    """Parameters and coefficients that the rates and the matrix use."""

    plain: tuple[str, ...]
    heated: tuple[str, ...]
    coefficients: tuple[tuple[int, int], ...]  # process, component
    signs: dict[tuple[int, int], float]  # of cells that are 1 or -1

    def symbols(self, page: Page) -> dict[str, str]:
        """What each symbol of a rate is called."""
        parameters = {name: f"p_{name}" for name in (*self.plain, *self.heated)}
        return parameters | {name: f"c_{name}" for name in page.component_names}

    @property
    def weights(self) -> dict[tuple[int, int], str]:
        """Sign and coefficient of every cell, as they stand before a rate."""
        signs = {place: "+ " if sign > 0 else "- " for place, sign in self.signs.items()}
        return signs | {(i, j): f"+ s_{i}_{j} * " for i, j in self.coefficients}

    @property
    def coefficient_lines(self) -> list[str]:
        """Take the coefficients out of their array."""
        return [f"    s_{i}_{j} = s[{n}]" for n, (i, j) in enumerate(self.coefficients)]


def names_of(page: Page) -> KernelNames:
    """Find what the kernels of a page need."""
    used = frozenset[str]().union(*(symbols_of(process.rate) for process in page.processes))
    theta = {parameter.name: parameter.theta for parameter in page.parameters}
    column = {name: j for j, name in enumerate(page.component_names)}
    signs: dict[tuple[int, int], float] = {}
    coefficients: list[tuple[int, int]] = []
    for i, process in enumerate(page.processes):
        for name, cell in process.cells.items():
            if cell is not None and cell.op == "number" and abs(cell.number) == 1.0:
                signs[i, column[name]] = cell.number
            else:
                coefficients.append((i, column[name]))
    return KernelNames(
        plain=tuple(n for n, factor in theta.items() if n in used and factor == 1.0),
        heated=tuple(n for n, factor in theta.items() if n in used and factor != 1.0),
        coefficients=tuple(coefficients),
        signs=signs,
    )


def head_lines(signature: str, page: Page, names: KernelNames) -> list[str]:
    """Begin a kernel: its places masked, its plain parameters taken out."""
    arguments = signature.partition("(")[2].rstrip(")").split(", ")
    places = [name for name in arguments if name not in _ARRAYS]
    lines = [
        f"def {signature}:",
        f"    # {page.name}; generated from its page",
        *(f"    {name} &= {PLACE}" for name in places),
    ]
    return lines + [f"    p_{name} = p[{i}]" for i, name in enumerate(names.plain)]


def load_lines(page: Page, names: KernelNames) -> list[str]:
    """Take out, lane by lane, the states and the heated parameters that rates use."""
    used = frozenset[str]().union(*(symbols_of(process.rate) for process in page.processes))
    loads = [
        f"c_{name} = y[o + {LANES * j} + k]"
        for j, name in enumerate(page.component_names)
        if name in used
    ]
    return loads + [f"p_{n} = h[oh + {LANES * i} + k]" for i, n in enumerate(names.heated)]


def function_text(head: list[str], body: list[str]) -> str:
    """Put a kernel together: its head, and one loop over the lanes."""
    lines = [*head, f"    for k in range({LANES}):", *(f"        {line}" for line in body)]
    return "\n".join(lines) + "\n"
