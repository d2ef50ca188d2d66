"""What leaves in the drain, in money a year: metal, dye, salt, heat, water."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from renvand.steps.case import CaseData, records
from renvand.steps.review.balance import figure_id
from renvand.steps.review.insight.dyeing import DYE, SALTS, dye_lost, supplied_at
from renvand.steps.review.insight.values import Amount, combine, given
from renvand.steps.review.key_figures import METALS
from renvand.steps.review.network import TREATING, WASTE_ENDS, Reviewed, Row
from renvand.steps.review.sankey import HEAT, WATER, Edge
from renvand.trace import Figure, Origin

ITEMS = ("metal", "dye", "salt", "heat", "water", "fee")
# Metals are bought as compounds: kilograms of metal in a kilogram of the compound, molar masses.
BOUGHT_AS = {"Cr": ("CrO3", 51.996 / 99.994)}
KNOWN_PRICE = {"Ni": "nickel"}  # in the table of prices
PARK_FEES = {"textile-dyeing": "fee-park-textile", "surface-treatment": "fee-park-plating"}
SALT = "salt"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Money that leaves a unit with its wastewater."""

    review: str
    place: str
    item: str  # one of ITEMS
    substance: str
    amount: Amount  # per day
    amount_unit: str
    price: Amount
    value: Amount  # currency of the case, per year
    currency: str

    @property
    def figure_id(self) -> str:
        """Name of the figure."""
        return ".".join(x for x in ("review", self.review, self.place, "drain", self._what) if x)

    @property
    def _what(self) -> str:
        return f"{self.item}.{self.substance}" if self.substance else self.item

    def figure(self) -> Figure:
        """Give it as a traced figure."""
        return Figure(
            id=self.figure_id,
            value=self.value.value,
            unit=f"{self.currency}/a",
            method=f"{self.item} in the wastewater of the unit, times its price and operating days",
            made_of=self.value.made_of,
            low=self.value.low,
            high=self.value.high,
        )

    def row(self) -> Row:
        """Give it as a row of the table."""
        return {
            "review": self.review,
            "place": self.place,
            "item": self.item,
            "substance": self.substance,
            "amount": self.amount.value,
            "amount_unit": self.amount_unit,
            "price": self.price.value,
            "value": self.value.value,
            "low": self.value.low,
            "high": self.value.high,
            "unit": f"{self.currency}/a",
            "figure": self.figure_id,
        }


def drain_money(case: CaseData, reviewed: Reviewed, edges: list[Edge]) -> list[Loss]:
    """Put a price on what the units give to the drain.

    Parameters
    ----------
    case : CaseData
        For prices, currency and the kind of outlet.
    reviewed : Reviewed
        A company.
    edges : list of Edge
        From :func:`renvand.steps.review.sankey.edges`.

    Returns
    -------
    list of Loss
        Prices are the company's own (tables chemicals and energy); else the case's; else the
        planning values of the knowledge tables, with their range. What has no price is left out.
    """
    currency = case.currency
    days = float(reviewed.data.settings["days_a"])
    year = Amount(value=days, low=days, high=days, made_of=(reviewed.said("days_a"),))
    found: list[Loss] = []
    for place, item, substance, amount, unit, price in _items(case, reviewed, edges):
        if amount is not None and price is not None and amount.value > 0:
            value = combine(lambda a, p, d: max(a, 0.0) * p * d, amount, price, year)
            found.append(
                Loss(
                    review=reviewed.id,
                    place=place,
                    item=item,
                    substance=substance,
                    amount=amount,
                    amount_unit=unit,
                    price=price,
                    value=value,
                    currency=currency,
                )
            )
    return found


Item = tuple[str, str, str, Amount | None, str, Amount | None]


def _items(case: CaseData, reviewed: Reviewed, edges: list[Edge]) -> Iterator[Item]:
    water = price_of(case, "water-tap")
    fee = _fee(case, reviewed)
    for unit, kind in reviewed.kinds.items():
        if kind in TREATING:
            continue
        drained = [e for e in edges if e.start == unit and _is_drained(reviewed, e)]
        yield unit, "water", "", _sum(reviewed, drained, WATER), "m3/d", water
        yield unit, "fee", "", _sum(reviewed, drained, WATER), "m3/d", fee
        heat = _sum(reviewed, drained, HEAT)
        yield unit, "heat", "", heat, "kWh/d", _heat_price(reviewed)
        for metal in METALS:
            price = _metal_price(case, reviewed, metal)
            yield unit, "metal", metal, _sum(reviewed, drained, metal), "kg/d", price
        salt = _above_supply(reviewed, drained)
        yield unit, "salt", "", salt, "kg/d", _chemical_price(reviewed, SALTS)
    for row in reviewed.rows("dyeings"):
        lost = dye_lost(reviewed, row)
        yield str(row["unit"]), "dye", "", lost, "kg/d", _chemical_price(reviewed, DYE)


def _is_drained(reviewed: Reviewed, edge: Edge) -> bool:
    treated = reviewed.kinds.get(edge.end) in TREATING
    return edge.kind == "wastewater" and (treated or edge.end in WASTE_ENDS)


def _sum(reviewed: Reviewed, drained: list[Edge], quantity: str) -> Amount | None:
    own = [e for e in drained if e.quantity == quantity and e.value == e.value]
    if not own:
        return None
    value = sum(e.value for e in own)
    spread = sum(e.sd**2 for e in own) ** 0.5
    return Amount(
        value=value,
        low=max(value - 2 * spread, 0.0),
        high=value + 2 * spread,
        made_of=_behind(reviewed, own, quantity),
    )


def _behind(reviewed: Reviewed, own: list[Edge], quantity: str) -> tuple[str | Origin, ...]:
    names = {WATER: ("flow",), HEAT: ("flow", "temperature")}.get(quantity, ("flow", quantity))
    return tuple(figure_id(reviewed.id, e.stream, name) for e in own for name in names)


def _above_supply(reviewed: Reviewed, drained: list[Edge]) -> Amount | None:
    """Salt above what the water brought along. [kg/d]"""
    salt = _sum(reviewed, drained, SALT)
    feeds = [s["id"] for s in reviewed.streams.values() if s["from_unit"] == "supply"]
    if salt is None or not feeds or SALT not in reviewed.substances:
        return salt
    background, _ = reviewed.result.value(feeds[0], SALT)
    flow = sum(e.value for e in drained if e.quantity == WATER and e.value == e.value)
    less = flow * background / 1000 if background == background else 0.0
    return Amount(
        value=salt.value - less,
        low=max(salt.low - less, 0.0),
        high=max(salt.high - less, 0.0),
        made_of=salt.made_of,
    )


def price_of(case: CaseData, name: str) -> Amount | None:
    """Give a price in the money of the case: its own, else the planning value of the tables."""
    row = case.knowledge.by_id("prices").get(name)
    if row is None or row["currency"] != case.currency:
        return None
    ends = [float(row[k]) for k in ("low", "high") if given(row[k])]
    value = float(row["typical"])
    origin = Origin(
        file=case.knowledge.file("prices", row),
        row=name,
        column="typical",
        value=f"{value:g}",
        source=row["source"],
        locator=row["locator"] or "",
        confidence=row["confidence"] or "medium",
    )
    low, high = (min(ends), max(ends)) if ends else (value, value)
    return Amount(value=value, low=low, high=high, made_of=(origin,), is_default=True)


def _fee(case: CaseData, reviewed: Reviewed) -> Amount | None:
    """The fee of a park's treatment plant, where the company's outlet leads to one."""
    outlets = records(case.tables["outlets"]) if "outlets" in case.tables else []
    mine = {r["kind"] for r in outlets if r["enterprise"] == reviewed.data.settings["enterprise"]}
    name = PARK_FEES.get(str(reviewed.data.settings["sector"]))
    return price_of(case, name) if name and "park" in mine else None


def _paid(reviewed: Reviewed, file: str, row: Row, column: str) -> Amount:
    value = float(row[column])
    name = row["chemical" if file == "chemicals" else "carrier"]
    origin = reviewed.origin(file, row, key=f"{row['unit']}, {name}", column=column)
    return Amount(value=value, low=value, high=value, made_of=(origin,))


def _chemical_price(reviewed: Reviewed, names: tuple[str, ...]) -> Amount | None:
    for r in reviewed.rows("chemicals"):
        named = any(name.lower() in str(r["chemical"]).lower() for name in names)
        if named and given(r.get("price_per_kg")):
            return _paid(reviewed, "chemicals", r, "price_per_kg")
    return None


def _metal_price(case: CaseData, reviewed: Reviewed, metal: str) -> Amount | None:
    compound, share = BOUGHT_AS.get(metal, ("", 1.0))
    for r in reviewed.rows("chemicals"):
        if r["chemical"] in (metal, compound) and given(r.get("price_per_kg")):
            paid = _paid(reviewed, "chemicals", r, "price_per_kg")
            return paid if r["chemical"] == metal else paid.times(1 / share)
    return price_of(case, KNOWN_PRICE[metal]) if metal in KNOWN_PRICE else None


def _heat_price(reviewed: Reviewed) -> Amount | None:
    """What the company pays for a kilowatt-hour of heat: the cheapest carrier, to be cautious."""
    if supplied_at(reviewed) is None:
        return None
    rows = [
        r
        for r in reviewed.rows("energy")
        if r["carrier"] != "electricity" and given(r.get("price_per_kwh"))
    ]
    if not rows:
        return None
    cheapest = min(rows, key=lambda r: float(r["price_per_kwh"]))
    return _paid(reviewed, "energy", cheapest, "price_per_kwh")
