"""The most likely values that fit the balances, and how well each of them is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, diags_array
from scipy.sparse.linalg import splu

from renvand.errors import Fault, SolveError
from renvand.reconcile.elimination import Array, Elimination, Mask, eliminate
from renvand.reconcile.kernel import quadratic_forms

CLOSED = 1e-9
ROUNDS = 100
RUNAWAY = 1e100  # of the size of a quantity: beyond, the numbers themselves give out
DEPTH = 6  # points remembered
WORSE = 2.0  # a step longer by this than the last begins anew
DEPENDENT = 1e-10  # of a balance scaled to one: what is left after the others are taken out
UNTOUCHED = 1e-9  # share of a variance: a measurement corrected less than this is not checked


class Unsettled(SolveError):
    """The search found no rest: the measurements nearly do not determine some quantity."""

    def __init__(self, at: int) -> None:
        what = f"quantity {at + 1} did not settle in {ROUNDS} rounds."
        do = "Measure it, or check for values that are wrong by orders of magnitude."
        super().__init__(Fault(where="reconciliation", what=what, do=do))
        self.at = at


class System(Protocol):
    """Balances g(x) = 0."""

    @property
    def is_linear(self) -> bool:
        """Whether the Jacobian is the same everywhere."""
        ...

    def residual(self, x: Array) -> Array:
        """g(x), one entry a balance."""
        ...

    def jacobian(self, x: Array) -> csr_array:
        """dg/dx (balance, quantity)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Normal:
    """The balances among measured quantities in standard form, S = J V J' factored."""

    plain: csc_array  # (check, quantity), per size of each quantity
    J: csr_array  # (check, quantity), per standard deviation; rows of length one
    lower: csc_array
    d: Array
    order: NDArray[np.intp]
    solver: Any
    multiplier: Array  # (check,)

    def quadratic(self, columns: csc_array) -> Array:
        """Give b' S⁻¹ b for each column b."""
        if not len(self.d) or not columns.shape[1]:
            return np.zeros(columns.shape[1])
        rows = self.order[columns.indices].astype(np.int32)
        low = self.lower
        return quadratic_forms(
            low.indptr.astype(np.int32),
            low.indices.astype(np.int32),
            low.data,
            self.d,
            columns.indptr.astype(np.int32),
            rows,
            columns.data,
        )


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Reconciled values, with everything the tests need."""

    x: Array  # (quantity,), unobservable ones hold one of many possible values
    sd: Array  # (quantity,), infinite where unobservable
    status: NDArray[np.str_]  # redundant, nonredundant, observable, unobservable, fixed
    z: Array  # (quantity,), measured less reconciled, in its own deviations; 0 where not checked
    objective: float  # sum of squared corrections, in standard deviations
    dof: int  # independent checks
    closure: Array  # (balance,), what is left of each
    y: Array
    sigma: Array
    size: Array
    normal: Normal
    elimination: Elimination
    to_known: csr_array  # (quantity, quantity): observable quantities as sums of measured ones

    def variance(self, gradient: Array) -> float:
        """Variance of a function of the quantities, to first order.

        Parameters
        ----------
        gradient : array (quantity,)
            Derivative by each quantity; must be zero where unobservable.

        Returns
        -------
        float
            Infinite when the function leans on something unobservable.
        """
        if (gradient[self.status == "unobservable"] != 0).any():
            return float("inf")
        scaled = gradient * self.size
        known = np.where(np.isin(self.status, ("observable", "unobservable")), 0.0, scaled)
        known = (known + self.to_known.T @ scaled) / self.size * self.sigma
        checked = csc_array((self.normal.J @ known)[:, None])
        return max(float(known @ known - self.normal.quadratic(checked)[0]), 0.0)


def estimate(
    system: System,
    y: Array,
    *,
    sigma: Array,
    start: Array,
    size: Array,
    closed: float = CLOSED,
) -> Estimate:
    """Find the values nearest to the measurements that fit all balances.

    Parameters
    ----------
    system : System
        The balances.
    y : array (quantity,)
        Measured values; NaN where nothing was measured.
    sigma : array (quantity,)
        Standard deviations; zero for what is known exactly; not used where y is NaN.
    start : array (quantity,)
        Where the search begins; measured values, and guesses for the others.
    size : array (quantity,)
        Typical size of each quantity, above zero.
    closed : float
        Last change of a quantity, of its size; balances then close to its square.

    Raises
    ------
    SolveError
        When the search does not settle, or exact values contradict the balances.
    """
    sigma = np.where(np.isnan(y), 0.0, sigma)
    x, at = _settled(system, y, sigma=sigma, start=start, size=size, closed=closed)
    return _judged(x, at, y=y, sigma=sigma, size=size, closure=system.residual(x))


def judged_at(system: System, y: Array, *, sigma: Array, x: Array, size: Array) -> Estimate:
    """Say how well each quantity is known at a point that closes, whether or not it is nearest.

    Parameters and errors are those of :func:`estimate`; `x` are the values.
    """
    sigma = np.where(np.isnan(y), 0.0, sigma)
    at = _straightened(system, y, sigma=sigma, x=x, size=size)
    if at is None:
        raise Unsettled(0)
    return _judged(x, at, y=y, sigma=sigma, size=size, closure=system.residual(x))


def unobservable(system: System, y: Array, *, x: Array, size: Array) -> Mask:
    """Find what neither a reading nor a balance tells, near a point."""
    J, missing, row_size = _scaled(system, x, size)
    gone = eliminate(J, (J @ (x / size)) - missing / row_size, unknown=np.isnan(y))
    return np.isnan(y) & gone.directions(len(y)).any(axis=1)


@dataclass(frozen=True, kw_only=True)
class _Straightened:
    """The balances made linear at a point, and the nearest values that fit them."""

    gone: Elimination
    normal: Normal
    row_size: Array
    nearest: Array


def _settled(
    system: System, y: Array, *, sigma: Array, start: Array, size: Array, closed: float
) -> tuple[Array, _Straightened]:
    """Make the balances linear and solve, again and again until nothing moves."""
    x, mixer, furthest = start, _Mixer(), 0
    for _ in range(ROUNDS):
        at = _straightened(system, y, sigma=sigma, x=x, size=size)
        if at is None:
            break
        better = at.nearest
        if system.is_linear or (np.abs(better - x) <= closed * (np.abs(better) + size)).all():
            return better, at
        step = np.abs(better - x) / size
        furthest = int(step.argmax())
        if step[furthest] > RUNAWAY:
            break
        x = mixer.mix(x / size, better / size) * size
    raise Unsettled(furthest)


def _straightened(
    system: System, y: Array, *, sigma: Array, x: Array, size: Array
) -> _Straightened | None:
    unknown = np.isnan(y)
    J, missing, row_size = _scaled(system, x, size)
    if not (np.isfinite(missing).all() and np.isfinite(J.data).all()):
        return None
    gone = eliminate(J, J @ (x / size) - missing / row_size, unknown=unknown)
    normal, moved = _nearest(gone, y=y, sigma=sigma, size=size)
    nearest = gone.back(np.where(unknown, x, moved) / size) * size
    return _Straightened(gone=gone, normal=normal, row_size=row_size, nearest=nearest)


def _scaled(system: System, x: Array, size: Array) -> tuple[csr_array, Array, Array]:
    """The Jacobian with rows and columns of size one, what is left of balances, and their size."""
    J = csr_array(system.jacobian(x) @ diags_array(size))
    row_size = np.maximum(abs(J).max(axis=1).toarray().ravel(), 1e-300)
    return csr_array(diags_array(1 / row_size) @ J), system.residual(x), row_size


class _Mixer:
    """Anderson's mixing: the next point from the last few, where plain repetition would crawl.

    References
    ----------
    walker2011
    """

    def __init__(self) -> None:
        self.points: list[Array] = []
        self.steps: list[Array] = []

    def mix(self, x: Array, better: Array) -> Array:
        """Give the next point, from one and what one round makes of it."""
        step = better - x
        if self.steps and np.linalg.norm(step) > WORSE * np.linalg.norm(self.steps[-1]):
            self.points, self.steps = [], []
        self.points, self.steps = [*self.points[-DEPTH:], better], [*self.steps[-DEPTH:], step]
        if len(self.steps) == 1:
            return better
        rises = np.diff(np.array(self.steps), axis=0).T
        share, *_ = np.linalg.lstsq(rises, step, rcond=1e-10)
        return better - np.diff(np.array(self.points), axis=0).T @ share


def _nearest(gone: Elimination, *, y: Array, sigma: Array, size: Array) -> tuple[Normal, Array]:
    """Project the measurements on the checks."""
    known = np.where(np.isnan(y), 0.0, y)
    weighted = csr_array(gone.known @ diags_array(sigma / size))
    length = np.sqrt(np.asarray((weighted * weighted).sum(axis=1)).ravel())
    used = np.flatnonzero(length > 1e-300)
    keep, solver = _factor(csr_array(diags_array(1 / length[used]) @ weighted[used]))
    used = used[keep]
    plain = csr_array(diags_array(1 / length[used]) @ gone.known[used])
    miss = gone.rhs[used] / length[used] - plain @ (known / size)
    m = len(used)
    multiplier = solver.solve(miss) if m else np.zeros(0)
    J = csr_array(plain @ diags_array(sigma / size))
    normal = Normal(
        plain=csc_array(plain),
        J=J,
        lower=csc_array(solver.L) if m else csc_array((0, 0)),
        d=np.asarray(solver.U.diagonal()) if m else np.zeros(0),
        order=np.asarray(solver.perm_r, dtype=np.intp) if m else np.zeros(0, dtype=np.intp),
        solver=solver,
        multiplier=multiplier,
    )
    return normal, known + sigma * (J.T @ multiplier)


def _factor(J: csr_array) -> tuple[NDArray[np.intp], Any]:
    """Factor J J', leaving out balances that follow from others."""
    keep = np.arange(J.shape[0])
    if not len(keep):
        return keep, None
    solver = _try(J)
    if solver is None:
        all_columns = np.ones(J.shape[1], dtype=bool)
        dependent = eliminate(J, np.zeros(J.shape[0]), unknown=all_columns).rows
        keep = np.setdiff1d(keep, dependent)
        solver = _try(csr_array(J[keep]))
        if solver is None:
            what = "has balances so nearly the same that their difference is rounding."
            raise SolveError(
                Fault(where="reconciliation", what=what, do="Check standard deviations.")
            )
    return keep, solver


def _try(J: csr_array) -> Any:
    S = csc_array(J @ J.T)
    options = {"SymmetricMode": True}
    try:
        solver = splu(S, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    except RuntimeError:  # 'Factor is exactly singular'
        return None
    return solver if float(solver.U.diagonal().min()) > DEPENDENT else None


def _judged(
    x: Array, at: _Straightened, *, y: Array, sigma: Array, size: Array, closure: Array
) -> Estimate:
    """Say of each quantity what is known of it and how well."""
    gone, normal, row_size = at.gone, at.normal, at.row_size
    if (np.abs(closure) > 1e-7 * row_size).any():
        worst = int((np.abs(closure) / row_size).argmax())
        what = f"balance {worst + 1} cannot close: values known exactly contradict each other."
        raise SolveError(
            Fault(where="reconciliation", what=what, do="Give one of them a standard deviation.")
        )
    unknown = np.isnan(y)
    loose = unknown & gone.directions(len(x)).any(axis=1)
    to_known = gone.by_known(len(x), wanted=unknown & ~loose)
    checked = normal.quadratic(csc_array(normal.J))
    is_checked: Mask = ~unknown & (sigma > 0) & (checked > UNTOUCHED)
    sd = np.where(loose, np.inf, sigma * np.sqrt(np.clip(1 - checked, 0.0, 1.0)))
    sd = np.where(unknown & ~loose, size * _derived_sd(to_known, normal, sigma / size), sd)
    z = np.zeros(len(x))
    z[is_checked] = (y - x)[is_checked] / sigma[is_checked] / np.sqrt(checked[is_checked])
    status = np.select(
        [loose, unknown, sigma == 0, is_checked],
        ["unobservable", "observable", "fixed", "redundant"],
        default="nonredundant",
    )
    seen = ~unknown & (sigma > 0)
    return Estimate(
        x=x,
        sd=sd,
        status=status,
        z=z,
        objective=float((((y - x)[seen] / sigma[seen]) ** 2).sum()),
        dof=len(normal.d),
        closure=closure,
        y=y,
        sigma=sigma,
        size=size,
        normal=normal,
        elimination=gone,
        to_known=to_known,
    )


def _derived_sd(to_known: csr_array, normal: Normal, relative: Array) -> Array:
    """Standard deviation, by size, of quantities that follow from measured ones."""
    parts = csr_array(to_known @ diags_array(relative))
    own = np.asarray((parts * parts).sum(axis=1)).ravel()
    shared = normal.quadratic(csc_array(normal.J @ parts.T))
    return np.sqrt(np.maximum(own - shared, 0.0))
