"""The flows of a site and the money that leaves with them, for diagrams."""

from __future__ import annotations

import math
from typing import Any

from renvand.steps.review.money import Loss
from renvand.steps.review.network import Reviewed, Row, is_outside
from renvand.steps.review.sankey import UNITS, WATER, Edge

MONEY = "money"


def sankey(reviewed: Reviewed, found: list[Edge], losses: list[Loss]) -> dict[str, Any]:
    """Give nodes and edges with water, the load of every substance, and heat.

    Returns
    -------
    dict
        ``nodes``: id, kind, label by language (outside places have none: their names are in the
        catalogue of words); ``edges``: stream, from, to, kind, flow_m3_d, sd_m3_d, loads_kg_d by
        substance; ``quantities``: for each, and for money, its unit and its links, closed by
        'added' and 'removed'. What is not known is None.
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
    every = [*(e.row(reviewed.id) for e in found), *money_edges(losses)]
    carried = {(e.quantity, e.stream): e for e in found if e.stream}
    loads = [q for q in dict.fromkeys(e.quantity for e in found) if q not in UNITS]
    return {
        "nodes": nodes,
        "edges": [
            {
                "stream": name,
                "from": stream["from_unit"],
                "to": stream["to_unit"],
                "kind": stream["kind"],
                "flow_m3_d": _known(carried[WATER, name].value),
                "sd_m3_d": _known(carried[WATER, name].sd),
                "loads_kg_d": {s: _known(carried[s, name].value) for s in loads},
            }
            for name, stream in reviewed.streams.items()
        ],
        "quantities": {
            quantity: {
                "unit": next(r["unit"] for r in every if r["quantity"] == quantity),
                "links": [
                    {**{k: r[k] for k in ("from", "to", "kind")}, "value": _known(r["value"])}
                    for r in every
                    if r["quantity"] == quantity
                ],
            }
            for quantity in dict.fromkeys(r["quantity"] for r in every)
        },
    }


def money_edges(losses: list[Loss]) -> list[Row]:
    """Give what leaves in the drain as edges: from the unit to what it is."""
    return [
        {
            "review": loss.review,
            "quantity": MONEY,
            "unit": loss.row()["unit"],
            "stream": "",
            "from": loss.place,
            "to": loss.substance or loss.item,
            "kind": loss.item,
            "value": loss.value.value,
            "sd": float("nan"),
        }
        for loss in losses
    ]


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
