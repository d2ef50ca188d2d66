"""Metalworking: how long emulsions and wash baths last, and what is thrown away with them."""

from __future__ import annotations

from collections.abc import Iterator

from renvand.steps.review.insight.values import Amount, cell, combine
from renvand.steps.review.network import Reviewed, Row

PERCENT = 100.0

Told = tuple[str, str, str, Amount | None]


def fluids(reviewed: Reviewed) -> Iterator[Told]:
    """Tell of each fluid in the table ``fluids``."""
    for row in reviewed.rows("fluids"):
        yield from _fluid(reviewed, row)


def _fluid(reviewed: Reviewed, row: Row) -> Iterator[Told]:
    unit = str(row["unit"])
    life, volume = (cell(reviewed, "fluids", row, c) for c in ("life_d", "volume_m3"))
    if life is None or volume is None or life.value <= 0:
        return
    days = float(reviewed.data.settings["days_a"])
    year = Amount(value=days, low=days, high=days, made_of=(reviewed.said("days_a"),))
    changes = combine(lambda d, n: d / n, year, life)
    thrown = combine(lambda n, v: n * v, changes, volume)
    topped = cell(reviewed, "fluids", row, "top_up_m3_d")
    over_year = topped and combine(lambda q, d: q * d, topped, year)
    yield unit, "changes", "1/a", changes
    yield unit, "fluid-thrown", "m3/a", thrown
    yield unit, "fluid-topped", "m3/a", over_year
    strength = cell(reviewed, "fluids", row, "concentrate_percent")
    if strength and over_year:
        bought = combine(lambda a, b, c: (a + b) * c / PERCENT, thrown, over_year, strength)
        yield unit, "concentrate", "m3/a", bought
    oil = cell(reviewed, "fluids", row, "tramp_oil_kg_d")
    yield unit, "oil-rate", "kg/(m3 d)", oil and combine(lambda m, v: m / v, oil, volume)
