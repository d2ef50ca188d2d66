"""Least squares, with intervals that know of the scatter's memory, and an ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from renvand.errors import Fault, SolveError
from renvand.process.model import Array
from renvand.steps.calibration.identify import (
    Identifiability,
    Observed,
    Runner,
    Tell,
    chosen_of,
    identify,
    observed,
    silent,
)
from renvand.steps.calibration.parameters import EDGE, Evidence, Parameter, parameters, values_of

LEVEL = 0.95  # of the parameters' intervals
ROUNDS = 12  # of least squares: a step each
CLOSE = 1e-6  # relative change of the sum of squares that ends it
DRAWS = 40  # members of an ensemble
LAGS = 500  # of the scatter's memory, at most a fifth of the series


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What the measurements say of the parameters."""

    values: Mapping[str, float]  # the calibrated ones
    low: Mapping[str, float]  # of the 95 % interval
    high: Mapping[str, float]
    correlation: Array  # (parameter, parameter)
    at_bound: tuple[str, ...]  # their intervals mean nothing
    left: Mapping[str, str]  # what was not calibrated, and why
    start: Mapping[str, float]  # all, before
    identifiability: Identifiability  # before anything was changed
    collinearity: float  # of the calibrated ones, after
    scatter: Mapping[str, float]  # root mean square of what is left, each column [its unit]
    memory: Mapping[str, float]  # measurements that count as one, each column
    parameters: tuple[Parameter, ...]
    mean: Array  # (parameter,) in the scale that is calibrated
    covariance: Array  # (parameter, parameter) likewise

    @property
    def names(self) -> tuple[str, ...]:
        """The calibrated parameters."""
        return tuple(p.name for p in self.parameters)


def calibrate_parameters(
    evidence: Evidence,
    names: Sequence[str],
    *,
    workers: int = 2,
    rounds: int = ROUNDS,
    weights: Mapping[str, float] | None = None,
    tell: Tell = silent,
) -> Calibration:
    """Find which parameters the measurements can tell, and what they say.

    First identifiability where the parameters start; then weighted least squares on those that can
    be told, in logarithms and within bounds; the scatter of each column is then taken from what is
    left, and the fit repeated with it.

    Parameters
    ----------
    evidence : Evidence
        An experiment, or months at rest.
    names : sequence of str
        What may be calibrated.
    workers : int
        Runs side by side.
    rounds : int
        Steps of least squares, at most.
    weights : mapping of str to float, optional
        Of columns, 1 where not given: what a model is for should weigh more than what it merely
        shows, where it cannot have both.
    tell : callable
        Called after every run, with what it was for: 'identify', 'fit', 'scatter'.

    Returns
    -------
    Calibration

    Raises
    ------
    PlantError
        With every parameter that is not there.
    SolveError
        When there are too few measurements, nothing can be told, or the plant blows up where it
        starts.
    """
    all_of = parameters(evidence, names)
    evidence.simulate({p.name: p.start for p in all_of})  # says why, if it blows up
    seen = observed(evidence, weights=weights)
    runner = Runner(evidence=evidence, observed=seen, parameters=all_of, workers=workers, tell=tell)
    found = identify(runner, np.array([p.inner(p.start) for p in all_of]))
    if not found.chosen:
        why = "; ".join(f"{name}: {reason}" for name, reason in found.left.items())
        do = "Measure more, or name other parameters."
        raise SolveError(Fault(where="calibration", what=f"nothing can be told. {why}.", do=do))
    chosen = tuple(p for p in all_of if p.name in found.chosen)
    runner = replace(runner, parameters=chosen)
    x = _least_squares(runner, np.array([p.inner(p.start) for p in chosen]), rounds=rounds)
    own = _scatter(seen, runner.residuals(x))
    runner = replace(runner, observed=observed(evidence, own, weights=weights))
    x = _least_squares(runner, x, rounds=max(2, rounds // 2))
    return _told(runner, x, found, start={p.name: p.start for p in all_of})


def _least_squares(runner: Runner, x: Array, *, rounds: int) -> Array:
    from scipy.optimize import least_squares

    low = np.array([p.inner(p.low) for p in runner.parameters])
    high = np.array([p.inner(p.high) for p in runner.parameters])
    inside = np.clip(x, low + EDGE * (high - low), high - EDGE * (high - low))
    scale = np.array([p.uncertainty for p in runner.parameters])
    found: Any = least_squares(
        runner.residuals, inside, runner.slopes, bounds=(low, high), x_scale=scale,
        max_nfev=rounds, ftol=CLOSE, xtol=1e-6,
    )  # fmt: skip
    return np.asarray(found.x)


def _scatter(seen: Observed, residuals: Array) -> dict[str, float]:
    return {
        name: float(np.sqrt(np.mean((residuals * seen.sd)[seen.column == i] ** 2)))
        for i, name in enumerate(seen.names)
    }


def memory_of(values: Array) -> float:
    """Give how many values in a row say as much as one, by their autocorrelation.

    Twice the sum of the autocorrelations up to the first that may be chance, plus one.

    Parameters
    ----------
    values : array (moment,)
        In the order of time.

    Returns
    -------
    float
        1 for values without memory, at most a fifth of their number.
    """
    centred = values - values.mean()
    power = float(centred @ centred)
    most = min(LAGS, len(values) // 5)
    if power <= 0 or most < 1:
        return 1.0
    whole = 1.0
    for lag in range(1, most):
        share = float(centred[lag:] @ centred[:-lag]) / power
        if share <= 2.0 / np.sqrt(len(values)):  # no more than chance
            break
        whole += 2.0 * share
    return whole


def _told(
    runner: Runner, x: Array, found: Identifiability, *, start: Mapping[str, float]
) -> Calibration:
    from scipy import stats

    seen, chosen = runner.observed, runner.parameters
    left = runner.residuals(x, what="scatter")
    slopes = runner.slopes(x, what="scatter", is_central=True)
    memory = {n: memory_of(left[seen.column == i]) for i, n in enumerate(seen.names)}
    # each measurement counts as 1 / memory of one; what is left may be larger than its weight
    weight = (1.0 / np.array([memory[n] for n in seen.names]))[seen.column]
    normal = slopes.T @ (slopes * weight[:, None])
    freedom = max(float(weight.sum()) - len(chosen), 1.0)
    variance = float((left**2 * weight).sum()) / freedom
    covariance = np.asarray(variance * np.linalg.pinv(normal), dtype=np.float64)
    sd = np.sqrt(np.diag(covariance))
    wide = float(stats.t.ppf(0.5 + LEVEL / 2, freedom)) * sd
    low = np.array([p.inner(p.low) for p in chosen])
    high = np.array([p.inner(p.high) for p in chosen])
    near = EDGE * 2 * (high - low)
    scaled = slopes * np.array([p.uncertainty for p in chosen])
    names = tuple(p.name for p in chosen)
    return Calibration(
        values=values_of(chosen, x),
        low=values_of(chosen, np.maximum(x - wide, low)),
        high=values_of(chosen, np.minimum(x + wide, high)),
        correlation=covariance / np.outer(sd, sd),
        at_bound=tuple(
            n for n, is_at in zip(names, (x < low + near) | (x > high - near), strict=True) if is_at
        ),
        left=found.left,
        start=start,
        identifiability=found,
        collinearity=chosen_of(names, scaled).collinearity if len(names) > 1 else 1.0,
        scatter=_scatter(seen, left),
        memory=memory,
        parameters=chosen,
        mean=x,
        covariance=covariance,
    )


def ensemble(
    evidence: Evidence,
    calibration: Calibration,
    *,
    draws: int = DRAWS,
    seed: int,
    workers: int = 2,
    tell: Tell = silent,
) -> dict[str, Array]:
    """Compute the measurements with parameters drawn from what the calibration leaves open.

    Parameters
    ----------
    evidence : Evidence
        May reach further than what was calibrated on.
    calibration : Calibration
        Parameters and how they vary together.
    draws : int
        How many members.
    seed : int
        Of the draws.
    workers : int
        Runs side by side.
    tell : callable
        Called after every run, with 'ensemble'.

    Returns
    -------
    dict of str to array (member, row)
        Members that blow up are left out.
    """
    rng = np.random.default_rng(seed)
    chosen = calibration.parameters
    low = np.array([p.inner(p.low) for p in chosen])
    high = np.array([p.inner(p.high) for p in chosen])
    drawn = rng.multivariate_normal(calibration.mean, calibration.covariance, draws, method="eigh")

    def member(x: Array) -> dict[str, Array] | None:
        try:
            return evidence.simulate(values_of(chosen, np.clip(x, low, high)))
        except SolveError:
            return None
        finally:
            tell("ensemble")

    with ThreadPoolExecutor(workers) as pool:
        made = [one for one in pool.map(member, drawn) if one is not None]
    if not made:
        do = "Fix the parameters with the widest intervals."
        raise SolveError(Fault(where="ensemble", what="every member blew up.", do=do))
    return {name: np.stack([one[name] for one in made]) for name in made[0]}
