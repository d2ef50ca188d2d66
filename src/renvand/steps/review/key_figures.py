"""Key figures per product, each with its 95 % interval and the streams it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from renvand.steps.review.balance import figure_id
from renvand.steps.review.network import TEMPERATURE, TREATING, WASTE_ENDS, Reviewed, Row
from renvand.trace import Figure, Origin

TWO_SIDED_95 = 1.959963984540054
FEEDING = ("storage", "make-up")  # units whose outlets are clean water
METALS = ("Cu", "Ni", "Cr", "Zn", "Cd", "Ag", "Pb", "Sn")
RINSING = ("rinse-running", "rinse-cascade", "rinse-spray", "rinse-static")


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """One key figure of a company or of one of its units."""

    review: str
    indicator: str
    value: float
    sd: float
    unit: str
    method: str
    made_of: tuple[str | Origin, ...]
    place: str = ""  # unit of the site; empty for the whole site
    substance: str = ""

    @property
    def id(self) -> str:
        """Name of the figure: review.<company>.<what>, with unit or substance where it has one."""
        parts = (self.place, self.indicator.replace("-", "_"), self.substance)
        return ".".join(["review", self.review, *(part for part in parts if part)])

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval, never below zero."""
        return max(self.value - TWO_SIDED_95 * self.sd, 0.0)

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + TWO_SIDED_95 * self.sd

    def figure(self) -> Figure:
        """Give it as a traced figure."""
        return Figure(
            id=self.id,
            value=self.value,
            unit=self.unit,
            method=self.method,
            made_of=self.made_of,
            low=self.low,
            high=self.high,
        )

    def row(self) -> Row:
        """Give it as a row of the table."""
        return {
            "review": self.review,
            "indicator": self.indicator,
            "place": self.place,
            "substance": self.substance,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "figure": self.id,
        }


def key_figures(reviewed: Reviewed) -> list[KeyFigure]:
    """Work out all key figures that the data allow; what is unobservable gives none."""
    found = [
        *_water(reviewed),
        *_loads(reviewed),
        *_effluent(reviewed),
        *_metal_use(reviewed),
        *_used(reviewed, "energy", column="amount_kwh_d", unit="kWh"),
        *_used(reviewed, "chemicals", column="amount_kg_d", unit="kg"),
    ]
    return [k for k in found if np.isfinite(k.value) and np.isfinite(k.sd)]


def _water(reviewed: Reviewed) -> Iterator[KeyFigure]:
    streams = reviewed.streams.values()
    supply = {s["id"]: 1.0 for s in streams if s["from_unit"] == "supply"}
    waste = {s["id"]: 1.0 for s in streams if is_wastewater(s)}
    yield _specific(reviewed, "specific-water", supply, "all water supplied, per product")
    yield _specific(reviewed, "specific-wastewater", waste, "all wastewater leaving, per product")
    for unit, kind in reviewed.kinds.items():
        feeds = {s["id"]: 1.0 for s in streams if s["to_unit"] == unit and is_clean(reviewed, s)}
        if feeds and kind not in (*FEEDING, *TREATING):
            what = "rinse-water" if kind in RINSING else "specific-water"
            yield _specific(reviewed, what, feeds, "clean water to the unit, per product", unit)
    yield from _reused(reviewed, supply)


def is_wastewater(stream: Row) -> bool:
    """Wastewater that leaves the site; a leak of clean water is none."""
    return stream["kind"] == "wastewater" and stream["to_unit"] in WASTE_ENDS


def is_clean(reviewed: Reviewed, stream: Row) -> bool:
    """Fresh, reused, or passed on by a tank or a softener; not liquor from another process."""
    if stream["kind"] in ("fresh", "reuse"):
        return True
    return stream["kind"] == "process" and reviewed.kinds.get(stream["from_unit"]) in FEEDING


def _specific(
    reviewed: Reviewed, indicator: str, shares: Mapping[str, float], method: str, place: str = ""
) -> KeyFigure:
    value, sd = reviewed.result.total(dict(shares)) if shares else (float("nan"), 0.0)
    return KeyFigure(
        review=reviewed.id,
        indicator=indicator,
        place=place,
        value=value / reviewed.production,
        sd=sd / reviewed.production,
        unit=f"m3/{reviewed.per}",
        method=method,
        made_of=(*_flows(reviewed, shares), reviewed.said("production")),
    )


def _flows(reviewed: Reviewed, streams: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(figure_id(reviewed.id, s, "flow") for s in streams)


def _reused(reviewed: Reviewed, supply: Mapping[str, float]) -> Iterator[KeyFigure]:
    """Reused over reused and fresh, as the Chinese index systems count it."""
    reuse = {s["id"]: 1.0 for s in reviewed.streams.values() if s["kind"] == "reuse"}
    if not reuse:
        return
    reused, _ = reviewed.result.total(reuse)
    fresh, _ = reviewed.result.total(dict(supply))
    total = reused + fresh
    # First-order error of the share: d(share) = (fresh dr - reused df) / total².
    gradient = dict.fromkeys(supply, -reused / total**2) | dict.fromkeys(reuse, fresh / total**2)
    _, sd = reviewed.result.total(gradient)
    yield KeyFigure(
        review=reviewed.id,
        indicator="water-reuse",
        value=100 * reused / total,
        sd=100 * sd,
        unit="%",
        method="water reused over water reused and supplied",
        made_of=_flows(reviewed, {**reuse, **supply}),
    )


def _loads(reviewed: Reviewed) -> Iterator[KeyFigure]:
    """What reaches the treatment (generated) and what leaves the site (discharged)."""
    generated, discharged = [], []
    for s in reviewed.streams.values():
        treated = reviewed.kinds.get(s["to_unit"]) in TREATING
        if treated and reviewed.kinds.get(s["from_unit"]) not in TREATING:
            generated.append(s["id"])
        if is_wastewater(s) and reviewed.kinds.get(s["from_unit"]) in TREATING:
            discharged.append(s["id"])
    for substance in _adding(reviewed):
        if generated and substance == "COD":  # the index systems give this one its own name
            yield _load(reviewed, "specific-cod", "", streams=generated)
        elif generated:
            yield _load(reviewed, "load-generated", substance, streams=generated)
        if discharged:
            yield _load(reviewed, "load-discharged", substance, streams=discharged)


def _effluent(reviewed: Reviewed) -> Iterator[KeyFigure]:
    """What the treated water carries, where it leaves in one place."""
    outlets = [
        s["id"]
        for s in reviewed.streams.values()
        if is_wastewater(s) and reviewed.kinds.get(s["from_unit"]) in TREATING
    ]
    for substance in _adding(reviewed) if len(outlets) == 1 else []:
        value, sd = reviewed.result.value(outlets[0], substance)
        yield KeyFigure(
            review=reviewed.id,
            indicator="effluent-concentration",
            substance=substance,
            value=value,
            sd=sd,
            unit="mg/l",
            method="concentration of the treated water, reconciled",
            made_of=(figure_id(reviewed.id, outlets[0], substance),),
        )


def _metal_use(reviewed: Reviewed) -> Iterator[KeyFigure]:
    """Share of the metal bought for a bath that its rinses do not carry to the drain."""
    bought = [r for r in reviewed.rows("chemicals") if r["chemical"] in METALS]
    for r in bought:
        bath, metal, amount = r["unit"], r["chemical"], float(r["amount_kg_d"])
        after = {s["to_unit"] for s in reviewed.streams.values() if s["from_unit"] == bath}
        drains = [
            s["id"]
            for s in reviewed.streams.values()
            if s["from_unit"] in after & set(reviewed.kinds) and s["kind"] == "wastewater"
        ]
        if metal not in reviewed.substances or not drains or amount <= 0:
            continue
        grams, sd = reviewed.result.load(drains, metal)
        parts = [figure_id(reviewed.id, s, q) for s in drains for q in ("flow", metal)]
        bought_at = reviewed.origin("chemicals", r, key=f"{bath}, {metal}", column="amount_kg_d")
        yield KeyFigure(
            review=reviewed.id,
            indicator="metal-use",
            place=bath,
            substance=metal,
            value=100 * (1 - grams / 1000 / amount),
            sd=100 * sd / 1000 / amount,
            unit="%",
            method="metal bought for the bath less what its rinses drain, over metal bought",
            made_of=(*parts, bought_at),
        )


def _adding(reviewed: Reviewed) -> list[str]:
    """Substances whose concentration times flow is a load; that of a temperature is heat."""
    balanced = frozenset[str]().union(*reviewed.result.network.conserves.values())
    return [s for s in reviewed.substances if s in balanced and s != TEMPERATURE]


def _load(reviewed: Reviewed, indicator: str, substance: str, *, streams: list[str]) -> KeyFigure:
    of = substance or "COD"
    grams, sd = reviewed.result.load(streams, of)
    parts = [figure_id(reviewed.id, s, q) for s in streams for q in ("flow", of)]
    return KeyFigure(
        review=reviewed.id,
        indicator=indicator,
        substance=substance,
        value=grams / 1000 / reviewed.production,
        sd=sd / 1000 / reviewed.production,
        unit=f"kg/{reviewed.per}",
        method=f"flow times {of} of the streams, per product",
        made_of=(*parts, reviewed.said("production")),
    )


def _used(reviewed: Reviewed, file: str, *, column: str, unit: str) -> Iterator[KeyFigure]:
    """Energy by carrier and chemicals by name, per product; given without uncertainty."""
    name = "carrier" if file == "energy" else "chemical"
    rows = reviewed.rows(file)
    for what in dict.fromkeys(r[name] for r in rows):
        own = [r for r in rows if r[name] == what]
        is_power = what == "electricity"
        yield KeyFigure(
            review=reviewed.id,
            indicator="specific-electricity" if is_power else f"specific-{file}",
            substance="" if is_power else what,
            value=sum(float(r[column]) for r in own) / reviewed.production,
            sd=0.0,
            unit=f"{unit}/{reviewed.per}",
            method=f"sum over the units, per product; the table gives no uncertainty ({column})",
            made_of=(
                *(reviewed.origin(file, r, key=f"{r['unit']}, {what}", column=column) for r in own),
                reviewed.said("production"),
            ),
        )
