"""Print how long a calibration takes: ``python -m benchmarks.plants.calibration``.

The bar: 8 parameters on 100 days of 15-minute data in 3 minutes on two cores.
"""

from __future__ import annotations

import os
import resource
import time

from renvand.steps.calibration import calibrate_parameters
from tests.unit.calibration.synthetic import blank, measured_with

DAYS, SETTLE = 100, 10.0
NAMES = ("mu_A", "K_NH", "K_OA", "eta_g", "K_NO", "b_H", "k_h", "K_OH")
TRUE = {"mu_A": 0.52, "K_NH": 1.2, "K_NO": 0.4, "b_H": 0.33, "k_h": 2.7, "K_OH": 0.25}


def main() -> None:
    """Time identifiability and least squares together."""
    runs: list[str] = []
    experiment = measured_with(blank(days=DAYS, settle=SETTLE), TRUE, seed=1)
    load = os.getloadavg()[0]
    wall, work = time.perf_counter(), time.process_time()
    found = calibrate_parameters(experiment, NAMES, workers=2, tell=runs.append)
    wall, work = time.perf_counter() - wall, time.process_time() - work
    rows = sum(len(v) for v in experiment.compared().columns.values())
    print("| what | s | bar, s |\n|---|---|---|")
    print(
        f"| {len(NAMES)} parameters, {DAYS} d of 15 min, {rows:,} values, wall | {wall:.1f} | 180 |"
    )
    print(f"| the same, CPU; load of the machine {load:.1f} | {work:.1f} | |")
    print(f"| runs of the plant: {len(runs)}; calibrated: {', '.join(found.names)} | | |")
    for name in found.names:
        interval = f"{found.low[name]:.4g} to {found.high[name]:.4g}"
        print(f"| {name}: {found.values[name]:.4g} ({interval}), true {TRUE.get(name)} | | |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory, MB: {peak:,.0f} | | |")


if __name__ == "__main__":
    main()
