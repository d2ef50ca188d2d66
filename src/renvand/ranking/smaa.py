"""SMAA: how often each alternative takes each place, when weights and data are not sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, FileError, OurFault, near
from renvand.ranking.scores import distances, partial_values, scale
from renvand.ranking.table import Array, PerCriterion, Table, Values, direction, read, read_weights

if TYPE_CHECKING:
    import pandas as pd

Generator: TypeAlias = np.random.Generator
Single: TypeAlias = NDArray[np.float32]
Sampler: TypeAlias = Callable[[Generator, int], Array]  # draws (draw, alternative, criterion)

CELLS_AT_ONCE = 2**18  # 2 MB a temporary: stays in the cache
BINS = 2_000  # places told apart for the interval; beyond, several places share a bin
TIE = 1e-12  # of a score that runs from 0 to 1


@dataclass(frozen=True, kw_only=True)
class Acceptability:
    """Places as probabilities."""

    alternatives: tuple[str, ...]
    criteria: tuple[str, ...]
    draws: int
    rank_probability: Array  # (alternative, place 1 … first)
    mean_rank: Array  # (alternative,)
    rank_low: NDArray[np.intp]  # (alternative,), 2.5 % of draws are better
    rank_high: NDArray[np.intp]  # (alternative,), 2.5 % of draws are worse
    central_weights: Array  # (alternative, criterion); NaN for those that are never first

    def __repr__(self) -> str:
        first = self.rank_probability[:, 0]
        told = (f"{self.alternatives[i]} {first[i]:.2f}" for i in np.argsort(-first)[:5])
        return f"<Acceptability in {self.draws} draws; first place: {', '.join(told)}>"

    def table(self) -> pd.DataFrame:
        """Give one row an alternative: probability of each place, mean place, 95 % interval."""
        import pandas as pd

        places = range(1, self.rank_probability.shape[1] + 1)
        table = pd.DataFrame(self.rank_probability, index=[*self.alternatives], columns=[*places])
        ends = {"mean": self.mean_rank, "low": self.rank_low, "high": self.rank_high}
        return table.assign(**{f"{name}_rank": value for name, value in ends.items()})

    @property
    def standard_error(self) -> float:
        """The largest standard error of a probability, from the number of draws."""
        return 0.5 / float(np.sqrt(self.draws))

    def probability_first(self, n: int = 1) -> Array:
        """Give the probability of each alternative to be among the first n.

        Raises
        ------
        OurFault
            When more places are asked for than were counted.
        """
        if not 1 <= n <= self.rank_probability.shape[1]:
            raise OurFault(f"smaa counted {self.rank_probability.shape[1]} places, not {n}")
        return self.rank_probability[:, :n].sum(axis=1)

    def of(self, alternative: str) -> int:
        """Give the row of an alternative."""
        if alternative not in self.alternatives:
            what = f"has no '{alternative}'."
            raise FileError(Fault(where="smaa", what=what, do=near(alternative, self.alternatives)))
        return self.alternatives.index(alternative)


def lognormal(values: Values, relative_sd: Values | float) -> Sampler:
    """Make a sampler for quantities that cannot be negative, such as loads and flows.

    Parameters
    ----------
    values : array (alternative, criterion)
        Medians, not negative; zero stays zero.
    relative_sd : float or array (alternative, criterion)
        Standard deviation of the logarithm; 0.5 means about ±50 %.
    """
    median = read(values).x
    if (median < 0).any():
        raise FileError(
            Fault(where="lognormal", what="has a negative value.", do="Use sd for that criterion.")
        )
    sd = np.broadcast_to(np.array(relative_sd, dtype=np.float64), median.shape)
    return lambda rng, k: median * np.exp(sd * rng.standard_normal((k, *median.shape)))


def smaa(
    values: Values,
    weights: PerCriterion[float] | None = None,
    *,
    concentration: float | None = None,
    sd: Values | None = None,
    sampler: Sampler | None = None,
    is_cost: PerCriterion[bool] | None = None,
    ranges: PerCriterion[tuple[float, float]] | None = None,
    method: Literal["additive", "topsis"] = "additive",
    draws: int = 10_000,
    first: int = 10,
    seed: int = 0,
) -> Acceptability:
    """Rank again and again with other weights and other errors, and count the places.

    Parameters
    ----------
    values : DataFrame or array (alternative, criterion)
        Best estimates.
    weights : by criterion, optional
        Left out: all weights are possible and equally likely (the free simplex). Given alone:
        they are sure. Given with `concentration`: they scatter around what is given.
    concentration : float, optional
        Of the Dirichlet distribution: a weight w has the standard deviation
        sqrt(w (1 - w) / (concentration + 1)).
    sd : array (alternative, criterion), optional
        Standard deviations of independent normal errors; zero for what is sure.
    sampler : callable, optional
        Instead of `sd`: takes a generator and a number, gives that many tables;
        see :func:`lognormal`.
    is_cost, ranges
        As in :func:`additive`. Ranges come from the best estimates, the same in every draw.
    method : str
        'additive' or 'topsis'.
    draws : int
        How often.
    first : int
        So many places are told singly.
    seed : int
        Same seed, same answer.

    Returns
    -------
    Acceptability
        Equal scores share their places by lot.

    References
    ----------
    lahdelma2001
    """
    table = read(values)
    w = None if weights is None else read_weights(weights, table)
    if sd is not None and sampler is not None:
        raise FileError(Fault(where="smaa", what="has sd and sampler.", do="Give one of the two."))
    tables = sampler or _normal(table, sd)
    score = _scorer(table, is_cost=is_cost, ranges=ranges, method=method)
    count = _Count(table, first=first)
    rng = np.random.default_rng(seed)
    for k in _chunks(draws, table.x.size):
        drawn = _weights(w, len(table.criteria), rng=rng, k=k, concentration=concentration)
        count.add(score(tables(rng, k), drawn), drawn, rng)
    return count.result(draws)


def leaders(
    values: Values,
    weights: PerCriterion[float],
    *,
    sd: Values,
    concentration: float,
    ranges: PerCriterion[tuple[float, float]] | None = None,
    draws: int = 10_000,
    first: int = 5,
    seed: int = 0,
) -> Array:
    """Give how likely each of very many alternatives is to be among the first few.

    The same probabilities as those of :func:`smaa` with these arguments and additive values, from
    other random numbers: given the weights, a sum of normal errors is one normal error, so an
    alternative takes one number a draw and not one for each criterion. Nothing is told of the
    places below; single precision tells scores apart to a ten millionth.

    Parameters
    ----------
    values, weights, sd, concentration, ranges, draws, seed
        As for :func:`smaa`; more is better.
    first : int
        Places that count.

    Returns
    -------
    array (alternative,)
    """
    table = read(values)
    w = read_weights(weights, table)
    low, span = scale(table, ranges=ranges)
    first = min(first, len(table.alternatives))
    mean = ((table.x - low) / span).T.astype(np.float32, order="C")
    spread = (read(sd).x / span).T.astype(np.float32, order="C") ** 2
    rng = np.random.default_rng(seed)
    count = np.zeros(mean.shape[1])
    ahead = np.argsort(-(w @ mean))[: 16 * first]  # the first few of these bound those of all
    for k in _chunks(draws, mean.shape[1]):
        drawn = _weights(w, len(w), rng=rng, k=k, concentration=concentration).astype(np.float32)
        score = _summed(np.square(drawn), spread)
        np.sqrt(score, out=score)
        score *= rng.standard_normal(score.shape, dtype=np.float32)
        score += _summed(drawn, mean)
        least = np.partition(score[:, ahead], -first, axis=1)[:, -first]
        draw, who = np.nonzero(score >= least[:, None])
        order = np.lexsort((-score[draw, who], draw))
        place = np.arange(len(order)) - np.searchsorted(draw, draw)
        count += np.bincount(who[order][place < first], minlength=len(count))
    return count / draws


def _summed(weights: Single, parts: Single) -> Single:
    """Give weights (draw, criterion) times parts (criterion, alternative), on one core."""
    made = weights[:, :1] * parts[0]
    for j in range(1, len(parts)):
        made += weights[:, j : j + 1] * parts[j]
    return made


def _chunks(draws: int, cells: int) -> Iterator[int]:
    step = max(1, CELLS_AT_ONCE // cells)
    for start in range(0, draws, step):
        yield min(step, draws - start)


def _normal(table: Table, sd: Values | None) -> Sampler:
    if sd is None:
        return lambda _, k: np.broadcast_to(table.x, (k, *table.x.shape))
    error = read(sd).x
    if error.shape != table.x.shape or (error < 0).any():
        do = "Give one standard deviation, zero or more, for each cell."
        raise FileError(Fault(where="sd", what="does not fit the values.", do=do))
    return lambda rng, k: table.x + error * rng.standard_normal((k, *table.x.shape))


def _weights(
    w: Array | None, m: int, *, rng: Generator, k: int, concentration: float | None
) -> Array:
    if w is None:
        return rng.dirichlet(np.ones(m), k)
    if concentration is None:
        return np.broadcast_to(w, (k, m))
    drawn = np.zeros((k, m))
    drawn[:, w > 0] = rng.dirichlet(concentration * w[w > 0], k)
    return drawn


def _scorer(
    table: Table,
    *,
    is_cost: PerCriterion[bool] | None,
    ranges: PerCriterion[tuple[float, float]] | None,
    method: str,
) -> Callable[[Array, Array], Array]:
    sign = direction(is_cost, table)
    low, span = scale(table, ranges=ranges)

    def by_value(x: Array, w: Array) -> Array:
        return np.matmul(partial_values(x, low=low, span=span, sign=sign), w[:, :, None])[..., 0]

    def by_closeness(x: Array, w: Array) -> Array:
        far, close, total = distances(x, w, sign=sign)
        return 0.5 + (far - close).sum(axis=-1) / (2 * total**2)

    return by_closeness if method == "topsis" else by_value


class _Count:
    """Places counted so far; wide tables count the places beyond `first` in bins."""

    def __init__(self, table: Table, *, first: int) -> None:
        n = len(table.alternatives)
        self.table, self.first = table, min(first, n)
        width = -(-max(n - self.first, 1) // BINS)
        place = np.arange(n)
        beyond = self.first + (place - self.first) // width
        self.bin_of = np.where(place < self.first, place, beyond).astype(np.intp)
        self.low = np.flatnonzero(np.r_[True, np.diff(self.bin_of) > 0]) + 1
        self.high = np.r_[self.low[1:] - 1, n]
        self.counts = np.zeros((n, len(self.low)), dtype=np.int32)
        self.sum_rank = np.zeros(n)
        self.sum_weights = np.zeros(table.x.shape)

    def add(self, score: Array, weights: Array, rng: Generator) -> None:
        """Count the places of a chunk of draws (draw, alternative)."""
        order = np.argsort(-score - TIE * rng.random(score.shape), axis=1)
        np.add.at(self.counts, (order, self.bin_of), 1)
        place = np.broadcast_to(np.arange(1.0, score.shape[1] + 1), order.shape)
        self.sum_rank += np.bincount(order.ravel(), weights=place.ravel())
        np.add.at(self.sum_weights, order[:, 0], weights)

    def result(self, draws: int) -> Acceptability:
        """Turn counts into probabilities."""
        up_to = np.cumsum(self.counts, axis=1) / draws
        won = self.counts[:, [0]].astype(np.float64)
        never = np.full_like(self.sum_weights, np.nan)
        return Acceptability(
            alternatives=self.table.alternatives,
            criteria=self.table.criteria,
            draws=draws,
            rank_probability=self.counts[:, : self.first] / draws,
            mean_rank=self.sum_rank / draws,
            rank_low=self.low[(up_to >= 0.025).argmax(axis=1)],
            rank_high=self.high[(up_to >= 0.975).argmax(axis=1)],
            central_weights=np.divide(self.sum_weights, won, out=never, where=won > 0),
        )
