"""One option: a technique at a unit, quantified on the company's own balance, with its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from renvand.steps.potential.catalogue import Price, Range, Technique
from renvand.steps.potential.company import DRAINED, TREATMENT_KINDS, Company, losses
from renvand.steps.potential.economics import Array, annuity, internal_rates, payback
from renvand.steps.potential.rules import METALS, evidence

DRAWS = 4000
# metal and its share in what is bought, by molar mass; salts are booked as metal
METAL_CONTENT = {k: (k, 1.0) for k in METALS} | {"CrO3": ("Cr", 52.0 / 100.0)}
REUSE_TRIGGER = "effluent-reusable"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A technique that a rule proposes for a unit."""

    technique: Technique
    unit: str
    evidence: str

    @property
    def id(self) -> str:
        """Give the key of the option."""
        return f"{self.technique.id}.{self.unit}"

    @property
    def group(self) -> tuple[str, str]:
        """Give unit and reason: of techniques that answer the same one, one is built."""
        return self.unit, self.technique.row["trigger"]


@dataclass(frozen=True, kw_only=True)
class Economy:
    """What the company pays, and how it counts."""

    rate: float  # interest a year
    water: Price
    electricity: Price
    fee: Price | None  # of the park, per m³ of wastewater
    seed: int


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option in numbers; arrays hold one value a draw, the first being the typical case.

    Notes
    -----
    Water is clean water at the intake. [m³/a] Money is that of the price table. [CNY]
    """

    candidate: Candidate
    water: Array  # m³/a
    at_unit: float  # m³/d, typical, at the unit itself
    cod: Array  # kg/a
    metal: Array  # kg/a
    energy: Array  # kWh/a, negative when it needs more
    chemicals: Array  # money/a
    investment: Array
    operation: Array  # money/a
    saving: Array  # money/a, before operation
    years: float

    @property
    def net(self) -> Array:
        """Give the yearly gain after operation."""
        return self.saving - self.operation

    def worth(self, rate: float) -> Array:
        """Give the net present value."""
        return self.net / annuity(rate, self.years) - self.investment

    def cost(self, rate: float) -> Array:
        """Give the yearly cost of having it, less what it saves; negative earns."""
        return self.investment * annuity(rate, self.years) - self.net

    def internal_rate(self) -> Array:
        """Give the internal rate."""
        return internal_rates(self.investment, self.net, years=self.years)

    def payback(self) -> Array:
        """Give the simple payback. [a]"""
        return payback(self.investment, self.net)


def candidates(company: Company, catalogue: tuple[Technique, ...]) -> Iterator[Candidate]:
    """Yield what the rules propose."""
    for technique in catalogue:
        for unit, kind in company.kinds.items():
            if kind in technique.kinds:
                why = evidence(company, unit, trigger=technique.row["trigger"])
                if why:
                    yield Candidate(technique=technique, unit=unit, evidence=why)


def quantified(
    candidate: Candidate, company: Company, *, economy: Economy, reusable: float
) -> Option:
    """Put numbers to a candidate on the balance of a company.

    Parameters
    ----------
    candidate : Candidate
        Technique and unit.
    company : Company
        As it is when the option is built: earlier options have already saved their part.
    economy : Economy
        Prices and interest.
    reusable : float
        Treated and polished water that the units can take. [m³/d]

    Returns
    -------
    Option
        Typical values first, then draws from triangles between the published ends.
    """
    draw = _Draws(candidate, seed=economy.seed)
    technique, unit = candidate.technique, candidate.unit
    water, spread = _water(company, unit)
    drained = sum(s.flow for s in company.out_of(unit, DRAINED))
    most = company.most_saved(unit)
    if company.kinds[unit] in TREATMENT_KINDS:
        is_reuse = technique.row["trigger"] == REUSE_TRIGGER
        most = min(reusable, company.most_returned(unit)) if is_reuse else 0.0
    factor, days = company.intake_factor(unit), company.days_a
    # no technique takes out more water than the unit gives to the drain
    daily = np.minimum(draw.of("water_saving") * water * draw.normal(spread), most)
    treated = daily if daily[0] > 0 else np.full_like(daily, drained)
    investment = draw.of("capex_fixed_cny") + draw.of("capex_per_m3_d_cny") * treated
    power = draw.of("electricity_kwh_m3") * treated * days
    energy, heat_money = _energy(company, unit, draw=draw)
    chemicals = _chemicals(company, unit, draw=draw) * days
    electricity = draw.range(economy.electricity.value, "electricity")
    per_m3 = draw.range(economy.water.value, "water")
    if economy.fee is not None:
        per_m3 = per_m3 + draw.range(economy.fee.value, "fee")
    saved = daily * factor * days
    return Option(
        candidate=candidate,
        water=saved,
        at_unit=float(daily[0]),
        cod=draw.of("cod_saving") * days * _load(company, unit, substances=("COD",)),
        metal=draw.of("metal_saving") * days * _load(company, unit, substances=METALS),
        energy=energy * days - power,
        chemicals=chemicals,
        investment=investment,
        operation=float(technique.row["opex_share"] or 0.0) * investment + power * electricity,
        saving=saved * per_m3 + heat_money * days + chemicals,
        years=float(technique.row["lifetime_a"]),
    )


def _water(company: Company, unit: str) -> tuple[float, float]:
    """Give a unit's clean water, of a treatment what it gives out; with its relative error."""
    streams = company.feeds(unit)
    if company.kinds[unit] in TREATMENT_KINDS:
        streams = company.out_of(unit, ("wastewater",))
    if company.kinds[unit] == "storage":
        streams = company.into(unit)
    flow = sum(s.flow for s in streams)
    error = float(np.sqrt(sum(s.sd**2 for s in streams)))
    return flow, error / flow if flow > 0 else 0.0


def _load(company: Company, unit: str, *, substances: tuple[str, ...]) -> float:
    """Give what a unit loses to the drain. [kg/d]"""
    # total chromium holds the hexavalent part
    counted = [k for k in substances if k != "Cr6"]
    drains = losses(company, unit)
    return sum(s.flow * s.quality.get(k, 0.0) for s in drains for k in counted) / 1000


def _chemicals(company: Company, unit: str, *, draw: _Draws) -> Array:
    """Give the money saved on chemicals a day; of a metal never more than what is lost."""
    share = draw.of("chemicals_saving")
    saved = np.zeros(DRAWS)
    for use in company.chemicals:
        if use.unit != unit:
            continue
        amount = share * use.amount
        if use.name in METAL_CONTENT:
            metal, content = METAL_CONTENT[use.name]
            lost = _load(company, unit, substances=(metal,)) / content
            amount = np.minimum(amount, lost * draw.of("metal_saving"))
        saved = saved + amount * use.price
    return saved


def _energy(company: Company, unit: str, *, draw: _Draws) -> tuple[Array, Array]:
    uses = [u for u in company.energy if u.unit == unit]
    share = draw.of("energy_saving")
    amount = sum(u.amount for u in uses)
    money = sum(u.amount * u.price for u in uses)
    return share * amount, share * money


class _Draws:
    """Draws of one option; the same quantity of the same option always draws the same."""

    def __init__(self, candidate: Candidate, *, seed: int) -> None:
        self.technique = candidate.technique
        self.seed = [seed, *candidate.id.encode()]

    def of(self, what: str) -> Array:
        """Draw a quantity of the technique."""
        return self.range(self.technique.range(what), what)

    def range(self, ends: Range, what: str) -> Array:
        """Draw from the triangle of a range; the first draw is the typical value."""
        low, typical, high = ends.low, ends.typical, ends.high
        if low == high:
            return np.full(DRAWS, typical)
        chance = np.random.default_rng([*self.seed, *what.encode()])
        drawn = chance.triangular(min(low, typical), typical, max(high, typical), DRAWS)
        drawn[0] = typical
        return drawn

    def normal(self, spread: float) -> Array:
        """Draw a factor about one for the error of the balance."""
        chance = np.random.default_rng([*self.seed, 0])
        drawn = 1 + spread * chance.standard_normal(DRAWS)
        drawn[0] = 1.0
        return np.maximum(drawn, 0.0)


def ends(values: Array) -> Mapping[str, float]:
    """Give the typical value and the middle 95 % of the draws."""
    low, high = np.quantile(values[1:], [0.025, 0.975], method="nearest")
    return {"typical": float(values[0]), "low": float(low), "high": float(high)}
