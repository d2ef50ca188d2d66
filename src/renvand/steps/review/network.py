"""A company's units, streams, meters and samples, as the reconciliation takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.knowledge import SHIPPED, Knowledge
from renvand.reconcile import FLOW, OUTSIDE, Reconciled, reconcile
from renvand.steps.case import ReviewData, records
from renvand.trace import Origin

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

# Units that neither add nor take a substance; all others are balanced for water only.
PASSING = ("storage", "equalisation")
WITHOUT_CONTENT = ("evaporation", "steam")  # streams that carry nothing but water
TREATING = ("equalisation", "neutralisation", "precipitation", "oil-separation", "treatment")
WASTE_ENDS = ("sewer", "drain")
TEMPERATURE = "temperature"  # a substance of the samples, in °C; flow times it is heat


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A review and its reconciliation."""

    id: str
    data: ReviewData
    result: Reconciled
    knowledge: Knowledge = SHIPPED
    _read: dict[str, list[Row]] = field(default_factory=dict[str, "list[Row]"], compare=False)

    def rows(self, name: str) -> list[Row]:
        """Give the rows of a table of the review, or none; nobody changes them."""
        if name not in self._read:
            self._read[name] = rows_of(self.data, name)
        return self._read[name]

    @cached_property
    def streams(self) -> dict[str, Row]:
        """Streams by id."""
        return {r["id"]: r for r in records(self.data.tables["streams"])}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kind of each unit."""
        return {r["id"]: r["kind"] for r in records(self.data.tables["units"])}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Name of each unit by language; in English where a case does not speak one."""
        return {
            r["id"]: {x: r[f"label_{x}"] or r["label_en"] or r["id"] for x in ("en", "da", "zh")}
            for r in records(self.data.tables["units"])
        }

    @property
    def production(self) -> float:
        """Product of an operating day."""
        return float(self.data.settings["production"])

    @property
    def per(self) -> str:
        """Unit of the product."""
        return str(self.data.settings["production_unit"])

    @cached_property
    def substances(self) -> tuple[str, ...]:
        """Substances that were sampled."""
        return self.result.network.components

    def origin(self, file: str, row: Row, *, key: str, column: str) -> Origin:
        """Point at a cell of one of the review's tables."""
        return Origin(
            file=f"reviews/{self.id}/{file}.csv",
            row=key,
            column=column,
            value=str(row[column]),
            basis=row["basis"],
            source=row["source"],
            locator=row.get("locator") or "",
            confidence=row.get("confidence") or "medium",
        )

    def said(self, column: str) -> Origin:
        """Point at an entry of the review's page."""
        return Origin(
            file=f"reviews/{self.id}/review.toml",
            row=column,
            value=str(self.data.settings[column]),
            basis=self._basis(),
        )

    def _basis(self) -> Any:
        """The page has no basis of its own: it is as constructed as its meters are."""
        meters = records(self.data.tables["meters"])
        made = bool(meters) and all(r["basis"] == "constructed" for r in meters)
        return "constructed" if made else "measured"

    @cached_property
    def readings(self) -> dict[tuple[str, str], list[Origin]]:
        """Where each measured quantity stands in the tables."""
        found: dict[tuple[str, str], list[Origin]] = {}
        for r in self.rows("meters"):
            at = found.setdefault((r["stream"], FLOW), [])
            at.append(self.origin("meters", r, key=r["stream"], column="flow_m3_d"))
        for r in self.rows("samples"):
            at = found.setdefault((r["stream"], r["substance"]), [])
            key = f"{r['stream']}, {r['substance']}"
            at.append(self.origin("samples", r, key=key, column="concentration_mg_l"))
        return found


def reconciled(review_id: str, data: ReviewData, *, knowledge: Knowledge = SHIPPED) -> Reviewed:
    """Reconcile a review that :func:`renvand.steps.review.faults.check` finds sound.

    Raises
    ------
    FileError
        With the faults of the flowsheet.
    """
    streams, measurements, units = tables_of(data, knowledge)
    result = reconcile(streams, measurements, units=units)
    return Reviewed(id=review_id, data=data, result=result, knowledge=knowledge)


def rows_of(data: ReviewData, name: str) -> list[Row]:
    """Give the rows of a table, or none where it is not there."""
    return records(data.tables[name]) if name in data.tables else []


def tables_of(
    data: ReviewData, knowledge: Knowledge = SHIPPED
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Streams, measurements and units; substances that do not add up are measured, not balanced."""
    import pandas as pd

    rows = [
        {"stream": stream, "quantity": quantity, "value": value, "sd": sd}
        for (stream, quantity), (value, sd) in sorted(_pooled(data).items())
    ]
    kinds = {row["id"]: row["kind"] for row in knowledge.rows("substances")}
    sampled = list(dict.fromkeys(r["substance"] for r in rows_of(data, "samples")))
    empty = {r["id"] for r in rows_of(data, "streams") if r["kind"] in WITHOUT_CONTENT}
    measured = {(r["stream"], r["quantity"]) for r in rows}
    rows += [
        {"stream": stream, "quantity": substance, "value": 0.0, "sd": 0.0}
        for stream in sorted(empty)
        for substance in sampled
        if (stream, substance) not in measured and substance != TEMPERATURE
    ]
    balanced = [s for s in sampled if kinds.get(s) != "physical"]
    boiling = {r["from_unit"] for r in rows_of(data, "streams") if r["kind"] in WITHOUT_CONTENT}
    units = data.tables["units"][["id", "kind"]].copy()
    passing = units["kind"].isin(PASSING)
    # Vapour takes its heat of evaporation along: the warmth of what stays is not that of a mixture.
    warm = [TEMPERATURE] if TEMPERATURE in sampled else []
    units["conserves"] = [
        " ".join(balanced + ([] if unit in boiling else warm)) if passes else ""
        for unit, passes in zip(units["id"], passing, strict=True)
    ]
    units["mixes"] = passing
    measurements = pd.DataFrame(rows, columns=["stream", "quantity", "value", "sd"])
    return _flowsheet(data), measurements, units


def _flowsheet(data: ReviewData) -> pd.DataFrame:
    streams = data.tables["streams"]
    bounds = {"low_m3_d": "low", "high_m3_d": "high"}
    kept = ["id", "from_unit", "to_unit", *(c for c in bounds if c in streams)]
    return streams[kept].rename(columns=bounds)


def _pooled(data: ReviewData) -> dict[tuple[str, str], tuple[float, float]]:
    """Mean and standard deviation of each quantity that was measured, once or often.

    A value below the reporting limit may be anything from zero to the limit: half of it, plus or
    minus as much. (Less would be an even distribution's deviation, but samples of one site tend to
    lie on the same side, and their errors would then not cancel.) Several samples scatter by the
    laboratory and by the day; the larger of the two says how well their mean is known.
    """
    seen: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for r in rows_of(data, "meters"):
        at = seen.setdefault((r["stream"], FLOW), [])
        at.append((float(r["flow_m3_d"]), float(r["std_m3_d"])))
    for r in rows_of(data, "samples"):
        value, sd = float(r["concentration_mg_l"]), float(r["std_mg_l"])
        if bool(r.get("is_censored")):
            value, sd = value / 2, value / 2
        seen.setdefault((r["stream"], r["substance"]), []).append((value, sd))
    pooled: dict[tuple[str, str], tuple[float, float]] = {}
    for key, pairs in seen.items():
        values, sds = np.array(pairs).T
        scatter = values.var(ddof=1) if len(values) > 1 else 0.0
        spread = max(float((sds**2).mean()), float(scatter)) / len(values)
        pooled[key] = float(values.mean()), float(np.sqrt(spread))
    return pooled


def is_outside(place: str) -> bool:
    """Whether a stream's end is no unit of the site."""
    return place in OUTSIDE
