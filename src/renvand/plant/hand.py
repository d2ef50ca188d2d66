"""Sizes of activated sludge by hand, as textbooks do it: a check beside every simulation.

Quantities per day are kg; concentrations g/m³. Not for dynamics: one mixed tank at rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# Ammonium oxidisers, likewise
Y_N, MU_N, B_N, K_NH, K_O = 0.15, 0.90, 0.17, 0.50, 0.50
THETA_MU_N, THETA_B_N = 1.072, 1.029
VSS_PER_TSS = 0.85  # of biomass
N_IN_VSS, P_IN_VSS = 0.12, 0.015  # g/g
COD_PER_VSS, O2_PER_N, O2_BACK = 1.42, 4.57, 2.86  # g/g
# Specific denitrification on the biomass: share of ready COD, intercept, slope; metcalf2014, 8-22
SDNR = ((0.0, 0.186, 0.078), (0.2, 0.213, 0.118), (0.3, 0.235, 0.141), (0.4, 0.242, 0.152),
        (0.5, 0.270, 0.162))  # fmt: skip
IRON, PHOSPHORUS = 55.845, 30.974  # g/mol
FE_PHOSPHATE, FE_HYDROXIDE = 251.0, 106.8  # g/mol of Fe1.6H2PO4(OH)3.8 and Fe(OH)3


@dataclass(frozen=True, kw_only=True)
class Heterotrophs:
    """How they grow at 20 °C. The values are metcalf2014's, table 8-14, on biodegradable COD."""

    growth: float = 6.0  # 1/d at most
    decay: float = 0.12  # 1/d
    half: float = 8.0  # g/m³ of substrate at half the growth
    yield_vss: float = 0.45  # g VSS per g of substrate
    inert: float = 0.15  # share of the dead that stays
    oxygen: float = 1.0  # g to burn a gram of substrate
    theta_growth: float = 1.07
    theta_decay: float = 1.04


BOOK = Heterotrophs()


@dataclass(frozen=True, kw_only=True)
class Sewage:
    """What comes to the tank, on average."""

    flow: float  # m³/d
    temperature: float  # °C
    bcod: float  # biodegradable COD
    nbvss: float  # volatile solids that do not degrade
    iss: float  # solids that are not volatile
    tkn: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Sludge:
    """What the tank makes of it."""

    substrate: float  # g/m³ of biodegradable COD left
    nitrified: float  # g/m³ of nitrogen
    heterotrophs: float  # kg/d, with what is left of dead ones
    biomass: float  # kg/d, with nitrifiers
    vss: float  # kg/d
    tss: float  # kg/d
    oxygen: float  # kg/d


def nitrifier_age(
    sewage: Sewage, *, ammonium: float, oxygen: float = 2.0, safety: float = 1.5
) -> float:
    """Sludge age that oxidises ammonium down to a wanted rest. [d]

    Parameters
    ----------
    sewage : Sewage
        For its temperature.
    ammonium, oxygen : float
        In the tank. [g/m³]
    safety : float
        Peak over mean of the load.

    References
    ----------
    metcalf2014, example 8-3
    """
    warm = sewage.temperature - 20
    limits = ammonium / (ammonium + K_NH) * oxygen / (oxygen + K_O)
    growth = MU_N * THETA_MU_N**warm * limits - B_N * THETA_B_N**warm
    return safety / growth


def sludge(
    sewage: Sewage, *, age: float, ammonium: float | None = None, kinetics: Heterotrophs = BOOK
) -> Sludge:
    """What sludge of an age leaves, grows and breathes.

    Parameters
    ----------
    sewage : Sewage
        What comes.
    age : float
        Of the sludge, in the aerated tank. [d]
    ammonium : float, optional
        What is left; nothing is oxidised when left out. [g/m³]
    kinetics : Heterotrophs
        On the substrate that `sewage.bcod` counts.

    References
    ----------
    metcalf2014, examples 8-2 and 8-3
    """
    Q, warm = sewage.flow / 1000, sewage.temperature - 20
    decay = kinetics.decay * kinetics.theta_decay**warm
    growth = kinetics.growth * kinetics.theta_growth**warm
    rest = kinetics.half * (1 + decay * age) / (age * (growth - decay) - 1)
    grown = Q * kinetics.yield_vss * (sewage.bcod - rest) / (1 + decay * age)
    heterotrophs = grown * (1 + kinetics.inert * decay * age)
    nitrified, nitrifiers = 0.0, 0.0
    if ammonium is not None:  # what is built into biomass is not oxidised: linear in `nitrified`
        share = Y_N / (1 + B_N * THETA_B_N**warm * age)
        free = sewage.tkn - ammonium - N_IN_VSS * heterotrophs / Q
        nitrified = free / (1 + N_IN_VSS * share)
        nitrifiers = Q * share * nitrified
    biomass = heterotrophs + nitrifiers
    burnt = kinetics.oxygen * Q * (sewage.bcod - rest) - COD_PER_VSS * heterotrophs
    return Sludge(
        substrate=rest,
        nitrified=nitrified,
        heterotrophs=heterotrophs,
        biomass=biomass,
        vss=biomass + Q * sewage.nbvss,
        tss=biomass / VSS_PER_TSS + Q * (sewage.nbvss + sewage.iss),
        oxygen=burnt + O2_PER_N * Q * nitrified,
    )


def volume(made: Sludge, *, age: float, solids: float) -> float:
    """Volume that holds the sludge at a concentration of solids. [m³]"""
    return made.tss * age * 1000 / solids


@dataclass(frozen=True, kw_only=True)
class Denitrified:
    """An anoxic tank before the aerated one."""

    active: float  # g/m³ of living heterotrophs
    recycle: float  # of the flow
    load: float  # g BOD per g of living heterotrophs and day
    rate: float  # g N per g of them and day
    nitrate: float  # kg/d that it can reduce
    oxygen_back: float  # kg/d saved


def denitrification(
    sewage: Sewage, *, anoxic: float, aerobic: float, age: float, nitrified: float,
    nitrate: float, returned: float, bod: float, ready: float,
) -> Denitrified:  # fmt: skip
    """What an anoxic tank reduces.

    Parameters
    ----------
    sewage : Sewage
        What comes.
    anoxic, aerobic : float
        Volumes. [m³]
    age : float
        Of the sludge, aerated. [d]
    nitrified, nitrate : float
        Nitrogen oxidised, and nitrate wanted in the effluent. [g/m³]
    returned : float
        Return sludge, of the flow.
    bod : float
        What comes. [g/m³]
    ready : float
        Share of the biodegradable COD that is readily so.

    References
    ----------
    metcalf2014, example 8-7
    """
    Q, warm = sewage.flow, sewage.temperature - 20
    decay = BOOK.decay * BOOK.theta_decay**warm
    active = Q * age * BOOK.yield_vss * sewage.bcod / (1 + decay * age) / aerobic
    recycle = nitrified / nitrate - 1 - returned
    load = Q * bod / (anoxic * active)
    rate = 0.24 * load
    if load > 0.5:  # the text's own mark
        _, intercept, slope = [row for row in SDNR if row[0] <= ready][-1]
        rate = intercept + slope * math.log(load)
    rate *= 1.026**warm
    if 1 < recycle <= 3:
        rate -= 0.0166 * math.log(load) + 0.078
    elif recycle > 3:
        rate -= 0.0290 * math.log(load) + 0.012
    return Denitrified(
        active=active,
        recycle=recycle,
        load=load,
        rate=rate,
        nitrate=anoxic * rate * active / 1000,
        oxygen_back=O2_BACK * (nitrified - nitrate) * Q / 1000,
    )


def phosphorus_taken(
    sewage: Sewage, *, ready: float, nitrate_back: float, per_phosphorus: float, biomass: float
) -> tuple[float, float]:
    """Phosphorus that storing bacteria and plain growth take. [g/m³]

    Parameters
    ----------
    sewage : Sewage
        What comes.
    ready : float
        Readily biodegradable COD. [g/m³]
    nitrate_back : float
        Nitrate that returns to the anaerobic tank, per m³ of sewage. [g/m³]
    per_phosphorus : float
        Ready COD for a gram of phosphorus stored: 10 with much acetate, 20 with little.
    biomass : float
        Grown. [kg/d]

    References
    ----------
    metcalf2014, example 8-15
    """
    left = ready - 5.2 * nitrate_back  # g of ready COD that a gram of nitrate takes
    return left / per_phosphorus, P_IN_VSS * biomass * 1000 / sewage.flow


def iron_dose(removed: float, *, ratio: float) -> tuple[float, float]:
    """Iron for phosphate, and the sludge it makes. [g/m³]

    Parameters
    ----------
    removed : float
        Phosphate-phosphorus. [g/m³]
    ratio : float
        Moles of iron per mole of it: 1 to 3.3, the more the less may be left.

    References
    ----------
    metcalf2014, example 6-2
    """
    moles = removed / PHOSPHORUS
    solids = FE_PHOSPHATE * moles + FE_HYDROXIDE * (ratio - 1.6) * moles
    return ratio * moles * IRON, solids
