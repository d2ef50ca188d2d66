"""Dyeing: how many baths, how much dye and salt are lost, and the heat in what is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from renvand.steps.review.insight.values import Amount, cell, combine, content, default, flows
from renvand.steps.review.key_figures import is_clean
from renvand.steps.review.network import TEMPERATURE, Reviewed, Row
from renvand.trace import Origin

SALTS = ("Na2SO4", "NaCl", "salt", "sodium sulphate", "sodium chloride", "元明粉", "食盐")
DYE = ("dye", "farvestof", "染料")
HEAT_OF_WATER = 4.186 / 3.6  # kWh/(m³ K), at 20 °C
PERCENT = 100.0
MILLI = 1000.0

Told = tuple[str, str, str, Amount | None]


def dyeing(reviewed: Reviewed) -> Iterator[Told]:
    """Tell of each machine in the table ``dyeings``."""
    for row in reviewed.rows("dyeings"):
        yield from _machine(reviewed, row)


def _machine(reviewed: Reviewed, row: Row) -> Iterator[Told]:
    unit = str(row["unit"])
    goods = cell(reviewed, "dyeings", row, "goods_t_d")
    if goods is None or goods.value <= 0:
        return
    ratio = cell(reviewed, "dyeings", row, "liquor_ratio_l_kg") or _ratio(reviewed, row)
    streams = reviewed.streams.values()
    fed = [s["id"] for s in streams if s["to_unit"] == unit and is_clean(reviewed, s)]
    water = flows(reviewed, fed)
    used = water and combine(lambda q, t: q / t, water, goods)  # m³/t is l/kg
    yield unit, "liquor-ratio", "l/kg", ratio
    yield unit, "water-use", "l/kg", used
    filled = cell(reviewed, "dyeings", row, "baths")
    yield unit, "bath-fills", "1", filled or (ratio and used and combine(_over, used, ratio))
    yield from _dyes(reviewed, row, unit)
    yield from _salts(reviewed, row, goods=goods, ratio=ratio)
    warmth = dropped_heat(reviewed, row)
    yield unit, "heat-dropped", "kWh/d", warmth
    effect = default(reviewed, "heat-recovery-from-dye-effluent.effectiveness")
    yield unit, "heat-recoverable", "kWh/d", warmth and combine(_times, warmth, effect)


def _over(a: float, b: float) -> float:
    return a / b


def _times(a: float, b: float) -> float:
    return a * b


def _ratio(reviewed: Reviewed, row: Row) -> Amount | None:
    machine = row.get("machine")
    return default(reviewed, f"dyeing-machine.liquor-ratio.{machine}") if machine else None


def fixation(reviewed: Reviewed, row: Row) -> Amount | None:
    """Give the share of dye that stays on the goods: as given, else by the class of dye. [%]"""
    kind = row.get("dye_class")
    own = cell(reviewed, "dyeings", row, "fixation_percent")
    return own or (default(reviewed, f"dyeing.degree-of-fixation.{kind}") if kind else None)


def dye_lost(reviewed: Reviewed, row: Row) -> Amount | None:
    """Give the dye that leaves with the water. [kg/d]"""
    stays, used = fixation(reviewed, row), chemicals(reviewed, str(row["unit"]), DYE)
    if stays is None or used is None:
        return None
    return combine(lambda m, f: m * (1 - f / PERCENT), used, stays)


def _dyes(reviewed: Reviewed, row: Row, unit: str) -> Iterator[Told]:
    yield unit, "fixation", "%", fixation(reviewed, row)
    yield unit, "dye-lost", "kg/d", dye_lost(reviewed, row)


def _salts(reviewed: Reviewed, row: Row, *, goods: Amount, ratio: Amount | None) -> Iterator[Told]:
    unit = str(row["unit"])
    used = chemicals(reviewed, unit, SALTS)
    yield unit, "salt-used", "kg/t", used and combine(_over, used, goods)
    strength = cell(reviewed, "dyeings", row, "salt_g_l")
    # l/kg times g/l is g/kg, which is kg/t
    yield unit, "salt-in-bath", "kg/t", strength and ratio and combine(_times, ratio, strength)


def chemicals(reviewed: Reviewed, unit: str, names: tuple[str, ...]) -> Amount | None:
    """Add up what a unit uses of chemicals with one of some names. [kg/d]"""
    rows = [
        r
        for r in reviewed.rows("chemicals")
        if r["unit"] == unit and any(name.lower() in str(r["chemical"]).lower() for name in names)
    ]
    if not rows:
        return None
    value = sum(float(r["amount_kg_d"]) for r in rows)
    made_of: tuple[str | Origin, ...] = tuple(
        reviewed.origin("chemicals", r, key=f"{unit}, {r['chemical']}", column="amount_kg_d")
        for r in rows
    )
    return Amount(value=value, low=value, high=value, made_of=made_of)


def supplied_at(reviewed: Reviewed) -> Amount | None:
    """Give the temperature of the water that comes in, where it was measured. [°C]"""
    for s in reviewed.streams.values():
        if s["from_unit"] == "supply":
            found = content(reviewed, s["id"], TEMPERATURE)
            if found:
                return found
    return None


def dropped_heat(reviewed: Reviewed, row: Row) -> Amount | None:
    """Give the heat above the supply in the liquor a machine drops. [kWh/d]"""
    unit, cold = str(row["unit"]), supplied_at(reviewed)
    dropped = flows(
        reviewed,
        [
            s["id"]
            for s in reviewed.streams.values()
            if s["from_unit"] == unit and s["kind"] == "wastewater"
        ],
    )
    hot = cell(reviewed, "dyeings", row, "dropped_at_c")
    if cold is None or dropped is None or hot is None:
        return None
    return combine(lambda q, h, c: q * HEAT_OF_WATER * max(h - c, 0.0), dropped, hot, cold)
