"""The ranking of sites: several criteria, uncertain weights and data, never one number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.ranking import (
    Preference,
    additive,
    cumulative_share,
    promethee,
    smaa,
    topsis,
)

if TYPE_CHECKING:
    import pandas as pd

# Each criterion: the column it is made of, and whether it is taken as a logarithm.
CRITERIA: Mapping[str, tuple[str, bool]] = {
    "load": ("equal_standard_m3_a", True),
    "equivalents": ("equivalents", True),
    "exceedance": ("exceedance", False),
    "dilution": ("dilution", True),  # less dilution is worse for the river
    "toxicity_ef31": ("toxicity_ef31", True),
    "toxicity_traci": ("toxicity_traci", True),
}
LESS_IS_WORSE = frozenset({"dilution"})
LARGEST_EXCEEDANCE = 5.0  # times the limit; beyond, a site is simply far over it
CONCENTRATION = 20.0  # of the weights: a weight of 0.3 has the standard deviation 0.1
RELATIVE_ERROR = 0.5  # of a load: half as much again or a third less; two samples a year say so
DRAWS = 10_000
FIRST = 10  # the probability told is that of being among the first so many
TAIL = 1.96  # standard deviations from the best estimate to the end of a 95 % interval
MOST_PAIRED = 5_000  # sites that PROMETHEE compares pair by pair
_BEFORE = ("rank", "id", "value")
_AFTER = (
    *("probability_first", "mean_rank", "rank_low", "rank_high"),
    *("rank_in_division", "rank_topsis", "rank_promethee"),
    *("missing", "load_share", "is_main"),
)
SHARE = 0.8  # sites that make this share of the load, after Pareto


def rank(sites: pd.DataFrame, settings: Mapping[str, Any], *, seed: int) -> pd.DataFrame:
    """Rank sites and say how sure each place is.

    Parameters
    ----------
    sites : DataFrame
        ``id`` and the columns of :data:`CRITERIA`; sites without load are not ranked.
    settings : mapping
        ``[ranking]`` of the case: ``weights`` by criterion.
    seed : int
        Of the random draws.

    Returns
    -------
    DataFrame
        Best first: ``rank, id, value``, a ``part_<criterion>`` each, ``probability_first``,
        ``mean_rank, rank_low, rank_high``, ``rank_in_division``, the places that TOPSIS and
        PROMETHEE II give with the same weights, ``missing`` criteria, ``load_share``, ``is_main``
        (among those that make 80 % of the load).
    """
    import pandas as pd

    weights: Mapping[str, float] = settings["weights"]
    unknown = [name for name in weights if name not in CRITERIA]
    if unknown:
        raise FileError(
            Fault(
                where=f"case.toml, ranking.weights.{name}",
                what="is not a criterion.",
                do=near(name, CRITERIA),
            )
            for name in unknown
        )
    known = sites[sites["equal_standard_m3_a"] > 0].set_index("id")
    if known.empty:
        parts = [f"part_{name}" for name in weights]
        return pd.DataFrame(columns=[*_BEFORE, *parts, *_AFTER])
    table, sd, missing = _table(known, list(weights), error=RELATIVE_ERROR)
    is_cost = {name: name in LESS_IS_WORSE for name in weights}
    ranking = additive(table, weights, is_cost=is_cost)
    first = min(FIRST, len(known))
    places = smaa(
        table,
        weights,
        concentration=CONCENTRATION,
        sd=sd,
        is_cost=is_cost,
        draws=DRAWS,
        first=first,
        seed=seed,
    )
    load = known["equal_standard_m3_a"]
    amounts = {str(site): float(amount) for site, amount in load.items()}
    main = set(cumulative_share(amounts, SHARE).chosen)
    place = pd.Series(ranking.rank, index=known.index)
    made = pd.DataFrame(
        {
            "rank": ranking.rank,
            "id": ranking.alternatives,
            "value": ranking.score,
            **{f"part_{c}": ranking.contribution[:, j] for j, c in enumerate(ranking.criteria)},
            "probability_first": places.probability_first(first),
            "mean_rank": places.mean_rank,
            "rank_low": places.rank_low,
            "rank_high": places.rank_high,
            "rank_in_division": place.groupby(known["division"]).rank().astype(int).to_numpy(),
            **_seconds(table, sd, weights=weights, is_cost=is_cost),
            "missing": missing,
            "load_share": (load / load.sum()).to_numpy(),
            "is_main": [site in main for site in known.index],
        }
    )
    return made.sort_values("rank", ignore_index=True)


def _seconds(
    table: pd.DataFrame,
    sd: pd.DataFrame,
    *,
    weights: Mapping[str, float],
    is_cost: Mapping[str, bool],
) -> dict[str, Any]:
    """Give the places of two other methods; a difference within the errors hardly counts."""
    made: dict[str, Any] = {"rank_topsis": topsis(table, weights, is_cost=is_cost).rank}
    if len(table) <= MOST_PAIRED:
        bell = {
            str(name): Preference(kind="gaussian", inflection=float(sd[name].median()) or 1.0)
            for name in table
        }
        ranking = promethee(table, weights, preferences=bell, is_cost=is_cost)
        made["rank_promethee"] = ranking.rank
    else:
        made["rank_promethee"] = math.nan
    return made


def _table(
    known: pd.DataFrame, criteria: list[str], *, error: float
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Build the table of criteria with its errors.

    A load partly of samples below their reporting limit may be as large as its range says. A
    value that is not known takes the mean of the others, and their whole spread as its error:
    it neither helps nor harms, and the probability of its place says so.
    """
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    errors: dict[str, pd.Series] = {}
    missing = pd.Series([[] for _ in known.index], index=known.index)
    for name in criteria:
        column, is_log = CRITERIA[name]
        given = known[column].astype("float64")
        value = (
            given.where(given > 0).map(math.log10)
            if is_log
            else given.clip(upper=LARGEST_EXCEEDANCE)
        )
        sd = error / np.log(10) if is_log else error * value
        if name == "load":
            upper = known["equal_standard_high_m3_a"].astype("float64")
            sd = np.hypot(sd, np.log10((upper / given).clip(lower=1.0)) / TAIL)
        lost = value.isna()
        spread = value.std() if (~lost).sum() > 1 else 0.0
        columns[name] = value.fillna(value.mean() if (~lost).any() else 0.0)
        errors[name] = pd.Series(np.where(lost, spread, sd), index=known.index)
        for site in known.index[lost]:
            missing[site] = [*missing[site], name]
    listed = [" ".join(names) for names in missing]
    return pd.DataFrame(columns), pd.DataFrame(errors), listed
