"""Print a Markdown table of times: ``python -m benchmarks.reconcile``."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from renvand.reconcile import read_network, reconcile
from renvand.reconcile.balances import balances_of
from tests.law.reconcile.sites import Site, make_site

COMPANIES = 1_000
BRANCH = 20  # companies on one branch of the park's mains


def park(rng: np.random.Generator, companies: int) -> Site:
    """Companies on branches of a water main and a sewer; nobody measures inside the mains."""
    streams: list[tuple[str, str, str]] = []
    flows: dict[str, float] = {}
    ends = {"supply": dict[int, float](), "drain": dict[int, float]()}
    for k in range(companies):
        site = make_site(rng, units=7)
        flow = dict(zip(site.truth["stream"], site.truth["value"], strict=True))
        rename = {"supply": f"water{k // BRANCH}", "drain": f"sewer{k // BRANCH}"}
        rename["sewer"] = rename["drain"]
        for s, a, b in site.streams.itertuples(index=False):
            name = f"k{k}.{s}"
            for place, end in ((a, "supply"), (b, "drain")):
                if place in rename:
                    ends[end][k // BRANCH] = ends[end].get(k // BRANCH, 0.0) + flow[s]
            streams.append((name, rename.get(a, f"k{k}.{a}"), rename.get(b, f"k{k}.{b}")))
            flows[name] = flow[s]
    for end, unit in (("supply", "water"), ("drain", "sewer")):
        for branch, flow in ends[end].items():
            pair = (end, f"{unit}{branch}")
            streams.append((f"{unit}.{branch}", *(pair if end == "supply" else pair[::-1])))
            flows[f"{unit}.{branch}"] = flow
    truth = pd.DataFrame({"stream": list(flows), "quantity": "flow", "value": list(flows.values())})
    return Site(streams=pd.DataFrame(streams, columns=["id", "from_unit", "to_unit"]), truth=truth)


def dense(site: Site, seen: pd.DataFrame) -> Any:
    """Reconcile as textbooks write it: dense matrices, projection of unmeasured flows by QR.

    Gives measured flows only, without classes, tests, bounds or errors.
    """
    network = read_network(site.streams, seen)
    n = len(network.streams)
    A = balances_of(network).jacobian(np.zeros(n + len(network.units))).toarray()[:, :n]
    known = ~np.isnan(network.y)
    Q, R = np.linalg.qr(A[:, ~known], mode="complete")
    rank = int((np.abs(np.diag(R)) > 1e-9).sum()) if R.size else 0
    P = Q[:, rank:].T @ A[:, known]
    V = network.sigma[known] ** 2
    S = (P * V) @ P.T
    back = np.linalg.pinv(S) @ P
    return network.y[known] - V * (back.T @ (P @ network.y[known])), V - V**2 * (P * back).sum(0)


def measure(work: Callable[[], Any], *, times: int) -> float:
    """Best CPU time of a few."""
    best = np.inf
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Measure and print."""
    rng = np.random.default_rng(3)
    rows: list[tuple[str, Callable[[], Any], int]] = []
    for units, components in ((25, 0), (60, 6)):
        site = make_site(rng, units=units, components=components)
        seen = site.measured(rng, share=0.8, relative_sd=0.03)
        name = f"site, {len(site.streams)} streams × {components} components"
        rows.append((name, lambda s=site, m=seen: reconcile(s.streams, m), 5))
    for companies in (100, 300, COMPANIES):
        whole = park(rng, companies)
        seen = whole.measured(rng, share=0.8, relative_sd=0.03)
        name = f"park, {len(whole.streams):,} streams"
        rows.append((name, lambda p=whole, m=seen: reconcile(p.streams, m), 2))
        if companies < COMPANIES:
            rows.append((f"{name}, dense textbook way", lambda p=whole, m=seen: dense(p, m), 1))
    print("| what | CPU s |\n|---|---|")
    for name, work, times in rows:
        work()
        print(f"| {name} | {measure(work, times=times):.3f} |")


if __name__ == "__main__":
    main()
