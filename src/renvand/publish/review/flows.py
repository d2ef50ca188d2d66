"""Sankey diagrams of one company: water, loads, heat, money; only what is known is drawn."""

from __future__ import annotations

from collections import defaultdict

from renvand.publish.model import Chart, Item, Link, Phrase, Text
from renvand.publish.review.model import Row, View, known

SMALLEST, SMALLEST_ON_PAPER = 0.004, 0.01  # of the largest flow: thinner ones cannot be seen
OUTSIDE = {
    "supply": "supply",
    "added": "supply",
    "product": "product",
    "sewer": "wastewater",
    "drain": "wastewater",
    "air": "loss",
    "sludge": "loss",
    "removed": "loss",
}
SUPPLYING = ("storage", "make-up")
TREATING = ("equalisation", "neutralisation", "precipitation", "oil-separation", "treatment")
CARRIED = 0.05  # of the largest flow: liquor that goods carry, below this not drawn
THOUSANDS = {"money": "k"}  # money is drawn in thousands
Flow = tuple[str, str, list[Row]]  # from, to, edges
PARTS = {"water": ("flow",), "heat": ("flow", "temperature")}


def diagram(view: View, quantity: str, caption: Text, *, is_short: bool = False) -> Chart | None:
    """Draw where a quantity flows.

    Parameters
    ----------
    view : View
        A company.
    quantity : str
        'water', 'heat', 'money', or a substance.
    caption : Text
        What stands above.
    is_short : bool
        For paper: tanks and make-up go with the supply, all treatment is one, and liquor that
        goods carry from step to step is left out.

    Returns
    -------
    Chart or None
        None where nothing is known. A flow back to where it came from ends in a node of its own.
    """
    rows = [r for r in view.rows("edges", quantity=quantity) if known(r["value"])]
    joined = _joined(view, rows) if is_short and quantity != "money" else [[r] for r in rows]
    flows = [(group[0]["from"], group[0]["to"], group) for group in joined]
    flows = [(a, b, g) for a, b, g in flows if a != b and _sum(g) > 0]
    if not flows:
        return None
    largest = max(_sum(g) for _, _, g in flows)
    drawn = [
        f
        for f in flows
        if _sum(f[2]) >= (CARRIED if _is_carried(view, f[2]) and is_short else SMALLEST) * largest
    ]
    drawn = _ended(drawn, flows)
    back = returning([(a, b) for a, b, _ in drawn])
    items: dict[str, Item] = {}
    links: list[Link] = []
    for start, end, group in drawn:
        target = f"{end}~" if (start, end) in back else end
        for node in (start, target):
            items.setdefault(node, _item(view, node))
        is_reuse = target != end or group[0]["kind"] == "reuse"
        fact = _fact(view, group)
        links.append(Link(source=start, target=target, fact=fact, group="reuse" * is_reuse))
    return Chart(
        kind="sankey",
        caption=caption,
        unit=THOUSANDS.get(rows[0]["quantity"], "") + rows[0]["unit"],
        items=tuple(items.values()),
        links=tuple(links),
        note=Phrase(key="review.smaller") if len(drawn) < len(flows) else None,
    )


def _ended(drawn: list[Flow], flows: list[Flow]) -> list[Flow]:
    """Leave out places all of whose outlets are too small to draw: they would look like an end."""
    goes_on = {start for start, _, _ in flows}
    while True:
        seen = {start for start, _, _ in drawn}
        kept = [f for f in drawn if f[1] in seen or f[1] not in goes_on]
        if len(kept) == len(drawn):
            return kept
        drawn = kept


def _sum(group: list[Row]) -> float:
    return sum(r["value"] for r in group)


def _joined(view: View, rows: list[Row]) -> list[list[Row]]:
    """Take tanks and make-up together with the supply, and all treatment as one."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for r in rows:
        start, end = (_wider(view, r[side]) for side in ("from", "to"))
        groups[start, end].append({**r, "from": start, "to": end})
    return list(groups.values())


def _wider(view: View, place: str) -> str:
    kind = view.units[place]["kind"] if place in view.units else ""
    if kind in SUPPLYING:
        return "supply"
    return "treatment" if kind in TREATING else place


def _is_carried(view: View, group: list[Row]) -> bool:
    """Say whether this is liquor of one process in the next."""
    return all(r["kind"] == "process" and r["from"] in view.units for r in group)


def _fact(view: View, group: list[Row]) -> str:
    """A flow has a figure of its own; sums, loads, heat and what closes a unit are made."""
    row = group[0]
    quantity, stream = row["quantity"], row["stream"]
    if quantity == "money":
        what = row["kind"] if row["kind"] == row["to"] else f"{row['kind']}.{row['to']}"
        own = f"review.{view.id}.{row['from']}.drain.{what}"
        name, unit = f"money.{row['from']}.{what}", THOUSANDS[quantity] + row["unit"]
        return view.figure(name, row["value"] / 1000, unit, made_of=[own])
    flow = f"review.{view.id}.{stream}.flow"
    if quantity == "water" and len(group) == 1 and stream and view.book.has(flow):
        return view.book.take(flow)
    ends = f"{row['from']}.{row['to']}"
    name = f"{quantity}.{ends if len(group) > 1 or not stream else stream}"
    made_of = dict.fromkeys(part for r in group for part in _behind(view, r))
    return view.figure(name, _sum(group), row["unit"], made_of=made_of)


def _behind(view: View, row: Row) -> list[str]:
    parts = PARTS.get(row["quantity"], ("flow", row["quantity"]))
    unit = row["to"] if row["kind"] == "added" else row["from"]
    streams = [row["stream"]] if row["stream"] else [
        s["id"] for s in view.streams.values() if unit in (s["from_unit"], s["to_unit"])
    ]  # fmt: skip
    names = [f"review.{view.id}.{s}.{part}" for s in streams for part in parts]
    return [name for name in names if view.book.has(name)]


def _item(view: View, node: str) -> Item:
    place = node.removesuffix("~")
    name = item_name(view, place)
    if node != place:
        name = Phrase(key="review.back_to", values={"unit": name})
    return Item(id=node, label=name, group=OUTSIDE.get(place, "process"))


def item_name(view: View, place: str) -> Text:
    """Name a node: a unit, a place outside, what closes a unit, or an item of money."""
    if place in ("added", "removed"):
        return Phrase(key=f"review.{place}")
    if place in ("water", "fee", "heat", "salt", "dye") and place not in view.units:
        return Phrase(key=f"review.item_{place}")
    if place == "treatment":
        return Phrase(key="sheet.treatment_plant")
    return view.place(place)


def returning(pairs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Find the flows that lead back to where water came from: a Sankey cannot turn round."""
    after: dict[str, list[str]] = defaultdict(list)
    for start, end in pairs:
        after[start].append(end)
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for first in sorted(after, key=lambda node: node not in ("supply", "added")):
        path: list[str] = []
        stack: list[tuple[str, bool]] = [(first, True)]
        while stack:
            node, is_entered = stack.pop()
            if not is_entered:
                path.remove(node)
                done.add(node)
            elif node not in done and node not in path:
                path.append(node)
                stack.append((node, False))
                back |= {(node, end) for end in after[node] if end in path}
                stack += [(end, True) for end in reversed(after[node]) if end not in path]
    return back
