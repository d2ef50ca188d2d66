"""Rinses of a plating line: what is carried over, what the rinse reaches, what it would need."""

from __future__ import annotations

from collections.abc import Iterator

from renvand.steps.review.insight.values import Amount, cell, combine, content, default, flows
from renvand.steps.review.key_figures import METALS, is_clean
from renvand.steps.review.network import Reviewed, Row
from renvand.waternet import dilution, rinse_water

BATHS = ("plating-bath", "passivation", "phosphating", "anodising")
STAGES = (1, 2, 3)  # compared: more tanks rarely fit into a line
MILLI = 1000.0
RACKED = ("rack", "barrel")  # planning values of a whole line; the others are of the way parts hang

Told = tuple[str, str, str, Amount | None]  # unit of the site, quantity, unit, amount


def rinsing(reviewed: Reviewed) -> Iterator[Told]:
    """Tell of each rinse in the table ``rinses``."""
    for row in reviewed.rows("rinses"):
        yield from _rinse(reviewed, row)


def _rinse(reviewed: Reviewed, row: Row) -> Iterator[Told]:
    unit = str(row["unit"])
    surface = cell(reviewed, "rinses", row, "surface_m2_d")
    stages = cell(reviewed, "rinses", row, "stages")
    wanted = cell(reviewed, "rinses", row, "criterion") or _criterion(reviewed, row)
    dragged = dragged_out(reviewed, row)
    water = flows(reviewed, _feeds(reviewed, unit))
    yield unit, "surface", "m2/d", surface
    yield unit, "stages", "1", stages
    yield unit, "dilution-wanted", "1", wanted
    yield unit, "rinse-now", "m3/d", water
    if surface and surface.value > 0:
        yield unit, "drag-out", "l/m2", dragged and combine(_per_area, dragged, surface)
        yield unit, "rinse-use", "l/m2", water and combine(_per_area, water, surface)
    yield from _quality(reviewed, unit)
    if dragged and dragged.low > 0:
        yield from _needs(
            reviewed, unit, dragged=dragged, stages=stages, wanted=wanted, water=water
        )
        yield from _metals(reviewed, unit, dragged)


def _per_area(flow: float, surface: float) -> float:
    return MILLI * flow / surface


def _needs(
    reviewed: Reviewed,
    unit: str,
    *,
    dragged: Amount,
    stages: Amount | None,
    wanted: Amount | None,
    water: Amount | None,
) -> Iterator[Told]:
    mixing = default(reviewed, "rinsing.mixing-efficiency")  # of the logarithm of the dilution
    if stages and water:
        tanks = int(stages.value)
        reached = combine(lambda q, d, e: dilution(q / d, tanks) ** e, water, dragged, mixing)
        yield unit, "dilution-reached", "1", _also(reached, stages)
    if wanted is None or wanted.low <= 1:
        return
    for tanks in STAGES:
        need = combine(
            lambda r, d, e, n=tanks: d * rinse_water(r ** (1 / e), n), wanted, dragged, mixing
        )
        yield unit, f"rinse-needed-{tanks}", "m3/d", need
    if stages:
        tanks = int(stages.value)
        need = combine(
            lambda r, d, e: d * rinse_water(r ** (1 / e), tanks), wanted, dragged, mixing
        )
        yield unit, "rinse-needed", "m3/d", _also(need, stages)


def _also(amount: Amount, other: Amount) -> Amount:
    made_of = tuple(dict.fromkeys((*amount.made_of, *other.made_of)))
    return Amount(
        value=amount.value,
        low=amount.low,
        high=amount.high,
        made_of=made_of,
        is_default=amount.is_default,
    )


def _criterion(reviewed: Reviewed, row: Row) -> Amount | None:
    place = row.get("placing")
    return default(reviewed, f"rinsing.rinse-criterion.{place}") if place else None


def dragged_out(reviewed: Reviewed, row: Row) -> Amount | None:
    """Give the bath carried into a rinse: measured, else drawn as a stream, else by geometry."""
    surface = cell(reviewed, "rinses", row, "surface_m2_d")
    own = cell(reviewed, "rinses", row, "drag_out_l_m2")
    if own is None:
        drawn = flows(reviewed, [s["id"] for s in carried(reviewed, str(row["unit"]))])
        if drawn:
            return drawn
        own = _by_geometry(reviewed, row.get("geometry"))
    if own is None or surface is None:
        return None
    return combine(lambda volume, area: volume * area / MILLI, own, surface)


def _by_geometry(reviewed: Reviewed, geometry: str | None) -> Amount | None:
    if not geometry:
        return None
    if geometry in RACKED:
        return default(reviewed, f"drag-out.{geometry}-line-planning-value.{geometry}")
    return default(reviewed, f"drag-out.volume.{geometry}").times(1 / MILLI)


def carried(reviewed: Reviewed, unit: str) -> list[Row]:
    """List the streams that goods carry from a bath into a unit."""
    return [
        s
        for s in reviewed.streams.values()
        if s["to_unit"] == unit and reviewed.kinds.get(s["from_unit"]) in BATHS
    ]


def _feeds(reviewed: Reviewed, unit: str) -> list[str]:
    streams = reviewed.streams.values()
    return [s["id"] for s in streams if s["to_unit"] == unit and is_clean(reviewed, s)]


def _quality(reviewed: Reviewed, unit: str) -> Iterator[Told]:
    """What the rinse itself carries of the metal there is most of."""
    found = [
        amount
        for s in reviewed.streams.values()
        for metal in METALS
        if s["from_unit"] == unit
        and s["kind"] == "wastewater"
        and (amount := content(reviewed, s["id"], metal)) is not None
    ]
    if found:
        yield unit, "rinse-quality", "mg/l", max(found, key=lambda amount: amount.value)


def _metals(reviewed: Reviewed, unit: str, dragged: Amount) -> Iterator[Told]:
    """Metal that goes over with the bath, the one there is most of."""
    found = [
        (amount.value, substance, amount)
        for s in carried(reviewed, unit)
        for substance in METALS
        if (amount := content(reviewed, s["id"], substance)) is not None
    ]
    if found:
        strong = max(found, key=lambda one: one[0])[2]
        # mg/l times m³/d is g/d
        yield unit, "metal-carried", "kg/d", combine(lambda c, d: c * d / MILLI, strong, dragged)
