"""Reconciled flows and concentrations, as tables that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.reconcile.balances import Balances, balances_of
from renvand.reconcile.elimination import Array
from renvand.reconcile.estimate import Estimate
from renvand.reconcile.feasible import checked_network
from renvand.reconcile.flowsheet import FLOW, Network
from renvand.reconcile.gross import GrossError, Tests, eliminate_errors
from renvand.reconcile.solve import leaks_of, solve, without_leaks

if TYPE_CHECKING:
    import pandas as pd

    Rows: TypeAlias = pd.DataFrame | Sequence[Mapping[str, Any]]

TWO_SIDED_95 = 1.959963984540054  # standard deviations; normal distribution


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """A network whose balances close, and what the tests say about its measurements."""

    network: Network
    first: Tests  # with all measurements
    last: Tests  # without those found wrong
    errors: tuple[GrossError, ...]
    estimate: Estimate
    sd: Array  # as in `estimate`, wider where an error could not be placed

    def __repr__(self) -> str:
        size = f"{len(self.network.streams)} streams, {len(self.network.units)} units"
        wrong = ", ".join("{1} of {0}".format(*self.name(error.at)) for error in self.errors)
        return f"<Reconciled: {size}; cannot be right: {wrong or 'nothing'}>"

    @property
    def leaks(self) -> range:
        """Positions of the unseen flows behind the quantities."""
        return leaks_of(self.network)

    def name(self, at: int) -> tuple[str, str]:
        """Stream (or unit) and quantity (or 'leak') of a position."""
        if at in self.leaks:
            return self.network.units[at - self.leaks.start], "leak"
        return self.network.names[at]

    def value(self, stream: str, quantity: str = FLOW) -> tuple[float, float]:
        """Give a reconciled value and its standard deviation; NaN where unobservable.

        Raises
        ------
        FileError
            When stream or quantity do not exist.
        """
        at = self._at(stream, quantity)
        known = self.estimate.status[at] != "unobservable"
        return (float(self.estimate.x[at]) if known else float("nan")), float(self.sd[at])

    def load(self, streams: str | Sequence[str], component: str) -> tuple[float, float]:
        """Give flow times concentration, summed over streams, and its standard deviation.

        Returns
        -------
        tuple of float
            [mg/l · m³/d = g/d], correlations included; NaN where something is unobservable.
        """
        x = self.estimate.x
        gradient, value = np.zeros(len(x)), 0.0
        for stream in [streams] if isinstance(streams, str) else streams:
            flow, content = self._at(stream, FLOW), self._at(stream, component)
            gradient[flow] += x[content]
            gradient[content] += x[flow]
            value += float(x[flow] * x[content])
        sd = float(np.sqrt(self.estimate.variance(gradient)))
        return (value if np.isfinite(sd) else float("nan")), sd

    def total(self, shares: dict[str, float], quantity: str = FLOW) -> tuple[float, float]:
        """Give a weighted sum over streams and its standard deviation, correlations included."""
        gradient = np.zeros(len(self.estimate.x))
        for stream, share in shares.items():
            gradient[self._at(stream, quantity)] += share
        sd = float(np.sqrt(self.estimate.variance(gradient)))
        value = float(gradient @ self.estimate.x) if np.isfinite(sd) else float("nan")
        return value, sd

    def _at(self, stream: str, quantity: str) -> int:
        try:
            return self.network.index(stream, quantity)
        except ValueError as error:
            streams = [s.id for s in self.network.streams]
            word, words = (
                (quantity, [FLOW, *self.network.components])
                if stream in streams
                else (stream, streams)
            )
            raise FileError(
                Fault(where="reconciled", what=f"has no '{word}'.", do=near(word, words))
            ) from error

    def table(self) -> pd.DataFrame:
        """Give one row a quantity.

        Returns
        -------
        DataFrame
            ``stream, quantity, raw, raw_sd, value, sd, low, high, status, z, is_suspect``.
            Unobservable quantities have no value. `low` and `high` hold 95 %, never below zero.
        """
        import pandas as pd

        n = len(self.network.names)
        shown = self.estimate.status[:n] != "unobservable"
        value = np.where(shown, self.estimate.x[:n], np.nan)
        sd = np.where(shown, self.sd[:n], np.nan)
        suspect = {i for e in self.errors for i in (e.at, *e.twins)}
        return pd.DataFrame(
            {
                "stream": [s for s, _ in self.network.names],
                "quantity": [q for _, q in self.network.names],
                "raw": self.network.y,
                "raw_sd": np.where(np.isnan(self.network.y), np.nan, self.network.sigma),
                "value": value,
                "sd": sd,
                "low": np.maximum(value - TWO_SIDED_95 * sd, 0.0),
                "high": value + TWO_SIDED_95 * sd,
                "status": self.estimate.status[:n],
                "z": np.where(self.estimate.status[:n] == "redundant", self.estimate.z[:n], np.nan),
                "is_suspect": [i in suspect for i in range(n)],
            }
        )

    def explanations(self) -> pd.DataFrame:
        """Give what could explain the misfits, most probable first.

        Returns
        -------
        DataFrame
            ``error, at, quantity, size, sd, probability``: the number of the misfit; a stream and
            what reads `size` too much in it, or a unit and 'leak', what leaves it unseen.
        """
        import pandas as pd

        rows = [
            (n, *self.name(s.at), s.size, s.sd, s.probability)
            for n, error in enumerate(self.errors, start=1)
            for s in error.suspects
        ]
        return pd.DataFrame(rows, columns=["error", "at", "quantity", "size", "sd", "probability"])

    def balances(self) -> pd.DataFrame:
        """Give one row a unit and quantity that is balanced there.

        Returns
        -------
        DataFrame
            ``unit, quantity, raw_in, raw_out, raw_closure, inflow, outflow, closure``; flows in
            m³/d, loads in g/d. Raw sums are NaN where a stream was not measured, reconciled ones
            where one is unobservable. Closure is (in - out) / in. A leak that was found counts as
        outflow; substances are not balanced where it leaves.
        """
        import pandas as pd

        made = balances_of(without_leaks(self.network, [e.at for e in self.errors]))
        n = len(self.network.names)
        shown = np.where(self.estimate.status == "unobservable", np.nan, self.estimate.x)
        raw = np.r_[self.network.y, np.zeros(len(self.leaks))]
        frame = pd.DataFrame(made.names, columns=["unit", "quantity"])
        for prefix, x in (("raw_", raw), ("", shown)):
            inflow, outflow = _sides(made, x, base=n)
            short = "raw_in raw_out" if prefix else "inflow outflow"
            frame[short.split()[0]], frame[short.split()[1]] = inflow, outflow
            size = np.where(inflow > 0, inflow, np.nan)
            frame[f"{prefix}closure"] = (inflow - outflow) / size
        return frame.drop_duplicates(["unit", "quantity"]).reset_index(drop=True)


def _sides(made: Balances, x: Array, *, base: int) -> tuple[Array, Array]:
    """Sum what enters and what leaves, for each balance; a leak of zero leaves nothing."""
    terms = np.abs(made.sign) * x[made.first] * np.r_[x, 1.0][made.second]
    seen = np.where((made.first >= base) & np.isnan(terms), 0.0, terms)
    sides = [
        np.bincount(made.rows[s], weights=seen[s], minlength=made.shape[0]).astype(np.float64)
        for s in (made.sign > 0, made.sign < 0)
    ]
    return sides[0], sides[1]


def reconcile(
    flowsheet: Rows,
    measurements: Rows,
    *,
    units: Rows | None = None,
    significance: float = 0.05,
    most_errors: int = 5,
) -> Reconciled:
    """Make the measurements of a flowsheet fit its balances, and name those that cannot.

    Parameters
    ----------
    flowsheet : DataFrame or list of dict
        Streams: ``id, from_unit, to_unit``; if wanted ``low, high``. Outside is called supply,
        drain, sewer, air, product, sludge or outside.
    measurements : DataFrame or list of dict
        ``stream, quantity, value, sd``; quantity 'flow' or any component. Zero for `sd` means
        exact, such as the salt in steam.
    units : DataFrame or list of dict, optional
        ``id``; if wanted ``conserves`` (components that leave as they came; all when left out)
        and ``mixes`` (all outlets carry the same).
    significance : float
        Chance to call a good set of measurements wrong.
    most_errors : int
        So many measurements are taken out at most.

    Returns
    -------
    Reconciled
        Tables, tests, errors.

    Raises
    ------
    FileError
        With every fault of the tables.
    SolveError
        When no values fit.
    """
    import pandas as pd

    network = checked_network(
        pd.DataFrame(flowsheet),
        pd.DataFrame(measurements),
        units=None if units is None else pd.DataFrame(units),
    )
    search = eliminate_errors(
        solve(network),
        lambda removed: solve(network, removed),
        leaks=leaks_of(network),
        significance=significance,
        most=most_errors,
    )
    return Reconciled(
        network=network,
        first=search.first,
        last=search.last,
        errors=search.errors,
        estimate=search.estimate,
        sd=_widened(network, search.estimate, search.errors),
    )


def _widened(network: Network, found: Estimate, errors: tuple[GrossError, ...]) -> Array:
    """Widen what depends on an error that could not be placed.

    Each of the measurements that cannot be told apart is taken for the wrong one in turn; the
    standard deviation is that around the value shown, over all of these equally likely cases.
    """
    sd = found.sd
    wrong = frozenset(e.at for e in errors)
    for error in errors:
        if not error.twins:
            continue
        squares = [sd**2]
        for other in error.twins:
            case = solve(network, (wrong - {error.at}) | {other})
            gap = np.where(np.isfinite(case.sd) & np.isfinite(sd), case.x - found.x, 0.0)
            squares.append(case.sd**2 + gap**2)
        sd = np.sqrt(np.mean(squares, axis=0))
    return sd
