"""Time the search of a front: 2,000 runs of 14 days in three objectives, on two threads."""

from __future__ import annotations

import resource
import time
from dataclasses import replace

import numpy as np

from renvand.steps.trial.front import Front, Progress, optimise
from renvand.steps.trial.site import Site, open_site

LEVERS = ("do", "recycle", "carbon-dose", "sludge-age")
LIMITS = {"TN": 15.0, "S_NH": 5.0}
BAR = 300.0  # s


def swinging(name: str) -> Site:
    """A template under two weeks of days: flow by three tenths, strength by a seventh."""
    site = open_site(name)
    times = np.arange(0, 14, 1 / 96)
    rows = np.repeat(site.influent.rows, len(times), axis=0)
    rows[:, -1] *= 1 + 0.3 * np.sin(2 * np.pi * (times - 0.3))
    swing = 1 + 0.15 * np.sin(2 * np.pi * (times - 0.35))
    kept = rows[:, -2].copy()
    rows[:, :-2] *= swing[:, None]
    rows[:, -2] = kept
    return replace(site, influent=replace(site.influent, times=times, rows=rows))


def timed(evaluations: int) -> tuple[Front, float, float]:
    """Search; give the front, seconds of the clock and of both processors."""
    site = swinging("a2o")
    site.plant.steady(site.influent.mean)  # compiled before the clock starts
    clock, cpu = time.perf_counter(), time.process_time()

    def say(progress: Progress) -> None:
        if progress.done % 400 == 0:
            print(f"  {progress.done} runs, {progress.left_s:.0f} s left", flush=True)

    found = optimise(site, LEVERS, limits=LIMITS, evaluations=evaluations, seed=1, on_progress=say)
    return found, time.perf_counter() - clock, time.process_time() - cpu


def main(evaluations: int = 2000) -> None:
    """Print what it took."""
    found, clock, cpu = timed(evaluations)
    print("| what | s | CPU s | bar, s |\n|---|---|---|---|")
    what = f"front of 3 objectives, {found.evaluations:,} runs of 14 days, A2O with ASM2d"
    print(f"| {what}, {len(found.points)} points, {found.failed} runs failed | {clock:.0f} "
          f"| {cpu:.0f} | {BAR:.0f} |")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory, MB: {peak:,.0f} | | | |")


if __name__ == "__main__":
    main()
