"""A shortlist of plants for the trial: vetoes first, then value, then how sure the places are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.ranking import Acceptability, Ranking, additive, leaders, smaa
from renvand.steps.case import CaseData
from renvand.steps.plants import indicators as ind
from renvand.steps.plants.limits import of_class, share_above
from renvand.steps.plants.performance import yearly

if TYPE_CHECKING:
    import pandas as pd

MONTHS_NEEDED = 6  # sound months, or the plant's data come first
OFTEN = 0.25  # of the months above a limit: such a plant needs repair, not a trial
FEWEST, MOST = 3, 5  # plants on the shortlist
LIKELY = 0.25  # probability to be among the first three that keeps a fourth and fifth on it
CONCENTRATION = 50.0  # of the weights: a weight of 0.1 has the standard deviation 0.04
UNKNOWN_VALUE, UNKNOWN_SD = 0.5, 12**-0.5  # an indicator not known may be anything from 0 to 1
RESAMPLES = 100  # of the months, for the error of what follows from them
DRAWS = 10_000
COMPARED = 200  # so many are compared place by place, with all that ever come near the front
VETOES = ("data", "limits")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Who was compared, on what, and how it came out."""

    values: pd.DataFrame  # (plant, indicator), NaN where not known
    sd: pd.DataFrame  # (plant, indicator)
    vetoes: Mapping[str, str]  # plant: one of VETOES
    ranking: Ranking
    places: Acceptability
    shortlisted: tuple[str, ...]  # best first


def vetoes(case: CaseData, plants: pd.DataFrame, *, months: pd.DataFrame) -> dict[str, str]:
    """Name the plants that no score can save, with the reason.

    Parameters
    ----------
    case : CaseData
        For the limits.
    plants : DataFrame
        Index ``id``; ``discharge_class``.
    months : DataFrame
        Sound months.
    """
    found: dict[str, str] = {}
    for plant, grade in plants["discharge_class"].items():
        own = months[months["plant"] == plant]
        if len(own) < MONTHS_NEEDED:
            found[str(plant)] = "data"
        elif share_above(case, own, grade=str(grade)) > OFTEN:
            found[str(plant)] = "limits"
    return found


def tn_limits(case: CaseData, plants: pd.DataFrame) -> pd.Series:
    """Limit of total nitrogen of each plant's class; the usual one where the class has none."""
    grades = plants["discharge_class"].fillna("")
    return grades.map(lambda g: of_class(case, str(g)).get("tn", ind.TN_LIMIT)).astype("float64")


def measure(
    case: CaseData, plants: pd.DataFrame, *, months: pd.DataFrame, reported: pd.Series
) -> pd.DataFrame:
    """Compute all indicators of the candidates.

    Parameters
    ----------
    case : CaseData
        For the reaches and for all plants of the region.
    plants : DataFrame
        Candidates, index ``id``.
    months : DataFrame
        Their sound months.
    reported : Series
        Number of months reported, sound or not, by plant.

    Returns
    -------
    DataFrame
        Index ``id``, columns as ``WEIGHTS``; NaN where not known.
    """
    import pandas as pd

    year = yearly(months).loc[plants.index]
    whole = case.tables["plants"].set_index("id")
    lines = plants["lines"].astype("float64")
    cold = months["temperature_c"].lt(ind.COLD).groupby(months["plant"]).mean()
    others = pd.DataFrame(
        {
            "process": plants["process"].map(ind.PROCESS),
            "lines": ((lines - 1).clip(0.0, 1.0)).where(lines.notna()),
            "winter": 1 - cold.reindex(plants.index),
            "quality": year["months"] / np.maximum(reported.reindex(plants.index), 12),
            "river": ind.river_benefit(plants, case.tables["reaches"]),
            "transfer": ind.transferability(whole).reindex(plants.index),
        }
    )
    own = ind.from_operation(year, tn_limit=tn_limits(case, plants).to_numpy())
    return pd.concat([own, others], axis=1)[list(ind.WEIGHTS)]


def scatter(
    case: CaseData, plants: pd.DataFrame, *, months: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Standard error of what follows from operation, by drawing the months again and again."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    parts: list[pd.DataFrame] = []
    for place, plant in enumerate(plants.index):
        rows = np.flatnonzero(months["plant"] == plant)
        picked = rng.choice(rows, (RESAMPLES, len(rows)))
        label = np.repeat(np.arange(RESAMPLES) * len(plants) + place, len(rows))
        parts.append(months.iloc[picked.ravel()].assign(plant=label))
    year = yearly(pd.concat(parts))  # in the order of the labels: all plants, draw by draw
    limit = np.tile(tn_limits(case, plants).to_numpy(), RESAMPLES)
    drawn = ind.from_operation(year, tn_limit=limit).to_numpy()
    spread = drawn.reshape(RESAMPLES, len(plants), -1).std(axis=0)
    return pd.DataFrame(spread, index=plants.index, columns=list(ind.FROM_OPERATION))


def shortlist(
    case: CaseData, months: pd.DataFrame, *, reported: pd.Series, seed: int
) -> Choice | None:
    """Choose three to five plants for a demonstration.

    Parameters
    ----------
    case : CaseData
        Plants, reaches; weights under ``[plants.weights]`` where the case sets its own.
    months : DataFrame
        Sound months of all plants.
    reported : Series
        Number of months reported, by plant.
    seed : int
        Of the random numbers.

    Returns
    -------
    Choice or None
        None when all plants are vetoed.
    """
    known = set(months["plant"]) | set(reported.index)
    plants = case.tables["plants"].set_index("id")
    asked = plants[plants.index.isin(list(known))].sort_index()
    banned = vetoes(case, asked, months=months)
    candidates = asked[~asked.index.isin(list(banned))]
    if candidates.empty:
        return None
    own = months[months["plant"].isin(list(candidates.index))]
    values = measure(case, candidates, months=own, reported=reported)
    sd = (values * 0.0).fillna(UNKNOWN_SD)
    errors = scatter(case, candidates, months=own, seed=seed)
    sd[errors.columns] = errors
    weights: Mapping[str, float] = case.settings.get("plants", {}).get("weights", ind.WEIGHTS)
    return _compare(values, sd, weights=weights, banned=banned, seed=seed)


def _compare(
    values: pd.DataFrame,
    sd: pd.DataFrame,
    *,
    weights: Mapping[str, float],
    banned: Mapping[str, str],
    seed: int,
) -> Choice:
    """Rank, and count places under other weights and months; unknown is half of the scale."""
    filled = values.fillna(UNKNOWN_VALUE)
    ranges = dict.fromkeys(filled.columns, (0.0, 1.0))
    ranges["save"] = (0.0, float(max(filled["save"].max(), 1.0)))  # the others end at 1
    best = contenders(filled, weights, sd=sd, ranges=ranges, seed=seed)
    ranking = additive(filled.loc[best], weights, ranges=ranges)
    places = smaa(
        filled.loc[best],
        weights,
        concentration=CONCENTRATION,
        sd=sd.loc[best],
        ranges=ranges,
        draws=DRAWS,
        first=min(FEWEST, len(best)),
        seed=seed,
    )
    return Choice(
        values=values.loc[best],
        sd=sd.loc[best],
        vetoes=banned,
        ranking=ranking,
        places=places,
        shortlisted=_cut(ranking, places),
    )


def contenders(
    filled: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    sd: pd.DataFrame,
    ranges: Mapping[str, tuple[float, float]],
    seed: int,
) -> list[str]:
    """Name the plants to compare place by place, of a list of any length.

    Parameters
    ----------
    filled, sd : DataFrame (plant, indicator)
        Without gaps.
    weights, ranges : mapping
        By indicator.
    seed : int
        Of the draws.

    Returns
    -------
    list of str
        Those that are among the first five in any draw over all plants, and the best by value; in
        the order of the list.
    """
    if len(filled) <= COMPARED:
        return list(filled.index)
    near = leaders(
        filled, weights, sd=sd, concentration=CONCENTRATION, ranges=ranges, draws=DRAWS,
        first=MOST, seed=seed,
    )  # fmt: skip
    first = set(additive(filled, weights, ranges=ranges).order[:COMPARED])
    return [name for name, p in zip(filled.index, near, strict=True) if p > 0 or name in first]


def _cut(ranking: Ranking, places: Acceptability) -> tuple[str, ...]:
    likely = dict(
        zip(
            places.alternatives,
            places.probability_first(min(FEWEST, len(places.alternatives))),
            strict=True,
        )
    )
    more = [name for name in ranking.order[FEWEST:MOST] if likely[name] >= LIKELY]
    return (*ranking.order[:FEWEST], *more)
