"""Which parameters the measurements can tell, before any is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, SolveError
from renvand.process.model import Array
from renvand.steps.calibration.parameters import Evidence, Parameter, values_of

Whole = NDArray[np.int64]
STEP = 0.02  # of a number that is calibrated: its error stays below that of the integrator
COLLINEAR = 10.0  # brun2001: between 5 and 20; above it others can make up for a parameter
WEAK = 0.01  # of the measurements' own scatter, moved by a parameter's whole uncertainty
Tell = Callable[[str], None]  # called after every run, with what it was for


def silent(what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Identifiability:
    """What the measurements can tell of each parameter."""

    names: tuple[str, ...]
    strength: Array  # (parameter,) root mean square of the scaled sensitivities
    chosen: tuple[str, ...]  # those to calibrate together
    collinearity: float  # of the chosen
    determinant: float  # of the chosen
    left: Mapping[str, str]  # the others, and why
    scaled: Array  # (measurement, parameter)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Measurements in one long vector, with the scatter each is weighed by."""

    names: tuple[str, ...]  # of the columns
    values: Array  # (measurement,)
    column: Whole  # (measurement,) which one
    sd: Array  # (measurement,)

    def residuals(self, made: Mapping[str, Array], where: Sequence[NDArray[np.bool_]]) -> Array:
        """Give computed less measured, in units of the scatter."""
        flat = np.concatenate([made[n][w] for n, w in zip(self.names, where, strict=True)])
        return (flat - self.values) / self.sd


def observed(
    evidence: Evidence,
    sd: Mapping[str, float] | None = None,
    *,
    weights: Mapping[str, float] | None = None,
) -> Observed:
    """Put measurements in one vector; the scatter of a column is its own unless given.

    A column of weight 2 counts as if it scattered half as much.

    Raises
    ------
    SolveError
        When a column has fewer than three measurements that count.
    """
    seen = evidence.compared()
    names = tuple(seen.columns)
    faults: list[Fault] = []
    values, column, scatter = list[Array](), list[Whole](), list[Array]()
    for i, name in enumerate(names):
        here = seen.columns[name][np.isfinite(seen.columns[name])]
        if len(here) < 3:
            do = "Measure longer, or leave the column out."
            what = f"has {len(here)} measurements that count."
            faults.append(Fault(where=f"measured, column '{name}'", what=what, do=do))
            continue
        own = float(here.std()) if sd is None else sd[name]
        own /= (weights or {}).get(name, 1.0)
        values.append(here)
        column.append(np.full(len(here), i, dtype=np.int64))
        scatter.append(np.full(len(here), max(own, 1e-6 * float(np.abs(here).max()) + 1e-12)))
    if faults:
        raise SolveError(faults)
    return Observed(
        names=names,
        values=np.concatenate(values),
        column=np.concatenate(column),
        sd=np.concatenate(scatter),
    )


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Computes residuals and their slopes, runs side by side."""

    evidence: Evidence
    observed: Observed
    parameters: tuple[Parameter, ...]
    workers: int = 2
    tell: Tell = silent

    def residuals(self, x: Array, *, what: str = "fit") -> Array:
        """Give residuals; 100 scatters each where the plant blows up."""
        seen = self.evidence.compared().columns
        where = [np.isfinite(seen[name]) for name in self.observed.names]
        try:
            made = self.evidence.simulate(values_of(self.parameters, x))
        except SolveError:
            return np.full(len(self.observed.values), 100.0)
        finally:
            self.tell(what)
        return self.observed.residuals(made, where)

    def slopes(self, x: Array, *, what: str = "fit", is_central: bool = False) -> Array:
        """Give derivatives of the residuals by differences, array (measurement, parameter).

        To one side while searching; to both for intervals, which one side makes a fifth too narrow
        where parameters are nearly collinear (measured).
        """
        pairs: list[tuple[Array, Array]] = []
        for i, p in enumerate(self.parameters):
            above, below = x.copy(), x.copy()
            above[i] = min(x[i] + STEP, p.inner(p.high))
            below[i] = max(x[i] - STEP, p.inner(p.low))
            if not is_central:
                above, below = (above, x) if above[i] > x[i] else (x, below)
            pairs.append((above, below))
        points = {at.tobytes(): at for pair in pairs for at in pair}
        with ThreadPoolExecutor(self.workers) as pool:
            made = pool.map(lambda at: self.residuals(at, what=what), points.values())
            found = dict(zip(points, made, strict=True))
        columns = [
            (found[above.tobytes()] - found[below.tobytes()]) / (above[i] - below[i])
            for i, (above, below) in enumerate(pairs)
        ]
        return np.stack(columns, axis=1)


def identify(runner: Runner, x: Array) -> Identifiability:
    """Choose the parameters that the measurements can tell together.

    Sensitivities are scaled by each parameter's uncertainty and the measurements' scatter. The
    strongest parameter is taken first; another joins as long as the collinearity index of all
    taken stays below 10.

    Parameters
    ----------
    runner : Runner
        With all parameters that may be calibrated.
    x : array (parameter,)
        Where.

    Returns
    -------
    Identifiability

    References
    ----------
    brun2001
    """
    scale = np.array([p.uncertainty for p in runner.parameters])
    return chosen_of(
        tuple(p.name for p in runner.parameters),
        runner.slopes(x, what="identify") * scale,
    )


def chosen_of(names: tuple[str, ...], scaled: Array) -> Identifiability:
    """Choose by the scaled sensitivities, array (measurement, parameter)."""
    strength = np.sqrt((scaled**2).mean(axis=0))
    taken: list[int] = []
    left: dict[str, str] = {}
    for i in np.argsort(-strength):
        if strength[i] < WEAK:
            left[names[i]] = (
                f"too weak: moves the measurements by {strength[i]:.1e} of their scatter"
            )
            continue
        index = collinearity(scaled[:, [*taken, i]])
        if index > COLLINEAR:
            partners = _partners(scaled, taken, int(i))
            others = ", ".join(names[j] for j in partners)
            left[names[i]] = f"others can make up for it: {others} (collinearity {index:.0f})"
            continue
        taken.append(int(i))
    order = sorted(taken)
    return Identifiability(
        names=names,
        strength=strength,
        chosen=tuple(names[i] for i in order),
        collinearity=collinearity(scaled[:, order]),
        determinant=determinant(scaled[:, order]),
        left=left,
        scaled=scaled,
    )


def collinearity(scaled: Array) -> float:
    """Give the collinearity index of columns: 1 when orthogonal, endless when dependent.

    References
    ----------
    brun2001
    """
    if scaled.shape[1] == 0:
        return 1.0
    lengths = np.linalg.norm(scaled, axis=0)
    normed = scaled / np.where(lengths > 0, lengths, 1.0)
    smallest = float(np.linalg.eigvalsh(normed.T @ normed)[0])
    return 1.0 / np.sqrt(smallest) if smallest > 1e-16 else np.inf


def determinant(scaled: Array) -> float:
    """Give the determinant measure of columns, per parameter: large is well determined.

    References
    ----------
    brun2001
    """
    k = scaled.shape[1]
    if k == 0:
        return 0.0
    sign, log = np.linalg.slogdet(scaled.T @ scaled)
    return float(np.exp(log / (2 * k))) if sign > 0 else 0.0


def _partners(scaled: Array, taken: list[int], i: int) -> list[int]:
    """Those of the taken that make up most of a column, at most three."""
    base = scaled[:, taken]
    share, *_ = np.linalg.lstsq(base, scaled[:, i], rcond=None)
    weight = np.abs(share) * np.linalg.norm(base, axis=0)
    return [taken[j] for j in np.argsort(-weight)[:3]]
