"""What the review found, in sentences: from its tables, in no language yet."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from renvand.publish.build.key_figures import shown
from renvand.publish.model import Cell, Listing, Phrase, Ref, Section, Value
from renvand.publish.review.model import UNKNOWN, Row, View, known, named

RISKY = 0.05  # probability of exceedance from which a result is named
MOST_LEVELS = 3  # levels told as findings; all stand in their own section


def findings(view: View) -> Section:
    """Make the first section: what matters most, in a list."""
    items = (
        *_balance(view),
        *_leaks(view),
        *_compliance(view),
        *_levels(view),
        *_money(view),
    )
    return Section(
        id="findings", title=Phrase(key="review.findings"), blocks=(Listing(items=items),)
    )


def _balance(view: View) -> Iterator[Phrase]:
    flows = view.rows("streams", quantity="flow")
    wrong = [r for r in view.rows("streams") if r["is_suspect"] and known(r["value"])]
    for r in wrong:
        raw = view.figure(
            f"{r['stream']}.{r['quantity']}.raw",
            r["raw"],
            r["unit"],
            made_of=[f"review.{view.id}.{r['stream']}.{r['quantity']}"],
        )
        values: dict[str, Value] = {
            "stream": where(view, r["stream"], r["quantity"]),
            "raw": Ref(fact=raw),
            "value": view.ref(f"review.{view.id}.{r['stream']}.{r['quantity']}", form="quantity"),
        }
        yield Phrase(key="review.find_wrong", values=values)
    blind = sum(r["status"] == "unobservable" for r in flows)
    if blind:
        values = {"n": str(blind), "all": str(len(flows))}
        yield Phrase(key="review.find_blind", values=values)
    if not wrong and not blind:
        yield Phrase(key="review.find_closed")


def where(view: View, stream: str, quantity: str) -> Cell:
    """Name a reading: the flow of a stream, a content, or a leak."""
    if quantity == "leak":
        return Phrase(key="review.leak_of", values={"unit": view.place(stream)})
    if quantity == "flow":
        return Phrase(key="review.flow_of", values={"stream": stream})
    return Phrase(
        key="review.content_of", values={"substance": substance(quantity), "stream": stream}
    )


def listed(names: Sequence[Value]) -> Value:
    """Write names one after the other, as each language does."""
    if len(names) < 2:
        return names[0] if names else UNKNOWN
    values = {"first": names[0], "rest": listed(names[1:])}
    return Phrase(key="review.listed", values=values)


def substance(name: str) -> Cell:
    """Name a substance as chemists write it; quantities of another kind in words."""
    return named(name, "substances") if name.islower() else shown(name)


def _leaks(view: View) -> Iterator[Phrase]:
    told: set[str] = set()
    for r in view.rows("unseen"):
        if r["idle_days"] and r["leak_low"] > 0:
            told.add(r["unit"])
            values: dict[str, Value] = {
                "unit": view.place(r["unit"]),
                "value": view.ref(r["figure"], form="quantity"),
            }
            yield Phrase(key="review.find_leak_days", values=values)
    for r in view.rows("quick_wins", key="mend-leak"):
        unit = view.streams[r["place"]]["from_unit"]
        if unit not in told:
            flow = view.ref(f"review.{view.id}.{r['place']}.flow", form="quantity")
            yield Phrase(key="review.find_leak", values={"unit": view.place(unit), "value": flow})


def _compliance(view: View) -> Iterator[Phrase]:
    rows = [r for r in view.rows("compliance") if known(r["probability_exceeded"])]
    rows.sort(key=lambda r: -r["probability_exceeded"])
    risky = [r for r in rows if r["probability_exceeded"] >= RISKY]
    for r in risky:
        values: dict[str, Value] = {"substance": substance(r["substance"]), "risk": risk(view, r)}
        yield Phrase(key="review.find_risk", values=values)
    if rows and not risky:
        yield Phrase(key="review.find_kept", values={"risk": risk(view, rows[0])})
    missing = unmeasured(view)
    if missing:
        yield Phrase(key="review.find_unmeasured", values={"substances": listed(missing)})


def risk(view: View, row: Row) -> Cell:
    """Point at a probability of exceedance, in per cent."""
    if not known(row["probability_exceeded"]):
        return "–"
    name = f"{row['stream']}.{row['substance']}.risk"
    made = [row["figure"]]
    percent = 100 * row["probability_exceeded"]
    return Ref(fact=view.figure(name, percent, "%", made_of=made), places=1)


def unmeasured(view: View) -> list[Cell]:
    """Name what the company's permit limits and no sample holds."""
    from renvand.steps.case import records

    tables = view.case.tables
    if "outlets" not in tables or "permit_limits" not in tables:
        return []
    mine = {
        r["id"]
        for r in records(tables["outlets"])
        if r["enterprise"] == view.settings["enterprise"]
    }
    sampled = {r["substance"] for r in records(view.case.reviews[view.id].tables["samples"])}
    limited = [r["substance"] for r in records(tables["permit_limits"]) if r["outlet"] in mine]
    return [substance(s) for s in dict.fromkeys(limited) if s not in sampled and s != "pH"]


def _levels(view: View) -> Iterator[Phrase]:
    """The whole site against its nearest levels: what it misses first, then what it meets."""
    rows = [r for r in view.rows("comparison") if r["is_nearest"] and not r["place"]]
    order = ("missed", "met")
    sure = sorted(
        (r for r in rows if r["position"] in order), key=lambda r: order.index(r["position"])
    )
    told = {(r["indicator"], figure_of(view, r), r["level"]): r for r in reversed(sure)}
    for r in list(reversed(told.values()))[:MOST_LEVELS]:
        values: dict[str, Value] = {
            "indicator": indicator(view, r),
            "level": level(r),
            "value": Ref(fact=as_level(view, r), form="quantity"),
            "bound": bound(view, r),
        }
        yield Phrase(key=f"review.find_{r['position']}", values=values)


def figure_of(view: View, row: Row) -> str:
    """Name the figure that a row of the comparison is about."""
    return str(row["figure"]).removesuffix(f".{row['good_practice']}")


def indicator(view: View, row: Row) -> Cell:
    """Name a key figure, with its substance where it has one."""
    name = named(row["indicator"], "indicators")
    parts = figure_of(view, row).split(".")
    own = parts[-1] if parts[-1] != row["indicator"].replace("-", "_") else ""
    if not own or own == row["place"]:
        return name
    values: dict[str, Value] = {"substance": substance(own), "indicator": name}
    return Phrase(key="review.indicator_of", values=values)


def level(row: Row) -> Cell:
    """Name a level."""
    return Phrase(key=f"review.level_{row['level']}")


def as_level(view: View, row: Row) -> str:
    """Give a key figure in the unit of the level it is held against."""
    span = (row["low"], row["high"])
    made_of = [figure_of(view, row)]
    return view.figure(f"as.{row['figure']}", row["value"], row["unit"], made_of=made_of, span=span)


def bound(view: View, row: Row) -> Cell:
    """Point at the bound of a level, as a figure of its own, traced to the row of the level."""
    name = f"bound.{row['figure']}"
    value = row["value"] / row["ratio"] if row["ratio"] else float("nan")
    if not known(value):
        return "–"
    fact = view.figure(name, value, row["unit"], made_of=[row["figure"]])
    return Ref(fact=fact)


def _money(view: View) -> Iterator[Phrase]:
    rows = view.rows("drain_money")
    if rows:
        top = max(rows, key=lambda r: r["value"])
        values: dict[str, Value] = {
            "value": Ref(fact=money_total(view), digits=2),
            "item": item(top),
            "unit": view.place(top["place"]),
        }
        yield Phrase(key="review.find_money", values=values)


def item(row: Row) -> Cell:
    """Name an item of money."""
    return str(row["substance"]) or Phrase(key=f"review.item_{row['item']}")


def money_total(view: View) -> str:
    """Make the figure of all that leaves in the drain in a year, with its range.

    What one price multiplies is wrong together, so ranges of an item add up; those of different
    items add as squares.
    """
    rows = view.rows("drain_money")
    total = sum(r["value"] for r in rows)
    low, high = (
        defaultdict[tuple[str, str], float](float),
        defaultdict[tuple[str, str], float](float),
    )
    for r in rows:
        low[r["item"], r["substance"]] += r["value"] - r["low"]
        high[r["item"], r["substance"]] += r["high"] - r["value"]
    span = (total - math.hypot(*low.values()), total + math.hypot(*high.values()))
    made_of = [r["figure"] for r in rows]
    return view.figure("drain.total", total, rows[0]["unit"], made_of=made_of, span=span)
