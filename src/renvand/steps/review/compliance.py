"""What leaves the site against what it may: the own permit first, the sector's standard else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from renvand.steps.case import CaseData, records
from renvand.steps.review.balance import figure_id
from renvand.steps.review.comparison import base_volume
from renvand.steps.review.key_figures import TWO_SIDED_95, KeyFigure, is_wastewater
from renvand.steps.review.network import TREATING, Reviewed, Row
from renvand.trace import Figure, Origin

FEWEST_DAYS = 3  # sampled, to say anything about a day that was not
RISKY = 0.05  # probability of exceedance from which a result is named


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What a substance may reach, and where that is written."""

    substance: str
    value: float
    unit: str  # mg/l; of colour, times of dilution
    is_permit: bool
    is_workshop: bool  # to be kept where the process water is treated, before it is mixed
    source: str
    locator: str
    confidence: str
    origin: Origin


def limits(case: CaseData, reviewed: Reviewed) -> dict[str, Limit]:
    """Find the limit of each substance for the enterprise of a review.

    Parameters
    ----------
    case : CaseData
        Outlets and permits.
    reviewed : Reviewed
        A company.

    Returns
    -------
    dict of str to Limit
        The permit where it names the substance; else the standard of the sector in force, for
        new sites, by kind of discharge. Where the standard says 'workshop', so does the permit.
    """
    enterprise = reviewed.data.settings["enterprise"]
    outlets = [r for r in _rows(case, "outlets") if r["enterprise"] == enterprise]
    is_direct = _is_direct(case, reviewed)
    found = {limit.substance: limit for limit in _standard(reviewed, is_direct=is_direct)}
    names = {r["id"] for r in outlets}
    for r in _rows(case, "permit_limits"):
        if r["outlet"] in names:
            workshop = r["substance"] in found and found[r["substance"]].is_workshop
            unit = _unit(reviewed, r["substance"])
            found[r["substance"]] = _permitted(r, is_workshop=workshop, unit=unit)
    return found


def _rows(case: CaseData, name: str) -> list[Row]:
    return records(case.tables[name]) if name in case.tables else []


def _unit(reviewed: Reviewed, substance: str) -> str:
    """Give the unit that samples and limits of a substance stand in."""
    row = reviewed.knowledge.by_id("substances").get(substance)
    return "times" if row is not None and row["unit"] == "times" else "mg/l"


def _permitted(row: Row, *, is_workshop: bool, unit: str) -> Limit:
    return Limit(
        substance=row["substance"],
        value=float(row["limit_mg_l"]),
        unit=unit,
        is_permit=True,
        is_workshop=is_workshop,
        source=row["source"],
        locator=row.get("locator") or "",
        confidence=row.get("confidence") or "medium",
        origin=Origin(
            file="permit_limits.csv",
            row=f"{row['outlet']}, {row['substance']}",
            column="limit_mg_l",
            value=str(row["limit_mg_l"]),
            basis=row["basis"],
            source=row["source"],
            locator=row.get("locator") or "",
            confidence=row.get("confidence") or "medium",
        ),
    )


def _standard(reviewed: Reviewed, *, is_direct: bool, grade: str = "") -> Iterator[Limit]:
    known = reviewed.knowledge
    group = known.by_id("sector_groups").get(reviewed.data.settings["sector"])
    if group is None or not known.is_here(group):
        return
    grade = grade or group["grade_direct" if is_direct else "grade_indirect"]
    discharge = "direct" if is_direct else "indirect"
    for row in known.rows("limits"):
        in_force = not _said(row["valid_to"]) and row["condition"] == "any" and row["kind"] == "max"
        here = row["standard"] == group["standard"] and row["grade"] == grade
        unit = _unit(reviewed, row["substance"])
        if here and in_force and row["discharge"] in ("any", discharge) and row["unit"] == unit:
            key = ", ".join(str(row[c]) for c in ("standard", "table", "substance", "discharge"))
            yield Limit(
                substance=row["substance"],
                value=float(row["limit"]),
                unit=unit,
                is_permit=False,
                is_workshop=row["measured_at"] == "workshop",
                source=row["source"],
                locator=row["locator"] or "",
                confidence=row["confidence"],
                origin=Origin(
                    file=known.file("limits", row),
                    row=key,
                    column="limit",
                    value=str(row["limit"]),
                    source=row["source"],
                    locator=row["locator"] or "",
                    confidence=row["confidence"],
                ),
            )


def _said(value: Any) -> bool:
    return value is not None and value == value and value != ""


def compliance(
    case: CaseData, reviewed: Reviewed, *, figures: list[KeyFigure], compared: list[Row]
) -> tuple[list[Row], list[Figure]]:
    """Compare what leaves with what may leave.

    Parameters
    ----------
    case : CaseData
        Outlets and permits.
    reviewed : Reviewed
        A company.
    figures : list of KeyFigure
        For the wastewater per product.
    compared : list of row
        From :func:`comparison`, for the base water volume.

    Returns
    -------
    tuple
        Rows and traced figures. The probability of exceedance takes the concentration as
        log-normal about its value, with its standard deviation; it speaks of the days sampled.
        `probability_day` speaks of any one day, from the scatter between days.
        Limits of a standard count on a base volume of water: whoever drains more has the
        concentration raised by as much (`corrected`); a permit's limit is taken as it stands.
    """
    correction = _correction(figures, compared)
    rows: list[Row] = []
    traced: list[Figure] = []
    for limit in limits(case, reviewed).values():
        for stream in _places(reviewed, limit):
            row = _row(reviewed, limit, stream, correction=correction)
            if row is not None:
                rows.append(row)
                traced.append(_figure(row, limit))
    return rows, traced


def _correction(figures: list[KeyFigure], compared: list[Row]) -> float:
    """How many times the base volume of its standard a company drains; at least 1."""
    base = base_volume(compared)
    own = [k for k in figures if k.indicator == "specific-wastewater"]
    return max(float(base["ratio"]), 1.0) if base is not None and own else 1.0


def _places(reviewed: Reviewed, limit: Limit) -> list[str]:
    """Streams where a limit holds: the outlet of the treatment, or of the workshop's own."""
    treated = [
        s for s in reviewed.streams.values() if reviewed.kinds.get(s["from_unit"]) in TREATING
    ]
    own = [s["id"] for s in treated if reviewed.kinds[s["from_unit"]] == "precipitation"]
    last = [s["id"] for s in treated if is_wastewater(s)]
    if limit.is_workshop and own:
        return own
    return last or [s["id"] for s in reviewed.streams.values() if is_wastewater(s)]


def grades(
    case: CaseData, reviewed: Reviewed, *, figures: list[KeyFigure], compared: list[Row]
) -> list[Row]:
    """Hold every grade of the sector's standard against what leaves, binding or not.

    Returns
    -------
    list of row
        As :func:`compliance`, by grade: existing and new sites, and special regions, where the
        standard has them. It shows what a stricter table would ask.
    """
    correction = _correction(figures, compared)
    names = dict.fromkeys(str(r["grade"]) for r in reviewed.knowledge.rows("limits"))
    rows: list[Row] = []
    for grade in names:
        for limit in _standard(reviewed, is_direct=_is_direct(case, reviewed), grade=grade):
            for stream in _places(reviewed, limit):
                row = _row(reviewed, limit, stream, correction=correction)
                if row is not None:
                    rows.append({"grade": grade, **row})
    return rows


def _is_direct(case: CaseData, reviewed: Reviewed) -> bool:
    enterprise = reviewed.data.settings["enterprise"]
    kinds = {r["kind"] for r in _rows(case, "outlets") if r["enterprise"] == enterprise}
    return "direct" in kinds or not kinds


def _row(reviewed: Reviewed, limit: Limit, stream: str, *, correction: float) -> Row | None:
    readings = [r for r in reviewed.rows("samples") if _is(r, stream, limit)]
    if not readings:
        return None
    value, sd = reviewed.result.value(stream, limit.substance)
    is_censored = all(bool(r["is_censored"]) for r in readings)
    reporting = max(float(r["concentration_mg_l"]) for r in readings)
    # Below a reporting limit that is itself above the limit, nothing can be said.
    blind = is_censored and reporting > limit.value
    times = 1.0 if limit.is_permit else correction
    risk = float("nan") if blind else _risk(value * times, sd * times, limit.value)
    return {
        "review": reviewed.id,
        "stream": stream,
        "substance": limit.substance,
        "value": value,
        "low": max(value - TWO_SIDED_95 * sd, 0.0),
        "high": value + TWO_SIDED_95 * sd,
        "corrected": value * times,
        "limit": limit.value,
        "unit": limit.unit,
        "is_permit": limit.is_permit,
        "is_workshop": limit.is_workshop,
        "is_censored": is_censored,
        "reporting_limit": reporting,
        "probability_exceeded": risk,
        "probability_exceeded_corrected": risk
        if blind
        else _risk(value * times, sd * times, limit.value),
        "probability_day": _day_risk(readings, times=times, limit=limit.value),
        "is_exceeded": bool(value * times > limit.value) and not blind,
        "samples": len(readings),
        "source": limit.source,
        "locator": limit.locator,
        "confidence": limit.confidence,
        "figure": f"{figure_id(reviewed.id, stream, limit.substance)}.exceeded",
    }


def _day_risk(readings: list[Row], *, times: float, limit: float) -> float:
    """Probability that any one day is above a limit; limits are kept every day, not on average.

    Prediction from log-normal samples of at least three days: Student's distribution about their
    mean, wider than their scatter because both mean and scatter are estimates. NaN when fewer
    days were sampled, or none found anything.
    """
    found = [float(r["concentration_mg_l"]) * times for r in readings if not r["is_censored"]]
    logs = np.log([v for v in found if v > 0])
    if len(logs) < FEWEST_DAYS or len(logs) < len(readings):
        return float("nan")
    spread = float(logs.std(ddof=1)) * float(np.sqrt(1 + 1 / len(logs)))
    if spread == 0:
        return float(found[0] > limit)
    return float(student.sf((np.log(limit) - logs.mean()) / spread, len(logs) - 1))


def _is(reading: Row, stream: str, limit: Limit) -> bool:
    return reading["stream"] == stream and reading["substance"] == limit.substance


def _risk(value: float, sd: float, limit: float) -> float:
    """Probability that a log-normal concentration of this mean and deviation is above a limit."""
    if not value > 0:
        return 0.0
    spread = float(np.log1p((sd / value) ** 2))
    if spread == 0:
        return float(value > limit)
    return float(norm.sf((np.log(limit / value) + spread / 2) / np.sqrt(spread)))


def _figure(row: Row, limit: Limit) -> Figure:
    return Figure(
        id=row["figure"],
        value=row["probability_exceeded"],
        unit="1",
        method="probability of exceedance on the days sampled, log-normal about the value",
        made_of=(row["figure"].removesuffix(".exceeded"), limit.origin),
    )
