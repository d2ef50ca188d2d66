"""What a person should look at, in words: wrong readings, gaps, exceedance."""

from __future__ import annotations

from collections.abc import Iterator

from renvand.errors import Fault
from renvand.reconcile import FLOW, GrossError, next_meters
from renvand.steps.review.compliance import RISKY
from renvand.steps.review.key_figures import TWO_SIDED_95
from renvand.steps.review.network import Reviewed, Row


def findings(reviewed: Reviewed, allowed: list[Row]) -> Iterator[Fault]:
    """Tell what the balance and the limits show.

    Parameters
    ----------
    reviewed : Reviewed
        A company.
    allowed : list of row
        From :func:`compliance`.
    """
    for error in reviewed.result.errors:
        yield _error(reviewed, error)
    last = reviewed.result.last
    if last.is_global_alarm:
        what = f"the balances fit worse than the stated errors allow (p = {last.p_value:.2g})."
        do = "No single reading stands out: check the standard deviations, and streams not drawn."
        yield Fault(where=f"reviews/{reviewed.id}", what=what, do=do)
    yield from _leaks(reviewed)
    yield from _gaps(reviewed)
    for row in allowed:
        yield from _exceeded(reviewed, row)


def _error(reviewed: Reviewed, error: GrossError) -> Fault:
    names = [reviewed.result.name(i) for i in (error.at, *error.twins)]
    suspect = next(s for s in error.suspects if s.at in (error.at, *error.twins))
    sure = f"{suspect.z:.1f} standard deviations, {100 * suspect.probability:.0f} % probable"
    told = (error.at, *error.twins)
    others = [_place(*reviewed.result.name(s.at)) for s in error.suspects if s.at not in told]
    instead = f" Next: {', '.join(others[:3])}." if others else ""
    if error.is_leak:
        unit = names[0][0]
        way = "leave unseen" if suspect.size > 0 else "come in unseen"
        what = f"{abs(suspect.size):.4g} ± {2 * suspect.sd:.2g} m3/d {way} ({sure})."
        do = f"Look for a leak, an overflow or an unmetered use.{instead}"
        return Fault(where=f"reviews/{reviewed.id}/units.csv, {unit}", what=what, do=do)
    file = "meters" if names[0][1] == FLOW else "samples"
    where = f"reviews/{reviewed.id}/{file}.csv, {' or '.join(_place(*n) for n in names)}"
    much = "too much" if suspect.size > 0 else "too little"
    unit = "m3/d" if names[0][1] == FLOW else "mg/l"
    what = f"reads {abs(suspect.size):.4g} ± {2 * suspect.sd:.2g} {unit} {much} ({sure})."
    do = "It was left out of the balance; check the meter."
    if error.twins:
        do = "The data cannot tell which; measure one of them again."
    if error.leaks:
        leaking = ", ".join(reviewed.result.name(i)[0] for i in error.leaks)
        do += f" Unseen water at {leaking} would look the same."
    return Fault(where=where, what=what, do=do + instead)


def _place(name: str, quantity: str) -> str:
    if quantity == FLOW:
        return name
    return f"leak at {name}" if quantity == "leak" else f"{quantity} in {name}"


def _leaks(reviewed: Reviewed) -> Iterator[Fault]:
    """Leaks that were drawn, and that the balance shows to be there."""
    for stream in reviewed.streams.values():
        flow, sd = reviewed.result.value(stream["id"])
        if stream["kind"] == "leak" and flow > TWO_SIDED_95 * sd:
            yield Fault(
                where=f"reviews/{reviewed.id}/streams.csv, {stream['id']}",
                what=f"{flow:.3g} ± {TWO_SIDED_95 * sd:.2g} m3/d leak from {stream['from_unit']}.",
                do="Find and mend it.",
            )


def _gaps(reviewed: Reviewed) -> Iterator[Fault]:
    network, status = reviewed.result.network, reviewed.result.estimate.status
    flows = range(len(network.streams))
    blind = [network.streams[i].id for i in flows if status[i] == "unobservable"]
    if blind:
        first = next_meters(reviewed.result)[0]
        told = ", ".join(s for s, _ in first.tells)
        yield Fault(
            where=f"reviews/{reviewed.id}/meters.csv",
            what=f"the flow of {', '.join(blind)} cannot be known.",
            do=f"Measure {first.stream}: it tells {told}.",
        )


def _exceeded(reviewed: Reviewed, row: Row) -> Iterator[Fault]:
    risk = row["probability_exceeded"]
    where = f"reviews/{reviewed.id}/samples.csv, {row['substance']} in {row['stream']}"
    by = "the permit" if row["is_permit"] else f"{row['source']}, {row['locator']}"
    if risk != risk:
        what = f"was looked for with a reporting limit above the limit of {row['limit']:g} mg/l."
        yield Fault(where=where, what=what, do="Have it analysed with a lower reporting limit.")
    elif risk >= RISKY:
        what = (
            f"{row['corrected']:.3g} mg/l{_corrected(row)} against {row['limit']:g} of {by}: "
            f"exceeded with a probability of {100 * risk:.0f} %."
        )
        do = "Take more samples." if risk < 1 - RISKY else "Find the cause; see the potential."
        yield Fault(where=where, what=what, do=do)


def _corrected(row: Row) -> str:
    return " at the base water volume" if row["corrected"] > row["value"] else ""
