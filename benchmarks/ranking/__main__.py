"""Print a Markdown table of times and memory: ``python -m benchmarks.ranking``."""

import time
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from renvand import ranking

SITES, CRITERIA, DRAWS = 1_000, 6, 10_000


def naive_smaa(values: Any, draws: int) -> Any:
    """SMAA as it is usually written: rank all draws at once, then count place by place."""
    rng = np.random.default_rng(0)
    score = rng.dirichlet(np.ones(values.shape[1]), draws) @ values.T
    place = (-score).argsort(axis=1).argsort(axis=1)
    n = values.shape[0]
    return np.array([[(place[:, i] == k).mean() for k in range(n)] for i in range(n)])


def measure(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU seconds without, and peak megabytes with, the memory watch on."""
    start = time.process_time()
    work()
    seconds = time.process_time() - start
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return seconds, peak


def main() -> None:
    """Measure and print."""
    x = np.random.default_rng(1).random((SITES, CRITERIA))
    bell = [ranking.Preference(kind="gaussian", inflection=0.2)] * CRITERIA
    size = f"{SITES:,} × {CRITERIA}"
    rows: list[tuple[str, Callable[[], Any]]] = [
        (f"SMAA {size} × {DRAWS:,}, weights free", lambda: ranking.smaa(x, draws=DRAWS)),
        (
            f"SMAA {size} × {DRAWS:,}, weights free, errors in every cell",
            lambda: ranking.smaa(x, sd=np.full(x.shape, 0.1), draws=DRAWS),
        ),
        (
            f"naive SMAA {size} × {DRAWS // 10:,} (a tenth of the draws)",
            lambda: naive_smaa(x, DRAWS // 10),
        ),
        (f"TOPSIS {size}", lambda: ranking.topsis(x)),
        (f"PROMETHEE II {size}, Gaussian", lambda: ranking.promethee(x, preferences=bell)),
        (
            "DEA, 100 plants, 2 inputs, 1 output",
            lambda: ranking.efficiency(x[:100, :2], x[:100, 2:3]),
        ),
    ]
    if find_spec("pymcdm"):
        from pymcdm.methods import TOPSIS
        from pymcdm.normalizations import vector_normalization

        w = np.full(CRITERIA, 1 / CRITERIA)
        peer = TOPSIS(vector_normalization)
        rows.append((f"pymcdm TOPSIS {size}", lambda: peer(x, w, np.ones(CRITERIA))))
    print("| what | CPU s | peak MB |\n|---|---|---|")
    for name, work in rows:
        seconds, peak = measure(work)
        print(f"| {name} | {seconds:.3f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
