"""Print a Markdown table of networks: ``python -m benchmarks.waternet [seconds]``.

Ours, SCIP as it comes on the model without our rows, Ipopt from 30 starts and Gurobi where its
free size allows, in the same run, one core, CPU seconds; the gap is that between network and
proven bound. The first line takes each case twice and shows the faster.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.waternet.peers import gurobi, ipopt, scip
from renvand.waternet import (
    Fresh,
    Network,
    Operation,
    Sink,
    Source,
    WaterCase,
    is_targetable,
    read_cases,
    solve,
    target,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "industry"
_START = 0.98  # of the time: building the model, reading the answer
GOALS = {  # case: (goal in CPU seconds, or None; goal for the gap)
    "karuppiah_grossmann_2006_ex1": (1.0, 1e-4),
    "minlplib_wastewater11": (1.0, 1e-4),
    "minlplib_wastewater13": (3.0, 1e-4),
    "minlplib_wastewater15": (3.0, 1e-4),
    "minlplib_waterund11": (1.5, 1e-4),
    "minlplib_waterund18": (2.0, 1e-4),
    "minlplib_waterund25": (None, 1e-2),
    "kg_ex4_5pu_3tu_3c_cost": (None, 1e-2),
}


def targets(cases: list[WaterCase]) -> float:
    """Solve all targets; CPU seconds."""
    before = time.process_time()
    for case in cases:
        target(case)
    return time.process_time() - before


def large_plant(size: int, contaminants: int, seed: int = 1) -> WaterCase:
    """Draw a plant of sinks and sources."""
    chance = np.random.default_rng(seed)
    names = tuple(f"c{k}" for k in range(contaminants))

    def amounts(low: float, high: float) -> dict[str, float]:
        return {k: float(chance.uniform(low, high)) for k in names}

    return WaterCase(
        id=f"{size} x {size}, {contaminants} contaminants",
        contaminants=names,
        fresh=(Fresh(name="FW", quality=dict.fromkeys(names, 0.0)),),
        sinks=tuple(
            Sink(name=f"D{i}", flow=float(chance.uniform(1, 50)), worst=amounts(0, 200))
            for i in range(size)
        ),
        sources=tuple(
            Source(name=f"S{i}", flow=float(chance.uniform(1, 50)), quality=amounts(20, 400))
            for i in range(size)
        ),
    )


def drawn_operations(size: int, contaminants: int, seed: int = 1) -> WaterCase:
    """Draw a plant of operations with loads: the bilinear problem."""
    chance = np.random.default_rng(seed)
    names = tuple(f"c{k}" for k in range(contaminants))
    operations: list[Operation] = []
    for i in range(size):
        flow = float(chance.uniform(10, 100))
        inlet = {k: float(chance.uniform(0, 200)) for k in names}
        rise = {k: float(chance.uniform(20, 300)) for k in names}
        operations.append(
            Operation(
                name=f"P{i}",
                load={k: flow * rise[k] / 1000 for k in names},
                inlet=inlet,
                outlet={k: inlet[k] + rise[k] for k in names},
                flow_most=flow,
            )
        )
    return WaterCase(
        id=f"{size} operations, {contaminants} contaminants",
        contaminants=names,
        fresh=(Fresh(name="FW", quality=dict.fromkeys(names, 0.0)),),
        operations=tuple(operations),
    )


def row(case: WaterCase, seconds: float, goal: tuple[float | None, float], beside: bool) -> str:
    """Solve one case by all ways and write its row."""
    limit, allowed = goal
    spent, found = _timed(case, seconds)
    if limit is not None:
        spent = min(spent, _timed(case, seconds)[0])
    others = ["-", "-", "-"]
    if beside:
        peers = (scip(case, seconds), ipopt(case), gurobi(case, seconds))
        others = [str(peer) if peer else "-" for peer in peers]
    is_kept = found.gap <= allowed and (spent <= (limit or seconds))
    wanted = f"gap {allowed:.2%} in {limit or seconds:g} s"
    return (
        f"| {case.id} | {found.objective:.7g} | {found.bound:.7g} | {spent:.2f} s, "
        f"gap {found.gap:.2%} | {' | '.join(others)} | {wanted} | {'yes' if is_kept else 'no'} |"
    )


def _timed(case: WaterCase, seconds: float) -> tuple[float, Network]:
    before = time.process_time()
    found = solve(case, seconds=_START * seconds)
    return time.process_time() - before, found


def main() -> None:
    """Print the tables."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    page = json.loads((DATA / "water_network_cases.json").read_text(encoding="utf-8"))
    cases = [c for c in read_cases(page, name="cases")[0] if isinstance(c, WaterCase)]
    by_id = {case.id: case for case in cases}
    single = [case for case in cases if is_targetable(case)]
    targets(single)  # loads the libraries
    print(
        "| case | network | bound | ours | SCIP plain | Ipopt, 30 starts | Gurobi | goal | kept |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for case_id, goal in GOALS.items():
        print(row(by_id[case_id], seconds, goal, beside=True), flush=True)
    print(row(large_plant(20, 4), seconds, (None, 0.03), beside=False), flush=True)
    print(row(drawn_operations(20, 4), seconds, (None, 0.03), beside=False), flush=True)
    spent = targets(single)
    print(f"\n{len(single)} targets of one contaminant: {spent:.4f} s (goal 0.05 s)")
    large = large_plant(100, 1)
    print(f"100 sources, 100 sinks, target: {targets([large]):.4f} s (goal 0.2 s)")
    before = time.process_time()
    solve(large)
    print(f"100 sources, 100 sinks, network: {time.process_time() - before:.3f} s (goal 0.2 s)")


if __name__ == "__main__":
    main()
