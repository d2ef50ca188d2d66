"""Construct monthly operating data for twelve public plants of the Chongqing example.

    python scripts/example_plants.py

Real are the plants' capacity, class and influent level (``plants.csv``) and the influent of
Kaizhou in four months (he2023). Everything else follows from these rules, with one seed:

* flow: capacity times a load drawn between the quartiles of 62 plants of the Yangtze delta, and
  a tenth more in summer than on average;
* influent: Kaizhou's four months joined by straight lines, scaled by the plant's own ammonium;
* effluent: the limit of the plant's class times a share drawn once a plant, more in winter;
* electricity: kWh/m³ by the size regression of those 62 plants, with its scatter.

Two unit slips are deliberate, as a third of real lists carry them: the flow of one month of
Xiaojiahe is a hundred times too large, the electricity of Liangping ten times too small.
"""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

CASE = Path(__file__).parents[1] / "examples/chongqing"
SEED = 20_261_123
YEAR = 2025
PLANTS = (
    *("kaizhou", "jiguanshi", "tangjiatuo", "beibei", "yudong", "dadongkou", "lijiatuo"),
    *("xiyong", "xiaojiahe", "liangping", "hydrowaste-47287", "hydrowaste-47289"),
)
# he2023: month, then COD, BOD, TN, TP, NH4-N in mg/L
KAIZHOU = {
    2: (234, 154.7, 45.8, 4.55, 35.3),
    5: (146, 93.9, 35.3, 3.58, 25.5),
    8: (84, 84.0, 31.7, 2.88, 22.8),
    11: (143, 94.3, 36.0, 3.23, 24.5),
}
KAIZHOU_NH4 = 27.0  # mg/L, mean of the four
INFLUENT = ("cod", "bod", "tn", "tp", "nh4")
LIMITS = {  # gb-18918-2002: COD, BOD, TN, TP, NH4-N above 12 °C, mg/L
    "1A": (50, 10, 15, 0.5, 5),
    "1B": (60, 20, 20, 1.0, 8),
}
LOAD = (0.65, 0.93)  # quartiles of the load ratio of the 62 plants, yrd93
ENERGY = (0.764, -0.154, 0.27)  # ln(kWh/m³) = a + b ln(m³/d), and its scatter, yrd93
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FLOW_SLIP = ("xiaojiahe", 7, 100)
ENERGY_SLIP = ("liangping", 10)
COLUMNS = (
    *("month", "flow_m3_d", "electricity_kwh", "temperature_c"),
    *(f"{s}_{side}_mg_l" for s in ("cod", "bod", "nh4", "tn", "tp") for side in ("in", "out")),
    *("basis", "source", "locator", "confidence"),
)


def influent(month: int, *, scale: float) -> dict[str, float]:
    """Join the four months of Kaizhou by straight lines round the year."""
    below = max((m for m in KAIZHOU if m <= month), default=11)
    above = min((m for m in KAIZHOU if m > month), default=2)
    part = ((month - below) % 12) / 3
    values = (
        (1 - part) * a + part * b for a, b in zip(KAIZHOU[below], KAIZHOU[above], strict=True)
    )
    return {name: scale * value for name, value in zip(INFLUENT, values, strict=True)}


def months(plant: dict[str, str], draw: random.Random) -> list[dict[str, object]]:
    """Make the twelve rows of a plant."""
    name, capacity = plant["id"], float(plant["capacity_m3_d"])
    scale = float(plant["nh4_in_mg_l"]) / KAIZHOU_NH4 if plant["nh4_in_mg_l"] else 1.0
    limits = LIMITS.get(plant["discharge_class"], LIMITS["1B"])
    load, share = draw.uniform(*LOAD), draw.uniform(0.45, 0.8)
    offset = draw.gauss(0, ENERGY[2])
    rows: list[dict[str, object]] = []
    for month, days in enumerate(DAYS, start=1):
        summer = math.cos(2 * math.pi * (month - 7.5) / 12)
        flow = capacity * load * (1 + 0.1 * summer) * draw.gauss(1, 0.03)
        specific = math.exp(ENERGY[0] + ENERGY[1] * math.log(capacity * load) + offset)
        energy = flow * days * specific * draw.gauss(1, 0.04)
        enters = influent(month, scale=scale)
        leaves = {
            s: min(limit * share * (1 - 0.15 * summer) * draw.gauss(1, 0.06), 0.9 * enters[s])
            for s, limit in zip(INFLUENT, limits, strict=True)
        }
        if (name, month) == FLOW_SLIP[:2]:
            flow *= FLOW_SLIP[2]
        if name == ENERGY_SLIP[0]:
            energy /= ENERGY_SLIP[1]
        is_read = name == "kaizhou" and month in KAIZHOU
        rows.append(
            {
                "month": f"{YEAR}-{month:02d}",
                "flow_m3_d": round(flow),
                "electricity_kwh": round(energy),
                "temperature_c": round(20 + 6.5 * summer, 1),
                **{f"{s}_in_mg_l": f"{enters[s]:.3g}" for s in INFLUENT},
                **{f"{s}_out_mg_l": f"{leaves[s]:.3g}" for s in INFLUENT},
                "basis": "constructed",
                "source": "constructed-plants",
                "locator": "influent as in he2023; the rest constructed" if is_read else "",
                "confidence": "low",
            }
        )
    return rows


def main() -> None:
    """Write one file a plant."""
    with (CASE / "plants.csv").open(encoding="utf-8", newline="") as lines:
        plants = {row["id"]: row for row in csv.DictReader(lines)}
    for name in PLANTS:
        folder = CASE / "plants" / name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "operation.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(months(plants[name], random.Random(f"{SEED} {name}")))


if __name__ == "__main__":
    main()
