"""Sites made at random whose true flows and concentrations are known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Site:
    """A flowsheet and what truly flows in it."""

    streams: pd.DataFrame
    truth: pd.DataFrame  # stream, quantity, value

    def measured(self, rng, *, share=1.0, relative_sd=0.03):
        """Measure a share of all quantities, with normal errors of known size."""
        seen = self.truth[rng.random(len(self.truth)) < share].copy()
        seen["sd"] = relative_sd * seen["value"]
        seen["value"] = np.maximum(seen["value"] + seen["sd"] * rng.standard_normal(len(seen)), 0)
        return seen


def make_site(rng, *, units, components=0, recycle=False):
    """Units in a row with side streams; some water comes in and leaves everywhere."""
    made, flow, content = [], [], []
    waiting = {u: [] for u in range(units)}

    def add(origin, target, q, c):
        made.append((f"s{len(made)}", origin, target))
        flow.append(q)
        content.append(c)
        if target.startswith("u"):
            waiting[int(target[1:])].append((q, c))

    loop = rng.uniform(5, 20) if recycle else 0.0
    back = rng.uniform(1, 50, components)
    if recycle:
        waiting[0].append((loop, back))
    for u in range(units):
        if u == 0 or rng.random() < 0.4:
            add("supply", f"u{u}", rng.uniform(30, 200), rng.uniform(1, 100, components))
        total = sum(q for q, _ in waiting[u])
        mixed = sum((q * c for q, c in waiting[u]), start=np.zeros(components)) / total
        later = [f"u{v}" for v in range(u + 1, min(u + 3, units))]
        targets = [*later, "drain"] if later else ["sewer", "drain"]
        if recycle and u == units - 1:
            # What goes back is set first; the unit's other outlets carry the rest of everything.
            made.append((f"s{len(made)}", f"u{u}", "u0"))
            flow.append(loop)
            content.append(back)
            mixed = (total * mixed - loop * back) / (total - loop)
            total -= loop
        for target, part in zip(targets, rng.dirichlet(np.full(len(targets), 5.0)), strict=True):
            add(f"u{u}", target, total * part, mixed)
    names = [s for s, _, _ in made]
    columns = ["flow", *(f"c{k}" for k in range(components))]
    table = np.column_stack([flow, np.array(content).reshape(len(made), components)])
    truth = pd.DataFrame(table, index=names, columns=columns)
    long = truth.stack().rename_axis(["stream", "quantity"]).rename("value").reset_index()
    return Site(streams=pd.DataFrame(made, columns=["id", "from_unit", "to_unit"]), truth=long)
