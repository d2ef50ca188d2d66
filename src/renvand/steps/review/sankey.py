"""The flows of a site as nodes and edges, for diagrams."""

from __future__ import annotations

import math
from typing import Any

from renvand.reconcile import FLOW
from renvand.steps.review.network import Reviewed, is_outside


def sankey(reviewed: Reviewed) -> dict[str, Any]:
    """Give nodes and edges with water and the load of every substance.

    Returns
    -------
    dict
        ``nodes``: id, kind, label by language (outside places have none: their names are in the
        catalogue of words); ``edges``: stream, from, to, kind, flow_m3_d, sd_m3_d, loads_kg_d by
        substance. What is not known is None.
    """
    ends = [s[end] for s in reviewed.streams.values() for end in ("from_unit", "to_unit")]
    nodes = [
        {
            "id": place,
            "kind": "outside" if is_outside(place) else reviewed.kinds[place],
            "label": reviewed.labels.get(place, {}),
        }
        for place in dict.fromkeys(ends)
    ]
    edges: list[dict[str, Any]] = []
    for name, stream in reviewed.streams.items():
        flow, sd = reviewed.result.value(name, FLOW)
        loads = {s: reviewed.result.load(name, s)[0] / 1000 for s in reviewed.substances}
        edges.append(
            {
                "stream": name,
                "from": stream["from_unit"],
                "to": stream["to_unit"],
                "kind": stream["kind"],
                "flow_m3_d": _known(flow),
                "sd_m3_d": _known(sd),
                "loads_kg_d": {s: _known(load) for s, load in loads.items()},
            }
        )
    return {"nodes": nodes, "edges": edges}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
