"""Quick wins: what can be done next week, without buying a plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from renvand.steps.case import CaseData
from renvand.steps.review.days import Diary, origins
from renvand.steps.review.insight import Insight
from renvand.steps.review.insight.values import Amount, combine, flows
from renvand.steps.review.money import price_of
from renvand.steps.review.network import WASTE_ENDS, Reviewed, Row
from renvand.trace import Figure

DAYS_OF_A_YEAR = 365.0
WORTH_NAMING = 0.005  # of what the site takes in over a year
METHODS = {
    "mend-leak": "flow of the leak over the year",
    "stop-idle": "what the meter reads on days without production, on all of them",
    "throttle-rinse": "water to the rinse less what the criterion needs, over the operating days",
    "add-tank": "water to the rinse less what one tank more would need, over the operating days",
    "cooling-again": "cooling water that goes to the sewer, over the operating days",
}


@dataclass(frozen=True, kw_only=True)
class Win:
    """One thing to do, and what it saves."""

    review: str
    key: str
    place: str  # unit or stream
    water: Amount  # m³/a
    price: Amount | None  # of a cubic metre

    @property
    def figure_id(self) -> str:
        """Name of the figure."""
        return f"review.{self.review}.{self.place}.win.{self.key.replace('-', '_')}"

    @property
    def money(self) -> Amount | None:
        """Give what the water costs in a year."""
        return self.price and combine(lambda q, p: q * p, self.water, self.price)

    def figures(self, currency: str) -> Iterator[Figure]:
        """Give water and money as traced figures."""
        for name, amount, unit in (
            (self.figure_id, self.water, "m3/a"),
            (f"{self.figure_id}.money", self.money, f"{currency}/a"),
        ):
            if amount is not None:
                yield Figure(
                    id=name,
                    value=amount.value,
                    unit=unit,
                    method=METHODS[self.key],
                    made_of=amount.made_of,
                    low=amount.low,
                    high=amount.high,
                )

    def row(self) -> Row:
        """Give it as a row of the table."""
        money = self.money
        return {
            "review": self.review,
            "key": self.key,
            "place": self.place,
            "saved_m3_a": self.water.value,
            "low": self.water.low,
            "high": self.water.high,
            "saved_money_a": money.value if money else float("nan"),
            "figure": self.figure_id,
        }


def quick_wins(
    case: CaseData, reviewed: Reviewed, *, known: list[Insight], days: Diary
) -> list[Win]:
    """Find what can be saved at once, the largest first; small things are left out."""
    price = price_of(case, "water-tap")
    year = float(reviewed.data.settings["days_a"])
    supply = [s["id"] for s in reviewed.streams.values() if s["from_unit"] == "supply"]
    intake = flows(reviewed, supply)
    least = WORTH_NAMING * intake.value * year if intake else 0.0
    found = [
        Win(review=reviewed.id, key=key, place=place, water=water, price=price)
        for key, place, water in (
            *_leaks(reviewed),
            *_idle(reviewed, days, rest=DAYS_OF_A_YEAR - year),
            *_rinses(known, year),
            *_cooling(reviewed, year),
        )
        if water.value > least
    ]
    return sorted(found, key=lambda win: -win.water.value)


Saving = tuple[str, str, Amount]


def _leaks(reviewed: Reviewed) -> Iterator[Saving]:
    """A leak runs on all days of the year."""
    for s in reviewed.streams.values():
        if s["kind"] == "leak":
            flow = flows(reviewed, [s["id"]])
            if flow and flow.low > 0:
                yield "mend-leak", s["id"], flow.times(DAYS_OF_A_YEAR)


def _idle(reviewed: Reviewed, days: Diary, *, rest: float) -> Iterator[Saving]:
    """Units that take water while nobody works; what feeds all of them says nothing new."""
    for stream in days.flows:
        end = reviewed.kinds.get(reviewed.streams[stream]["to_unit"], "")
        mean, error, count = days.mean(stream, is_production=False)
        if count and mean > 0 and end.startswith(("rinse", "cooling", "washing")):
            spread = 2 * error if error == error else 0.0
            flow = Amount(
                value=mean,
                low=max(mean - spread, 0.0),
                high=mean + spread,
                made_of=origins(reviewed, [stream]),
            )
            yield "stop-idle", stream, flow.times(rest)


def _rinses(known: list[Insight], year: float) -> Iterator[Saving]:
    """Rinses that take more than they need, surely; and tanks that would save most of the rest."""
    amounts: dict[str, dict[str, Amount]] = {}
    for one in known:
        amounts.setdefault(one.place, {})[one.quantity] = one.amount
    for place, own in amounts.items():
        now, need, tanks = (own.get(k) for k in ("rinse-now", "rinse-needed", "stages"))
        if now is None or need is None or tanks is None:
            continue
        if now.low > need.high:
            yield "throttle-rinse", place, _less(now, need).times(year)
        better = own.get(f"rinse-needed-{int(tanks.value) + 1}")
        if better and better.high < min(now.low, need.value):
            yield "add-tank", place, _less(min(now, need, key=_value), better).times(year)


def _value(amount: Amount) -> float:
    return amount.value


def _less(now: Amount, need: Amount) -> Amount:
    return combine(lambda a, b: max(a - b, 0.0), now, need)


def _cooling(reviewed: Reviewed, year: float) -> Iterator[Saving]:
    for s in reviewed.streams.values():
        cools = reviewed.kinds.get(s["from_unit"]) == "cooling"
        if cools and s["to_unit"] in WASTE_ENDS and s["kind"] == "wastewater":
            flow = flows(reviewed, [s["id"]])
            if flow:
                yield "cooling-again", s["from_unit"], flow.times(year)


def labels(reviewed: Reviewed, place: str) -> Mapping[str, str]:
    """Name a unit, or the unit a stream leads to or leaks from."""
    if place in reviewed.streams:
        stream = reviewed.streams[place]
        place = stream["from_unit" if stream["kind"] == "leak" else "to_unit"]
    return reviewed.labels.get(place, {})
