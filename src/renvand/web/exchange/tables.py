"""The tables that leave the house, each told what it holds and cut to what a person may see."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404

from renvand import knowledge
from renvand.knowledge.schema import Column, Schema
from renvand.partnership.models import Plant, Review, Source
from renvand.partnership.models.base import COMPANY, OFFICE
from renvand.partnership.schema import pages, schema_of_model, tables
from renvand.partnership.store import paths_of, stored_rows
from renvand.programme.fingerprint import of_value

ALL = slice(None)
CHUNK = 2000  # rows fetched at a time
VERSION = 12  # characters of the hash that stand for a schema
CONFIDENTIAL = (COMPANY, OFFICE)  # levels whose reading is kept in the log
_PARENTS: Mapping[str, type[Any]] = {"review": Review, "plant": Plant}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A table of the record."""

    name: str
    model: type[Any]
    schema: Schema
    parent: str = ""  # 'review' or 'plant': the column that says of which

    @property
    def is_confidential(self) -> bool:
        """Say whether it is written down who reads it."""
        return self.model.confidentiality in CONFIDENTIAL

    @property
    def version(self) -> str:
        """Name the columns: another one, or one that means another thing, is another version."""
        return of_value({name: _plain(rule) for name, rule in self.columns.items()})[:VERSION]

    @property
    def columns(self) -> Mapping[str, Column]:
        """Columns as they leave, the folder's name first."""
        folder = {self.parent: Column(kind="slug", is_required=True)} if self.parent else {}
        return {**folder, **self.schema.columns}

    def visible(self, user: Any, *, of: str = "") -> Any:
        """Give the rows a person may see.

        Parameters
        ----------
        user : User
            The person.
        of : str
            Only those of this review or plant.
        """
        manager: Any = self.model.objects
        found = manager.visible_to(user)
        return found.filter(**{f"{self.parent}__slug": of}) if of else found

    def rows(self, found: Any, window: slice = ALL) -> list[dict[str, Any]]:
        """Give rows by column, in the order of the file."""
        return [dict(zip(self.columns, row, strict=True)) for row in self._cells(found)[window]]

    def stream(self, found: Any) -> Iterator[dict[str, Any]]:
        """Give all rows without holding them."""
        for row in self._cells(found).iterator(chunk_size=CHUNK):
            yield dict(zip(self.columns, row, strict=True))

    def _cells(self, found: Any) -> Any:
        paths = {**({self.parent: f"{self.parent}__slug"} if self.parent else {}),
                 **paths_of(self.model)}  # fmt: skip
        return found.order_by("position", "pk").values_list(*(paths[c] for c in self.columns))


@cache
def every() -> Mapping[str, Kept]:
    """Give all tables that can leave, by name."""
    found = [Kept(name=n, model=m, schema=schema_of_model(m)) for n, m in tables().items()]
    for parent in _PARENTS:
        found += [
            Kept(name=name, model=model, schema=schema_of_model(model), parent=parent)
            for name, model in tables(parent).items()
        ]
    held = pages()
    found += [
        Kept(name=held[name].table, model=held[name], schema=schema_of_model(held[name]))
        for name in ("case", "sources", "review", "seminar")
    ]
    return {kept.name: kept for kept in found}


def find(name: str) -> Kept:
    """Find a table.

    Raises
    ------
    Http404
        When there is none of that name.
    """
    if name not in every():
        raise Http404(name)
    return every()[name]


def schema_version() -> str:
    """Name the schema of all tables together."""
    return of_value({name: kept.version for name, kept in every().items()})[:VERSION]


def described(columns: Mapping[str, Column], language: str) -> list[dict[str, Any]]:
    """Say what each column holds."""
    return [
        {"name": name, "help": rule.help.get(language, ""), **_plain(rule)}
        for name, rule in columns.items()
    ]


def _plain(rule: Column) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "unit": rule.unit,
        "is_required": rule.is_required,
        "is_list": rule.is_list,
        "low": rule.low if math.isfinite(rule.low) else None,
        "high": rule.high if math.isfinite(rule.high) else None,
        "choices": list(rule.choices),
        "refers_to": rule.refers_to,
    }


def cited(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give the bibliography behind rows, by key."""
    keys = {str(row["source"]) for row in rows if row.get("source")}
    own = {row["id"]: row for row in stored_rows(Source, among=Source.objects.all())}
    known = {**knowledge.sources(), **own}
    return {
        key: {k: v for k, v in known[key].items() if v is not None}
        for key in sorted(keys)
        if key in known
    }
