"""Print the speed table: ``python -m benchmarks.simulation [--peers]``.

With ``--peers`` bsm2-python and QSDsan are installed, each in an environment of its own under the
user's cache, and do the same work in the same run; that takes about ten minutes.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.simulation import cases
from benchmarks.simulation.cases import Measured
from benchmarks.simulation.peers import PACKAGES, Timed, timed
from renvand.errors import RenvandError


@dataclass(frozen=True, kw_only=True)
class Work:
    """A row of the table."""

    title: str
    case: Callable[[], Measured]
    goal: float | None = None
    peers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


BOTH_STEPS = {"bsm2-python": ("bsm1-open", "bsm1-open-15")}
TABLE = (
    Work(
        title="BSM1 steady state",
        case=lambda: cases.steady("bsm1"),
        goal=0.03,
        peers={"bsm2-python": ("bsm1-steady",), "qsdsan": ("bsm1-steady",)},
    ),
    Work(
        title="BSM1 14 d dry, open loop",
        case=lambda: cases.fortnight("bsm1", "open"),
        goal=0.006,
        peers=BOTH_STEPS,
    ),
    Work(
        title="BSM1 14 d, closed loop, sensors",
        case=lambda: cases.fortnight("bsm1-closed", "closed loop, s"),
        goal=0.03,
        peers={"bsm2-python": ("bsm1-closed",)},
    ),
    Work(
        title="the same with noise",
        case=lambda: cases.fortnight("bsm1-closed", "closed loop, s", seed=1),
        goal=0.03,
    ),
    Work(title="BSM2 steady state", case=lambda: cases.steady("bsm2")),
    Work(
        title="BSM2 609 d, open loop",
        case=lambda: cases.bsm2("bsm2", "open"),
        goal=3.0,
        peers={"bsm2-python": ("bsm2-open", "bsm2-open-15")},
    ),
    Work(
        title="BSM2 609 d, closed loop",
        case=lambda: cases.bsm2("bsm2-closed", "closed"),
        goal=3.0,
        peers={"bsm2-python": ("bsm2-closed",)},
    ),
    Work(title="256 × BSM1 14 d, two threads", case=cases.ensemble, goal=1.0),
    Work(title="a derivative of 14 d", case=cases.derivatives),
    Work(title="ASM2d, seven tanks, 100 d", case=cases.asm2d, goal=0.2),
    Work(
        title="import",
        case=cases.imported,
        peers={"bsm2-python": ("import",), "qsdsan": ("import",)},
    ),
    Work(title="import to first steady state", case=cases.first_state, goal=1.5),
    Work(title="first compile", case=cases.first_compile, goal=15.0),
    Work(title="memory, BSM2 609 d every 15 min", case=cases.memory, goal=300.0),
)


def main() -> None:
    """Run every case and print a row as soon as it is known."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.simulation", description=__doc__)
    words.add_argument("--peers", action="store_true", help="time the other simulators too")
    words.add_argument("--only", default="", help="rows whose title holds this text")
    given = words.parse_args()
    logging.basicConfig(format="%(message)s")
    peers = tuple(PACKAGES) if given.peers else ()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    print(f"CPU seconds, the quickest of several runs; load of the machine {load:.1f}.\n")
    head = ("work", "renvand", "goal", "right, and how far from the floor", *peers)
    print(_row(head), _row(["---"] * len(head)), sep="\n", flush=True)
    for work in TABLE:
        if given.only.lower() in work.title.lower():
            print(_row(_cells(work, peers)), flush=True)


def _cells(work: Work, peers: tuple[str, ...]) -> list[str]:
    try:
        found = work.case()
    except (RenvandError, RuntimeError) as error:
        found = Measured(value=math.nan, note=f"not available: {str(error).splitlines()[0][:90]}")
    is_met = work.goal is not None and found.value <= work.goal
    mark = "" if work.goal is None else f"{work.goal:g} {'met' if is_met else 'missed'}"
    others = [_beside(work.peers.get(peer, ()), peer, found.value) for peer in peers]
    return [work.title, _number(found.value), mark, found.note, *others]


def _beside(names: tuple[str, ...], peer: str, ours: float) -> str:
    return "; ".join(_told(timed(peer, name, influent=_influent(name)), ours) for name in names)


def _influent(name: str) -> cases.Path:
    return cases.BSM2 if name.startswith("bsm2") else cases.DRY


def _told(other: Timed, ours: float) -> str:
    ratio = other.seconds / ours
    times = f" = {ratio:,.0f} ×" if math.isfinite(ratio) else ""
    notes = [other.note, "" if math.isnan(other.memory) else f"{other.memory:.0f} MB"]
    return f"{_number(other.seconds)}{times} ({', '.join(filter(None, notes))})"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.4g}"


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
