"""Print how long 16,000 plants take, and with --front a search: ``python -m benchmarks.plants``."""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from renvand.ranking import smaa
from renvand.steps.plants import check, is_sound, yearly
from renvand.steps.plants.choose import CONCENTRATION, DRAWS, MOST, contenders
from renvand.steps.plants.energy import kpis
from renvand.steps.plants.indicators import FROM_OPERATION, from_operation

PLANTS = 16_000


def population(size: int) -> pd.DataFrame:
    """Draw plants like those of the Yangtze delta, a tenth with a slip."""
    rng = np.random.default_rng(1)
    capacity = 10 ** rng.uniform(3, 5.8, size)
    volume = capacity * 365 * rng.uniform(0.4, 1.1, size)
    energy = volume * np.exp(0.76 - 0.154 * np.log(volume / 365) + 0.27 * rng.standard_normal(size))
    slip = rng.random(size) < 0.1
    made = {"cod": 200.0, "bod": 90.0, "ss": 150.0, "nh4": 22.0, "tn": 30.0, "tp": 3.5}
    entering = {s: c * np.exp(0.3 * rng.standard_normal(size)) for s, c in made.items()}
    entering["bod"] = 0.45 * entering["cod"]
    entering["nh4"] = 0.75 * entering["tn"]
    return pd.DataFrame(
        {
            "plant": [f"p{i}" for i in range(size)],
            "period": "2025",
            "days": 365,
            "capacity_m3_d": capacity,
            "volume_m3": np.where(slip, volume * 100, volume),
            "energy_kwh": energy,
            "temperature_c": 18.0,
            **{f"{s}_in": c for s, c in entering.items()},
            **{f"{s}_out": 0.2 * c for s, c in entering.items()},
        }
    )


def main() -> None:
    """Time slips, key figures, indicators and places."""
    rows = population(PLANTS)
    begun = last = time.perf_counter()
    print("| what | s | bar, s |\n|---|---|---|")

    def say(what: str) -> None:
        nonlocal last
        now = time.perf_counter()
        print(f"| {what} | {now - last:.2f} | |", flush=True)
        last = now

    slips = check(rows)
    sound = rows[is_sound(rows, slips)]
    say(f"slips in {PLANTS:,} rows, {len(slips):,} found")
    year = yearly(sound)
    kpis(year)
    values = from_operation(year)
    say(f"key figures and indicators of {len(year):,}")
    weights = dict.fromkeys(FROM_OPERATION, 1.0)
    ranges = dict.fromkeys(FROM_OPERATION, (0.0, 1.0)) | {"save": (0.0, values["save"].max())}
    sd = values * 0 + 0.05
    near = contenders(values, weights, sd=sd, ranges=ranges, seed=1)
    say(f"SMAA of all, {DRAWS:,} draws: {len(near):,} that come near the front")
    smaa(
        values.loc[near], weights, concentration=CONCENTRATION, sd=sd.loc[near], ranges=ranges,
        draws=DRAWS, first=MOST, seed=1,
    )  # fmt: skip
    say("their places")
    print(f"| all | {time.perf_counter() - begun:.2f} | 10 |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory, MB: {peak:,.0f} | | |")


if __name__ == "__main__":
    main()
    if "--front" in sys.argv:
        from benchmarks.plants import front

        front.main()
