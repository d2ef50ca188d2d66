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
from renvand.steps.potential.rules import METALS, evidence

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
    company: Company, found: Sequence[Candidate], *, economy: Economy
) -> tuple[Placed, ...]:
    """Put options in order and count each on what is left.

    Of techniques that answer the same reason at the same unit the one that is worth most counts.
    An option that no longer pays on what is left stays out.

    Parameters
    ----------
    company : Company
        As reviewed.
    found : sequence of Candidate
        What the rules propose.
    economy : Economy
        Prices and interest.

    Returns
    -------
    tuple of Placed
        Those of the package in order, then the others, best first.
    """
    alone = [quantified(candidate, company, economy=economy) for candidate in found]
    alone = [option for option in alone if _does_something(option)]
    best: dict[tuple[str, str], Option] = {}
    for option in (each for each in alone if not each.outside):
        rival = best.get(option.candidate.group)
        if rival is None or option.worth(economy.rate)[0] > rival.worth(economy.rate)[0]:
            best[option.candidate.group] = option
    built = in_order(company, tuple(best.values()), economy=economy, is_paying=True)
    return with_others(built, sorted(alone, key=lambda each: _rank(each, economy)), company=company)


def in_order(
    company: Company, options: Sequence[Option], *, economy: Economy, is_paying: bool = False
) -> tuple[Placed, ...]:
    """Build options, the cheapest first, each on what the ones before it have left.

    An option whose reason the ones before have taken away is not built.

    Parameters
    ----------
    company : Company
        As reviewed.
    options : sequence of Option
        Counted alone on it.
    economy : Economy
        Prices and interest.
    is_paying : bool
        Leave out what no longer pays on what is left, too.

    Returns
    -------
    tuple of Placed
        In order.
    """
    built: list[Placed] = []
    left = company
    for alone in sorted(options, key=lambda each: _rank(each, economy)):
        placed, candidate = alone, alone.candidate
        if left is not company:
            if not evidence(left, candidate.unit, trigger=candidate.technique.row["trigger"]):
                continue
            placed = quantified(candidate, left, economy=economy)
        if is_paying and placed.worth(economy.rate)[0] <= 0:
            continue
        after = _built(left, placed)
        place = len(built) + 1
        built.append(Placed(alone=alone, placed=placed, place=place, before=left, after=after))
        left = after
    return tuple(built)


def with_others(
    built: tuple[Placed, ...], options: Sequence[Option], *, company: Company
) -> tuple[Placed, ...]:
    """Put behind the options that are built those that are not.

    Parameters
    ----------
    built : tuple of Placed
        In order.
    options : sequence of Option
        All, counted alone.
    company : Company
        As reviewed.
    """
    ids = {each.placed.candidate.id for each in built}
    left = built[-1].after if built else company
    return built + tuple(
        Placed(alone=option, placed=option, place=0, before=left, after=left)
        for option in options
        if option.candidate.id not in ids
    )


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
    touched = frozenset(company.energy_of(unit))
    return replace(
        changed,
        energy=tuple(
            replace(u, amount=u.amount * energy.get(u.name, 1.0)) if u in touched else u
            for u in changed.energy
        ),
        chemicals=tuple(
            replace(u, amount=u.amount * chemicals.get(u.name, 1.0)) if u.unit == unit else u
            for u in changed.chemicals
        ),
    )
