"""Which options to build: the best within a budget, the front of what can be had, and ranks.

The integer program knows what each option is worth alone and what each pair is worth together;
every set it proposes is counted again on the company's balance, option after option, and only
what that gives is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.steps.potential.combine import Placed, in_order
from renvand.steps.potential.company import Company
from renvand.steps.potential.economics import Array
from renvand.steps.potential.economy import Economy
from renvand.steps.potential.option import Option
from renvand.waternet.linear import Linear, solve_linear

if TYPE_CHECKING:
    import pandas as pd

GAINS = ("npv", "water", "cod", "metal")
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_TRIES = 6  # sets that are counted exactly for one budget
_WEIGHTS = 12  # directions in which the front is searched
_SECONDS = 5.0
_BUDGET_SLACK = 1e-6


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A set of options, counted together on the balance."""

    ids: tuple[str, ...]  # in the order they are built
    placed: tuple[Placed, ...]
    investment: float
    gains: Mapping[str, float]  # npv [money], water [m³/a], cod and metal [kg/a]


@dataclass(frozen=True, kw_only=True)
class Field:
    """All options of a company with what each pair is worth together."""

    company: Company
    economy: Economy
    options: tuple[Option, ...]
    alone: Mapping[str, Array]  # (option,) by gain, and 'investment'
    together: Mapping[str, Array]  # (option, option), what a pair brings over the two alone

    def chosen(self, numbers: Iterable[int]) -> Choice:
        """Count a set of options on the balance."""
        picked = [self.options[i] for i in numbers]
        return _choice(in_order(self.company, picked, economy=self.economy), self.economy)


def _choice(placed: tuple[Placed, ...], economy: Economy) -> Choice:
    options = [each.placed for each in placed]
    return Choice(
        ids=tuple(o.candidate.id for o in options),
        placed=placed,
        investment=sum(float(o.investment[0]) for o in options),
        gains={gain: sum(_gains(o, economy)[gain] for o in options) for gain in GAINS},
    )


def _gains(option: Option, economy: Economy) -> dict[str, float]:
    return {
        "npv": float(option.worth(economy.rate)[0]),
        "water": float(option.water[0]),
        "cod": float(option.cod[0]),
        "metal": float(option.metal[0]),
        "investment": float(option.investment[0]),
    }


def field_of(company: Company, options: Sequence[Option], *, economy: Economy) -> Field:
    """Count every option alone and every pair together.

    Parameters
    ----------
    company : Company
        As reviewed.
    options : sequence of Option
        Alone; those outside their page's validity are left out.
    economy : Economy
        Prices and interest.
    """
    valid = tuple(sorted((o for o in options if not o.outside), key=lambda o: o.candidate.id))
    single = [_gains(option, economy) for option in valid]
    keys = (*GAINS, "investment")
    together = {key: np.zeros((len(valid), len(valid))) for key in keys}
    for i, first in enumerate(valid):
        for j in range(i + 1, len(valid)):
            second = valid[j]
            if first.candidate.group == second.candidate.group:
                continue  # never both
            both = in_order(company, [first, second], economy=economy)
            counted = [_gains(each.placed, economy) for each in both]
            for key in keys:
                extra = sum(c[key] for c in counted) - single[i][key] - single[j][key]
                # What a pair gains, several would gain again: only what it loses adds up.
                together[key][i, j] = extra if extra < -1e-6 * abs(single[i][key]) else 0.0
    return Field(
        company=company,
        economy=economy,
        options=valid,
        alone={key: np.array([s[key] for s in single]) for key in keys},
        together=together,
    )


def best_within(field: Field, budget: float, *, known: Sequence[Placed] = ()) -> Choice:
    """Choose the options worth most together within a budget.

    Parameters
    ----------
    field : Field
        The options.
    budget : float
        Most that may be invested; infinite for all that pays. [money]
    known : sequence of Placed
        A package known already; it counts where it is affordable.

    Returns
    -------
    Choice
        The best of the sets that were counted on the balance; empty when nothing pays.
    """
    best = field.chosen(())
    standing = _choice(tuple(each for each in known if each.place), field.economy)
    if standing.investment <= budget:
        best = standing
    loses = [i for i, worth in enumerate(field.alone["npv"]) if worth <= 0]
    tried: list[frozenset[int]] = []
    for _ in range(_TRIES):
        numbers, promised = _pick(field, {"npv": 1.0}, budget=budget, tried=tried, without=loses)
        if numbers is None or promised <= best.gains["npv"] * (1 + 1e-9):
            break
        tried.append(numbers)
        choice = field.chosen(sorted(numbers))
        is_affordable = choice.investment <= budget * (1 + _BUDGET_SLACK)
        if is_affordable and choice.gains["npv"] > best.gains["npv"]:
            best = choice
    return best


def _pick(
    field: Field,
    weights: Mapping[str, float],
    *,
    budget: float,
    tried: Sequence[frozenset[int]] = (),
    without: Sequence[int] = (),
) -> tuple[frozenset[int] | None, float]:
    """Solve the integer program: one variable an option, one a pair that interacts."""
    from scipy.sparse import csr_array

    count = len(field.options)
    if not count:
        return None, 0.0
    worth = sum((w * field.alone[k] for k, w in weights.items()), np.zeros(count))
    joint = sum((w * field.together[k] for k, w in weights.items()), np.zeros((count, count)))
    price = field.together["investment"]
    pairs = [tuple(pair) for pair in np.argwhere((joint != 0) | (price != 0))]
    width = count + len(pairs)
    cost = -np.concatenate([worth, [joint[pair] for pair in pairs]])
    rows: list[Array] = [
        np.concatenate([field.alone["investment"], [price[pair] for pair in pairs]])
    ]
    high = [budget * (1 + _BUDGET_SLACK)]  # infinite when all may be built
    for number, (i, j) in enumerate(pairs, count):
        for line, most in _both(i, j, number, width=width):
            rows.append(line)
            high.append(most)
    for line in _one_of_each(field, width=width):
        rows.append(line)
        high.append(1.0)
    for known in tried:  # another set than those counted already
        signs = {i: 1.0 if i in known else -1.0 for i in range(count)}
        rows.append(_row(width, signs))
        high.append(len(known) - 1.0)
    highest = np.ones(width)
    highest[list(without)] = 0.0
    answer = solve_linear(
        Linear(
            cost=cost,
            matrix=csr_array(np.vstack(rows)),
            low=np.full(len(rows), -np.inf),
            high=np.array(high),
            x_low=np.zeros(width),
            x_high=highest,
            is_whole=(True,) * count + (False,) * len(pairs),
        ),
        seconds=_SECONDS,
        gap=1e-6,
    )
    if answer.x is None:
        return None, 0.0
    return frozenset(np.flatnonzero(answer.x[:count] > 0.5).tolist()), -answer.value


def _one_of_each(field: Field, *, width: int) -> list[Array]:
    """Allow one option for each reason at each unit."""
    made: list[Array] = []
    for group in sorted({o.candidate.group for o in field.options}):
        members = [i for i, o in enumerate(field.options) if o.candidate.group == group]
        if len(members) > 1:
            made.append(_row(width, dict.fromkeys(members, 1.0)))
    return made


def _row(width: int, entries: Mapping[int, float]) -> Array:
    made = np.zeros(width)
    made[list(entries)] = list(entries.values())
    return made


def _both(i: int, j: int, number: int, *, width: int) -> list[tuple[Array, float]]:
    """Make a variable one exactly when both options are built."""
    return [
        (_row(width, {number: 1.0, i: -1.0}), 0.0),
        (_row(width, {number: 1.0, j: -1.0}), 0.0),
        (_row(width, {i: 1.0, j: 1.0, number: -1.0}), 1.0),
    ]


def portfolios(field: Field, *, whole: Choice, budget: float | None) -> pd.DataFrame:
    """Write the best set for several budgets, up to what all that pays would cost.

    Parameters
    ----------
    field : Field
        The options.
    whole : Choice
        The best set without a budget.
    budget : float, optional
        Of the case. [money]

    Returns
    -------
    DataFrame
        ``budget, investment, npv, water_m3_a, cod_kg_a, metal_kg_a, options`` (ids,
        in the order of building) and ``is_given``: the budget of the case.
    """
    import pandas as pd

    budgets = {share * whole.investment for share in SHARES}
    if budget is not None:
        budgets.add(budget)
    rows: list[dict[str, object]] = []
    for most in sorted(budgets):
        choice = whole if most >= whole.investment * (1 - 1e-9) else best_within(field, most)
        rows.append({"budget": most, **_told(choice), "is_given": most == budget})
    return pd.DataFrame(rows)


def _told(choice: Choice) -> dict[str, object]:
    return {
        "investment": choice.investment,
        "npv": choice.gains["npv"],
        "water_m3_a": choice.gains["water"],
        "cod_kg_a": choice.gains["cod"],
        "metal_kg_a": choice.gains["metal"],
        "options": " ".join(choice.ids),
    }


def front(field: Field, *, seed: int) -> pd.DataFrame:
    """Search for sets that no other beats in water, pollutants and money at once.

    Returns
    -------
    DataFrame
        As :func:`portfolios` without the budget, by water saved; every set was counted on the
        balance, and none is beaten in all of present value, water, COD and metal.
    """
    import pandas as pd

    chance = np.random.default_rng(seed)
    size = {k: float(np.abs(field.alone[k]).max(initial=0.0)) or 1.0 for k in GAINS}
    corners = [dict.fromkeys(GAINS, 0.0) | {k: 1.0, "npv": 0.01} for k in GAINS]
    drawn = chance.dirichlet(np.ones(len(GAINS)), size=_WEIGHTS)
    mixes = [dict(zip(GAINS, map(float, row), strict=True)) for row in drawn]
    found: dict[frozenset[int], Choice] = {}
    for mix in (*corners, *mixes):
        weights = {k: w / size[k] for k, w in mix.items()}
        numbers, _ = _pick(field, weights, budget=np.inf)
        if numbers is not None and numbers not in found:
            found[numbers] = field.chosen(sorted(numbers))
    kept = _undominated(list(found.values()))
    rows = [_told(choice) for choice in sorted(kept, key=lambda c: (c.gains["water"], c.ids))]
    columns = ["investment", "npv", "water_m3_a", "cod_kg_a", "metal_kg_a", "options"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def _undominated(choices: list[Choice]) -> list[Choice]:
    points = np.array([[c.gains[k] for k in GAINS] for c in choices]).reshape(-1, len(GAINS))
    size = 1e-9 * np.abs(points).max(axis=0, initial=1.0)
    kept: list[Choice] = []
    for i, choice in enumerate(choices):
        is_as_good = (points >= points[i] - size).all(axis=1)
        is_better = (points > points[i] + size).any(axis=1)
        if not (is_as_good & is_better).any():
            kept.append(choice)
    return kept


def ranks(options: Sequence[Option], economy: Economy) -> pd.DataFrame:
    """Rank options by what they are worth alone, in every draw; prices are drawn for all at once.

    Returns
    -------
    DataFrame
        ``option, rank`` (typical), ``rank_mean, rank_low, rank_high`` (95 % of draws),
        ``probability_first, probability_first_three, probability_pays``.
    """
    import pandas as pd

    if not options:
        return pd.DataFrame()
    worth = np.vstack([option.worth(economy.rate) for option in options])
    places = (-worth).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 1
    drawn = places[:, 1:]
    made = pd.DataFrame(
        {
            "option": [option.candidate.id for option in options],
            "rank": places[:, 0],
            "rank_mean": drawn.mean(axis=1),
            "rank_low": np.quantile(drawn, 0.025, axis=1, method="nearest"),
            "rank_high": np.quantile(drawn, 0.975, axis=1, method="nearest"),
            "probability_first": (drawn == 1).mean(axis=1),
            "probability_first_three": (drawn <= 3).mean(axis=1),
            "probability_pays": (worth[:, 1:] > 0).mean(axis=1),
        }
    )
    return made.sort_values(["rank", "option"], ignore_index=True)
