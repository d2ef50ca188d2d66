"""One option: a technique at a unit, quantified on the company's own balance, with its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from renvand.steps.potential.catalogue import Technique
from renvand.steps.potential.company import (
    DRAINED,
    HEAT,
    TREATMENT_KINDS,
    Company,
    Use,
    losses,
)
from renvand.steps.potential.draws import DRAWS, factor, triangle
from renvand.steps.potential.economics import Array, annuity, internal_rates, payback
from renvand.steps.potential.economy import INSTALLED, PAGES, Economy, curve_cost, curve_range
from renvand.steps.potential.formula import Formula
from renvand.steps.potential.inputs import inputs_of, load, treated_share
from renvand.steps.potential.page import Page, page_of
from renvand.steps.potential.rules import METALS, evidence

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
class Line:
    """One line of an option's account."""

    kind: str  # investment, running, saving
    item: str  # row of prices, part of a page, or water, heat, power, care
    amount: float  # a day or in all, in `unit`
    unit: str
    money: float  # of the case, or that a year


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option in numbers; arrays hold one value a draw, the first being the typical case.

    Notes
    -----
    Water is clean water at the intake. [m³/a] Money is that of the price table. [money]
    """

    candidate: Candidate
    water: Array  # m³/a
    at_unit: float  # m³/d, typical, at the unit itself
    cod: Array  # kg/a
    tn: Array  # kg/a
    metal: Array  # kg/a
    sludge: Array  # kg/a of cake, negative when it makes more
    energy: Array  # kWh/a, negative when it needs more
    chemicals: Array  # money/a
    investment: Array
    operation: Array  # money/a
    saving: Array  # money/a, before operation
    years: float
    applies: float = 1.0  # share of the unit for which the row's shares hold, typical
    account: tuple[Line, ...] = ()
    outside: tuple[str, ...] = ()  # bounds of the page that do not hold here
    beyond: tuple[str, ...] = ()  # cost curves asked beyond their sizes
    energy_left: Mapping[str, float] = field(default_factory=dict[str, float])  # share, by carrier
    chemicals_left: Mapping[str, float] = field(default_factory=dict[str, float])

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


def quantified(candidate: Candidate, company: Company, *, economy: Economy) -> Option:
    """Put numbers to a candidate on the balance of a company.

    Parameters
    ----------
    candidate : Candidate
        Technique and unit.
    company : Company
        As it is when the option is built: earlier options have already saved their part.
    economy : Economy
        Prices and interest.

    Returns
    -------
    Option
        Typical values first, then draws from triangles between the published ends.
    """
    return _Case(candidate, company, economy=economy).option()


class _Case:
    """One technique at one unit of one company: all that the parts of the account share."""

    def __init__(self, candidate: Candidate, company: Company, *, economy: Economy) -> None:
        self.candidate, self.company, self.economy = candidate, company, economy
        self.technique, self.unit = candidate.technique, candidate.unit
        self.page: Page | None = page_of(self.technique.id)
        self.days = company.days_a
        self.lost = losses(company, self.unit)
        page = self.page
        drawn = {
            name: triangle(p.range, f"{candidate.id} {p.row['id']}", seed=economy.seed)
            for name, p in (page.parameters if page else {}).items()
        }
        self.applies = drawn[page.applies] if page and page.applies else np.ones(DRAWS)
        water, spread = _water(company, self.unit)
        self.daily = self._saved(water, spread)
        inputs = inputs_of(company, self.unit, saved=self.daily, water=water)
        self.known = page.worked(inputs, drawn=drawn) if page else inputs
        self.account: list[Line] = []

    def draw(self, what: str) -> Array:
        """Draw a quantity of the technique's row."""
        key = f"{self.candidate.id} {what}"
        return triangle(self.technique.range(what), key, seed=self.economy.seed)

    def share(self, what: str) -> Array:
        """Draw a share that the row says of what the technique applies to."""
        return self.draw(what) * self.applies

    def _saved(self, water: float, spread: float) -> Array:
        company, unit = self.company, self.unit
        most = company.most_saved(unit)
        if company.kinds[unit] in TREATMENT_KINDS:
            is_reuse = self.technique.row["trigger"] == REUSE_TRIGGER
            most = min(company.reusable, company.most_returned(unit)) if is_reuse else 0.0
        errors = factor(spread, f"{self.candidate.id} balance", seed=self.economy.seed)
        # no technique takes out more water than the unit gives to the drain
        return np.minimum(self.share("water_saving") * water * errors, most)

    def option(self) -> Option:
        company, unit, days = self.company, self.unit, self.days
        saved = self.daily * company.intake_factor(unit) * days
        per_m3 = self.economy.per_m3(treated_share=treated_share(company, unit))
        self.line("saving", "water", saved / days, unit="m3/d", money=saved * per_m3)
        energy, energy_left, energy_money = self._energy()
        chemicals, chemicals_left = self._chemicals()
        investment = self._investment()
        power, operation = self._operation(investment)
        return Option(
            candidate=self.candidate,
            water=saved,
            at_unit=float(self.daily[0]),
            cod=self.share("cod_saving") * days * load(self.lost, "COD"),
            tn=self._saved_by_page("tn_kg_d") * days,
            sludge=self._saved_by_page("sludge_kg_d") * days,
            metal=self.share("metal_saving")
            * (days * load(self.lost, *(k for k in METALS if k != "Cr6"))),
            energy=energy * days - power,
            chemicals=chemicals,
            investment=investment,
            operation=operation,
            saving=saved * per_m3 + energy_money + chemicals,
            years=min(float(self.technique.row["lifetime_a"]), self.economy.horizon),
            applies=float(self.applies[0]),
            account=tuple(self.account),
            outside=self._outside(),
            beyond=self._beyond(),
            energy_left=energy_left,
            chemicals_left=chemicals_left,
        )

    def _saved_by_page(self, what: str) -> Array:
        of = self.page.saves.get(what) if self.page else None
        return self.worked(of, what) if of else np.zeros(DRAWS)

    def line(self, kind: str, item: str, amount: Array, *, unit: str, money: Array) -> None:
        """Write a line of the account, where there is one."""
        if abs(money[0]) > 0:
            self.account.append(
                Line(
                    kind=kind,
                    item=item,
                    amount=float(amount[0]),
                    unit=unit,
                    money=float(money[0]),
                )
            )

    def worked(self, formula: Formula, where: str) -> Array:
        """Work out a formula of the page. (draw,)"""
        assert self.page is not None
        return np.broadcast_to(self.page.value(formula, self.known, where=where), (DRAWS,))

    def _energy(self) -> tuple[Array, dict[str, float], Array]:
        """Give energy saved a day, the share that is left of each carrier, the money a year."""
        uses = self.company.energy_of(self.unit)
        by_page = self.page.saves.get("energy_kwh_d") if self.page else None
        if by_page:
            uses = [u for u in uses if u.name in HEAT]
        total = sum(u.amount for u in uses)
        if total <= 0:
            return np.zeros(DRAWS), {}, np.zeros(DRAWS)
        if by_page:
            share = np.minimum(self.worked(by_page, "energy_kwh_d") / total, 1.0)
        else:
            share = self.share("energy_saving")
        money = share * (sum(u.amount * u.price for u in uses) * self.days)
        self.line("saving", "energy", share * total, unit="kWh/d", money=money)
        left = 1 - float(share[0])
        return share * total, {u.name: left for u in uses}, money

    def _chemicals(self) -> tuple[Array, dict[str, float]]:
        """Give the money saved a year; of a metal never more than what is lost."""
        names = self.page.chemicals if self.page else None
        share = self.share("chemicals_saving")
        saved = np.zeros(DRAWS)
        left: dict[str, float] = {}
        for use in self.company.chemicals:
            if use.unit != self.unit or not share.any():
                continue
            if names is not None and use.name not in names:
                continue
            amount = self._of_chemical(use, share)
            money = amount * (use.price * self.days)
            self.line("saving", use.name, amount, unit="kg/d", money=money)
            left[use.name] = 1 - float(amount[0]) / use.amount if use.amount else 1.0
            saved = saved + money
        return saved, left

    def _of_chemical(self, use: Use, share: Array) -> Array:
        amount = share * use.amount
        if use.name in METAL_CONTENT:
            metal, content = METAL_CONTENT[use.name]
            lost = load(self.lost, metal) / content
            amount = np.minimum(amount, lost * self.share("metal_saving"))
        return amount

    def _investment(self) -> Array:
        parts: dict[str, Array] = {}
        for item, formula in (self.page.investments if self.page else {}).items():
            assert self.page is not None
            size = self.worked(formula, item)
            curve = self.page.curves.get(item)
            parts[item] = (
                curve_cost(
                    curve,
                    size,
                    year=self.economy.price_year,
                    location=self.economy.location,
                    knowledge=self.economy.knowledge,
                )
                if curve
                else size * self.economy.money(PAGES)
            )
        if not parts:
            treated = self.daily if self.daily[0] > 0 else self.known["drained_m3_d"]
            fixed, each = self.draw("capex_fixed_cny"), self.draw("capex_per_m3_d_cny")
            parts["equipment"] = (fixed + each * treated) * self.economy.money(PAGES)
        equipment = sum(parts.values(), np.zeros(DRAWS))
        installed = self.economy.default(INSTALLED)
        for item, money in parts.items():
            self.line("investment", item, np.ones(DRAWS), unit="1", money=money)
        extra = equipment * (installed - 1)
        self.line("investment", "installation", installed - 1, unit="1", money=extra)
        return equipment * installed

    def _operation(self, investment: Array) -> tuple[Array, Array]:
        """Give power a year and all running costs."""
        drained = sum(s.flow for s in self.company.out_of(self.unit, DRAINED))
        treated = self.daily if self.daily[0] > 0 else np.full(DRAWS, drained)
        power = self.draw("electricity_kwh_m3") * treated * self.days
        money = power * self.economy.drawn("electricity")
        self.line("running", "electricity", power / self.days, unit="kWh/d", money=money)
        care = float(self.technique.row["opex_share"] or 0.0) * investment
        self.line("running", "care", np.ones(DRAWS), unit="1", money=care)
        total = care + money
        for key, formula in (self.page.costs if self.page else {}).items():
            amount = self.worked(formula, key)
            cost = amount * self.economy.drawn(key) * self.days
            unit = str(self.economy.price(key).row["unit"]).partition("/")[2]
            self.line("running", key, amount, unit=f"{unit}/d", money=cost)
            total = total + cost
            if key == "electricity":
                power = power + amount * self.days
        return power, total

    def _outside(self) -> tuple[str, ...]:
        """Say which bounds of the page do not hold."""
        bounds = self.page.validity if self.page else {}
        values = {name: float(self.known[name][0]) for name in bounds}
        return tuple(
            f"{name} {values[name]:.3g}: {low:g}-{high:g}"
            for name, (low, high) in bounds.items()
            if not low <= values[name] <= high
        )

    def _beyond(self) -> tuple[str, ...]:
        """Say which cost curves are asked for a size that they were not made for."""
        found: list[str] = []
        for item, curve in (self.page.curves if self.page else {}).items():
            assert self.page is not None
            ends = curve_range(curve, self.economy.knowledge)
            size = float(self.worked(self.page.investments[item], item)[0])
            if not ends.low <= size <= ends.high:
                found.append(f"{curve} {size:.3g}: {ends.low:g}-{ends.high:g}")
        return tuple(found)


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
