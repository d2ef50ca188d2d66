"""Rules that propose a technique for a unit, and say with which number of the company.

A rule looks at one unit and returns the evidence in numbers, the same in every language, or
nothing. What a review does not record (dosing by hand, idle flow over night) has no rule; such a
technique is proposed by the reviewer, never by us.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from renvand.steps.potential.company import Company
from renvand.waternet import rinse_water

Rule = Callable[[Company, str], str]

LIQUOR_RATIO = 8.0  # l/kg, low end of the conventional jet; txt-bref, technologies.csv
OVERFLOW = 24.0  # l/kg, four drop-fill rinses at 8 l/kg with 2 l/kg held; mass balance
DRAG_OUT = 0.1  # l/m², planning value of rack lines; unit_defaults.csv, renvand-planning
RINSE_WATER = 20.0  # l/m² per stage, high end; stm-bref-2006, 5.1.5.4
EXCHANGER_FEED = 500.0  # mg/l of salts a closed ion-exchange loop takes; unit_defaults.csv
HEAT_PER_M3 = 1.163 * 30  # kWh/m³ that warm water by 30 K, from 20 to 50 °C; heat of water
UNMETERED = 0.1  # share of the intake; technologies.csv, sub-metering
ONCE_THROUGH = 0.5  # share of cooling water that leaves as water, not as vapour; balance
CAUSTICS = ("NaOH", "caustic")
PEROXIDES = ("H2O2", "peroxide")
SALTS = ("Na2SO4", "NaCl")
ACIDS = ("HCl", "H2SO4", "HNO3", "HF")
METALS = ("Cr6", "Cr", "Ni", "Cu", "Zn", "Cd", "Pb", "Ag")
_KG = {"t": 1000.0, "kg": 1.0}


def evidence(company: Company, unit: str, *, trigger: str) -> str:
    """Say with numbers why a trigger fires for a unit.

    Parameters
    ----------
    company : Company
        The company as reviewed.
    unit : str
        The unit looked at.
    trigger : str
        Word of the column ``trigger`` in ``technologies``.

    Returns
    -------
    str
        For example ``11.5 l/kg > 8 l/kg``; empty when it does not fire or no rule can tell.
    """
    rule = RULES.get(trigger)
    return rule(company, unit) if rule is not None else ""


def three(value: float) -> str:
    """Write a number with three digits, never as a power of ten."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    written = f"{round(value, digits):.{max(digits, 0)}f}"
    return written.rstrip("0").rstrip(".") if digits > 0 else written


def _above(value: float, limit: float, *, unit: str) -> str:
    return f"{three(value)} {unit} > {three(limit)} {unit}" if value > limit else ""


def _per_kg(company: Company, unit: str) -> float:
    kg = company.production * _KG.get(company.production_unit, 0.0)
    return 1000 * company.water(unit) / kg if kg > 0 else 0.0


def _liquor(company: Company, unit: str) -> str:
    if company.kinds[unit] != "dye-bath":
        return ""  # a rinse takes more than one bath and is no sign of a long liquor
    return _above(_per_kg(company, unit), LIQUOR_RATIO, unit="l/kg")


def _overflow(company: Company, unit: str) -> str:
    return _above(_per_kg(company, unit), OVERFLOW, unit="l/kg")


def _fresh_in_every_box(company: Company, unit: str) -> str:
    feeds = company.feeds(unit)
    if not feeds or any(s.kind == "reuse" for s in feeds):
        return ""
    return f"{three(company.water(unit))} m³/d, 0 m³/d ↺"


def _dumped(company: Company, unit: str) -> str:
    drained = sum(s.flow for s in company.out_of(unit, ("wastewater",)))
    if drained <= 0 or company.out_of(unit, ("reuse",)):
        return ""
    return f"{three(drained)} m³/d, 0 m³/d ↺"


def _uses(names: tuple[str, ...]) -> Rule:
    def rule(company: Company, unit: str) -> str:
        used = [u for u in company.chemicals if u.unit == unit and u.name in names]
        return ", ".join(f"{u.name} {three(u.amount)} kg/d" for u in used)

    return rule


def _over_limit(substances: tuple[str, ...]) -> Rule:
    def rule(company: Company, unit: str) -> str:
        found: list[str] = []
        for s in company.streams:
            is_end = company.kinds.get(s.start) == "treatment" and s.end in ("sewer", "drain")
            for k in substances if is_end else ():
                if k in company.limits and s.quality.get(k, 0.0) > company.limits[k]:
                    found.append(f"{k} {three(s.quality[k])} > {three(company.limits[k])} mg/l")
        return ", ".join(found)

    return rule


def _hot(company: Company, unit: str) -> str:
    heat = sum(u.amount for u in company.energy if u.unit == unit and u.name in ("steam", "heat"))
    drained = sum(s.flow for s in company.out_of(unit, ("wastewater",)))
    return _above(heat / drained, HEAT_PER_M3, unit="kWh/m³") if drained > 0 else ""


def _reusable(company: Company, unit: str) -> str:
    leaves = [s for s in company.out_of(unit, ("wastewater",)) if s.end in ("sewer", "drain")]
    flow = sum(s.flow for s in leaves)
    return f"{three(flow)} m³/d → {leaves[0].end}" if flow > 0 else ""


def _unmetered(company: Company, unit: str) -> str:
    feeds = [s for place in company.kinds for s in company.feeds(place)]
    total = sum(s.flow for s in feeds)
    unseen = sum(s.flow for s in feeds if s.id not in company.metered)
    leaks = sum(s.flow for s in company.streams if s.kind == "leak")
    share = max(unseen / total if total else 0.0, leaks / company.intake if company.intake else 0.0)
    return _above(100 * share, 100 * UNMETERED, unit="%")


def _once_through(company: Company, unit: str) -> str:
    drained = sum(s.flow for s in company.out_of(unit, ("wastewater",)))
    taken = company.water(unit)
    share = drained / taken if taken > 0 else 0.0
    return _above(100 * share, 100 * ONCE_THROUGH, unit="%")


def _condensate(company: Company, unit: str) -> str:
    steam = sum(s.flow for s in company.out_of(unit, ("steam",)) if s.end in company.kinds)
    back = [s for s in company.into(unit, ("reuse",)) if s.flow > 0]
    return f"{three(steam)} m³/d, 0 m³/d ↺" if steam > 0 and not back else ""


def _running_rinse(company: Company, unit: str) -> str:
    flow = company.water(unit)
    saved = 100 * (1 - rinse_water(1000.0, 2) / rinse_water(1000.0, 1))
    return f"{three(flow)} m³/d, 1 → 2: -{saved:.0f} %" if flow > 0 else ""


def _two_stages(company: Company, unit: str) -> str:
    flow = company.water(unit)
    saved = 100 * (1 - rinse_water(1000.0, 3) / rinse_water(1000.0, 2))
    return f"{three(flow)} m³/d, 2 → 3: -{saved:.0f} %" if flow > 0 else ""


def _idle(company: Company, unit: str) -> str:
    if company.production_unit != "m2" or company.production <= 0:
        return ""
    return _above(1000 * company.water(unit) / company.production, RINSE_WATER, unit="l/m²")


def _dragged(company: Company, unit: str) -> float:
    """Give what baths carry over into a unit, or a bath into its rinses. [m³/d]"""
    is_bath = company.kinds[unit] == "plating-bath"
    streams = company.out_of(unit, ("process",)) if is_bath else company.into(unit, ("process",))
    baths = ("plating-bath", "passivation", "degreasing", "pickling", "phosphating")
    return sum(s.flow for s in streams if company.kinds.get(s.start) in baths)


def _high_drag_out(company: Company, unit: str) -> str:
    if company.production_unit != "m2" or company.production <= 0:
        return ""
    return _above(1000 * _dragged(company, unit) / company.production, DRAG_OUT, unit="l/m²")


def _metal_in_rinse(company: Company, unit: str) -> str:
    if _dragged(company, unit) <= 0:
        return ""
    rinses = [unit, *(s.end for s in company.out_of(unit, ("process",)))]
    drains = [s for place in rinses for s in company.out_of(place, ("wastewater",))]
    metals = {k: s.quality[k] for s in drains for k in METALS if k in s.quality}
    if not metals:
        return ""
    metal = max(metals, key=lambda k: metals[k])
    return f"{metal} {three(metals[metal])} mg/l" if metals[metal] > 0 else ""


def _clean_rinse(company: Company, unit: str) -> str:
    drains = [s for s in company.out_of(unit, ("wastewater",)) if "TDS" in s.quality]
    if not drains or drains[0].quality["TDS"] >= EXCHANGER_FEED:
        return ""
    return f"TDS {three(drains[0].quality['TDS'])} < {three(EXCHANGER_FEED)} mg/l"


def _hexavalent(company: Company, unit: str) -> str:
    used = _uses(("CrO3", "Cr6"))(company, unit)
    streams = [s for s in company.streams if s.start == unit]
    measured = max((s.quality.get("Cr6", 0.0) for s in streams), default=0.0)
    return used or (f"Cr6 {three(measured)} mg/l" if measured > 0 else "")


def _oily(company: Company, unit: str) -> str:
    limit = company.limits.get("oil")
    oil = max((s.quality.get("oil", 0.0) for s in company.streams if s.start == unit), default=0.0)
    return _above(oil, limit, unit="mg/l") if limit else ""


def _drains(company: Company, unit: str) -> str:
    drained = sum(s.flow for s in company.out_of(unit, ("wastewater",)))
    return f"{three(drained)} m³/d" if drained > 0 else ""


def _paint_rinse(company: Company, unit: str) -> str:
    is_paint_shop = any(kind in ("painting", "phosphating") for kind in company.kinds.values())
    return _drains(company, unit) if is_paint_shop else ""


RULES: Mapping[str, Rule] = {
    "acid-dumped": _uses(ACIDS),
    "alkaline-scouring": _uses(CAUSTICS),
    "caustic-lost": _uses(CAUSTICS),
    "clean-rinse-drained": _clean_rinse,
    "colour-over-limit": _over_limit(("colour",)),
    "condensate-lost": _condensate,
    "chromate-over-limit": _over_limit(("Cr6",)),
    "coolant-dumped": _drains,
    "cyanide-over-limit": _over_limit(("CN",)),
    "dye-bath-dumped": _dumped,
    "effluent-reusable": _reusable,
    "fresh-water-every-box": _fresh_in_every_box,
    "hexavalent-bath": _hexavalent,
    "high-drag-out": _high_drag_out,
    "high-liquor-ratio": _liquor,
    "hot-effluent": _hot,
    "idle-rinse-flow": _idle,
    "metal-in-rinse": _metal_in_rinse,
    "metal-over-limit": _over_limit(METALS),
    "oil-over-limit": _over_limit(("oil",)),
    "oily-bath": _oily,
    "once-through-cooling": _once_through,
    "overflow-rinsing": _overflow,
    "oxygen-demand-over-limit": _over_limit(("COD", "BOD5", "NH4-N")),
    "paint-rinse-drained": _paint_rinse,
    "peroxide-rinses": _uses(PEROXIDES),
    "running-rinse": _running_rinse,
    "salt-in-effluent": _uses(SALTS),
    "size-in-effluent": _drains,
    "two-stage-rinse": _two_stages,
    "unmetered-water": _unmetered,
}
