"""Sections that look ahead: what to measure next, and what to do at once."""

from __future__ import annotations

from renvand.publish.model import Block, Cell, Column, Phrase, Ref, Section, Table, Value
from renvand.publish.review.findings import listed, where
from renvand.publish.review.model import UNKNOWN, View, known

SURE = 0.90  # chance from which an error counts as placed
NAMED = 3
MOST_WINS = 8


def gaps(view: View) -> Section:
    """Make the section of what is not known and which measurement would tell it."""
    advice = view.rows("next_meters")
    is_blind = any(r["status"] == "unobservable" for r in view.rows("streams", quantity="flow"))
    text = "review.text_gaps" if is_blind else "review.text_gaps_none"
    blocks: list[Block] = []
    if advice:
        blocks += [Phrase(key=text), _advice(view, is_blind=is_blind)]
    cheapest = view.rows("cheapest_meters")
    if cheapest:
        values: dict[str, Value] = {"streams": listed([r["stream"] for r in cheapest])}
        blocks.append(Phrase(key="review.text_cheapest", values=values))
    blocks += _findable(view)
    return Section(id="gaps", title=Phrase(key="review.gaps"), blocks=tuple(blocks))


def _advice(view: View, *, is_blind: bool) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for r in view.rows("next_meters"):
        last: Cell = r["tells"]
        if not is_blind:
            name = f"review.{view.id}.{r['stream']}.flow"
            last = UNKNOWN
            if view.book.has(name):
                fact = view.figure(f"{r['stream']}.gain", 100 * r["gain"], "%", made_of=[name])
                last = Ref(fact=fact, digits=2)
        stream = view.streams[r["stream"]]
        place = where(view, r["stream"], r["quantity"])
        rows.append((place, view.place(stream["from_unit"]), view.place(stream["to_unit"]), last))
    return Table(
        caption=Phrase(key="review.caption_gaps"),
        columns=(
            Column(title=Phrase(key="review.measure"), weight=1.2),
            Column(title=Phrase(key="sheet.from"), weight=1.2),
            Column(title=Phrase(key="sheet.to"), weight=1.2),
            Column(
                title=Phrase(key="review.tells" if is_blind else "review.gain"),
                is_number=not is_blind,
                weight=1.0,
            ),
        ),
        rows=tuple(rows),
    )


def _findable(view: View) -> list[Block]:
    """Say how many readings are checked well, and which are the hardest to place."""
    rows = view.rows("findable")
    if not rows:
        return []
    hard = sorted((r for r in rows if r["located"] < SURE), key=lambda r: r["located"])
    counts = {"n": str(len(rows) - len(hard)), "all": str(len(rows))}
    names = [where(view, r["stream"], r["quantity"]) for r in hard[:NAMED]]
    values: dict[str, Value] = {**counts, "names": listed(names)}
    return [Phrase(key="review.text_findable", values=values)]


def wins(view: View) -> Section:
    """Make the section of quick wins."""
    rows = view.rows("quick_wins")[:MOST_WINS]
    title = Phrase(key="review.wins")
    if not rows:
        return Section(id="wins", title=title, blocks=(Phrase(key="review.no_wins"),))
    table: list[tuple[Cell, ...]] = []
    for r in rows:
        name = r["figure"]
        unit = _unit_of(view, r["place"])
        table.append(
            (
                Phrase(key=f"review.win_{r['key']}", values={"unit": view.place(unit)}),
                view.ref(name),
                view.ref(name, form="span"),
                view.ref(f"{name}.money") if known(r["saved_money_a"]) else UNKNOWN,
            )
        )
    made = Table(
        caption=Phrase(key="review.caption_wins"),
        columns=(
            Column(title=Phrase(key="review.do"), weight=3.0),
            Column(title=Phrase(key="review.saves"), unit="m3/a", is_number=True, weight=0),
            Column(title=Phrase(key="review.interval"), unit="m3/a", is_number=True, weight=0),
            Column(
                title=Phrase(key="review.saves_money"),
                unit=f"{view.currency}/a",
                is_number=True,
                weight=0,
            ),
        ),
        rows=tuple(table),
    )
    return Section(id="wins", title=title, blocks=(Phrase(key="review.text_wins"), made))


def _unit_of(view: View, place: str) -> str:
    """A saving stands at a unit, or at a stream: then the unit it leaks from or leads to."""
    if place not in view.streams:
        return place
    stream = view.streams[place]
    return str(stream["from_unit" if stream["kind"] == "leak" else "to_unit"])


def largest_win(view: View) -> str | None:
    """Name the figure of the largest quick win; together they would count some water twice."""
    rows = view.rows("quick_wins")
    return view.book.take(max(rows, key=lambda r: r["saved_m3_a"])["figure"]) if rows else None
