"""Slips in operating data: what cannot be, and the power of ten that would mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault
from renvand.steps.case import records
from renvand.steps.plants.performance import SUBSTANCES

if TYPE_CHECKING:
    import pandas as pd

LOAD_RANGE = (0.15, 1.4)  # volume over capacity; outside, 8 of 93 real plants, all slips, yrd93
ENERGY_RANGE = (0.08, 1.6)  # kWh/m³; outside, 20 of 93 real plants, yrd93
STRENGTH_RANGE = (1.5, 40.0)  # COD over TN of sewage; all of 93 real plants in 2.5 to 39, yrd93
POWERS = range(-3, 4)  # of ten that are tried


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One thing in one row that cannot be as it stands."""

    plant: str
    period: str
    rule: str  # load, energy, removal-tn, order-bod, missing-volume, …
    value: float
    volume_power: int | None  # times ten to this would mend the row; None: nothing would
    energy_power: int | None
    evidence: str

    @property
    def remedy(self) -> str:
        """What to do about it."""
        parts = [
            f"{name} times {10.0**power:g}"
            for name, power in (("volume", self.volume_power), ("energy", self.energy_power))
            if power
        ]
        if parts:
            return f"Likely a unit slip: {' and '.join(parts)} would fit. Check the meter's unit."
        if self.rule == "strength" and self.value > 0:
            middle = np.log10(self.value / np.sqrt(np.prod(STRENGTH_RANGE)))
            power = 10.0 ** -round(float(middle))
            told = f"COD times {power:g} or total nitrogen times {1 / power:g} would fit."
            return f"Likely a unit slip: {told} Check both with the laboratory."
        return "Check the row; no power of ten mends it. It is left out."


def check(performance: pd.DataFrame) -> list[Slip]:
    """Find rows that cannot be, and propose powers of ten; nothing is changed.

    Parameters
    ----------
    performance : DataFrame
        Of :func:`performance.monthly`, or the same columns by year.

    Returns
    -------
    list of Slip
        In the order of the rows; a row may have several.

    Notes
    -----
    A load ratio outside 0.15 to 1.4, less than 0.08 or more than 1.6 kWh/m³, a substance that
    does not become less, BOD above COD, ammonium above total nitrogen, COD less than 1.5 or more
    than 40 times nitrogen, no volume, no energy.
    """
    found: list[Slip] = []
    load = performance["volume_m3"] / performance["days"] / performance["capacity_m3_d"]
    specific = performance["energy_kwh"] / performance["volume_m3"]
    for i, row in enumerate(records(performance)):
        found += _row_slips(row, load=float(load.iloc[i]), specific=float(specific.iloc[i]))
    return found


def _row_slips(row: dict[str, Any], *, load: float, specific: float) -> Iterator[Slip]:
    def slip(rule: str, value: float, evidence: str, powers: tuple[int | None, int | None]) -> Slip:
        return Slip(
            plant=str(row["plant"]),
            period=str(row["period"]),
            rule=rule,
            value=value,
            volume_power=powers[0],
            energy_power=powers[1],
            evidence=evidence,
        )

    nothing = (None, None)
    for name, value in (("volume", row["volume_m3"]), ("energy", row["energy_kwh"])):
        if not value > 0:
            yield slip(f"missing-{name}", value, f"{name} is missing or not above 0.", nothing)
    powers = mend(load, specific)
    if load == load and not LOAD_RANGE[0] <= load <= LOAD_RANGE[1]:
        what = f"load is {load:.3g} of capacity, outside {LOAD_RANGE[0]} to {LOAD_RANGE[1]}."
        yield slip("load", load, what, powers)
    if specific == specific and not ENERGY_RANGE[0] <= specific <= ENERGY_RANGE[1]:
        what = f"{specific:.3g} kWh/m³ is outside {ENERGY_RANGE[0]} to {ENERGY_RANGE[1]}."
        yield slip("energy", specific, what, powers)
    for s in SUBSTANCES:
        enters, leaves = row[f"{s}_in"], row[f"{s}_out"]
        if leaves >= enters:
            what = f"{s.upper()} leaves with {leaves:g} mg/L and enters with {enters:g}."
            yield slip(f"removal-{s}", leaves - enters, what, nothing)
    for less, more in (("bod", "cod"), ("nh4", "tn")):
        a, b = row[f"{less}_in"], row[f"{more}_in"]
        if a > b:
            what = f"{less.upper()} of {a:g} mg/L is above {more.upper()} of {b:g}."
            yield slip(f"order-{less}", a - b, what, nothing)
    strength, (low, high) = row["cod_in"] / row["tn_in"] if row["tn_in"] else np.nan, STRENGTH_RANGE
    if strength == strength and not low <= strength <= high:
        what = f"COD is {strength:.3g} times total nitrogen, outside {low:g} to {high:g}."
        yield slip("strength", strength, what, nothing)


def mend(load: float, specific: float) -> tuple[int | None, int | None]:
    """Find the fewest powers of ten on volume and energy that bring both ratios into range.

    Parameters
    ----------
    load : float
        Volume over capacity; NaN where not known.
    specific : float
        Energy over volume. [kWh/m³]

    Returns
    -------
    tuple
        Power for volume and for energy, or None and None where nothing helps. Where two answers
        are equally short, the one whose ratios lie nearer to the middle of their ranges.
    """

    def misfit(volume: int, energy: int) -> tuple[int, float] | None:
        off = 0.0
        ratios = (
            (load * 10.0**volume, LOAD_RANGE),
            (specific * 10.0 ** (energy - volume), ENERGY_RANGE),
        )
        for value, (low, high) in ratios:
            if not np.isfinite(value):
                continue
            if not low <= value <= high:
                return None
            off += abs(np.log(value / np.sqrt(low * high)))
        return abs(volume) + abs(energy), off

    fits = {(a, b): cost for a in POWERS for b in POWERS if (cost := misfit(a, b)) is not None}
    return min(fits, key=lambda pair: fits[pair]) if fits else (None, None)


def findings(slips: list[Slip]) -> tuple[Fault, ...]:
    """Say the slips to the person who keeps the data; the same slip in many months once."""
    alike: dict[tuple[str, str, str], list[Slip]] = {}
    for slip in slips:
        alike.setdefault((slip.plant, slip.rule, slip.remedy), []).append(slip)
    return tuple(
        Fault(
            where=f"plants/{plant}/operation.csv, {_periods(group)}",
            what=group[0].evidence,
            do=remedy,
        )
        for (plant, _, remedy), group in alike.items()
    )


def _periods(slips: list[Slip]) -> str:
    first, last = slips[0].period, slips[-1].period
    return first if len(slips) == 1 else f"{first} to {last} ({len(slips)} rows)"


def is_sound(performance: pd.DataFrame, slips: list[Slip]) -> pd.Series:
    """Say which rows have no slip."""
    import pandas as pd

    faulty = {(s.plant, s.period) for s in slips}
    pairs = zip(performance["plant"], performance["period"], strict=True)
    return pd.Series([(str(p), str(t)) not in faulty for p, t in pairs], index=performance.index)
