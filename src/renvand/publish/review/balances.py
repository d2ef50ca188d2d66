"""Sections of water, loads and money: diagrams, and the tables behind them."""

from __future__ import annotations

from renvand.publish.build.key_figures import MAIN
from renvand.publish.model import (
    Block,
    Cell,
    Chart,
    Column,
    Phrase,
    Ref,
    Section,
    Table,
    Value,
)
from renvand.publish.review.findings import item, substance
from renvand.publish.review.flows import diagram
from renvand.publish.review.model import UNKNOWN, Row, View, known, left_out

LARGEST_TABLE = 40  # rows on paper; the rest stands in out/review
MOST_LOADS = 2  # diagrams of substances; all stand on the page and in the list of edges
MOST_ITEMS = 10
MOST_CONTENTS = 60
SAMPLED = {"redundant": "sample_checked", "nonredundant": "sample_only"}


def water(view: View) -> Section:
    """Make the section of the water balance."""
    flows = view.rows("streams", quantity="flow")
    measured = sum(known(r["raw"]) for r in flows)
    counts: dict[str, Value] = {"measured": str(measured), "streams": str(len(flows))}
    blocks: list[Block] = [Phrase(key="review.text_balance", values=counts), *_test(view)]
    drawn = diagram(view, "water", Phrase(key="review.caption_water"), is_short=True)
    blocks += [drawn] if drawn else []
    blocks += [_units(view), _streams(view, flows)]
    return Section(id="balance", title=Phrase(key="review.balance"), blocks=tuple(blocks))


def _test(view: View) -> list[Phrase]:
    (row,) = view.rows("tests")
    if not row["dof"]:
        return []
    flows = [
        f"review.{view.id}.{r['stream']}.flow"
        for r in view.rows("streams", quantity="flow", status="redundant")
    ]
    made_of = [name for name in flows if view.book.has(name)]
    if not made_of:
        return []
    verdict = "small" if row["objective"] <= row["chi2_critical"] else "large"
    values: dict[str, Value] = {
        "verdict": Phrase(key=f"review.verdict_{verdict}"),
        "objective": Ref(fact=view.figure("objective", row["objective"], "1", made_of=made_of)),
        "limit": Ref(fact=view.figure("chi2", row["chi2_critical"], "1", made_of=made_of)),
    }
    return [Phrase(key="review.text_test", values=values)]


def _units(view: View) -> Table:
    """How each unit's readings closed, the worst first."""
    rows: list[tuple[tuple[Cell, ...], float]] = []
    for r in view.rows("balances", quantity="flow"):
        name = f"review.{view.id}.{r['unit']}.raw_closure"
        flows = [
            f"review.{view.id}.{s['id']}.flow"
            for s in view.streams.values()
            if r["unit"] in (s["from_unit"], s["to_unit"])
        ]
        made_of = [f for f in flows if view.book.has(f)]
        cells = [_side(view, r, end, made_of) for end in ("inflow", "outflow")]
        off: Cell = UNKNOWN
        if view.book.has(name):
            percent = 100 * view.book.fact(name).value
            fact = view.figure(f"{r['unit']}.miss", percent, "%", made_of=[name])
            off = Ref(fact=fact, digits=2, form="number")
        size = abs(r["raw_closure"]) if known(r["raw_closure"]) else -1.0
        rows.append(((view.place(r["unit"]), *cells, off), size))
    rows.sort(key=lambda row: -row[1])
    return Table(
        caption=Phrase(key="review.caption_units"),
        columns=(
            Column(title=Phrase(key="review.unit"), weight=2.0),
            Column(title=Phrase(key="review.inflow"), unit="m3/d", is_number=True),
            Column(title=Phrase(key="review.outflow"), unit="m3/d", is_number=True),
            Column(title=Phrase(key="review.misses"), unit="%", is_number=True),
        ),
        rows=tuple(row for row, _ in rows[:LARGEST_TABLE]),
        note=left_out(rows, LARGEST_TABLE),
    )


def _side(view: View, row: Row, end: str, made_of: list[str]) -> Cell:
    if not known(row[end]) or not made_of:
        return UNKNOWN
    fact = view.figure(f"{row['unit']}.{end}", row[end], "m3/d", made_of=made_of)
    return Ref(fact=fact, form="number")


def _streams(view: View, flows: list[Row]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for r in flows[:LARGEST_TABLE]:
        name = f"review.{view.id}.{r['stream']}.flow"
        raw: Cell = UNKNOWN
        if known(r["raw"]) and view.book.has(name):
            fact = view.figure(f"{r['stream']}.flow.raw", r["raw"], "m3/d", made_of=[name])
            raw = Ref(fact=fact, digits=4, form="number")
        status = "suspect" if r["is_suspect"] else r["status"]
        rows.append(
            (
                r["stream"],
                view.place(r["from_unit"]),
                view.place(r["to_unit"]),
                raw,
                view.ref(name, digits=4),
                view.ref(name, form="span"),
                Phrase(key=f"review.status_{status}"),
            )
        )
    return Table(
        caption=Phrase(key="review.caption_streams"),
        columns=(
            Column(title=Phrase(key="review.stream"), weight=0),
            Column(title=Phrase(key="sheet.from"), weight=1.5),
            Column(title=Phrase(key="sheet.to"), weight=1.5),
            Column(title=Phrase(key="review.reading"), unit="m3/d", is_number=True, weight=0.8),
            Column(title=Phrase(key="review.value"), unit="m3/d", is_number=True, weight=0.8),
            Column(title=Phrase(key="review.interval"), unit="m3/d", is_number=True, weight=0.9),
            Column(title=Phrase(key="review.status"), weight=0),
        ),
        rows=tuple(rows),
        note=left_out(flows, LARGEST_TABLE),
    )


def loads(view: View) -> Section | None:
    """Make the section of the main pollutants and of heat, where they are known."""
    seen = list(dict.fromkeys(r["quantity"] for r in view.rows("edges")))
    main = [s for s in (*MAIN.get(str(view.settings["sector"]), ()), "COD") if s in seen]
    charts: list[Block] = []
    for name in list(dict.fromkeys(main))[:MOST_LOADS]:
        caption = Phrase(key="review.caption_load", values={"substance": substance(name)})
        charts += _kept(diagram(view, name, caption, is_short=True))
    if "heat" in seen:
        charts += _kept(diagram(view, "heat", Phrase(key="review.caption_heat"), is_short=True))
    table = _contents(view)
    blocks = ([table] if table else []) + charts
    title = Phrase(key="review.loads")
    return Section(id="loads", title=title, blocks=tuple(blocks)) if blocks else None


def _contents(view: View) -> Table | None:
    """What was sampled: the reading and what the balances make of it."""
    found = [r for r in view.rows("streams") if r["quantity"] != "flow" and known(r["raw"])]
    found.sort(key=lambda r: (r["quantity"], r["stream"]))
    rows: list[tuple[Cell, ...]] = []
    for r in found[:MOST_CONTENTS]:
        name = f"review.{view.id}.{r['stream']}.{r['quantity']}"
        raw: Cell = UNKNOWN
        if view.book.has(name):
            own = f"{r['stream']}.{r['quantity']}.raw"
            raw = _reading(view, own, r, made_of=[name])
        status = "suspect" if r["is_suspect"] else SAMPLED.get(r["status"], r["status"])
        rows.append(
            (
                substance(r["quantity"]),
                r["stream"],
                raw,
                view.ref(name, form="quantity"),
                view.ref(name, form="span"),
                Phrase(key=f"review.status_{status}"),
            )
        )
    return _contents_table(rows, note=left_out(found, MOST_CONTENTS)) if rows else None


def _reading(view: View, name: str, row: Row, *, made_of: list[str]) -> Cell:
    """Give what was read; half the reporting limit stands for what is below it."""
    value = 2 * row["raw"] if row["is_censored"] else row["raw"]
    ref = Ref(fact=view.figure(name, value, row["unit"], made_of=made_of))
    return Phrase(key="review.below", values={"limit": ref}) if row["is_censored"] else ref


def _contents_table(rows: list[tuple[Cell, ...]], *, note: Phrase | None) -> Table:
    return Table(
        caption=Phrase(key="review.caption_contents"),
        columns=(
            Column(title=Phrase(key="review.substance"), weight=1.6),
            Column(title=Phrase(key="review.stream")),
            Column(title=Phrase(key="review.reading"), is_number=True),
            Column(title=Phrase(key="review.value"), is_number=True),
            Column(title=Phrase(key="review.interval"), is_number=True),
            Column(title=Phrase(key="review.status"), weight=1.4),
        ),
        rows=tuple(rows),
        note=note,
    )


def _kept(chart: Chart | None) -> list[Block]:
    return [chart] if chart else []


def money(view: View) -> Section | None:
    """Make the section of what leaves in the drain, in money."""
    rows = sorted(view.rows("drain_money"), key=lambda r: -r["value"])
    if not rows:
        return None
    blocks: list[Block] = [Phrase(key="review.text_money")]
    table: list[tuple[Cell, ...]] = []
    for r in rows[:MOST_ITEMS]:
        fact = view.book.take(r["figure"])
        amount = view.figure(
            f"{r['place']}.{r['item']}.{r['substance'] or 'all'}.amount",
            r["amount"],
            r["amount_unit"],
            made_of=[fact],
        )
        table.append(
            (
                view.place(r["place"]),
                item(r),
                Ref(fact=amount),
                Ref(fact=fact, form="number"),
                Ref(fact=fact, form="span"),
            )
        )
    blocks.append(
        Table(
            caption=Phrase(key="review.caption_items"),
            columns=(
                Column(title=Phrase(key="review.unit"), weight=1.6),
                Column(title=Phrase(key="review.item")),
                Column(title=Phrase(key="review.amount"), is_number=True),
                Column(title=Phrase(key="review.worth"), unit=rows[0]["unit"], is_number=True),
                Column(title=Phrase(key="review.interval"), unit=rows[0]["unit"], is_number=True),
            ),
            rows=tuple(table),
        )
    )
    blocks += _kept(diagram(view, "money", Phrase(key="review.caption_money")))
    return Section(id="money", title=Phrase(key="review.money"), blocks=tuple(blocks))
