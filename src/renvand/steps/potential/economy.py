"""What a company pays, and what it costs to build here, in one currency of one year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.knowledge import Knowledge
from renvand.steps.case import CaseData
from renvand.steps.potential.catalogue import Price, Range, range_of, rows_of
from renvand.steps.potential.company import Company
from renvand.steps.potential.draws import triangle
from renvand.steps.potential.economics import Array
from renvand.steps.potential.tax import tax_per_m3, water_rate

PAGES = "CNY"  # money that pages of techniques and the rows of technologies count in
_PARK_FEES = {"textile-dyeing": "fee-park-textile", "surface-treatment": "fee-park-plating"}
INSTALLED = "project.installed-cost-factor"
FEE_ON_LOAD = "park-fee.load-share"


@dataclass(frozen=True, kw_only=True)
class Economy:
    """Prices, interest and the level of cost.

    Attributes
    ----------
    rate, horizon : float
        Interest a year; years beyond which no saving counts.
    prices : mapping of str to Price
        All rows of ``prices``.
    fee : str
        Row of the park's fee; '' without.
    tax : float
        On one cubic metre discharged. [money/m³]
    location : float
        Cost of building here over where a foreign cost curve comes from.
    price_year : int
        Year of the money.
    seed : int
        Of the draws.
    knowledge : Knowledge
        Of the case, with its money.
    """

    rate: float
    horizon: float
    prices: Mapping[str, Price]
    fee: str
    tax: float
    location: float
    price_year: int
    seed: int
    knowledge: Knowledge

    def price(self, key: str) -> Price:
        """Give a price by its key.

        Raises
        ------
        FileError
            When no such price is known.
        """
        if key not in self.prices:
            what = f"have no '{key}'."
            raise FileError(Fault(where="prices", what=what, do=near(key, self.prices)))
        return self.prices[key]

    def drawn(self, key: str) -> Array:
        """Draw a price; one draw for all options of the company. [money]"""
        price = self.price(key)
        money = self.money(price.row["currency"])
        return money * triangle(price.value, f"price {key}", seed=self.seed)

    def default(self, key: str) -> Array:
        """Draw a row of ``unit_defaults`` that all options share; what counts money, in ours."""
        row = self.knowledge.row("unit_defaults", key)
        drawn = triangle(range_of(row), key, seed=self.seed)
        return drawn * self.money(PAGES) if str(row["unit"]).startswith(PAGES) else drawn

    def money(self, currency: str) -> float:
        """Give what one unit of a currency buys in the money of the case."""
        return self.knowledge.bought(currency, year=self.price_year)

    def per_m3(self, *, treated_share: float) -> Array:
        """Give what a cubic metre less is worth: water, its share of the park's fee, tax.

        Parameters
        ----------
        treated_share : float
            Share of the unit's drain that passes the treatment; the rest is clean.
        """
        worth = self.drawn("water-tap")
        if self.fee:
            volume = 1 - self.default(FEE_ON_LOAD)
            worth = worth + treated_share * volume * self.drawn(self.fee)
        return worth + treated_share * self.tax


def economy_of(case: CaseData, company: Company) -> Economy:
    """Put together what a company pays."""
    settings = case.settings["potential"]
    prices = {
        row["id"]: Price(value=range_of(row), row=row, file=file)
        for row, file in rows_of(case, "prices")
    }
    fee = _PARK_FEES.get(company.sector, "") if company.outlet_kind == "park" else ""
    known = case.knowledge
    rate = water_rate(str(case.settings["case"].get("region", "")), knowledge=known)
    return Economy(
        rate=float(settings["discount_rate"]),
        horizon=float(settings.get("lifetime_a") or np.inf),
        prices=prices,
        fee=fee,
        tax=tax_per_m3(company, rate=rate, knowledge=known),
        location=float(settings.get("location_factor") or 1.0),
        price_year=int(prices["water-tap"].row["price_year"]),
        seed=int(case.settings["case"]["seed"]),
        knowledge=known,
    )


def cost_level(start: int, *, end: int, knowledge: Knowledge) -> float:
    """Give the cost of building in one year over that in another, by the index.

    Raises
    ------
    FileError
        When the index does not reach a year.
    """
    if start == end:
        return 1.0
    known = {row["year"]: float(row["cepci"]) for row in knowledge.rows("cost_indices")}
    missing = [year for year in (start, end) if year not in known]
    if missing:
        what = f"does not reach {missing[0]}."
        do = f"Add a row, or give prices of {max(known)}."
        raise FileError(Fault(where="cost_indices", what=what, do=do))
    return known[end] / known[start]


def curve_cost(key: str, size: Array, *, year: int, location: float, knowledge: Knowledge) -> Array:
    """Give the investment that a cost curve asks for.

    Parameters
    ----------
    key : str
        Row of ``cost_curves``.
    size : array (draw,)
        In the curve's unit.
    year : int
        Year of the money.
    location : float
        Cost of building here over where the curve comes from; not for curves in our money.
    knowledge : Knowledge
        Of the case.

    Returns
    -------
    array (draw,)
        ``constant + factor (size / reference) ^ exponent``, brought to the year by the cost
        index and to the money of the case by that year's rate of exchange.
    """
    row = knowledge.row("cost_curves", key)
    money = row["constant"] + row["factor"] * (size / row["reference"]) ** row["exponent"]
    level = cost_level(int(row["price_year"]), end=year, knowledge=knowledge)
    place = 1.0 if row["currency"] == knowledge.currency else location
    return money * level * place * knowledge.bought(row["currency"], year=year)


def curve_range(key: str, knowledge: Knowledge) -> Range:
    """Give the sizes for which a curve was made."""
    row = knowledge.row("cost_curves", key)
    low, high = (row["low"], row["high"])
    return Range(
        low=-np.inf if low != low or low is None else float(low),
        typical=1.0,
        high=np.inf if high != high or high is None else float(high),
    )
