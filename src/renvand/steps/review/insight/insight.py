"""Insight into the processes of a company, sector by sector."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from renvand.steps.review.insight.dyeing import dyeing
from renvand.steps.review.insight.fluids import fluids
from renvand.steps.review.insight.rinsing import rinsing
from renvand.steps.review.insight.values import Amount
from renvand.steps.review.network import Reviewed, Row
from renvand.trace import Figure, Origin

METHODS = {
    "surface": "surface treated, as given",
    "stages": "rinse tanks in counter-current, as given",
    "drag-out": "bath carried over with the goods",
    "rinse-use": "clean water to the rinse over the surface",
    "dilution-reached": "geometric series of rinse water over drag-out, for the tanks there are",
    "dilution-wanted": "rinsing criterion of the place in the line",
    "rinse-now": "clean water to the rinse, reconciled",
    "rinse-needed": "water that reaches the criterion with the tanks there are",
    "rinse-needed-1": "water that reaches the criterion with one tank",
    "rinse-needed-2": "water that reaches the criterion with two tanks in counter-current",
    "rinse-needed-3": "water that reaches the criterion with three tanks in counter-current",
    "rinse-quality": "metal in the water that leaves the rinse, the one there is most of",
    "metal-carried": "drag-out times the content of the bath",
    "liquor-ratio": "litres of bath for a kilogram of goods",
    "water-use": "clean water to the machine over the goods",
    "bath-fills": "litres for a kilogram of goods over the liquor ratio",
    "fixation": "share of the dye that stays on the goods",
    "dye-lost": "dye used times what does not stay on the goods",
    "salt-used": "salt used over the goods",
    "salt-in-bath": "liquor ratio times the salt of the bath",
    "heat-dropped": "dropped liquor times its warmth above the water that comes in",
    "heat-recoverable": "heat dropped times the effectiveness of an exchanger",
    "changes": "operating days of a year over the days between changes",
    "fluid-thrown": "volume times changes of a year",
    "fluid-topped": "topped up over a year",
    "concentrate": "concentrate in what is thrown away and topped up",
    "oil-rate": "foreign oil over the volume",
}


@dataclass(frozen=True, kw_only=True)
class Insight:
    """One thing that is known of a line."""

    review: str
    place: str  # unit
    quantity: str  # key of METHODS
    unit: str
    amount: Amount

    @property
    def figure_id(self) -> str:
        """Name of the figure."""
        return f"review.{self.review}.{self.place}.{self.quantity.replace('-', '_')}"

    def figure(self) -> Figure:
        """Give it as a traced figure."""
        return Figure(
            id=self.figure_id,
            value=self.amount.value,
            unit=self.unit,
            method=METHODS[self.quantity],
            made_of=self.amount.made_of,
            low=self.amount.low,
            high=self.amount.high,
        )

    def row(self) -> Row:
        """Give it as a row of the table; sources are those of planning values within it."""
        planned = [
            o for o in self.amount.made_of if isinstance(o, Origin) and o.file.startswith("know")
        ]
        return {
            "review": self.review,
            "place": self.place,
            "quantity": self.quantity,
            "value": self.amount.value,
            "low": self.amount.low,
            "high": self.amount.high,
            "unit": self.unit,
            "is_default": self.amount.is_default,
            "defaults": "; ".join(f"{o.row}={o.value}" for o in planned),
            "source": "; ".join(dict.fromkeys(o.source for o in planned)),
            "confidence": "low" if any(o.confidence == "low" for o in planned) else "medium",
            "figure": self.figure_id,
        }


def insights(reviewed: Reviewed) -> list[Insight]:
    """Work out what the data of a review tell of its lines.

    Parameters
    ----------
    reviewed : Reviewed
        A company; its tables ``rinses``, ``dyeings``, ``fluids`` where there are any.

    Returns
    -------
    list of Insight
        What a cell does not give comes from the balance; what neither gives, from a planning
        value with its range and source; what nothing gives is left out.
    """
    return [
        Insight(review=reviewed.id, place=place, quantity=quantity, unit=unit, amount=amount)
        for place, quantity, unit, amount in _all(reviewed)
        if amount is not None and math.isfinite(amount.value) and amount.made_of
    ]


def _all(reviewed: Reviewed) -> Iterator[tuple[str, str, str, Amount | None]]:
    yield from rinsing(reviewed)
    yield from dyeing(reviewed)
    yield from fluids(reviewed)
