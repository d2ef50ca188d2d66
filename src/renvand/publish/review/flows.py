"""Sankey diagrams of one company: water, loads, heat, money; only what is known is drawn."""

from __future__ import annotations

from collections import defaultdict

from renvand.publish.model import Chart, Item, Link, Phrase, Text
from renvand.publish.review.model import Row, View, known

SMALLEST = 0.004  # of the largest flow: thinner ones cannot be seen
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
PARTS = {"water": ("flow",), "heat": ("flow", "temperature")}


def diagram(view: View, quantity: str, caption: Text) -> Chart | None:
    """Draw where a quantity flows.

    Parameters
    ----------
    view : View
        A company.
    quantity : str
        'water', 'heat', 'money', or a substance.
    caption : Text
        What stands above.

    Returns
    -------
    Chart or None
        None where nothing is known. A flow back to where it came from ends in a node of its own.
    """
    rows = [
        r
        for r in view.rows("edges", quantity=quantity)
        if known(r["value"]) and r["value"] > 0 and r["from"] != r["to"]
    ]
    if not rows:
        return None
    least = SMALLEST * max(r["value"] for r in rows)
    drawn = [r for r in rows if r["value"] >= least]
    back = returning([(r["from"], r["to"]) for r in drawn])
    items: dict[str, Item] = {}
    links: list[Link] = []
    for r in drawn:
        target = f"{r['to']}~" if (r["from"], r["to"]) in back else r["to"]
        for node in (r["from"], target):
            items.setdefault(node, _item(view, node))
        group = "reuse" if target != r["to"] or r["kind"] == "reuse" else ""
        links.append(Link(source=r["from"], target=target, fact=_fact(view, r), group=group))
    return Chart(
        kind="sankey",
        caption=caption,
        unit=rows[0]["unit"],
        items=tuple(items.values()),
        links=tuple(links),
        note=Phrase(key="review.smaller") if len(drawn) < len(rows) else None,
    )


def _fact(view: View, row: Row) -> str:
    """A flow has a figure of its own; loads, heat and what closes a unit are made from others."""
    quantity, stream = row["quantity"], row["stream"]
    if quantity == "money":
        what = row["kind"] if row["kind"] == row["to"] else f"{row['kind']}.{row['to']}"
        return view.book.take(f"review.{view.id}.{row['from']}.drain.{what}")
    if quantity == "water" and stream and view.book.has(f"review.{view.id}.{stream}.flow"):
        return view.book.take(f"review.{view.id}.{stream}.flow")
    name = f"{quantity}.{stream or row['from'] + '.' + row['to']}"
    if view.book.has(f"report.{view.id}.{name}"):
        return f"report.{view.id}.{name}"
    return view.figure(name, row["value"], row["unit"], made_of=_behind(view, row))


def _behind(view: View, row: Row) -> list[str]:
    parts = PARTS.get(row["quantity"], ("flow", row["quantity"]))
    unit = row["to"] if row["from"] == "added" else row["from"]
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
