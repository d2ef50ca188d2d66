"""The cases of the speed table; each gives its seconds and what proves it right."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from renvand.plant import load_plant, run_slopes, shipped_influent, simulate_many

if TYPE_CHECKING:
    from renvand.plant import Plant, Result, Slopes, State

WWTP = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference" / "wwtp"
DRY = WWTP / "influent" / "bsm1_dry_official_mat.csv"
BSM2 = WWTP / "influent" / "bsm2_dyninfluent_609d.csv.gz"
RING_TEST = WWTP / "bsm2_ringtest_steady_and_open_loop.csv"
LONG = 609  # d
REPEATS = 20_000


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a case took, and what proves it right."""

    value: float  # s, or MB
    note: str


def best(work: Callable[[], object], *, times: int = 5) -> float:
    """CPU seconds of the quickest of several runs."""
    found = float("inf")
    for _ in range(times):
        begun = time.process_time()
        work()
        found = min(found, time.process_time() - begun)
    return found


def expected(loop: str, interpolation: str) -> dict[str, str]:
    """The reference row of a dry fortnight."""
    with (WWTP / "bsm1_dynamic_dry_evaluation.csv").open() as file:
        (row,) = (
            row
            for row in csv.DictReader(file)
            if row["loop"].startswith(loop) and row["influent_interpolation"] == interpolation
        )
    return row


def steady(name: str) -> Measured:
    """A steady state from the standard start."""
    plant = load_plant(name)
    influent = shipped_influent(name, plant.model)
    state = plant.steady(influent)
    seconds = best(lambda: plant.steady(influent))
    return Measured(value=seconds, note=f"residual {state.residual:.0e} 1/d, {state.rhs} rhs")


@cache
def started(name: str) -> tuple[Plant, State]:
    """A plant after a fortnight of dry weather from its steady state."""
    plant = load_plant(name)
    start = plant.steady(shipped_influent("bsm1", plant.model))
    return plant, plant.simulate(plant.influent(DRY), days=14, start=start).state


def fortnight(name: str, loop: str, *, seed: int | None = None) -> Measured:
    """14 days of dry weather, a record every 15 minutes."""
    plant, start = started(name)
    dry = plant.influent(DRY)
    right = plant.simulate(dry, days=14, start=start, evaluate_from=7)
    gap = right.performance["EQI"] / float(expected(loop, "zoh")["EQI"]) - 1
    seconds = best(lambda: plant.simulate(dry, days=14, start=start, seed=seed))
    return Measured(value=seconds, note=f"EQI {gap:+.1e}; {_against_floor(plant, right, seconds)}")


def _against_floor(plant: Plant, result: Result, seconds: float) -> str:
    """Compare with right-hand sides and solves alone, each at what it costs by itself."""
    each, solved = bare_rhs(plant), bare_solve(plant)
    floor = result.rhs * each + 0.5 * result.rhs * solved
    return (
        f"{result.steps:.0f} steps, {result.rhs:.0f} rhs of {1e9 * each:.0f} ns and "
        f"{0.5 * result.rhs:.0f} solves of {1e9 * solved:.0f} ns = "
        f"{1e3 * floor:.1f} ms floor, {seconds / floor:.1f} × floor"
    )


def bare_rhs(plant: Plant) -> float:
    """Seconds of one right-hand side, called from compiled code with the plant's own arrays."""
    import numba

    from renvand.plant.simulate import machine_for

    @numba.njit
    def repeat(rhs, count, arguments):
        for _ in range(count):
            rhs(*arguments)

    machine = machine_for(plant, row_times=np.zeros(1))
    rhs = plant.kernels.rhs
    arguments = (machine.work.y, machine.work.f0, *machine.model)
    repeat(rhs, REPEATS, arguments)
    return best(lambda: repeat(rhs, REPEATS, arguments)) / REPEATS


def bare_solve(plant: Plant) -> float:
    """Seconds of what a step solves: its factors, and two right-hand sides with them."""
    import numba

    from renvand.plant.simulate import machine_for

    @numba.njit
    def repeat(prepare, pull, count, b, y, s, p, h, I, F, S):  # noqa: E741
        for _ in range(count):
            prepare(y, s, p, h, I, F, S, 1e-3)
            for _ in range(2):
                for i in range(b.size):
                    b[i] = y[i]
                pull(b, I, F, S, 1e-3)

    machine = machine_for(plant, row_times=np.zeros(1))
    machine.work.y[:] = 1.0
    s, p, h, I, F = machine.model[:5]  # noqa: E741
    kernels, b = plant.kernels, np.ones_like(machine.work.y)
    arguments = (kernels.prepare, kernels.pull, REPEATS, b, machine.work.y)
    repeat(*arguments, s, p, h, I, F, machine.work.S)
    return best(lambda: repeat(*arguments, s, p, h, I, F, machine.work.S)) / REPEATS


def ensemble(count: int = 256) -> Measured:
    """Many fortnights with other parameters, wall seconds on two threads."""
    plant, start = started("bsm1")
    dry = plant.influent(DRY)
    rng = np.random.default_rng(1)
    changes = [
        {name: plant.model.values[name] * rng.uniform(0.95, 1.05) for name in ("mu_H", "mu_A")}
        for _ in range(count)
    ]
    found = cpu = float("inf")
    for _ in range(3):
        begun, spent = time.perf_counter(), time.process_time()
        table = simulate_many(plant, dry, changes, start=start, workers=2, days=14, evaluate_from=7)
        found = min(found, time.perf_counter() - begun)
        cpu = min(cpu, time.process_time() - spent)
    note = f"wall, {cpu:.2f} s of CPU; EQI {table.EQI.min():.0f} to {table.EQI.max():.0f}"
    return Measured(value=found, note=note)


def derivatives(names: tuple[str, ...] = ("mu_H", "mu_A")) -> Measured:
    """A fortnight with its derivatives by some parameters, for one of them."""
    plant, start = started("bsm1")
    dry = plant.influent(DRY)

    def work() -> Slopes:
        return run_slopes(plant, dry, names, days=14, start=start, workers=1)

    found, moved = work(), 1e-3 * plant.model.values["mu_A"]
    up, down = (
        plant.changed(mu_A=plant.model.values["mu_A"] + side * moved)
        .simulate(dry, days=14, start=start, tolerance=1e-6)
        .stream("effluent")["S_NO"]
        for side in (1, -1)
    )
    due = (up - down).to_numpy() / (2 * moved)
    outputs = run_slopes(plant, dry, names, outputs=["effluent.S_NO"], days=14, start=start)
    gap = float(np.abs(outputs.slopes[:, 0, 1] - due).max() / np.abs(due).max())
    note = f"{len(found.times)} records; nitrate by mu_A within {gap:.0e} of differences"
    return Measured(value=best(work, times=3) / len(names), note=note)


def bsm2(name: str, case: str, days: int = LONG) -> Measured:
    """BSM2 over 609 days, judged on the last 364 as the ring test does."""
    plant = load_plant(name)
    influent = plant.influent(BSM2)
    start = plant.steady(shipped_influent("bsm2", plant.model))
    begun = time.process_time()
    result = plant.simulate(influent, days=days, start=start, evaluate_from=245)
    seconds = time.process_time() - begun
    note = f"{result.steps:.0f} steps, {result.rhs:.0f} rhs"
    row = next((r for r in _ring_test(case) if r["variable"].startswith("Effluent quality")), None)
    if row is not None:
        note = f"EQI {result.performance['EQI'] / float(row['MATLAB']) - 1:+.1e}, {note}"
    return Measured(value=seconds, note=note)


def _ring_test(case: str) -> list[dict[str, str]]:
    with RING_TEST.open() as file:
        return [row for row in csv.DictReader(file) if row["case"].startswith(case)]


def asm2d(days: int = 100) -> Measured:
    """A plant with biological phosphorus removal under a daily wave of flow."""
    from renvand.plant import Influent

    plant = load_plant("bsm1-p")
    constant = shipped_influent("bsm1-p", plant.model)
    times = np.arange(0, days, 1 / 96)
    rows = np.repeat(constant.rows, len(times), axis=0)
    rows[:, -1] *= 1 + 0.3 * np.sin(2 * np.pi * times)
    wave = Influent(times=times, rows=rows, columns=constant.columns)
    start = plant.steady(constant)
    result = plant.simulate(wave, start=start)
    note = f"COD balance {result.balance['COD']:.0e}, {result.steps:.0f} steps"
    return Measured(value=best(lambda: plant.simulate(wave, start=start), times=2), note=note)


FIRST = """
import hashlib, json, time
begun, wall = time.process_time(), time.perf_counter()
from renvand.plant import load_plant, shipped_influent
plant = load_plant("bsm1")
influent = shipped_influent("bsm1", plant.model)
state = plant.steady(influent)
steady = time.process_time() - begun
record = plant.simulate(influent, days=1.0, start=state).record
print(json.dumps({"steady": steady, "all": time.process_time() - begun,
                  "wall": time.perf_counter() - wall,
                  "hash": hashlib.sha256(record.tobytes()).hexdigest()}))
"""
IMPORT = "import json, time; b = time.process_time(); import renvand; " \
         "print(json.dumps({'seconds': time.process_time() - b}))"  # fmt: skip
MEMORY = """
import json, resource
from renvand.plant import load_plant, shipped_influent
plant = load_plant({name!r})
start = plant.steady(shipped_influent("bsm2", plant.model))
result = plant.simulate(plant.influent({influent!r}), days={days}, start=start)
most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
memory = most()
result.performance
print(json.dumps({{"memory": memory, "indices": most(), "rows": len(result.record)}}))
"""


def fresh(script: str, *, home: str | None = None) -> Mapping[str, object]:
    """Run a script in a process of its own, with a cache of its own where a home is given."""
    place = {**os.environ, **({"HOME": home} if home else {})}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=place
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    return json.loads(done.stdout.splitlines()[-1])


def imported() -> Measured:
    """The import alone."""
    return Measured(value=min(float(str(fresh(IMPORT)["seconds"])) for _ in range(3)), note="")


def first_state() -> Measured:
    """A process from import to the first steady state, compiled code found."""
    found = min(float(str(fresh(FIRST)["steady"])) for _ in range(3))
    return Measured(value=found, note="compiled code found")


def first_compile() -> Measured:
    """The same without compiled code; and the code compiled anew gives the same bits."""
    with tempfile.TemporaryDirectory() as home:
        anew, again = fresh(FIRST, home=home), fresh(FIRST, home=home)
    kept = fresh(FIRST)
    same = "bit-equal" if len({anew["hash"], again["hash"], kept["hash"]}) == 1 else "DIFFER"
    note = f"{float(str(anew['wall'])):.0f} s wall; fresh and cached code {same}"
    return Measured(value=float(str(anew["all"])), note=note)


def memory(name: str = "bsm2", days: int = LONG) -> Measured:
    """At most, for BSM2 stored every 15 minutes. [MB]"""
    found = fresh(MEMORY.format(name=name, influent=str(BSM2), days=days))
    note = f"MB, {found['rows']} rows; {float(str(found['indices'])):.0f} with indices"
    return Measured(value=float(str(found["memory"])), note=note)
