"""Reconciliation cases as files hold them: a matrix, equations, or streams and measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from renvand.errors import Fault, FileError, near
from renvand.reconcile.elimination import Array
from renvand.reconcile.equations import read_equations
from renvand.reconcile.estimate import Estimate, System, estimate
from renvand.reconcile.gross import GrossError, Search, eliminate_errors
from renvand.reconcile.meters import next_meters
from renvand.reconcile.result import Reconciled, reconcile

if TYPE_CHECKING:
    import pandas as pd

Case = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A x = 0."""

    A: csr_array

    is_linear = True

    def residual(self, x: Array) -> Array:
        """What is left of each balance."""
        return self.A @ x

    def jacobian(self, x: Array) -> csr_array:
        """Give A."""
        del x
        return self.A


def cases_of(page: Any) -> list[Case]:
    """Find the cases of a page: one table, a list of them, or lists under names.

    Raises
    ------
    FileError
        When there is none.
    """
    listed: Sequence[Any]
    if isinstance(page, Mapping):
        own = any(key in page for key in ("A", "equations", "streams"))
        listed = [page] if own else [c for v in page.values() if isinstance(v, list) for c in v]
    else:
        listed = page if isinstance(page, list) else []
    if not listed or not all(isinstance(case, Mapping) for case in listed):
        do = "Give tables with A, equations, or streams and measurements."
        raise FileError(Fault(where="file", what="holds no reconciliation case.", do=do))
    return list(listed)


def solve_case(case: Case, *, significance: float = 0.05) -> dict[str, Any]:
    """Reconcile one case.

    Parameters
    ----------
    case : mapping
        Either ``A, y, var`` (balances A x = 0; an empty y, None or NaN, was not measured); or
        ``equations, y, var`` with measured x1, x2, … and unmeasured u1, u2, … from ``start_u``
        (or own ``names``); or ``streams`` and ``measurements``, lists of tables as in
        :func:`reconcile`, and ``units``.
    significance : float
        Chance of a false alarm of each test.

    Returns
    -------
    dict
        ``x_rec, sd_rec, objective, dof, chi2_95, gross_error_global, max_z, max_z_stream,
        z_crit_sidak, z_critical, z, status`` with all measurements; ``errors``, and the values
        without them; of networks ``table, balances, next_meters``.

    Raises
    ------
    FileError
        When the case cannot be read; SolveError when no values fit.
    """
    if "streams" in case:
        return _network_case(case, significance)
    if "equations" not in case and "A" not in case:
        where = f"case '{case.get('id', '')}'"
        do = "Give A, equations, or streams with measurements."
        raise FileError(Fault(where=where, what="has no balances.", do=do))
    system, y, sigma, start, names = _given(case)
    size = np.maximum(np.abs(start), 0.01 * float(np.median(np.abs(start))) or 1.0)

    def solve(removed: frozenset[int]) -> Estimate:
        measured = y.copy()
        measured[list(removed)] = np.nan
        return estimate(system, measured, sigma=sigma, start=start, size=size)

    first = solve(frozenset())
    none = range(len(y), len(y))
    search = eliminate_errors(first, solve, leaks=none, significance=significance, most=5)
    return _told(first, names, search)


def _given(case: Case) -> tuple[System, Array, Array, Array, list[str]]:
    where = f"case '{case.get('id', '')}'"
    y, unmeasured, var, A = (
        _numbers(case.get(key, []), where=f"{where}, {key}") for key in ("y", "start_u", "var", "A")
    )
    names = [f"x{i + 1}" for i in range(len(y))] + [f"u{i + 1}" for i in range(len(unmeasured))]
    names = [str(name) for name in case.get("names", names)]
    var = var if "var" in case else np.ones(len(y))
    if len(var) == len(y):
        var = np.r_[var, np.ones(len(unmeasured))]
    y = np.r_[y, np.full(len(unmeasured), np.nan)]
    faults = [
        Fault(where=where, what=what, do=do)
        for is_wrong, what, do in (
            (not len(y), "has no measurements y.", near("y", case)),
            (len(names) != len(y), "has not one name for each quantity.", "Check names."),
            (
                len(var) != len(y) or not (var >= 0).all(),
                "does not have one var, zero or more, for each y.",
                "Give variances, not standard deviations.",
            ),
            (
                "A" in case and (A.ndim != 2 or A.shape[1] != len(y)),
                "has an A of another width than y.",
                "Check A.",
            ),
        )
        if is_wrong
    ]
    if faults:
        raise FileError(faults)
    guess = float(np.nanmedian(y)) if (~np.isnan(y)).any() else 1.0
    start = np.where(np.isnan(y), guess, y)
    start[len(y) - len(unmeasured) :] = unmeasured
    if "A" in case:
        return Linear(A=csr_array(A)), y, np.sqrt(var), start, names
    return read_equations(case["equations"], names), y, np.sqrt(var), start, names


def _numbers(given: Any, *, where: str) -> Array:
    try:
        return np.array(given, dtype=np.float64)  # None becomes NaN: not measured
    except (TypeError, ValueError) as error:
        what = f"is not a list of numbers: {error}."
        raise FileError(Fault(where=where, what=what, do="Give numbers only.")) from error


def _told(first: Estimate, names: list[str], search: Search) -> dict[str, Any]:
    tests = search.first
    return {
        "names": names,
        "x_rec": _json(first.x, first),
        "sd_rec": _json(first.sd, first),
        "status": first.status.tolist(),
        "objective": first.objective,
        "dof": first.dof,
        "chi2_95": tests.chi2_critical,
        "p_value": tests.p_value,
        "gross_error_global": tests.is_global_alarm,
        "max_z": tests.largest_z,
        "max_z_stream": None if tests.largest_at is None else tests.largest_at + 1,
        "z_crit_sidak": tests.z_sidak,
        "z_critical": tests.z_critical,
        "z": np.abs(first.z).tolist(),
        "errors": [_error(e, names) for e in search.errors],
        "x_without_errors": _json(search.estimate.x, search.estimate),
        "sd_without_errors": _json(search.estimate.sd, search.estimate),
    }


def _json(values: Array, found: Estimate) -> list[float | None]:
    shown = found.status != "unobservable"
    return [float(v) if ok else None for v, ok in zip(values, shown, strict=True)]


def _error(error: GrossError, names: Sequence[Any]) -> dict[str, Any]:
    return {
        "at": names[error.at],
        "is_leak": error.is_leak,
        "is_identified": error.is_identified,
        "twins": [names[i] for i in error.twins],
        "leaks": [names[i] for i in error.leaks],
        "objective_before": error.before,
        "objective_after": error.after,
        "suspects": [
            {"at": names[s.at], "z": s.z, "size": s.size, "sd": s.sd, "probability": s.probability}
            for s in error.suspects
        ],
    }


_NUMBERS = {"streams": ("low", "high"), "measurements": ("value", "sd"), "units": ()}


def _rows(case: Case, name: str) -> pd.DataFrame:
    """Give a list of tables as a frame, its numbers checked to be numbers."""
    import pandas as pd

    listed = case.get(name)
    if not isinstance(listed, list) or not all(isinstance(row, Mapping) for row in listed):
        where = f"case '{case.get('id', '')}'"
        raise FileError(
            Fault(where=where, what=f"has no list {name}.", do="Give a list of tables.")
        )
    faults = [
        Fault(where=f"{name}, row {i}, {key}", what=f"'{row[key]}' is no number.", do="Correct it.")
        for i, row in enumerate(listed, 1)
        for key in _NUMBERS[name]
        if key in row and (isinstance(row[key], bool) or not isinstance(row[key], int | float))
    ]
    if faults:
        raise FileError(faults)
    return pd.DataFrame(listed)


def _network_case(case: Case, significance: float) -> dict[str, Any]:
    streams, measurements = _rows(case, "streams"), _rows(case, "measurements")
    made: Reconciled = reconcile(
        streams,
        measurements,
        units=_rows(case, "units") if "units" in case else None,
        significance=significance,
    )
    names = [made.name(i) for i in range(len(made.estimate.x))]
    told: dict[str, Any] = {
        "objective": made.first.objective,
        "dof": made.first.dof,
        "chi2_95": made.first.chi2_critical,
        "p_value": made.first.p_value,
        "gross_error_global": made.first.is_global_alarm,
        "max_z": made.first.largest_z,
        "max_z_stream": None if made.first.largest_at is None else names[made.first.largest_at],
        "z_crit_sidak": made.first.z_sidak,
        "z_critical": made.first.z_critical,
        "objective_without_errors": made.last.objective,
        "errors": [_error(e, names) for e in made.errors],
        "next_meters": [
            {"stream": a.stream, "quantity": a.quantity, "tells": a.tells, "gain": a.gain}
            for a in next_meters(made)
        ],
    }
    for name, frame in (("table", made.table()), ("balances", made.balances())):
        told[name] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return told
