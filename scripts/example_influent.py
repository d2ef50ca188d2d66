"""Write the constructed fortnight of inflow of the trial plant, in fractions of ASM1.

Published are four means of one year (he2023). The daily pattern, the weekend and the noise are
assumptions; means of the fortnight are those published, to rounding. Not observed.

    python scripts/example_influent.py
"""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEED = 20_230_501
STEPS, DAYS = 96, 14  # a day in quarters of an hour

# he2023, samples of May, August, November and February
COD = (146 + 84 + 143 + 234) / 4  # g/m3
TN = (35.3 + 31.7 + 36.0 + 45.8) / 4  # g/m3
NH4 = (25.5 + 22.8 + 24.5 + 35.3) / 4  # g/m3
FLOW = 51_900  # m3/d: mean of the constructed months of 2025 in operation.csv
TEMPERATURE = 20  # °C, mean of the same months
ALKALINITY = 7  # mol/m3, bsm1-2018

# Shares of COD as in the inflow of BSM1 (bsm1-2018): 30, 69.5, 51.2, 202.32, 28.17 of 381.19.
# The published BOD5 (0.70 of COD) would need more degradable COD than these leave.
SHARES = {"S_I": 0.0787, "S_S": 0.1823, "X_I": 0.1343, "X_S": 0.5308, "X_BH": 0.0739}
N_OF_INERT, N_OF_BIOMASS = 0.06, 0.08  # gN/gCOD, bsm1-2018
SOLUBLE_SHARE = 6.95 / (6.95 + 10.59)  # of organic nitrogen, bsm1-2018
SOLIDS_OF_COD = 0.75  # gTSS/gCOD, bsm1-2018

# Daily pattern: share of the mean, and the hour of its peak; assumptions.
SWING = {"flow": (0.22, 13.0), "soluble": (0.18, 11.0), "particles": (0.25, 12.5)}
SECOND_SWING = 0.08  # twice a day: morning and evening
WEEKEND = 0.94
NOISE, MEMORY = 0.02, 0.9  # of the mean; from one quarter of an hour to the next
PARTICLES = ("X_I", "X_S", "X_BH", "X_ND")
COLUMNS = (
    *("t_d", "S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P", "S_O", "S_NO", "S_NH", "S_ND"),
    *("X_ND", "S_ALK", "TSS", "Q", "T"),
)


def means() -> dict[str, float]:
    """Give the mean concentration of every component that flows in, g/m3."""
    parts = {name: share * COD for name, share in SHARES.items()}
    bound = N_OF_INERT * parts["X_I"] + N_OF_BIOMASS * parts["X_BH"]
    organic = TN - NH4 - bound
    parts |= {"S_NH": NH4, "S_ND": SOLUBLE_SHARE * organic, "X_ND": (1 - SOLUBLE_SHARE) * organic}
    return parts


def swing(kind: str, dice: random.Random) -> list[float]:
    """Draw a fortnight of factors with mean one."""
    size, peak = SWING[kind]
    noise, factors = 0.0, list[float]()
    for step in range(STEPS * DAYS):
        hour, day = step % STEPS * 24 / STEPS, step // STEPS
        turn = 2 * math.pi * (hour - peak) / 24
        noise = MEMORY * noise + NOISE * math.sqrt(1 - MEMORY**2) * dice.gauss(0, 1)
        shape = 1 + size * math.cos(turn) + SECOND_SWING * math.cos(2 * turn) + noise
        factors.append(shape * (WEEKEND if day % 7 >= 5 else 1.0))
    mean = math.fsum(factors) / len(factors)
    return [factor / mean for factor in factors]


def main(root: Path = ROOT) -> None:
    """Write ``influent.csv``; its concentrations, weighted by flow, have the published means."""
    dice = random.Random(SEED)
    flow, soluble, particles = (swing(kind, dice) for kind in ("flow", "soluble", "particles"))
    series: dict[str, list[float]] = {}
    for name, mean in means().items():
        factors = particles if name in PARTICLES else soluble
        if name == "S_I":
            factors = [1.0] * len(flow)
        carried = math.fsum(q * f for q, f in zip(flow, factors, strict=True)) / len(flow)
        series[name] = [mean * f / carried for f in factors]
    path = root / "examples" / "chongqing" / "plants" / "kaizhou" / "influent.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval=0, lineterminator="\n")
        writer.writeheader()
        for step, factor in enumerate(flow):
            row = {name: round(values[step], 3) for name, values in series.items()}
            solids = SOLIDS_OF_COD * math.fsum(row[name] for name in ("X_I", "X_S", "X_BH"))
            fixed = {"t_d": round(step / STEPS, 6), "S_ALK": ALKALINITY, "T": TEMPERATURE}
            writer.writerow({**fixed, **row, "TSS": round(solids, 3), "Q": round(FLOW * factor)})


if __name__ == "__main__":
    main()
