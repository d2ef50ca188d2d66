"""A reviewed company: its units and reconciled streams, and what happens when water is saved."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from renvand.steps.case import CaseData, ReviewData, records

if TYPE_CHECKING:
    import pandas as pd

SUPPLY_KINDS = ("storage", "make-up")  # units that only pass water on
TREATMENT_KINDS = ("equalisation", "neutralisation", "precipitation", "oil-separation", "treatment")
BATH_KINDS = ("plating-bath", "passivation", "phosphating", "anodising")
CLEAN_KINDS = ("fresh", "process", "reuse")  # streams that bring a unit its water
DRAINED = ("wastewater", "leak")
HEAT = ("steam", "heat", "gas")  # carriers
_MOST_SAVED = 0.98  # share of a unit's water; the rest keeps its balance defined


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One stream with its reconciled flow and content."""

    id: str
    start: str
    end: str
    kind: str
    flow: float  # m³/d
    sd: float  # m³/d
    quality: Mapping[str, float]  # mg/l, only what is known


@dataclass(frozen=True, kw_only=True)
class Use:
    """What a unit uses of a chemical or an energy carrier, and what it pays."""

    unit: str
    name: str
    amount: float  # kg/d or kWh/d
    price: float  # per kg or kWh


@dataclass(frozen=True, kw_only=True)
class Company:
    """A company as its review found it."""

    id: str
    enterprise: str
    sector: str
    days_a: float
    production: float  # per day, in `production_unit`
    production_unit: str
    kinds: Mapping[str, str]  # unit: kind
    labels: Mapping[str, Mapping[str, str]]  # unit: language: label
    streams: tuple[Stream, ...]
    demands: Mapping[str, Mapping[str, float]]  # unit: substance: mg/l
    chemicals: tuple[Use, ...] = ()
    energy: tuple[Use, ...] = ()
    metered: frozenset[str] = frozenset()  # streams with a meter
    outlet_kind: str = ""  # direct, sewer, park
    limits: Mapping[str, float] = field(default_factory=dict[str, float])  # permit, mg/l
    known_figures: frozenset[str] = frozenset()  # of the review, for tracing
    industry: str = ""  # code of GB/T 4754, where the register has one
    reusable_share: float = 0.0  # of the intake: treated, polished water that the units can take

    def into(self, unit: str, kinds: Iterable[str] = CLEAN_KINDS) -> list[Stream]:
        """List the streams of some kinds that enter a unit."""
        return [s for s in self.streams if s.end == unit and s.kind in kinds]

    def out_of(self, unit: str, kinds: Iterable[str]) -> list[Stream]:
        """List the streams of some kinds that leave a unit."""
        return [s for s in self.streams if s.start == unit and s.kind in kinds]

    def feeds(self, unit: str) -> list[Stream]:
        """List the streams that bring a unit clean water, not liquor from another process."""
        return [s for s in self.into(unit) if s.kind != "process" or self._is_clean(s.start)]

    def _is_clean(self, place: str) -> bool:
        return place == "supply" or self.kinds.get(place) in SUPPLY_KINDS

    def water(self, unit: str) -> float:
        """Give the clean water of a unit. [m³/d]"""
        return sum(s.flow for s in self.feeds(unit))

    def bought(self, unit: str) -> list[Stream]:
        """List the clean streams of a unit that come from the intake, not from reuse."""
        return [s for s in self.feeds(unit) if s.kind != "reuse"]

    def most_saved(self, unit: str) -> float:
        """Give what a unit can save at most: nearly what it gives to the drain. [m³/d]"""
        return _MOST_SAVED * min(_total(self.bought(unit)), self._room(self.out_of(unit, DRAINED)))

    def _room(self, streams: Iterable[Stream]) -> float:
        """Give what streams can shrink by, down to the end of the pipe."""
        return sum(
            min(s.flow, self._room(self.out_of(s.end, ("wastewater",))))
            if self.kinds.get(s.end) in TREATMENT_KINDS
            else s.flow
            for s in streams
        )

    def most_returned(self, unit: str) -> float:
        """Give what a treatment can bring back at most. [m³/d]"""
        return _MOST_SAVED * min(self.intake, _total(self.out_of(unit, ("wastewater",))))

    @property
    def reusable(self) -> float:
        """Give the treated, polished water that the units can take. [m³/d]"""
        return self.reusable_share * self.intake

    def energy_of(self, unit: str) -> list[Use]:
        """List what a unit uses of energy; of a boiler also the heat of units it gives steam to."""
        served = {s.end for s in self.out_of(unit, ("steam",))} - {unit}
        return [u for u in self.energy if u.unit == unit or (u.unit in served and u.name in HEAT)]

    @property
    def intake(self) -> float:
        """Give the water the company takes in. [m³/d]"""
        return sum(s.flow for s in self.streams if s.start == "supply")

    @property
    def supply(self) -> Stream:
        """Give the largest stream of supply."""
        return max((s for s in self.streams if s.start == "supply"), key=lambda s: s.flow)

    def intake_factor(self, unit: str) -> float:
        """Give the intake behind one cubic metre of a unit's water: above 1 after make-up."""
        feeds = self.bought(unit)
        flow = sum(s.flow for s in feeds)
        if flow <= 0:
            return 1.0
        return sum(s.flow * self._upstream(s.start) for s in feeds) / flow

    def _upstream(self, place: str) -> float:
        if self.kinds.get(place) != "make-up":
            return 1.0
        taken = sum(s.flow for s in self.into(place))
        given = sum(s.flow for s in self.out_of(place, ("process", "fresh")))
        return taken / given if given > 0 and taken > given else 1.0


def company_of(case: CaseData, review_id: str, *, reconciled: pd.DataFrame) -> Company:
    """Put a company together from its review.

    Parameters
    ----------
    case : CaseData
        For permits and outlets of the enterprise.
    review_id : str
        Folder under ``reviews/``.
    reconciled : DataFrame
        Columns ``stream, quantity, value, sd``; quantity is 'flow' or a substance.

    Returns
    -------
    Company
        With reconciled flows only; a stream whose flow is unobservable counts as zero.
    """
    review = case.reviews[review_id]
    settings = review.settings
    outlets = [
        r for r in _rows(case.tables, "outlets") if r["enterprise"] == settings["enterprise"]
    ]
    names = {r["id"] for r in outlets}
    codes = [
        str(r["sector_code"] or "")
        for r in _rows(case.tables, "enterprises")
        if r["id"] == settings["enterprise"]
    ]
    units = _rows(review.tables, "units")
    return Company(
        id=review_id,
        enterprise=settings["enterprise"],
        sector=settings["sector"],
        industry=codes[0] if codes else "",
        days_a=float(settings["days_a"]),
        production=float(settings["production"]),
        production_unit=settings["production_unit"],
        kinds={r["id"]: r["kind"] for r in units},
        labels={r["id"]: {lang: r[f"label_{lang}"] for lang in ("en", "da", "zh")} for r in units},
        streams=_streams(review, reconciled),
        demands=_demands(review),
        chemicals=_uses(review, "chemicals", name="chemical", amount="amount_kg_d", price="per_kg"),
        energy=_uses(review, "energy", name="carrier", amount="amount_kwh_d", price="per_kwh"),
        metered=frozenset(r["stream"] for r in _rows(review.tables, "meters")),
        outlet_kind=outlets[0]["kind"] if outlets else "",
        limits={
            r["substance"]: r["limit_mg_l"]
            for r in _rows(case.tables, "permit_limits")
            if r["outlet"] in names
        },
    )


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    return records(tables[name]) if name in tables else []


def _streams(review: ReviewData, reconciled: pd.DataFrame) -> tuple[Stream, ...]:
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in records(reconciled):
        if math.isfinite(row["value"]):
            found.setdefault(row["stream"], {})[row["quantity"]] = (row["value"], row["sd"])
    made: list[Stream] = []
    for row in records(review.tables["streams"]):
        known = found.get(row["id"], {})
        flow, sd = known.get("flow", (0.0, 0.0))
        quality = {k: value for k, (value, _) in known.items() if k != "flow"}
        made.append(
            Stream(
                id=row["id"],
                start=row["from_unit"],
                end=row["to_unit"],
                kind=row["kind"],
                flow=max(flow, 0.0),
                sd=sd,
                quality=quality,
            )
        )
    return tuple(made)


def _demands(review: ReviewData) -> dict[str, dict[str, float]]:
    made: dict[str, dict[str, float]] = {}
    for row in records(review.tables["demands"]) if "demands" in review.tables else []:
        made.setdefault(row["unit"], {})[row["substance"]] = row["max_in_mg_l"]
    return made


def _uses(review: ReviewData, table: str, *, name: str, amount: str, price: str) -> tuple[Use, ...]:
    rows = records(review.tables[table]) if table in review.tables else []
    return tuple(
        Use(unit=r["unit"], name=r[name], amount=r[amount], price=_known(r.get(f"price_{price}")))
        for r in rows
    )


def _known(value: float | None) -> float:
    return 0.0 if value is None or not math.isfinite(value) else value


def save_water(company: Company, unit: str, *, volume: float) -> Company:
    """Let a unit use less water and carry the change through the whole balance.

    The load stays, so concentrations rise. Upstream the make-up and the intake shrink,
    downstream the wastewater, in proportion; what the treatment gives out keeps its
    concentration.

    Parameters
    ----------
    company : Company
        Before.
    unit : str
        Where water is saved.
    volume : float
        Clean water saved there. [m³/d]

    Returns
    -------
    Company
        After, with closed balances if they were closed before.
    """
    volume = min(volume, company.most_saved(unit))
    if volume <= 0:
        return company
    drains = company.out_of(unit, DRAINED)
    less: dict[str, float] = {}
    _upstream(company, company.bought(unit), volume=volume, less=less)
    _downstream(company, drains, volume=volume, less=less)
    return replace(company, streams=tuple(_thinner(company, s, less=less) for s in company.streams))


def return_water(company: Company, unit: str, *, volume: float) -> Company:
    """Bring treated water back to the intake through a new stream.

    Parameters
    ----------
    company : Company
        Before.
    unit : str
        Treatment that gives the water.
    volume : float
        Water returned. [m³/d]

    Returns
    -------
    Company
        After: intake and effluent smaller, everything between as before.
    """
    volume = min(volume, company.most_returned(unit))
    if volume <= 0:
        return company
    drains = company.out_of(unit, ("wastewater",))
    less: dict[str, float] = {}
    _downstream(company, drains, volume=volume, less=less)
    _upstream(
        company, [s for s in company.streams if s.start == "supply"], volume=volume, less=less
    )
    back = Stream(
        id=f"{unit}-return",
        start=unit,
        end=company.supply.end,
        kind="reuse",
        flow=volume,
        sd=0.0,
        quality={},
    )
    kept = tuple(s for s in company.streams if s.id != back.id)
    already = sum(s.flow for s in company.streams if s.id == back.id)
    changed = tuple(_thinner(company, s, less=less) for s in kept)
    return replace(company, streams=(*changed, replace(back, flow=volume + already)))


def lighten(company: Company, unit: str, *, shares: Mapping[str, float]) -> Company:
    """Take a share of some substances out of what a unit drains, itself or through its rinses.

    Parameters
    ----------
    company : Company
        Before.
    unit : str
        A unit, or a bath whose rinses carry its drag-out.
    shares : mapping of str to float
        Share taken out, by substance.
    """
    changed = {s.id for s in losses(company, unit)}

    def lighter(stream: Stream) -> Stream:
        quality = {k: v * (1 - shares.get(k, 0.0)) for k, v in stream.quality.items()}
        return replace(stream, quality=quality)

    streams = tuple(lighter(s) if s.id in changed else s for s in company.streams)
    return replace(company, streams=streams)


def losses(company: Company, unit: str) -> list[Stream]:
    """List the drained streams that carry a unit's losses: its own, and of a bath its rinses'."""
    places = [unit]
    if company.kinds[unit] in BATH_KINDS:
        places += [s.end for s in company.out_of(unit, ("process",)) if s.end in company.kinds]
    return [s for place in places for s in company.out_of(place, ("wastewater",))]


def _total(streams: Iterable[Stream]) -> float:
    return sum(s.flow for s in streams)


def _upstream(
    company: Company, streams: list[Stream], *, volume: float, less: dict[str, float]
) -> None:
    total = sum(s.flow for s in streams)
    for s in streams if total > 0 else []:
        part = volume * s.flow / total
        less[s.id] = less.get(s.id, 0.0) + part
        if company.kinds.get(s.start) not in SUPPLY_KINDS:
            continue
        taken = company.bought(s.start)
        given = sum(g.flow for g in company.out_of(s.start, ("process", "fresh")))
        reject = company.out_of(s.start, ("wastewater",)) if given > 0 else []
        lost = part * sum(r.flow for r in reject) / given if given > 0 else 0.0
        if company.kinds[s.start] == "storage":
            reject, lost = [], 0.0
        _downstream(company, reject, volume=lost, less=less)
        _upstream(company, taken, volume=part + lost, less=less)


def _downstream(
    company: Company, streams: list[Stream], *, volume: float, less: dict[str, float]
) -> None:
    total = sum(s.flow for s in streams)
    for s in streams if total > 0 and volume > 0 else []:
        part = volume * s.flow / total
        less[s.id] = less.get(s.id, 0.0) + part
        if company.kinds.get(s.end) in TREATMENT_KINDS:
            _downstream(company, company.out_of(s.end, ("wastewater",)), volume=part, less=less)


def _thinner(company: Company, stream: Stream, *, less: Mapping[str, float]) -> Stream:
    if stream.id not in less:
        return stream
    flow = max(stream.flow - less[stream.id], 0.0)
    is_effluent = company.kinds.get(stream.start) in ("treatment", "precipitation")
    is_waste = stream.kind == "wastewater" and not is_effluent and flow > 0
    thicker = stream.flow / flow if is_waste else 1.0
    quality = {k: value * thicker for k, value in stream.quality.items()}
    return replace(stream, flow=flow, quality=quality)
