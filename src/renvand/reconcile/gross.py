"""Which measurement cannot be right, and what else could explain the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.stats import chi2, norm

from renvand.reconcile.elimination import Array
from renvand.reconcile.estimate import Estimate

PARALLEL = 1e-8
DRAWS = 8_000  # the chance of a false alarm is then right to ±0.5 in a hundred
LARGEST_DRAWN = 20_000  # checks times measurements, some 30 ms
WORTH_NAMING = 0.05  # share of the probability from which an explanation is named


@dataclass(frozen=True, kw_only=True)
class Tests:
    """The global test and the measurement test, each with its chance of a false alarm."""

    significance: float
    objective: float
    dof: int
    chi2_critical: float
    p_value: float  # of the objective, if all errors are as stated
    largest_z: float
    largest_at: int | None
    z_sidak: float  # critical value for so many independent measurements, after Sidak
    z_critical: float  # the same for these, which are not independent; what the alarm uses

    @property
    def is_global_alarm(self) -> bool:
        """Whether the balances as a whole fit worse than the stated errors allow."""
        return self.dof > 0 and self.p_value < self.significance

    @property
    def is_alarm(self) -> bool:
        """Whether a single measurement stands out."""
        return self.largest_z > self.z_critical


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """One explanation of a misfit."""

    at: int  # quantity; a leak stands behind the quantities of the network
    z: float
    size: float  # what is too much in the reading, or what leaves unseen
    sd: float
    probability: float  # if there is one error, and each was as likely before


@dataclass(frozen=True, kw_only=True)
class GrossError:
    """A misfit, its explanations, and which of them no data of this kind can tell apart."""

    at: int  # what was taken to be wrong: a measurement, or a leak
    is_leak: bool
    suspects: tuple[Suspect, ...]  # explanations worth naming, most probable first
    twins: tuple[int, ...]  # other measurements that explain it equally well whatever the data
    leaks: tuple[int, ...]  # units whose leak would look exactly the same
    before: float  # objective
    after: float

    @property
    def is_identified(self) -> bool:
        """Whether one measurement or leak, and no other, explains it best."""
        return not self.twins


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is left when the wrong measurements are out."""

    estimate: Estimate
    errors: tuple[GrossError, ...]
    first: Tests  # with all measurements
    last: Tests  # without those found wrong


def judge(found: Estimate, significance: float) -> Tests:
    """Ask whether corrections are larger than the stated errors explain.

    Parameters
    ----------
    found : Estimate
        A reconciliation.
    significance : float
        Chance of a false alarm of each of the two tests. The measurement test keeps it over all
        measurements together.
    """
    checked = np.flatnonzero(found.status == "redundant")
    z = np.abs(found.z[checked])
    top = int(z.argmax()) if len(z) else None
    dof = max(found.dof, 1)
    return Tests(
        significance=significance,
        objective=found.objective,
        dof=found.dof,
        chi2_critical=float(chi2.ppf(1 - significance, dof)),
        p_value=float(chi2.sf(found.objective, dof)) if found.dof else 1.0,
        largest_z=float(z[top]) if top is not None else 0.0,
        largest_at=int(checked[top]) if top is not None else None,
        z_sidak=sidak(len(checked), significance),
        z_critical=critical(found, checked, significance),
    )


def sidak(count: int, significance: float) -> float:
    """Value that the largest of so many independent |z| exceeds with the given chance."""
    each = -np.expm1(np.log1p(-significance) / max(count, 1))
    return float(norm.isf(each / 2))


def critical(found: Estimate, checked: NDArray[np.intp], significance: float) -> float:
    """Value that the largest |z| exceeds with the given chance when all errors are as stated.

    Corrections hang together, so Sidak's value is too cautious: it halves the alarms of a small
    network. Here good measurements are drawn; networks too large for that keep Sidak's value.
    """
    directions = directions_of(found, checked)
    if directions is None:
        return sidak(len(checked), significance)
    checks = np.random.default_rng(DRAWS).standard_normal((DRAWS, found.dof))
    return float(np.quantile(np.abs(checks @ directions).max(axis=1), 1 - significance))


def directions_of(found: Estimate, checked: NDArray[np.intp]) -> Array | None:
    """Where an error of each checked measurement would push the balances, made independent.

    Returns
    -------
    array (check, measurement) or None
        Columns of length one: their inner products are the correlations of the tests. None for
        networks too large to be drawn.
    """
    if not 0 < found.dof * len(checked) <= LARGEST_DRAWN:
        return None
    J = found.normal.J.toarray()
    lower = np.linalg.cholesky(J @ J.T)
    directions = np.linalg.solve(lower, J[:, checked])
    return directions / np.linalg.norm(directions, axis=0)


def explain(found: Estimate, *, leaks: range) -> tuple[tuple[Suspect, ...], dict[int, list[int]]]:
    """Weigh every measurement and every leak as the one error behind a misfit.

    Parameters
    ----------
    found : Estimate
        A reconciliation.
    leaks : range
        Positions of the leaks among the quantities.

    Returns
    -------
    tuple
        Suspects, most probable first; and for each its twins: positions whose error would move
        the balances in the very same direction.
    """
    at = np.r_[np.flatnonzero(found.status == "redundant"), np.array(leaks, dtype=np.intp)]
    columns = csc_array(found.normal.plain[:, at])
    power = found.normal.quadratic(columns)
    seen = power > 1e-12
    at, columns, power = at[seen], csc_array(columns[:, np.flatnonzero(seen)]), power[seen]
    push = columns.T @ found.normal.multiplier
    z = push / np.sqrt(power)
    weight = np.exp((z**2 - (z**2).max(initial=0.0)) / 2)
    weight /= max(weight.sum(), 1e-300)
    suspects = [
        Suspect(
            at=int(at[i]),
            z=float(abs(z[i])),
            size=float(_sign(int(at[i]), leaks) * push[i] / power[i] * found.size[at[i]]),
            sd=float(found.size[at[i]] / np.sqrt(power[i])),
            probability=float(weight[i]),
        )
        for i in np.argsort(-np.round(z**2, 9), kind="stable")
    ]
    return tuple(suspects), _twins(columns, at)


def _sign(at: int, leaks: range) -> float:
    """A reading has too much when its correction is negative; a leak is what is missing."""
    return 1.0 if at in leaks else -1.0


def _twins(columns: csc_array, at: Array) -> dict[int, list[int]]:
    """Group parallel columns: no measurement of the same kind tells their errors apart."""
    groups: dict[tuple[tuple[int, ...], tuple[float, ...]], list[int]] = {}
    for i, position in enumerate(at.tolist()):
        cells = slice(columns.indptr[i], columns.indptr[i + 1])
        rows, data = columns.indices[cells], columns.data[cells]
        kept = np.abs(data) > PARALLEL * np.abs(data).max()
        order = np.argsort(rows[kept])
        data = data[kept][order]
        shape = np.round(data / data[0], 6) + 0.0
        groups.setdefault((tuple(rows[kept][order].tolist()), tuple(shape.tolist())), []).append(
            int(position)
        )
    return {position: group for group in groups.values() for position in group}


def eliminate_errors(
    found: Estimate,
    solve: Callable[[frozenset[int]], Estimate],
    *,
    leaks: range,
    significance: float,
    most: int,
) -> Search:
    """Take the worst measurement out and look again, until none stands out.

    Parameters
    ----------
    found : Estimate
        The first reconciliation.
    solve : callable
        Reconciles without the given measurements.
    leaks : range
        Positions of the leaks among the quantities. A leak is assumed only where it explains
        a misfit better than any measurement.
    significance : float
        Chance of a false alarm in each round.
    most : int
        So many errors at most.
    """
    errors: list[GrossError] = []
    removed: frozenset[int] = frozenset()
    first = last = judge(found, significance)
    while len(errors) < most and last.is_alarm:
        suspects, twins = explain(found, leaks=leaks)
        same = twins[suspects[0].at]
        meters = [i for i in same if i not in leaks] or [suspects[0].at]
        # Of measurements that cannot be told apart, the least certain one gives way; the values
        # of all others do not depend on this choice.
        worst = max(meters, key=lambda i: (found.sigma[i] / max(abs(found.y[i]), 1e-300), -i))
        removed |= {worst}
        after = solve(removed)
        errors.append(
            GrossError(
                at=worst,
                is_leak=worst in leaks,
                suspects=tuple(s for s in suspects if s.probability >= WORTH_NAMING)
                or suspects[:1],
                twins=tuple(i for i in meters if i != worst),
                leaks=tuple(i for i in same if i in leaks and i != worst),
                before=found.objective,
                after=after.objective,
            )
        )
        found, last = after, judge(after, significance)
    return Search(estimate=found, errors=tuple(errors), first=first, last=last)
