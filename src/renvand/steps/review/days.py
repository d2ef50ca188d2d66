"""Meters day by day: what leaks, what is used unmetered, and what runs while nobody works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from renvand.errors import Fault
from renvand.reconcile import reconcile
from renvand.steps.review.network import Reviewed, Row, tables_of
from renvand.trace import Figure, Origin

FEWEST_DAYS = 2  # of a kind, to say how far their mean may be off
SURE = 0.975  # two-sided 95 %
APART = 2.0  # standard deviations between a meter's mean and its days, from which they differ

Days = Mapping[dt.date, float]  # m³ of each day


@dataclass(frozen=True, kw_only=True)
class Diary:
    """All daily readings of a review."""

    flows: Mapping[str, Days]  # by stream
    working: Mapping[dt.date, bool]

    def mean(self, stream: str, *, is_production: bool) -> tuple[float, float, int]:
        """Give mean, its standard error, and the number of days of one kind."""
        return _mean([v for d, v in self.flows[stream].items() if self.working[d] == is_production])


def diary(reviewed: Reviewed) -> Diary:
    """Gather the daily readings of a review; empty where there are none."""
    flows: dict[str, dict[dt.date, float]] = {}
    working: dict[dt.date, bool] = {}
    for r in reviewed.rows("readings"):
        flows.setdefault(r["stream"], {})[r["read_on"]] = float(r["flow_m3_d"])
        working[r["read_on"]] = bool(r["is_production"])
    return Diary(flows=flows, working=working)


def _mean(values: list[float]) -> tuple[float, float, int]:
    if not values:
        return float("nan"), float("nan"), 0
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan
    return float(np.mean(values)), error, len(values)


def unseen(reviewed: Reviewed, days: Diary) -> list[Row]:
    """Tell a leak from an unmetered use, unit by unit.

    Parameters
    ----------
    reviewed : Reviewed
        A company.
    days : Diary
        Its daily readings.

    Returns
    -------
    list of row
        One a unit whose streams are all read daily, drawn leaks apart: what goes in and does not
        come out. On days without production it is the leak, which never rests; what is missing
        beyond it on days with production is used unmetered. Without idle days the two are one,
        and `leak` stays unknown.
    """
    rows: list[Row] = []
    for unit in reviewed.kinds:
        touching = [s for s in reviewed.streams.values() if unit in (s["from_unit"], s["to_unit"])]
        seen = [s for s in touching if s["id"] in days.flows]
        silent = [s["id"] for s in touching if s["id"] not in days.flows]
        if not seen or any(reviewed.streams[s]["kind"] != "leak" for s in silent):
            continue
        missing = _missing(unit, seen, days)
        rows.append(_row(reviewed, unit, missing=missing, days=days, streams=[*seen]))
    return [row for row in rows if row["idle_days"] + row["working_days"] >= FEWEST_DAYS]


def _missing(unit: str, streams: list[Row], days: Diary) -> dict[dt.date, float]:
    """In less out of each day on which all meters were read."""
    common = set.intersection(*(set(days.flows[s["id"]]) for s in streams))
    sign = {s["id"]: 1.0 if s["to_unit"] == unit else -1.0 for s in streams}
    return {d: sum(k * days.flows[s][d] for s, k in sign.items()) for d in sorted(common)}


def _row(reviewed: Reviewed, unit: str, *, missing: Days, days: Diary, streams: list[Row]) -> Row:
    idle = _mean([v for d, v in missing.items() if not days.working[d]])
    busy = _mean([v for d, v in missing.items() if days.working[d]])
    use, error = busy[0] - idle[0], float(np.hypot(busy[1], idle[1]))
    return {
        "review": reviewed.id,
        "unit": unit,
        "streams": ", ".join(s["id"] for s in streams),
        "leak_m3_d": idle[0],
        **_ends("leak", *idle),
        "use_m3_d": use,
        **_ends("use", use, error, min(idle[2], busy[2])),
        "total_m3_d": busy[0],
        **_ends("total", *busy),
        "idle_days": idle[2],
        "working_days": busy[2],
        "figure": f"review.{reviewed.id}.{unit}.leak",
    }


def _ends(name: str, mean: float, error: float, count: int) -> Row:
    wide = float(student.ppf(SURE, count - 1)) * error if count >= FEWEST_DAYS else float("nan")
    return {f"{name}_low": mean - wide, f"{name}_high": mean + wide}


def idle_flows(reviewed: Reviewed, days: Diary) -> list[Row]:
    """Give what each meter still reads on days without production."""
    rows: list[Row] = []
    for stream in days.flows:
        rest, _, count = days.mean(stream, is_production=False)
        busy, _, _ = days.mean(stream, is_production=True)
        if count and busy > 0:
            rows.append(
                {
                    "review": reviewed.id,
                    "stream": stream,
                    "idle_m3_d": rest,
                    "working_m3_d": busy,
                    "share": rest / busy,
                    "idle_days": count,
                    "figure": f"review.{reviewed.id}.{stream}.idle",
                }
            )
    return rows


def day_figures(reviewed: Reviewed, leaks: list[Row], idle: list[Row]) -> Iterator[Figure]:
    """Trace what the days tell back to the readings."""
    for row in idle:
        yield Figure(
            id=row["figure"],
            value=row["idle_m3_d"],
            unit="m3/d",
            method="mean of the days without production",
            made_of=origins(reviewed, [row["stream"]]),
        )
    for row in leaks:
        if row["idle_days"]:
            yield Figure(
                id=row["figure"],
                value=row["leak_m3_d"],
                unit="m3/d",
                method="in less out of the meters, mean of the days without production",
                made_of=origins(reviewed, row["streams"].split(", ")),
                low=row["leak_low"] if np.isfinite(row["leak_low"]) else None,
                high=row["leak_high"] if np.isfinite(row["leak_high"]) else None,
            )


def origins(reviewed: Reviewed, streams: list[str]) -> tuple[Origin, ...]:
    """Point at the daily readings of some streams."""
    return tuple(
        reviewed.origin("readings", r, key=f"{r['stream']}, {r['read_on']}", column="flow_m3_d")
        for r in reviewed.rows("readings")
        if r["stream"] in streams
    )


def day_findings(reviewed: Reviewed, days: Diary, leaks: list[Row]) -> Iterator[Fault]:
    """Tell leaks, unmetered uses, and meters whose days disagree with their mean."""
    where = f"reviews/{reviewed.id}"
    for row in leaks:
        at = f"{where}/readings.csv, {row['unit']}"
        if row["idle_days"] and row["leak_low"] > 0:
            what = f"{row['leak_m3_d']:.3g} m3/d leave unseen also on days without production."
            yield Fault(where=at, what=what, do="It is a leak: find and mend it.")
        if row["idle_days"] and row["use_low"] > 0:
            what = f"{row['use_m3_d']:.3g} m3/d more leave unseen on days with production."
            yield Fault(where=at, what=what, do="It is a use without a meter: meter it.")
        if not row["idle_days"] and row["total_low"] > 0:
            what = f"{row['total_m3_d']:.3g} m3/d leave unseen; a leak or a use without a meter."
            yield Fault(where=at, what=what, do="Read the meters on a day without production too.")
    for r in reviewed.rows("meters"):
        if r["stream"] in days.flows:
            mean, _, count = days.mean(r["stream"], is_production=True)
            if count and abs(mean - float(r["flow_m3_d"])) > APART * float(r["std_m3_d"]):
                what = f"{float(r['flow_m3_d']):.4g} m3/d, but its working days give {mean:.4g}."
                do = "Check the two; the mean of meters.csv was used."
                yield Fault(where=f"{where}/meters.csv, {r['stream']}", what=what, do=do)


def by_day(reviewed: Reviewed) -> list[Row]:
    """Reconcile the flows of each day by itself.

    Returns
    -------
    list of row
        ``review, day, is_production, stream, raw, value, sd, status, z`` and the day's
        ``objective, p_value``. A meter's standard deviation is taken as the same share of what it
        reads on any day. Tanks are taken to end the day as full as they began it.
    """
    import pandas as pd

    days = diary(reviewed)
    flowsheet, _, units = tables_of(reviewed.data, reviewed.knowledge)
    share = {
        r["stream"]: float(r["std_m3_d"]) / max(float(r["flow_m3_d"]), 1e-9)
        for r in reviewed.rows("meters")
    }
    rows: list[Row] = []
    for day, works in sorted(days.working.items()):
        read = {s: flows[day] for s, flows in days.flows.items() if day in flows}
        least = 0.01 * max(read.values(), default=1.0)  # a meter at rest still has its error
        seen = pd.DataFrame(
            [
                {"stream": s, "quantity": "flow", "value": v, "sd": share[s] * max(v, least)}
                for s, v in read.items()
            ]
        )
        made = reconcile(flowsheet, seen, units=units.assign(conserves=""), most_errors=1)
        for row in made.table().to_dict("records"):
            kept = {k: row[k] for k in ("stream", "raw", "value", "sd", "status", "z")}
            head = {"review": reviewed.id, "day": day, "is_production": works, **kept}
            rows.append(head | {"objective": made.first.objective, "p_value": made.first.p_value})
    return rows
