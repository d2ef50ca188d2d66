"""Print the speed of the river beside scipy and networkx: ``python -m benchmarks.river``."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import networkx
import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from renvand.river import carry, connect, decayed, worth
from renvand.river.network import Floats, Network
from renvand.river.oxygen import Rates, carry_oxygen, reach_matrix
from renvand.river.uncertainty import Spread, ensemble, latin_hypercube

GRAPH = 100_000  # reaches; networkx takes seconds and gigabytes for more


def tree(size: int) -> np.ndarray:
    """Draw a random river with scrambled ids: each reach flows into one of the next few."""
    rng = np.random.default_rng(1)
    down = np.arange(size) + rng.integers(1, 30, size)
    down[down >= size] = -1
    shuffle = rng.permutation(size)
    scrambled = np.full(size, -1)
    scrambled[shuffle] = np.where(down >= 0, shuffle[down], -1)
    return scrambled


def best(work: Callable[[], object], *, times: int) -> float:
    """Give the least processor time of several runs, so that other work does not count. [s]"""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def say(what: str, seconds: float, bar: str = "") -> None:
    """Print a row."""
    print(f"| {what} | {1e3 * seconds:,.2f} | {bar} |", flush=True)


def passes(net: Network, *, bar: str) -> None:
    """Time one substance down and up."""
    rng = np.random.default_rng(2)
    load, flow = rng.random(len(net)), rng.uniform(1, 9, len(net))
    kept = decayed(0.3, rng.random(len(net)))
    size = f"{len(net):,} reaches"
    times = 50 if len(net) < 500_000 else 15
    say(
        f"one substance down, {size}",
        best(lambda: carry(net, load=load, flow=flow, kept=kept), times=times),
        bar,
    )
    say(
        f"the same with concentrations at the heads, {size}",
        best(lambda: carry(net, load=load, flow=flow, kept=kept).head_mg_l, times=times),
    )
    say(
        f"worth of a kilogram everywhere, {size}",
        best(lambda: worth(net, weight=load, flow=flow, kept=kept), times=times),
    )


def peers(net: Network) -> None:
    """Time the same pass by a sparse solver and by a graph library, and compare results."""
    rng = np.random.default_rng(3)
    size = len(net)
    load, kept = rng.random(size), decayed(0.3, rng.random(size))
    inner = np.flatnonzero(net.down >= 0)
    matrix = sparse.eye(size) - sparse.csr_matrix(
        (kept[inner], (net.down[inner], inner)), shape=(size, size)
    )
    matrix = sparse.csc_matrix(matrix)
    say(f"scipy splu, factor, {size:,} reaches", best(lambda: splu(matrix), times=2))
    factor = splu(matrix)
    say(f"scipy splu, solve, {size:,} reaches", best(lambda: factor.solve(load), times=5))
    ours = carry(net, load=load, flow=np.ones(size), kept=kept).entering_kg_d
    assert np.allclose(ours, factor.solve(load), rtol=1e-12)
    if size <= GRAPH:
        graphs(net, load=load, kept=kept)


def graphs(net: Network, *, load: Floats, kept: Floats) -> None:
    """Time the pass by a graph library."""
    size, inner = len(net), np.flatnonzero(net.down >= 0)
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from((int(i), int(net.down[i])) for i in inner)

    def walk() -> Floats:
        entering = load.copy()
        for i in networkx.topological_sort(graph):
            for d in graph.successors(i):
                entering[d] += entering[i] * kept[i]
        return entering

    say(f"networkx, sort and walk, {size:,} reaches", best(walk, times=1))


def oxygen(net: Network) -> None:
    """Time six coupled states."""
    rng = np.random.default_rng(4)
    size = len(net)
    some = rng.uniform(0.1, 0.6, (10, size))
    rates = Rates(
        bod=some[0],
        bod_settling=some[1],
        nitrification=some[2],
        uptake=some[9],
        denitrification=some[3],
        hydrolysis=some[4],
        organic_settling=some[5],
        phosphorus=some[6],
        reaeration=10 * some[7],
        sediment_demand=some[8],
    )
    travel = rng.random(size)
    matrix, sat = reach_matrix(rates, travel), np.full(size, 9.0)
    load, flow = rng.random((size, 6)), rng.uniform(1, 9, size)
    say(
        f"coefficients of six states, {size:,} reaches",
        best(lambda: reach_matrix(rates, travel), times=3),
    )
    say(
        f"six coupled states, {size:,} reaches",
        best(
            lambda: carry_oxygen(net, load=load, flow=flow, matrix=matrix, oxygen_saturation=sat),
            times=30,
        ),
        "3",
    )


def chance(net: Network) -> None:
    """Time a thousand runs with other rates, flows and loads."""
    rng = np.random.default_rng(5)
    size = len(net)
    factors = latin_hypercube(Spread(rate=0.3, flow=0.1, loads=(0.2, 0.1)), runs=1000, seed=1)
    loads, flow = rng.random((2, size)), rng.uniform(1, 9, size)
    arguments = {
        "loads": loads,
        "flow": flow,
        "decay": np.full(size, 0.3),
        "time": rng.random(size),
        "factors": factors,
        "sections": np.arange(10),
    }
    say(f"1,000 runs, {size:,} reaches", best(lambda: ensemble(net, **arguments), times=2), "1,000")


def main() -> None:
    """Run everything on one core."""
    print("| what | ms | bar, ms |\n|---|---|---|")
    for size, bar, order_bar in ((100_000, "0.3", ""), (1_000_000, "6", "300")):
        down, ids = tree(size), np.arange(size)
        say(
            f"renumber, {size:,} reaches",
            best(lambda d=down, i=ids: connect(d, ids=i), times=3),
            order_bar,
        )
        net = connect(down, ids=ids)
        passes(net, bar=bar)
        peers(net)
        if size == 100_000:
            oxygen(net)
            chance(net)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"| peak memory so far, MB: {peak:,.0f} | | 500 |")


if __name__ == "__main__":
    main()
