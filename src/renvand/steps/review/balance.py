"""Tables of the balance: streams, units, tests, and what to measure next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from renvand.reconcile import FLOW, Advice, cheapest_meters, findable
from renvand.steps.case import records
from renvand.steps.review.network import Reviewed, Row
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

METHODS = {
    "redundant": "measured, corrected so that the balances close (weighted least squares)",
    "nonredundant": "measured once; no balance checks it",
    "observable": "not measured; follows from the balances",
    "bound": "held at its bound; the measurements alone would put it below",
    "fixed": "taken as exact",
}


def stream_table(reviewed: Reviewed) -> pd.DataFrame:
    """Give all flows, and the concentrations that somebody sampled or the balances give."""
    frame = reviewed.result.table()
    known = frame["status"].isin(["redundant", "nonredundant", "observable", "bound"])
    frame = frame[(frame["quantity"] == FLOW) | (known & ~frame["value"].isna())].copy()
    frame.insert(0, "review", reviewed.id)
    own = {r["id"]: r["unit"] for r in reviewed.knowledge.rows("substances")} | {FLOW: "m3/d"}
    frame.insert(3, "unit", [own.get(q, "mg/l") for q in frame["quantity"]])
    for column in ("from_unit", "to_unit", "kind"):
        frame[column] = [reviewed.streams[s][column] for s in frame["stream"]]
    censored = {
        (r["stream"], r["substance"]) for r in reviewed.rows("samples") if bool(r["is_censored"])
    }
    pairs = zip(frame["stream"], frame["quantity"], strict=True)
    frame["is_censored"] = [pair in censored for pair in pairs]
    return frame.reset_index(drop=True)


def balance_table(reviewed: Reviewed) -> pd.DataFrame:
    """Give in, out and closure of each unit, before and after."""
    frame = reviewed.result.balances()
    frame.insert(0, "review", reviewed.id)
    return frame


def test_row(reviewed: Reviewed) -> Row:
    """Give the tests of the whole balance in one row."""
    first, last = reviewed.result.first, reviewed.result.last
    return {
        "review": reviewed.id,
        "objective": first.objective,
        "dof": first.dof,
        "chi2_critical": first.chi2_critical,
        "p_value": first.p_value,
        "largest_z": first.largest_z,
        "z_critical": first.z_critical,
        "wrong": len(reviewed.result.errors),
        "objective_without": last.objective,
        "p_value_without": last.p_value,
    }


def advice_row(reviewed: Reviewed, advice: Advice) -> Row:
    """Give one meter that is missing."""
    return {
        "review": reviewed.id,
        "stream": advice.stream,
        "quantity": advice.quantity,
        "tells": ", ".join(stream for stream, _ in advice.tells),
        "gain": advice.gain,
    }


def meter_rows(reviewed: Reviewed) -> list[Row]:
    """Give the cheapest meters that together make every flow known."""
    streams = reviewed.streams.values()
    prices = {
        s["id"]: float(s["meter_price"])
        for s in streams
        if s.get("meter_price") is not None and s["meter_price"] == s["meter_price"]
    }
    return [
        {"review": reviewed.id, "stream": stream, "price": price if prices else float("nan")}
        for stream, price in cheapest_meters(reviewed.result, prices)
    ]


def findable_rows(reviewed: Reviewed) -> list[Row]:
    """Say of each checked reading whether a gross error in it would be noticed and placed."""
    name = reviewed.result.name
    return [
        {
            "review": reviewed.id,
            "stream": name(one.at)[0],
            "quantity": name(one.at)[1],
            "alarm": one.alarm,
            "located": one.located,
            "rival": "" if one.rival == one.at else " ".join(name(one.rival)),
        }
        for one in findable(reviewed.result.estimate)
    ]


def stream_figures(reviewed: Reviewed, streams: pd.DataFrame) -> Iterator[Figure]:
    """Make the figure of every value in the table of streams."""
    for row in records(streams):
        if row["value"] == row["value"] and row["status"] != "fixed":
            yield Figure(
                id=figure_id(reviewed.id, row["stream"], row["quantity"]),
                value=row["value"],
                unit=row["unit"],
                method=METHODS[row["status"]],
                made_of=origins(reviewed, row["stream"], row["quantity"]),
                low=row["low"],
                high=row["high"],
            )


def figure_id(review: str, stream: str, quantity: str) -> str:
    """Name the figure of a stream's flow or content."""
    return f"review.{review}.{stream}.{quantity}"


def origins(reviewed: Reviewed, stream: str, quantity: str) -> tuple[Origin, ...]:
    """Find the measurements behind a value: its own, then those of the balances it stands in."""
    own = reviewed.readings.get((stream, quantity), [])
    found = reviewed.result
    at = found.network.index(stream, quantity)
    if found.estimate.status[at] == "nonredundant":
        return tuple(own)
    around = [
        origin
        for i in _sources(reviewed, at)
        for origin in reviewed.readings.get(found.name(i), [])
    ]
    # Where exact zeros alone decide (vapour carries nothing), the drawing is the origin.
    drawn = Origin(file=f"reviews/{reviewed.id}/streams.csv", row=stream, column="kind")
    return tuple(dict.fromkeys([*own, *around])) or (drawn,)


def _sources(reviewed: Reviewed, at: int) -> list[int]:
    """Positions a value leans on: what an unmeasured one is summed from, else what checks it."""
    found = reviewed.result.estimate
    if found.status[at] == "observable":
        return found.to_known[[at]].indices.tolist()
    rows = found.normal.plain[:, [at]].nonzero()[0]
    return sorted(set(found.normal.J[rows].nonzero()[1].tolist())) if len(rows) else []
