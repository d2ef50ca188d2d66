"""Rows into the record and out of it: only what differs is written, and who wrote it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from renvand.partnership.schema import columns_of, every_table

if TYPE_CHECKING:
    import pandas as pd

    from renvand.partnership.models import Record

Row = Mapping[str, Any]  # by heading; None where the cell is empty
BATCH = 500  # rows a statement; SQLite takes 32,766 values in one


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How many rows were made, changed and taken away."""

    made: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            made=self.made + other.made,
            changed=self.changed + other.changed,
            removed=self.removed + other.removed,
        )


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Who changes the record, and on what occasion."""

    user: Any  # the account
    occasion: str  # 'loaded from the folder'

    def remember(self, rows: Sequence[Any], kind: str) -> None:
        """Keep rows in the history: '+' made, '~' changed, '-' removed."""
        from django.utils import timezone

        if not rows:
            return
        history: Any = type(rows[0]).history.model
        history.objects.bulk_create(
            [
                history(
                    history_date=timezone.now(),
                    history_type=kind,
                    history_user=self.user,
                    history_change_reason=self.occasion,
                    **{
                        field.attname: getattr(row, field.attname)
                        for field in history.tracked_fields
                    },
                )
                for row in rows
            ],
            batch_size=BATCH,
        )


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a typed frame as plain values, None where a cell is empty."""
    columns = {
        str(name): frame[name].astype(object).where(frame[name].notna(), None).tolist()
        for name in frame.columns
    }
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def paths_of(model: type[Record]) -> dict[str, str]:
    """Give the path of each column as a query takes it, by heading: a reference gives its id."""
    return {
        heading: f"{field.name}__slug" if field.is_relation else field.name
        for heading, field in columns_of(model).items()
    }


def stored_rows(
    model: type[Record], *, parent: Any = None, among: Any = None
) -> list[dict[str, Any]]:
    """Give the rows of a table in the order of its file, as :func:`rows_of` would.

    Parameters
    ----------
    model : type of Record
        The table.
    parent : Record or str, optional
        What the folder of the table stands for.
    among : RecordSet, optional
        Only these rows, such as those a person may see.
    """
    names = paths_of(model)
    rows: Any = model.objects.all() if among is None else among
    found = rows.order_by("position", "pk")
    if model.parent:
        found = found.filter(**{model.parent: parent})
    return [
        {heading: None if row[name] == "" else row[name] for heading, name in names.items()}
        for row in found.values(*names.values())
    ]


@dataclass
class Loading:
    """One load into the record: what has been kept so far, to know in the end what must go."""

    writer: Writer
    changes: Changes = Changes()
    kept: dict[type[Any], set[int]] = field(default_factory=dict[type[Any], set[int]])
    keys: dict[type[Any], dict[str, int]] = field(default_factory=dict[type[Any], dict[str, int]])

    def sync(self, model: type[Any], rows: Sequence[Row], *, parent: Any = None) -> None:
        """Make a table hold these rows, in this order, changing no more than needed.

        Parameters
        ----------
        model : type of Record
            The table.
        rows : sequence of mapping
            What it shall hold. Rows that are there and not among these stay until :meth:`prune`.
        parent : Record or str, optional
            What the folder of the table stands for.
        """
        before = _by_key(_existing(model, parent))
        wanted = [self._object(model, row, n, parent=parent) for n, row in enumerate(rows)]
        keyed = _by_key(wanted)
        made = [row for key, row in keyed.items() if key not in before]
        for key in keyed.keys() & before.keys():
            keyed[key].pk = before[key].pk
        model.objects.bulk_create(made, batch_size=BATCH)
        self.keys[model] = {row.slug: row.pk for row in wanted if hasattr(row, "slug")}
        self._link(wanted, rows, made=made)
        old = {row.pk: row for row in before.values()}
        there = [(row, old[row.pk]) for row in wanted if row.pk in old]
        changed = [row for row, was in there if _values(row) != _values(was)]
        moved = [row for row, was in there if row.position != was.position]
        for row in {row.pk: row for row in (*changed, *moved)}.values():
            model.objects.filter(pk=row.pk).update(**_values(row), position=row.position)
        self.writer.remember(made, "+")
        self.writer.remember(changed, "~")
        self.changes += Changes(made=len(made), changed=len(changed))
        self.kept.setdefault(model, set()).update(row.pk for row in wanted)

    def prune(self) -> None:
        """Remove what no sync has kept, children before parents."""
        for model in reversed(every_table()):
            kept = self.kept.get(model, set[int]())
            gone = [row for row in model.objects.all() if row.pk not in kept]
            self.writer.remember(gone, "-")
            for row in gone:
                rows = model.objects.filter(pk=row.pk)
                rows._raw_delete(rows.db)  # the history is written above, in one go
            self.changes += Changes(removed=len(gone))

    def _object(self, model: type[Any], row: Row, position: int, *, parent: Any) -> Any:
        made = model(position=position)
        if model.parent:
            setattr(made, model.parent, parent)
        for heading, column in columns_of(model).items():
            value = row.get(heading)
            if column.is_relation:
                value = self.keys.get(column.related_model, {}).get(value or "")
            elif value is None and not column.null:
                value = ""
            setattr(made, column.attname, value)
        return made

    def _link(self, wanted: Sequence[Any], rows: Sequence[Row], *, made: Sequence[Any]) -> None:
        """Rows that name rows of their own table can do so only once all are there."""
        if not wanted:
            return
        model = type(wanted[0])
        own = [f for f in columns_of(model).values() if f.related_model is model]
        for row, cells in zip(wanted, rows, strict=True):
            for column in own:
                setattr(row, column.attname, self.keys[model].get(cells.get(column.heading) or ""))
        for row in made if own else ():
            links = {column.attname: getattr(row, column.attname) for column in own}
            model.objects.filter(pk=row.pk).update(**links)


def _existing(model: type[Any], parent: Any) -> list[Any]:
    rows = model.objects.order_by("position", "pk")
    return list(rows.filter(**{model.parent: parent}) if model.parent else rows)


def _values(row: Any) -> dict[str, Any]:
    return {c.attname: getattr(row, c.attname) for c in columns_of(type(row)).values()}


def _by_key(rows: Sequence[Any]) -> dict[tuple[Any, ...], Any]:
    """Rows by their key; where keys repeat, as with empty dates, also by which one it is."""
    found: dict[tuple[Any, ...], Any] = {}
    times: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        columns = columns_of(type(row))
        key = tuple(getattr(row, columns[heading].attname) for heading in row.key)
        found[(*key, times[key])] = row
        times[key] += 1
    return found
