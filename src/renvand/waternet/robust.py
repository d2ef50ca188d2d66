"""Networks on bad days: how often demands are kept, and a network that keeps them.

Flows stand as they are built; the qualities of sources, the fresh water and the loads of
operations are drawn anew, and every concentration follows from the balances.

References
----------
Sample average with scenarios: each drawn day is one scenario; the network of the tightened case
that costs least and keeps the share of days asked for is found by halving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from renvand.errors import Fault, SolveError
from renvand.waternet.case import DISCHARGE, Amounts, WaterCase
from renvand.waternet.linear import Vector
from renvand.waternet.solve import Network, solve

if TYPE_CHECKING:
    import pandas as pd

_HALVINGS = 7
_TRIFLE = 1e-6  # relative, and 1e-6 ppm: kept within the accuracy of the network itself
_MOST = 0.95  # share by which demands are tightened at most
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Draws = Mapping[str, Vector]  # by contaminant


@dataclass(frozen=True, kw_only=True)
class Robustness:
    """How often a network's demands are kept when qualities vary."""

    kept: float  # share of draws in which every demand is kept
    by_sink: pd.DataFrame  # sink, contaminant, limit, median, high (95 %), kept (share)


@dataclass(frozen=True, kw_only=True)
class Safe:
    """A network that bears variation, and what that costs."""

    network: Network
    margin: float  # share by which demands were tightened
    kept: float  # share of draws in which every demand is kept
    price: float  # objective over that of the network without margin


def robustness(
    case: WaterCase, network: Network, *, spread: float, draws: int = 1000, seed: int = 0
) -> Robustness:
    """Draw all qualities anew and see which demands are still kept.

    Parameters
    ----------
    case : WaterCase
        The plant.
    network : Network
        Its flows are kept.
    spread : float
        Coefficient of variation of source qualities and loads, lognormal. [-]
    draws : int
        Number of days drawn.
    seed : int
        Of the random numbers.

    Returns
    -------
    Robustness
        Share of draws kept, over all and for each demand.

    Notes
    -----
    Treatments of fixed outlet hold it; those of fixed removal take their share. Not for what
    varies together: every source and every load varies on its own.
    """
    import pandas as pd

    days = _Days(case, network, spread=spread, draws=draws, seed=seed)
    rows: list[dict[str, object]] = []
    all_kept = np.ones(draws, dtype=bool)
    for name, wanted in days.demands().items():
        for k, limit in wanted.items():
            mixed = days.entering(name, k)
            kept = mixed <= limit * (1 + _TRIFLE) + _TRIFLE
            all_kept &= kept
            rows.append(
                {
                    "sink": name,
                    "contaminant": k,
                    "limit": limit,
                    "median": float(np.median(mixed)),
                    "high": float(np.quantile(mixed, 0.95)),
                    "kept": float(kept.mean()),
                }
            )
    columns = ["sink", "contaminant", "limit", "median", "high", "kept"]
    table = pd.DataFrame(rows, columns=pd.Index(columns))
    return Robustness(kept=float(all_kept.mean()), by_sink=table)


class _Days:
    """Concentrations leaving every place, in every draw, by the balances of the network."""

    def __init__(
        self, case: WaterCase, network: Network, *, spread: float, draws: int, seed: int
    ) -> None:
        self.case, self.draws = case, draws
        self.pipes = cast("list[dict[str, Any]]", network.flows.to_dict("records"))
        chance = np.random.default_rng(seed)
        sigma = float(np.sqrt(np.log1p(spread**2)))

        def varied(amounts: Amounts) -> dict[str, Vector]:
            return {
                k: amounts.get(k, 0.0)
                * np.exp(sigma * chance.standard_normal(draws) - sigma**2 / 2)
                for k in case.contaminants
            }

        self.known: dict[tuple[str, str], dict[str, Vector]] = {
            ("source", s.name): varied(s.quality) for s in case.sources
        }
        self.loads = {o.name: varied(o.load) for o in case.operations}
        for f in case.fresh:
            self.known["fresh", f.name] = {
                k: np.full(draws, f.quality[k]) for k in case.contaminants
            }
        for k in case.contaminants:
            self._balance(k)

    def _balance(self, k: str) -> None:
        """Solve the balances of operations and treatments for one contaminant, draw by draw."""
        places = [("operation", o.name) for o in self.case.operations]
        places += [("treatment", t.name) for t in self.case.treatments]
        order = {place: i for i, place in enumerate(places)}
        matrix, right = np.eye(len(places)), np.zeros((len(places), self.draws))
        for place, i in order.items():
            keeps, added = self._unit(place, k)
            right[i] = added
            inflow = sum(p["flow"] for p in self.pipes if (p["to_role"], p["to"]) == place)
            for pipe in self.pipes:
                if (pipe["to_role"], pipe["to"]) != place or inflow <= 0:
                    continue
                share = keeps * pipe["flow"] / inflow
                start = (pipe["from_role"], pipe["from"])
                if start in order:
                    matrix[i, order[start]] -= share
                else:
                    right[i] += share * self.known[start][k]
        made = np.linalg.solve(matrix, right) if places else right
        for place, i in order.items():
            self.known.setdefault(place, {})[k] = made[i]

    def _unit(self, place: tuple[str, str], k: str) -> tuple[float, Vector]:
        """Give what a unit passes on of its inlet concentration, and what it adds. [-, ppm]"""
        role, name = place
        if role == "treatment":
            unit = next(t for t in self.case.treatments if t.name == name)
            if k in unit.outlet:
                return 0.0, np.full(self.draws, unit.outlet[k])
            return 1 - unit.removal.get(k, 0.0), np.zeros(self.draws)
        operation = next(o for o in self.case.operations if o.name == name)
        inflow = sum(p["flow"] for p in self.pipes if (p["to_role"], p["to"]) == place)
        leaves = max(inflow - operation.loss, 1e-12)
        return inflow / leaves, self.loads[name][k] * self.case.load_factor / leaves

    def demands(self) -> dict[str, Amounts]:
        """Give what each sink, operation, treatment and the discharge accepts."""
        wanted: dict[str, Amounts] = {s.name: s.worst for s in self.case.sinks}
        wanted |= {o.name: o.inlet for o in self.case.operations}
        wanted |= {t.name: t.inlet for t in self.case.treatments if t.inlet}
        return wanted | ({DISCHARGE.name: self.case.limit} if self.case.limit else {})

    def entering(self, name: str, k: str) -> Vector:
        """Give the mixed concentration that enters a place. (draw,) [ppm]"""
        pipes = [p for p in self.pipes if p["to"] == name]
        flow = sum(p["flow"] for p in pipes)
        if flow <= 0:
            return np.zeros(self.draws)
        carried = sum(
            (p["flow"] * self.known[p["from_role"], p["from"]][k] for p in pipes),
            np.zeros(self.draws),
        )
        return carried / flow


def with_margin(case: WaterCase, share: float) -> WaterCase:
    """Tighten every demand by a share of its room above the cleanest fresh water.

    Parameters
    ----------
    case : WaterCase
        The plant.
    share : float
        0 leaves it as it is; 1 would allow fresh water only.

    Returns
    -------
    WaterCase
        With tighter sinks, inlets and discharge; outlets stay.
    """
    clean = {k: min((f.quality[k] for f in case.fresh), default=0.0) for k in case.contaminants}

    def tighter(amounts: Amounts) -> dict[str, float]:
        return {k: v - share * max(v - clean[k], 0.0) for k, v in amounts.items()}

    return replace(
        case,
        sinks=tuple(replace(s, worst=tighter(s.worst)) for s in case.sinks),
        operations=tuple(replace(o, inlet=tighter(o.inlet)) for o in case.operations),
        limit=None if case.limit is None else tighter(case.limit),
    )


def robust(
    case: WaterCase,
    *,
    spread: float,
    kept: float = 0.95,
    draws: int = 1000,
    seconds: float = 60.0,
    gap: float = 1e-3,
    seed: int = 0,
) -> Safe:
    """Find a network that keeps every demand on a share of all days, and its price.

    Parameters
    ----------
    case : WaterCase
        The plant.
    spread : float
        Coefficient of variation of source qualities and loads. [-]
    kept : float
        Share of days on which all demands must be kept together.
    draws : int
        Number of days drawn.
    seconds : float
        Time allowed for all networks together. [s]
    gap : float
        Relative gap of each network.
    seed : int
        Of the random numbers.

    Returns
    -------
    Safe
        The network of the smallest margin, within a hundredth, that keeps the share.

    Raises
    ------
    SolveError
        When no margin is enough, as when a load alone is too much for the fresh water.
    """
    each = seconds / (_HALVINGS + 2)

    def tried(margin: float) -> tuple[Network, float] | None:
        try:
            network = solve(with_margin(case, margin), seconds=each, gap=gap, seed=seed)
        except SolveError:
            return None
        found = robustness(case, network, spread=spread, draws=draws, seed=seed)
        return network, found.kept

    plain = solve(case, seconds=each, gap=gap, seed=seed)
    first = robustness(case, plain, spread=spread, draws=draws, seed=seed).kept
    if first >= kept:
        return Safe(network=plain, margin=0.0, kept=first, price=1.0)
    low, high = 0.0, _MOST
    best: tuple[float, Network, float] | None = None
    for _ in range(_HALVINGS):
        margin = (low + high) / 2
        answer = tried(margin)
        if answer is not None and answer[1] >= kept:
            best, high = (margin, *answer), margin
        elif answer is None:
            high = margin  # too tight for any network
        else:
            low = margin
    if best is None:
        what = (
            f"no margin keeps its demands on {100 * kept:.0f} % of days; "
            f"without one they are kept on {100 * first:.0f} %."
        )
        do = "Allow less variation, a smaller share, or cleaner fresh water."
        raise SolveError(Fault(where=f"case '{case.id}'", what=what, do=do))
    margin, network, share = best
    price = network.objective / plain.objective if plain.objective else 1.0
    return Safe(network=network, margin=margin, kept=share, price=price)
