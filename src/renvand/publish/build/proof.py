"""What the trial takes: meters, rules to stop, money; tables of the plant's sheet."""

from __future__ import annotations

from collections.abc import Mapping

from renvand.publish.build.cover import rows_of
from renvand.publish.build.facts import FactBook
from renvand.publish.model import Block, Cell, Column, Gap, Phrase, Ref, Section, Table, Unit
from renvand.steps.outcome import Outcome

UNKNOWN = Gap(reason=Phrase(key="sheet.gap_no_trial"), is_withheld=False)


def proof_sections(
    book: FactBook, results: Mapping[str, Outcome], *, currency: str
) -> tuple[Section, ...]:
    """Make the sections on meters, stop rules and costs; none where there is no plan.

    Parameters
    ----------
    book : FactBook
        Takes the figures in.
    results : mapping
        With the step ``trial``.
    currency : str
        Of the case.
    """
    if not book.has("trial.plan.weeks"):
        return ()
    made: dict[str, tuple[Block | None, ...]] = {
        "meters": (_meters(book, results),),
        "stop": (_stops(book, results),),
        "money": (_costs(book, results, currency=currency), *_budget(book)),
    }
    return tuple(
        Section(
            id=name,
            title=Phrase(key=f"plant.{name}"),
            blocks=tuple(block for block in blocks if block is not None),
        )
        for name, blocks in made.items()
        if any(block is not None for block in blocks)
    )


def _number(book: FactBook, figure: str, *, places: int, unit: str = "") -> Cell:
    if not book.has(figure):
        return UNKNOWN
    fact = figure if not unit else f"publish.{figure}"
    kept = book.take(figure) if not unit else book.again(figure, name=fact, unit=unit)
    return Ref(fact=kept, form="number", places=places)


def _meters(book: FactBook, results: Mapping[str, Outcome]) -> Table | None:
    rows: list[tuple[Cell, ...]] = []
    for row in rows_of(results, "trial", "meters"):
        stem = f"trial.meter.{row['meter']}"
        error = f"{stem}.error"
        if row["unit"] == "1":
            shown = book.again(error, name=f"publish.{error}", unit="%", factor=100)
        else:
            shown = book.again(error, name=f"publish.{error}", unit="mg/l")
        rows.append(
            (
                Phrase(key=f"plant.meter_{row['meter']}"),
                _number(book, f"{stem}.number", places=0),
                Ref(fact=shown, digits=2),
                Ref(fact=book.take(f"{stem}.every_min"), digits=4),
            )
        )
    heads = ("meter", "meter_number", "meter_error", "meter_every")
    return _table("meters", heads, rows, note="plant.meters_note")


def _stops(book: FactBook, results: Mapping[str, Outcome]) -> Table | None:
    rows: list[tuple[Cell, ...]] = []
    for row in rows_of(results, "trial", "stop_rules"):
        stem = f"trial.stop.{row['substance']}"
        cells = [
            _number(book, f"{stem}.{what}", places=1, unit="mg/l")
            for what in ("expected", "warn_at", "stop_at")
        ]
        rows.append((Phrase(key=f"plant.stop_{str(row['substance']).lower()}"), *cells))
    heads = ("stop_substance", "stop_expected", "stop_warn", "stop_at")
    return _table("stop", heads, rows, unit="mg/l", note="plant.stop_note")


def _costs(book: FactBook, results: Mapping[str, Outcome], *, currency: str) -> Table | None:
    rows: list[tuple[Cell, ...]] = []
    for row in rows_of(results, "trial", "costs"):
        stem = f"trial.cost.{row['item']}"
        cells = [_number(book, f"{stem}.{end}", places=0) for end in ("low", "typical", "high")]
        if any(row[end] for end in ("low", "typical", "high")):
            rows.append((Phrase(key=f"plant.cost_{row['item']}"), *cells))
    heads = ("cost_item", "cost_low", "cost_typical", "cost_high")
    return _table("costs", heads, rows, unit=currency)


def _table(
    name: str,
    heads: tuple[str, ...],
    rows: list[tuple[Cell, ...]],
    *,
    unit: str = "",
    note: str = "",
) -> Table | None:
    if not rows:
        return None
    first, *others = heads
    return Table(
        caption=Phrase(
            key=f"plant.caption_{name}", values={"unit": Unit(unit=unit)} if unit else {}
        ),
        columns=(
            Column(title=Phrase(key=f"plant.{first}"), weight=2.2),
            *(Column(title=Phrase(key=f"plant.{head}"), is_number=True) for head in others),
        ),
        rows=tuple(rows),
        note=Phrase(key=note) if note else None,
    )


def _budget(book: FactBook) -> tuple[Block, ...]:
    names = {"cost": "cost_dkk", "free": "free_dkk", "line": "line_free_dkk"}
    if not all(book.has(f"trial.plan.{name}") for name in names.values()):
        return ()
    values = {k: Ref(fact=book.take(f"trial.plan.{n}"), digits=3) for k, n in names.items()}
    return (Phrase(key="plant.budget_text", values=values),)
