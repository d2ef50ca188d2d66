"""Options together: the cheapest first, each on the balance that the ones before have left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from renvand.steps.potential.company import (
    TREATMENT_KINDS,
    Company,
    lighten,
    return_water,
    save_water,
)
from renvand.steps.potential.economy import Economy
from renvand.steps.potential.option import Candidate, Option, quantified
from renvand.steps.potential.rules import METALS

_TRIFLE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An option with its place in the order."""

    alone: Option  # on the company as reviewed
    placed: Option  # on what the options before it have left; the same when not in the package
    place: int  # 1 is built first; 0 when another answers the same reason, or it does not pay
    before: Company
    after: Company

    @property
    def is_in_package(self) -> bool:
        """Say whether it belongs to the package."""
        return self.place > 0


def package(
    company: Company, found: list[Candidate], *, economy: Economy, reusable: float
) -> tuple[Placed, ...]:
    """Put options in order and count each on what is left.

    Of techniques that answer the same reason at the same unit the one that is worth most counts.
    An option that no longer pays on what is left stays out.

    Parameters
    ----------
    company : Company
        As reviewed.
    found : list of Candidate
        What the rules propose.
    economy : Economy
        Prices and interest.
    reusable : float
        Treated and polished water that the units can take. [m³/d]

    Returns
    -------
    tuple of Placed
        Those of the package in order, then the others, best first.
    """
    alone = [quantified(c, company, economy=economy, reusable=reusable) for c in found]
    alone = [option for option in alone if _does_something(option)]
    order = sorted(alone, key=lambda option: _rank(option, economy))
    best: dict[tuple[str, str], Option] = {}
    for option in (each for each in alone if not each.outside):
        rival = best.get(option.candidate.group)
        if rival is None or option.worth(economy.rate)[0] > rival.worth(economy.rate)[0]:
            best[option.candidate.group] = option
    chosen: list[Placed] = []
    others: list[Placed] = []
    left = company
    for option in order:
        is_best = best.get(option.candidate.group) is option
        placed = option
        if is_best:
            placed = _on_what_is_left(option.candidate, company, left, economy, reusable=reusable)
        if not is_best or placed.worth(economy.rate)[0] <= 0:
            others.append(Placed(alone=option, placed=option, place=0, before=left, after=left))
            continue
        after = _built(left, placed)
        place = len(chosen) + 1
        chosen.append(Placed(alone=option, placed=placed, place=place, before=left, after=after))
        left = after
    return (*chosen, *others)


def in_order(
    company: Company, found: Sequence[Candidate], *, economy: Economy, reusable: float
) -> tuple[Placed, ...]:
    """Build all candidates, the cheapest first, each on what the ones before it have left.

    Parameters
    ----------
    company : Company
        As reviewed.
    found : sequence of Candidate
        All are built, also what does not pay.
    economy : Economy
        Prices and interest.
    reusable : float
        Treated and polished water that the units can take. [m³/d]

    Returns
    -------
    tuple of Placed
        In order.
    """
    alone = [quantified(c, company, economy=economy, reusable=reusable) for c in found]
    chosen: list[Placed] = []
    left = company
    for option in sorted(alone, key=lambda option: _rank(option, economy)):
        placed = _on_what_is_left(option.candidate, company, left, economy, reusable=reusable)
        after = _built(left, placed)
        place = len(chosen) + 1
        chosen.append(Placed(alone=option, placed=placed, place=place, before=left, after=after))
        left = after
    return tuple(chosen)


def with_package(greedy: tuple[Placed, ...], best: Sequence[Placed]) -> tuple[Placed, ...]:
    """Put a better package in the place of the one that the order of cost gave.

    Parameters
    ----------
    greedy : tuple of Placed
        All options, as :func:`package` gives them.
    best : sequence of Placed
        The options that are built, in order.

    Returns
    -------
    tuple of Placed
        Those that are built in order, then the others.
    """
    alone = {each.alone.candidate.id: each.alone for each in greedy}
    built = [replace(each, alone=alone[each.placed.candidate.id]) for each in best]
    ids = {each.placed.candidate.id for each in built}
    left = built[-1].after if built else None
    others = [
        Placed(
            alone=each.alone,
            placed=each.alone,
            place=0,
            before=left or each.before,
            after=left or each.after,
        )
        for each in greedy
        if each.alone.candidate.id not in ids
    ]
    return (*built, *others)


def _on_what_is_left(
    candidate: Candidate, company: Company, left: Company, economy: Economy, *, reusable: float
) -> Option:
    limit = reusable * left.intake / company.intake if company.intake else 0.0
    return quantified(candidate, left, economy=economy, reusable=limit)


def _does_something(option: Option) -> bool:
    gains = (option.water[0], option.cod[0], option.metal[0], option.saving[0])
    return any(gain > _TRIFLE for gain in gains)


def _rank(option: Option, economy: Economy) -> tuple[bool, float, str]:
    """Sort by cost a cubic metre; what saves no water comes after, best worth first."""
    water = option.water[0]
    cost = option.cost(economy.rate)[0]
    key = cost / water if water > _TRIFLE else -option.worth(economy.rate)[0]
    return water <= _TRIFLE, float(key), option.candidate.id


def _built(company: Company, option: Option) -> Company:
    unit = option.candidate.unit
    if company.kinds[unit] in TREATMENT_KINDS:
        changed = return_water(company, unit, volume=option.at_unit)
    else:
        changed = save_water(company, unit, volume=option.at_unit)
    technique = option.candidate.technique
    metal, cod = technique.range("metal_saving").typical, technique.range("cod_saving").typical
    shares = {"COD": cod * option.applies, **dict.fromkeys(METALS, metal * option.applies)}
    changed = lighten(changed, unit, shares=shares)
    energy, chemicals = option.energy_left, option.chemicals_left
    return replace(
        changed,
        energy=tuple(
            replace(u, amount=u.amount * energy.get(u.name, 1.0)) if u.unit == unit else u
            for u in changed.energy
        ),
        chemicals=tuple(
            replace(u, amount=u.amount * chemicals.get(u.name, 1.0)) if u.unit == unit else u
            for u in changed.chemicals
        ),
    )
