"""The gate before publication: consent, enough companies, and what a reader could infer."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from renvand.errors import Fault
from renvand.publish.model import Fact, Gap, Phrase
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd

LEAST = 3  # companies behind a statistic; with two, each knows the other's value
CROWD = 3  # companies a reader must be left with, when he looks into the public register
# What a sheet tells of a company: its sector, and its size, which follows from the water that an
# option saves and the share that this is.
SHOWN = ("sector", "size")
SIZES = ("discharge_m3_d", "employees")  # columns of a register that tell how large a site is
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Company:
    """A reviewed company as a sheet knows it: by a letter."""

    review: str
    enterprise: str
    sector: str
    letter: str
    has_consent: bool


@dataclass(frozen=True, kw_only=True)
class Inference:
    """How many companies of the public register fit what a reader knows of a letter."""

    letter: str
    known: tuple[str, ...]  # 'sector', 'district', 'size'
    candidates: int

    @property
    def is_safe(self) -> bool:
        """Say whether enough companies are left."""
        return self.candidates >= CROWD


def companies(reviews: Mapping[str, Mapping[str, Any]], sector: str, *, seed: int) -> list[Company]:
    """Give the reviewed companies of a sector, each with a letter.

    Parameters
    ----------
    reviews : mapping
        ``review.toml`` by review id.
    sector : str
        The sector's id.
    seed : int
        Of the case: letters follow no order that a reader knows, and stay the same.

    Returns
    -------
    list of Company
        By letter. Consent counts only with its date.
    """
    own = [name for name, page in reviews.items() if page.get("sector") == sector]
    shuffled = sorted(own, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
    return [
        Company(
            review=name,
            enterprise=str(reviews[name].get("enterprise", "")),
            sector=sector,
            letter=LETTERS[place] if place < len(LETTERS) else str(place + 1),
            has_consent=bool(reviews[name].get("has_consent") and reviews[name].get("consent_on")),
        )
        for place, name in enumerate(shuffled)
    ]


def companies_of(reviews: Mapping[str, Mapping[str, Any]], *, seed: int) -> list[Company]:
    """Give every reviewed company of a case, sector by sector; see :func:`companies`."""
    sectors = sorted({str(page.get("sector", "")) for page in reviews.values()})
    return [one for sector in sectors for one in companies(reviews, sector, seed=seed)]


def hidden_places(
    behind: Mapping[str, set[str]],
    group: Iterable[Company],
    *,
    outlets: pd.DataFrame,
    enterprises: pd.DataFrame,
) -> set[str]:
    """Name the reaches whose change would tell of a company.

    Parameters
    ----------
    behind : mapping of str to set of str
        Reach to the reviews that its change was made of.
    group : iterable of Company
        All reviewed companies.
    outlets : DataFrame
        Of the public register: ``site``, ``receiving_reach``.
    enterprises : DataFrame
        Of the public register: ``id``, ``sector``.

    Returns
    -------
    set of str
        Reaches with a company behind them that has not consented, and those where fewer than
        three companies of the reviewed sectors discharge: a reader would know which it is.
    """
    members = list(group)
    silent = {company.review for company in members if not company.has_consent}
    sectors = {company.sector for company in members}
    own = set(enterprises.loc[enterprises["sector"].isin(list(sectors)), "id"])
    there = outlets[outlets["site"].isin(list(own))]
    crowd = there.groupby("receiving_reach")["site"].nunique()
    return {
        reach
        for reach, reviews in behind.items()
        if reviews & silent or int(crowd.get(reach, 0)) < CROWD
    }


def statistic(
    facts: Sequence[Fact],
    group: Iterable[Company],
    *,
    id: str,
    how: Literal["median", "sum"],
    method: str,
) -> Figure | Gap:
    """Make one number of several companies, or a gap that says why not.

    Parameters
    ----------
    facts : sequence of Fact
        One per company that measured it, all in one unit.
    group : iterable of Company
        The companies behind the facts, in the same order.
    id : str
        Id of the new figure.
    how : str
        'median' with the lowest and highest company as range, or 'sum'.
    method : str
        One plain sentence for ``why``.

    Returns
    -------
    Figure or Gap
        A gap when a company has not consented or fewer than three stand behind it.
    """
    members = list(group)
    silent = [company for company in members if not company.has_consent]
    if silent:
        words = {"n": str(len(silent)), "all": str(len(members))}
        return Gap(reason=Phrase(key="sheet.gap_consent", values=words))
    if len(facts) < LEAST:
        return Gap(reason=Phrase(key="sheet.gap_few", values={"least": str(LEAST)}))
    values = [fact.value for fact in facts]
    is_sum = how == "sum"
    return Figure(
        id=id,
        value=sum(values) if is_sum else statistics.median(values),
        unit=facts[0].unit,
        low=None if is_sum else min(values),
        high=None if is_sum else max(values),
        method=method,
        made_of=tuple(fact.id for fact in facts),
    )


def inferences(group: Iterable[Company], register: pd.DataFrame) -> list[Inference]:
    """Count who a letter could be, for a reader with the public register in hand.

    Parameters
    ----------
    group : iterable of Company
        The companies of a sheet.
    register : DataFrame
        Enterprises: ``id``, ``sector``, ``division``, and a size: ``discharge_m3_d`` or
        ``employees``.

    Returns
    -------
    list of Inference
        Per company, for a reader who knows its sector; sector and size, within a factor of two;
        sector and district; all three. What the register does not tell is left out.
    """
    size = next((column for column in SIZES if column in register.columns), "")
    columns = {"size": size, "district": "division"}
    found: list[Inference] = []
    for company in group:
        own = register[register["id"] == company.enterprise]
        for more in ((), ("size",), ("district",), ("district", "size")):
            if not all(columns[name] for name in more):
                continue
            left = register[register["sector"] == company.sector]
            for name in more if len(own) else ():
                left = _alike(left, own[columns[name]].iloc[0], column=columns[name])
            known = ("sector", *more)
            found.append(Inference(letter=company.letter, known=known, candidates=len(left)))
    return found


def _alike(left: pd.DataFrame, value: Any, *, column: str) -> pd.DataFrame:
    """Keep the rows that a reader could not tell from one with this value."""
    if column in SIZES:
        if value != value or value is None:  # not known: it tells nothing
            return left
        return left[left[column].between(0.5 * value, 2 * value)]
    return left[left[column] == value]


def warnings(found: Iterable[Inference], *, shown: tuple[str, ...] = SHOWN) -> list[Fault]:
    """Name every letter that can be recognised from what the sheet itself shows.

    Parameters
    ----------
    found : iterable of Inference
        Of :func:`inferences`.
    shown : tuple of str
        What a reader of the sheet knows; fewer things tell less and are not asked again.
    """
    strongest: dict[str, Inference] = {}
    for one in found:
        best = strongest.get(one.letter)
        if set(one.known) <= set(shown) and (best is None or len(one.known) > len(best.known)):
            strongest[one.letter] = one
    return [
        Fault(
            where=f"company {one.letter}",
            what=f"could be one of {one.candidates} companies for a reader who knows the "
            f"{' and '.join(one.known)}.",
            do="Show it with its written consent only, or show a wider group.",
        )
        for one in strongest.values()
        if not one.is_safe
    ]
