"""The balances of a network: flows linear, flow times concentration bilinear, together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from renvand.reconcile.elimination import Array, Mask
from renvand.reconcile.flowsheet import FLOW, Network

Index = NDArray[np.intp]
ONE = -1  # stands for the constant 1 as second factor of a linear term


@dataclass(frozen=True, kw_only=True)
class Balances:
    """Sums of terms sign · x[first] · x[second]; with second = ONE a linear term."""

    rows: Index
    sign: Array
    first: Index
    second: Index
    shape: tuple[int, int]
    names: tuple[tuple[str, str], ...]  # (balance,): unit and quantity

    @property
    def is_linear(self) -> bool:
        """Whether flows alone are balanced."""
        return bool((self.second == ONE).all())

    def residual(self, x: Array) -> Array:
        """In less out."""
        terms = self.sign * x[self.first] * np.r_[x, 1.0][self.second]
        return np.bincount(self.rows, weights=terms, minlength=self.shape[0]).astype(np.float64)

    def jacobian(self, x: Array) -> csr_array:
        """Each bilinear term gives two entries, each linear term one."""
        product = self.second != ONE
        data = np.r_[self.sign * np.r_[x, 1.0][self.second], (self.sign * x[self.first])[product]]
        rows = np.r_[self.rows, self.rows[product]]
        columns = np.r_[self.first, self.second[product]]
        return csr_array((data, (rows, columns)), shape=self.shape)

    def only(self, kept: Mask) -> Balances:
        """Give some of the balances, of the same quantities."""
        if kept.all():
            return self
        term, number = kept[self.rows], np.cumsum(kept) - 1
        return Balances(
            rows=number[self.rows[term]],
            sign=self.sign[term],
            first=self.first[term],
            second=self.second[term],
            shape=(int(kept.sum()), self.shape[1]),
            names=tuple(name for name, own in zip(self.names, kept, strict=True) if own),
        )

    def by_loads(self, unknown: Mask) -> tuple[Balances, Index]:
        """Write loads in the place of concentrations that nobody measured.

        What two unknown factors make is one unknown, and linear: left as a product, a flow near
        nothing drives its concentration beyond all measure.

        Parameters
        ----------
        unknown : array (quantity,)
            What was not measured.

        Returns
        -------
        tuple
            The balances, and of each quantity the position of the flow by which it was multiplied;
            -1 where it is what it was. Outlets that share their concentration keep it.
        """
        product = self.second != ONE
        shared = np.zeros(len(unknown), dtype=bool)
        shared[self.first[~product]] = True
        eased = product & (unknown & ~shared)[self.second]
        flow = np.full(len(unknown), -1, dtype=np.intp)
        flow[self.second[eased]] = self.first[eased]
        first = np.where(eased, self.second, self.first)
        return replace(self, first=first, second=np.where(eased, ONE, self.second)), flow


def balances_of(network: Network) -> Balances:
    """Write the balances of a network.

    Beyond the quantities of the network, each unit has one more: the flow that leaves it unseen.
    It is zero unless the tests ask what would happen otherwise.
    """
    width, base = len(network.streams), len(network.names)
    rows: list[int] = []
    terms: list[tuple[float, int, int]] = []
    names: list[tuple[str, str]] = []

    def add(name: tuple[str, str], parts: list[tuple[float, int, int]]) -> None:
        rows.extend([len(names)] * len(parts))
        terms.extend(parts)
        names.append(name)

    ends = _ends(network)
    for u, unit in enumerate(network.units):
        joined = ends[unit]
        if not joined:
            continue
        add((unit, FLOW), [*((sign, s, ONE) for s, sign in joined), (-1.0, base + u, ONE)])
        for k, component in enumerate(network.components, 1):
            if component in network.conserves[unit]:
                load = [(sign, s, k * width + s) for s, sign in joined]
                add((unit, component), load)
            if unit in network.mixes:
                out = [k * width + s for s, sign in joined if sign < 0]
                # An outlet whose content is known exactly (vapour) is not part of the mixture.
                out = [
                    c for c in out if not (network.sigma[c] == 0 and network.y[c] == network.y[c])
                ]
                for other in out[1:]:
                    add((unit, component), [(1.0, out[0], ONE), (-1.0, other, ONE)])
    sign, first, second = (np.array(part) for part in zip(*terms, strict=True))
    return Balances(
        rows=np.array(rows, dtype=np.intp),
        sign=sign.astype(np.float64),
        first=first.astype(np.intp),
        second=second.astype(np.intp),
        shape=(len(names), base + len(network.units)),
        names=tuple(names),
    )


def _ends(network: Network) -> dict[str, list[tuple[int, float]]]:
    """Give the streams of each unit: +1 what enters, -1 what leaves."""
    ends: dict[str, list[tuple[int, float]]] = {unit: [] for unit in network.units}
    for s, stream in enumerate(network.streams):
        if stream.target in ends:
            ends[stream.target].append((s, 1.0))
        if stream.origin in ends:
            ends[stream.origin].append((s, -1.0))
    return ends
