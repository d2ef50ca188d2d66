"""Print the speed table: ``python -m benchmarks.simulation``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable

from benchmarks.simulation import cases

TABLE: list[tuple[str, Callable[[], tuple[float, str]], float | None]] = [
    ("BSM1 steady state", lambda: cases.steady("bsm1"), 0.03),
    ("BSM1 14 d dry, open loop", lambda: cases.fortnight("bsm1", "open"), 0.006),
    (
        "BSM1 14 d, closed loop, sensors",
        lambda: cases.fortnight("bsm1-closed", "closed loop, s"),
        0.03,
    ),
    ("the same with noise", lambda: cases.fortnight("bsm1-closed", "closed loop, s", seed=1), 0.03),
    ("256 × BSM1 14 d, two threads (wall)", cases.ensemble, 1.0),
    ("BSM2 steady state, sludge line and all", lambda: cases.steady("bsm2"), None),
    ("ASM2d, seven tanks, 100 d", cases.asm2d, 0.2),
    ("import to first steady state", cases.first_state, 1.5),
]


PEER = "bsm2-python 0.0.16: BSM1 14 d, open loop"


def main() -> None:
    """Run every case and print a row as soon as it is known."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.simulation", description=__doc__)
    words.add_argument("--peer", default=sys.executable, help="a Python that has bsm2-python")
    python: str = words.parse_args().peer
    logging.basicConfig(format="%(message)s")
    print("| work | seconds | goal | right |\n| --- | --- | --- | --- |")
    for work, case, goal in (*TABLE, (PEER, lambda: cases.peer(python), None)):
        seconds, note = case()
        print(f"| {work} | {seconds:.4g} | {'' if goal is None else goal} | {note} |", flush=True)


if __name__ == "__main__":
    main()
