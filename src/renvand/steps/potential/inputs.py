"""What the balance of a company says about a unit, in the names that pages use."""

from __future__ import annotations

import numpy as np

from renvand.steps.potential.company import HEAT, TREATMENT_KINDS, Company, Stream, losses
from renvand.steps.potential.draws import DRAWS
from renvand.steps.potential.economics import Array
from renvand.steps.potential.rules import ACIDS, CAUSTICS, METALS, SALTS

DYES = ("dye",)


def inputs_of(company: Company, unit: str, *, saved: Array, water: float) -> dict[str, Array]:
    """Give all inputs of a page.

    Parameters
    ----------
    company : Company
        As it is when the option is built.
    unit : str
        Where.
    saved : array (draw,)
        Clean water saved there, or given back by a treatment. [m³/d]
    water : float
        Clean water of the unit; of a treatment what it gives out. [m³/d]

    Returns
    -------
    dict of str to array
        Keys of :data:`renvand.steps.potential.page.INPUTS`.
    """
    produced = {"t": 0.0, "m2": 0.0, company.production_unit: company.production}
    drains = company.out_of(unit, ("wastewater",))
    given = losses(company, unit)
    numbers = {
        "production_t_d": produced["t"],
        "production_m2_d": produced["m2"],
        "water_m3_d": water,
        "drained_m3_d": sum(s.flow for s in drains),
        "heat_kwh_d": heat(company, unit),
        "cod_kg_d": load(given, "COD"),
        "tn_kg_d": load(given, "TN"),
        # total chromium holds the hexavalent part
        "metal_kg_d": load(given, *(k for k in METALS if k != "Cr6")),
        "cr6_kg_d": load(given, "Cr6"),
        "cn_kg_d": load(given, "CN"),
        "oil_kg_d": load(given, "oil"),
        "dye_kg_d": used(company, unit, DYES),
        "salt_kg_d": used(company, unit, SALTS),
        "caustic_kg_d": used(company, unit, CAUSTICS),
        "acid_kg_d": used(company, unit, ACIDS),
        "cod_mg_l": strength(drains, "COD"),
        "cr6_mg_l": strength(drains, "Cr6"),
        "tds_mg_l": strength(drains, "TDS"),
        "metal_mg_l": strength(drains, *(k for k in METALS if k != "Cr6")),
        "oil_mg_l": strength(drains, "oil"),
    }
    return {k: np.full(DRAWS, v) for k, v in numbers.items()} | {"saved_m3_d": saved}


def load(streams: list[Stream], *substances: str) -> float:
    """Give what streams carry. [kg/d]"""
    return sum(s.flow * s.quality.get(k, 0.0) for s in streams for k in substances) / 1000


def strength(streams: list[Stream], *substances: str) -> float:
    """Give the mean concentration of streams. [mg/l]"""
    flow = sum(s.flow for s in streams)
    return 1000 * load(streams, *substances) / flow if flow > 0 else 0.0


def used(company: Company, unit: str, names: tuple[str, ...]) -> float:
    """Give what a unit uses of some chemicals. [kg/d]"""
    return sum(u.amount for u in company.chemicals if u.unit == unit and u.name in names)


def heat(company: Company, unit: str) -> float:
    """Give what a unit uses of heat. [kWh/d]"""
    return sum(u.amount for u in company.energy_of(unit) if u.name in HEAT)


def treated_share(company: Company, unit: str) -> float:
    """Give the share of a unit's drain that goes to the treatment; a treatment's own is 1."""
    if company.kinds[unit] in TREATMENT_KINDS:
        return 1.0
    places = [unit]
    if company.kinds[unit] in ("storage", "make-up"):
        places = [s.end for s in company.out_of(unit, ("fresh", "process"))]
    drains = [s for place in places for s in company.out_of(place, ("wastewater", "leak"))]
    flow = sum(s.flow for s in drains)
    treated = sum(s.flow for s in drains if company.kinds.get(s.end) in TREATMENT_KINDS)
    return treated / flow if flow > 0 else 0.0
