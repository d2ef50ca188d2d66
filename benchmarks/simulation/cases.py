"""The cases of the speed table; each gives its seconds and what proves it right."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from renvand.plant import load_plant, shipped_influent, simulate_many

WWTP = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference" / "wwtp"
DRY = WWTP / "influent" / "bsm1_dry_official_mat.csv"


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


def steady(name: str) -> tuple[float, str]:
    """A steady state from the standard start."""
    plant = load_plant(name)
    influent = shipped_influent(name, plant.model)
    state = plant.steady(influent)
    return best(lambda: plant.steady(influent)), f"residual {state.residual:.0e} 1/d"


def fortnight(name: str, loop: str, *, seed: int | None = None) -> tuple[float, str]:
    """14 days of dry weather, a record every 15 minutes."""
    plant = load_plant(name)
    start = plant.steady(shipped_influent("bsm1", plant.model))
    dry = plant.influent(DRY)
    before = plant.simulate(dry, days=14, start=start)
    right = plant.simulate(dry, days=14, start=before.state, evaluate_from=7)
    gap = right.performance["EQI"] / float(expected(loop, "zoh")["EQI"]) - 1
    seconds = best(lambda: plant.simulate(dry, days=14, start=before.state, seed=seed))
    kernel = min(plant.simulate(dry, days=14, start=before.state).seconds for _ in range(5))
    each = 1e9 * kernel / right.rhs
    note = f"EQI {gap:+.1e}, {right.steps} steps, {right.rhs} rhs, {each:.0f} ns each"
    return seconds, note


def ensemble(count: int = 256) -> tuple[float, str]:
    """Many fortnights with other parameters, wall seconds on two threads."""
    plant = load_plant("bsm1")
    start = plant.steady(shipped_influent("bsm1", plant.model))
    dry = plant.influent(DRY)
    rng = np.random.default_rng(1)
    changes = [
        {name: plant.model.values[name] * rng.uniform(0.95, 1.05) for name in ("mu_H", "mu_A")}
        for _ in range(count)
    ]
    begun = time.perf_counter()
    table = simulate_many(plant, dry, changes, start=start, workers=2, days=14, evaluate_from=7)
    seconds = time.perf_counter() - begun
    return seconds, f"EQI {table.EQI.min():.0f} to {table.EQI.max():.0f}"


def asm2d(days: int = 100) -> tuple[float, str]:
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
    note = f"COD balance {result.balance['COD']:.0e}, {result.steps} steps, {result.rhs} rhs"
    return best(lambda: plant.simulate(wave, start=start), times=2), note


def first_state() -> tuple[float, str]:
    """A fresh process from import to the first steady state, compiled code found."""
    script = (
        "from renvand.plant import load_plant, shipped_influent;"
        "p = load_plant('bsm1'); p.steady(shipped_influent('bsm1', p.model))"
    )
    found = float("inf")
    for _ in range(2):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", script], check=True)
        found = min(found, time.perf_counter() - begun)
    return found, "wall, whole process"


PEER = """
import time, numpy as np
from bsm2_python import BSM1OL
influent = np.loadtxt({dry!r}, delimiter=",", skiprows=1)
rows = np.zeros((len(influent), 22))
rows[:, :17] = influent[:, :17]
plant = BSM1OL(data_in=rows, timestep=1 / 1440, endtime=13.98, tempmodel=False, activate=False)
plant.step(0)
begun = time.process_time()
for i in range(1, len(plant.simtime) - 1):  # it counts more steps than it has times
    plant.step(i)
print(time.process_time() - begun)
"""


def peer(python: str) -> tuple[float, str]:
    """bsm2-python 0.0.16 on the same fortnight, in a process of the Python that has it."""
    done = subprocess.run(
        [python, "-c", PEER.format(dry=str(DRY))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr else "no reason given"
        return float("nan"), f"not run: {reason}"
    return float(done.stdout.split()[-1]), "bsm2-python 0.0.16, one-minute steps"
