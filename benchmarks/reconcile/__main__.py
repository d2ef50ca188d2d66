"""Print a Markdown table of times: ``python -m benchmarks.reconcile``."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from renvand.errors import SolveError
from renvand.reconcile import read_network, reconcile
from renvand.reconcile.balances import balances_of
from tests.law.reconcile.sites import Site, make_site

COMPANIES = 1_000
WITH_COMPONENTS = ((30, 1), (30, 6), (100, 1), (100, 6), (300, 6), (900, 6))
BRANCH = 20  # companies on one branch of the park's mains


def park(rng: np.random.Generator, companies: int, components: int = 0) -> Site:
    """Companies on branches of a water main and a sewer; nobody measures inside the mains."""
    streams: list[tuple[str, str, str]] = []
    known: dict[str, pd.Series[float]] = {}
    for k in range(companies):
        site = make_site(rng, units=7, components=components)
        wide = site.truth.pivot(index="stream", columns="quantity", values="value")
        rename = {"supply": f"water{k // BRANCH}", "drain": f"sewer{k // BRANCH}"}
        rename["sewer"] = rename["drain"]
        for s, a, b in site.streams.itertuples(index=False):
            known[f"k{k}.{s}"] = wide.loc[s]
            streams.append((f"k{k}.{s}", rename.get(a, f"k{k}.{a}"), rename.get(b, f"k{k}.{b}")))
    for unit in sorted({u for _, a, b in streams for u in (a, b) if u.startswith(("wat", "sew"))}):
        parts = pd.DataFrame([known[s] for s, a, b in streams if unit in (a, b)])
        loads = parts.drop(columns="flow").mul(parts["flow"], axis=0).sum()
        flow = parts["flow"].sum()
        known[f"main.{unit}"] = pd.concat([pd.Series({"flow": flow}), loads / flow])
        start, end = ("supply", unit) if unit.startswith("water") else (unit, "drain")
        streams.append((f"main.{unit}", start, end))
    listed = [(s, q, float(v)) for s, row in known.items() for q, v in row.items()]
    truth = pd.DataFrame(listed, columns=["stream", "quantity", "value"])
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


def edited() -> tuple[str, Callable[[], Any]]:
    """A company whose cell was edited on the page: balance, key figures, everything anew."""
    from dataclasses import replace

    from renvand.partnership.folder import read_case
    from renvand.steps.review import review
    from tests.shared import ROOT

    case = read_case(ROOT / "examples" / "chongqing")
    name = "bishan-plating"
    one = replace(case, reviews={name: case.reviews[name]})
    return name, lambda: review(one)


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
    for companies, components in WITH_COMPONENTS:
        whole = park(rng, companies, components)
        seen = whole.measured(rng, share=0.8, relative_sd=0.03)
        name = f"park, {len(whole.streams):,} streams × {components} components"
        rows.append((name, lambda p=whole, m=seen: reconcile(p.streams, m), 1))
    company, work = edited()
    rows.append((f"review of {company} after an edited cell, all tables", work, 3))
    print("| what | CPU s |\n|---|---|")
    for name, work, times in rows:
        try:
            work()
            told = f"{measure(work, times=times):.3f}"
        except SolveError as error:
            told = f"not solved: {error.faults[0].what}"
        print(f"| {name} | {told} |", flush=True)


if __name__ == "__main__":
    main()
