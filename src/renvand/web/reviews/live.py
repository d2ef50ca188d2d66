"""The balance of a review as it stands this moment: closure, gaps, and the diagram."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from renvand.errors import Fault, FileError, SolveError
from renvand.knowledge import Knowledge
from renvand.publish.charts.sankey import columns
from renvand.publish.model import Chart, Fact, Item, Label, Link, Phrase
from renvand.reconcile import FLOW
from renvand.steps.case import ReviewData, records
from renvand.steps.review.balance import balance_table, stream_table
from renvand.steps.review.findings import findings
from renvand.steps.review.network import Reviewed, reconciled
from renvand.text import number, percent
from renvand.web.painting import drawing

WIDTH, WIDTH_OF_COLUMN, HEIGHT_OF_NODE, LOWEST = 430.0, 96.0, 17.0, 180.0  # px
THINNEST = 1e-4  # of the largest flow: less cannot be seen
TIDY = 0.05  # readings of a unit that miss each other by less are within what meters err
OUTSIDE = ("supply", "sewer", "drain", "air", "product", "sludge")
TONES = {"supply": "supply", "sewer": "wastewater", "drain": "wastewater", "air": "loss",
         "product": "product", "sludge": "loss"}  # fmt: skip
Pair = tuple[str, str]


def balance(slug: str, data: ReviewData, *, language: str, knowledge: Knowledge) -> dict[str, Any]:
    """Give what ``balance.html`` shows.

    Parameters
    ----------
    slug : str
        Name of the review.
    data : ReviewData
        As typed so far.
    language : str
        Of the page.
    knowledge : Knowledge
        The tables as the case sees them.

    Returns
    -------
    dict
        ``faults`` that keep it from being balanced, or ``units``, ``streams``, ``findings``,
        and the ``diagram``.
    """
    try:
        reviewed = reconciled(slug, data, knowledge=knowledge)
    except FileError as error:
        return {"faults": [_short(fault, slug) for fault in error.faults]}
    except SolveError as error:
        return {"faults": list(error.faults)}
    return {
        "units": _units(reviewed, language),
        "streams": _streams(reviewed, language),
        "findings": [_short(fault, slug) for fault in findings(reviewed, [])],
        "diagram": _diagram(reviewed, language),
    }


def _short(fault: Fault, slug: str) -> Fault:
    where = fault.where.removeprefix(f"reviews/{slug}").lstrip("/, ")
    return Fault(where=where or slug, what=fault.what, do=fault.do)


def _units(reviewed: Reviewed, language: str) -> list[dict[str, Any]]:
    rows = records(balance_table(reviewed))
    return [
        {
            "name": reviewed.labels[row["unit"]][language],
            "raw_in": _amount(row["raw_in"], language),
            "raw_out": _amount(row["raw_out"], language),
            "closure": _share(row["raw_closure"], language),
            "is_known": math.isfinite(row["raw_closure"]),
            "is_off": abs(row["raw_closure"]) > TIDY,
            "inflow": _amount(row["inflow"], language),
        }
        for row in rows
        if row["quantity"] == FLOW
    ]


def _streams(reviewed: Reviewed, language: str) -> list[dict[str, Any]]:
    names = {place: labels[language] for place, labels in reviewed.labels.items()}
    rows = records(stream_table(reviewed))
    return [
        {
            "id": row["stream"],
            "from": names.get(row["from_unit"], row["from_unit"]),
            "to": names.get(row["to_unit"], row["to_unit"]),
            "raw": _amount(row["raw"], language),
            "value": _amount(row["value"], language),
            "sd": _amount(row["sd"], language),
            "status": row["status"],
            "is_suspect": row["is_suspect"],
            "is_unknown": not math.isfinite(row["value"]),
        }
        for row in rows
        if row["quantity"] == FLOW
    ]


def _amount(value: float, language: str) -> str:
    return number(value, language, digits=4) if math.isfinite(value) else ""


def _share(value: float, language: str) -> str:
    return percent(value, language, digits=2) if math.isfinite(value) else ""


def _diagram(reviewed: Reviewed, language: str) -> dict[str, Any] | None:
    flows: dict[Pair, float] = defaultdict(float)  # together, where streams run side by side
    for name, stream in reviewed.streams.items():
        flow = reviewed.result.value(name, FLOW)[0]
        if math.isfinite(flow):
            flows[stream["from_unit"], stream["to_unit"]] += flow
    least = THINNEST * max(flows.values(), default=0.0)
    flows = {pair: flow for pair, flow in flows.items() if flow > least}
    if not flows:
        return None
    back = closing(list(flows))
    items: dict[str, Item] = {}
    links: list[Link] = []
    facts: dict[str, Fact] = {}
    for (start, end), flow in flows.items():
        target = f"{end}~" if (start, end) in back else end
        for node in (start, target):
            items.setdefault(node, _item(node, reviewed))
        fact = f"{start}>{end}"
        facts[fact] = Fact(
            id=fact, value=flow, unit="m3/d", basis="calculated", confidence="medium"
        )
        group = "reuse" if target != end else TONES.get(end, "")
        links.append(Link(source=start, target=target, fact=fact, group=group))
    chart = Chart(
        kind="sankey",
        caption=Phrase(key="sheet.supply"),
        unit="m3/d",
        items=tuple(items.values()),
        links=tuple(links),
    )
    wide = max(WIDTH, WIDTH_OF_COLUMN * (1 + max(columns(chart).values())))
    size = (wide, max(LOWEST, HEIGHT_OF_NODE * len(items)))
    is_broad = wide > WIDTH
    return {**drawing(chart, facts, language=language, size=size), "is_broad": is_broad}


def _item(node: str, reviewed: Reviewed) -> Item:
    place = node.removesuffix("~")
    own = reviewed.labels.get(place)
    name: Any = Phrase(key=f"sheet.{place}") if place in OUTSIDE else place
    if own:
        name = Label(en=own["en"], da=own["da"], zh=own["zh"])
    if node != place:
        name = Phrase(key="sheet.back_to", values={"unit": name})
    return Item(
        id=node, label=name, group="reuse" if node != place else TONES.get(place, "process")
    )


def closing(pairs: Iterable[Pair]) -> frozenset[Pair]:
    """Find the flows that lead back to where the water came from: a Sankey cannot turn round.

    Parameters
    ----------
    pairs : iterable of (str, str)
        From, to.
    """
    after: Mapping[str, list[str]] = defaultdict(list)
    for start, end in pairs:
        after[start].append(end)
    back: set[Pair] = set()
    done: set[str] = set()
    for first in sorted(after, key=lambda node: node != "supply"):
        path = [first]
        ways = [iter(after[first])]
        while path:
            end = next(ways[-1], None)
            if end is None:
                ways.pop()
                done.add(path.pop())
            elif end in path:
                back.add((path[-1], end))
            elif end not in done:
                path.append(end)
                ways.append(iter(after[end]))
    return frozenset(back)
