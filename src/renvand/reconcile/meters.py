"""Which extra meter would help most."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array

from renvand.reconcile.elimination import Array
from renvand.reconcile.flowsheet import FLOW
from renvand.reconcile.result import Reconciled

NEW = 1e-8  # share of a direction that earlier meters do not tell
LARGEST = 2_000  # flows; beyond, the covariance of all with all is not formed


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One meter or sample that is missing, and what it would tell."""

    stream: str
    quantity: str
    tells: tuple[tuple[str, str], ...]  # quantities that would become known, itself included
    gain: float  # share of the variance of all flows that it would remove; 0 if it tells new ones


def next_meters(
    result: Reconciled,
    quantities: Collection[str] = (FLOW,),
    *,
    relative_sd: float = 0.05,
    most: int = 3,
) -> list[Advice]:
    """Rank the meters and samples that are missing.

    As long as something is unobservable, those come first that make most quantities known; a flow
    comes before a concentration, because a flow meter serves all substances. When everything is
    known, flow meters are ranked by how much they would narrow all flows, each by its own size.

    Parameters
    ----------
    result : Reconciled
        What is there.
    quantities : collection of str
        What is wanted: 'flow' and components.
    relative_sd : float
        Of the new meter. The default is the middle of what installed flow meters reach in
        practice (2 to 10 %), and only ranks.
    most : int
        So many pieces of advice.
    """
    unknown = _unobservable(result, quantities)
    return unknown[:most] if unknown else _narrowing(result, relative_sd)[:most]


def cheapest_meters(
    result: Reconciled, prices: Mapping[str, float] | None = None
) -> list[tuple[str, float]]:
    """Choose the meters that together make every flow known, for the least money.

    Unknown flows that depend on each other form a matroid, so the greedy choice, the cheapest
    meter first that tells something new, is not only good but the cheapest of all choices.

    Parameters
    ----------
    result : Reconciled
        What is there.
    prices : mapping of str to float, optional
        Price of a meter on a stream; those not named are taken to cost as much as the dearest,
        or 1 each when none is named.

    Returns
    -------
    list of (stream, price)
        Empty when all flows are known.
    """
    found, width = result.estimate, len(result.network.streams)
    unknown = np.flatnonzero(found.status[:width] == "unobservable").tolist()
    named = dict(prices or {})
    dearest = max(named.values(), default=1.0)
    streams = [s.id for s in result.network.streams]
    price = {i: named.get(streams[i], dearest) for i in unknown}
    moved = found.elimination.directions(len(found.x), count=max(len(found.elimination.free), 1))
    chosen: list[int] = []
    basis: list[Array] = []
    for i in sorted(unknown, key=lambda i: (price[i], streams[i])):
        rest = moved[i].copy()
        for _ in range(2):  # twice is enough for rounding
            for axis in basis:
                rest -= (rest @ axis) * axis
        if np.linalg.norm(rest) > NEW * np.linalg.norm(moved[i]):
            basis.append(rest / np.linalg.norm(rest))
            chosen.append(i)
    return [(streams[i], price[i]) for i in chosen]


def _unobservable(result: Reconciled, quantities: Collection[str]) -> list[Advice]:
    found, names = result.estimate, result.network.names
    moved = found.elimination.directions(len(found.x))
    groups: dict[tuple[float, ...], list[int]] = {}
    for i in np.flatnonzero(found.status[: len(names)] == "unobservable").tolist():
        if names[i][1] not in quantities:
            continue
        row = moved[i] / moved[i][np.abs(moved[i]).argmax()]
        groups.setdefault(tuple(np.round(row, 6).tolist()), []).append(i)
    ranked = sorted(groups.values(), key=lambda g: (-len(g), names[g[0]][1] != FLOW, names[g[0]]))
    return [
        Advice(
            stream=names[group[0]][0],
            quantity=names[group[0]][1],
            tells=tuple(names[i] for i in group),
            gain=0.0,
        )
        for group in ranked
    ]


def _narrowing(result: Reconciled, relative_sd: float) -> list[Advice]:
    width = len(result.network.streams)
    if width > LARGEST:
        return []
    found = result.estimate
    relative = _covariance(result)
    own = np.diag(relative)
    error = (relative_sd * np.maximum(np.abs(found.x), 1e-9 * found.size) / found.size)[:width] ** 2
    gain = (relative**2).sum(axis=0) / np.maximum(own + error, 1e-300) / max(own.sum(), 1e-300)
    order = np.argsort(-np.round(gain, 12), kind="stable")
    names = result.network.names
    return [
        Advice(stream=names[i][0], quantity=FLOW, tells=(names[i],), gain=float(gain[i]))
        for i in order.tolist()
        if gain[i] > 0
    ]


def _covariance(result: Reconciled) -> Array:
    """Covariance of all flows, each by its size."""
    found, width = result.estimate, len(result.network.streams)
    measured = (~np.isnan(found.y)).astype(np.float64)
    to_known = csr_array(found.to_known + diags_array(measured))
    parts = csr_array(to_known[:width] @ diags_array(found.sigma / found.size))
    if not len(found.normal.d):
        return (parts @ parts.T).toarray()
    checks = (csc_array(found.normal.J) @ parts.T).toarray()
    return (parts @ parts.T).toarray() - checks.T @ found.normal.solver.solve(checks)
