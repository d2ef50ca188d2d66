"""A company's units, streams, meters and samples, as the reconciliation takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError
from renvand.knowledge import table
from renvand.reconcile import FLOW, OUTSIDE, Reconciled, read_network, reconcile
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


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A review and its reconciliation."""

    id: str
    data: ReviewData
    result: Reconciled

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
        """Name of each unit by language."""
        return {
            r["id"]: {language: r[f"label_{language}"] for language in ("en", "da", "zh")}
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
        for r in _rows(self.data, "meters"):
            at = found.setdefault((r["stream"], FLOW), [])
            at.append(self.origin("meters", r, key=r["stream"], column="flow_m3_d"))
        for r in _rows(self.data, "samples"):
            at = found.setdefault((r["stream"], r["substance"]), [])
            key = f"{r['stream']}, {r['substance']}"
            at.append(self.origin("samples", r, key=key, column="concentration_mg_l"))
        return found


def check(review_id: str, data: ReviewData) -> list[Fault]:
    """Find what keeps a review from being balanced.

    Parameters
    ----------
    review_id : str
        Folder under ``reviews/``.
    data : ReviewData
        Read and checked row by row.

    Returns
    -------
    list of Fault
        All at once; empty when nothing is wrong.
    """
    where = f"reviews/{review_id}"
    faults = list(_own_faults(where, data))
    try:
        streams, measurements, units = _tables(data)
        read_network(streams, measurements, units=units)
    except FileError as error:
        faults += [
            Fault(where=f"{where}, {fault.where}", what=fault.what, do=fault.do)
            for fault in error.faults
        ]
    return faults


def _own_faults(where: str, data: ReviewData) -> Iterator[Fault]:
    if not float(data.settings.get("production", 0)) > 0:
        do = "Give the product of an operating day."
        yield Fault(where=f"{where}/review.toml", what="production is not above zero.", do=do)
    rows = _rows(data, "streams")
    if not any(r["from_unit"] == "supply" for r in rows):
        do = "Add the stream that brings water to the site."
        yield Fault(where=f"{where}/streams.csv", what="no stream comes from supply.", do=do)
    if not _rows(data, "meters"):
        do = "Measure or estimate at least what comes in."
        yield Fault(where=f"{where}/meters.csv", what="holds no flow.", do=do)
    for file, column in (("meters", "std_m3_d"), ("samples", "std_mg_l")):
        for r in _rows(data, file):
            if not float(r[column]) > 0:
                what = f"{column} is {float(r[column]):g}."
                do = "Say how far the value may be off; nothing is measured exactly."
                yield Fault(where=f"{where}/{file}.csv, {r['stream']}", what=what, do=do)
    for r in _rows(data, "samples"):
        if not r.get("sampled_on"):
            at = f"{where}/samples.csv, {r['stream']}, {r['substance']}"
            yield Fault(where=at, what="has no date.", do="Give the day it was taken.")
    units = {r["id"] for r in _rows(data, "units")}
    for file in ("demands", "chemicals", "energy"):
        for r in _rows(data, file):
            if r["unit"] not in units:
                what, do = f"no unit '{r['unit']}'.", "Add it to units.csv, or correct the name."
                yield Fault(where=f"{where}/{file}.csv", what=what, do=do)


def reconciled(review_id: str, data: ReviewData) -> Reviewed:
    """Reconcile a review.

    Raises
    ------
    FileError
        With every fault of :func:`check`.
    """
    faults = check(review_id, data)
    if faults:
        raise FileError(faults)
    streams, measurements, units = _tables(data)
    return Reviewed(id=review_id, data=data, result=reconcile(streams, measurements, units=units))


def _rows(data: ReviewData, name: str) -> list[Row]:
    return records(data.tables[name]) if name in data.tables else []


def _tables(data: ReviewData) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Streams, measurements and units; substances that do not add up are measured, not balanced."""
    import pandas as pd

    rows = [
        {"stream": stream, "quantity": quantity, "value": value, "sd": sd}
        for (stream, quantity), (value, sd) in sorted(_pooled(data).items())
    ]
    kinds = table("substances").set_index("id")["kind"]
    sampled = list(dict.fromkeys(r["substance"] for r in _rows(data, "samples")))
    empty = {r["id"] for r in _rows(data, "streams") if r["kind"] in WITHOUT_CONTENT}
    measured = {(r["stream"], r["quantity"]) for r in rows}
    rows += [
        {"stream": stream, "quantity": substance, "value": 0.0, "sd": 0.0}
        for stream in sorted(empty)
        for substance in sampled
        if (stream, substance) not in measured
    ]
    balanced = " ".join(s for s in sampled if kinds.get(s) != "physical")
    units = data.tables["units"][["id", "kind"]].copy()
    units["conserves"] = np.where(units["kind"].isin(PASSING), balanced, "")
    units["mixes"] = units["kind"].isin(PASSING)
    measurements = pd.DataFrame(rows, columns=["stream", "quantity", "value", "sd"])
    return data.tables["streams"][["id", "from_unit", "to_unit"]], measurements, units


def _pooled(data: ReviewData) -> dict[tuple[str, str], tuple[float, float]]:
    """Mean and standard deviation of each quantity that was measured, once or often.

    A value below the reporting limit may be anything from zero to the limit: half of it, plus or
    minus as much. (Less would be an even distribution's deviation, but samples of one site tend to
    lie on the same side, and their errors would then not cancel.) Several samples scatter by the
    laboratory and by the day; the larger of the two says how well their mean is known.
    """
    seen: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for r in _rows(data, "meters"):
        at = seen.setdefault((r["stream"], FLOW), [])
        at.append((float(r["flow_m3_d"]), float(r["std_m3_d"])))
    for r in _rows(data, "samples"):
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
