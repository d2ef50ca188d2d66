"""One table of the record on the desk: read as text, kept in the record and in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from renvand.knowledge.schema import Schema
from renvand.partnership.save import Table, cells, write_files
from renvand.partnership.schema import schema_of_model
from renvand.partnership.store import Loading, Row, Writer, stored_rows
from renvand.web import files
from renvand.web.grid import Grid

KEPT, CONFLICT, UNFIT = 200, 409, 422  # HTTP


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a table lies: in the record, and as a file of the case."""

    model: Any
    file: str  # 'reviews/x/meters.csv'
    parent: Any = None  # the review

    @property
    def schema(self) -> Schema:
        """Rules of the table."""
        return schema_of_model(self.model)

    def rows(self) -> Any:
        """Give the rows as the record holds them."""
        every = self.model.objects.all()
        return every.filter(**{self.model.parent: self.parent}) if self.model.parent else every

    def texts(self) -> list[dict[str, str]]:
        """Give the rows as text, in the order of the file."""
        return [cells(row) for row in stored_rows(self.model, parent=self.parent)]

    def version(self) -> str:
        """Name the state of the table: two people must not write over each other unseen."""
        told = self.model.history.all()
        if self.model.parent:
            told = told.filter(**{self.model.parent: self.parent})
        last = told.order_by("-history_id").first()
        return str(last.history_id if last else 0)

    def write(self) -> None:
        """Bring the file in step with the record."""
        table = Table(columns=tuple(self.schema.columns), rows=tuple(self.texts()))
        write_files(files.case_folder(), {self.file: table})


def refusal(request: HttpRequest, place: Place, *, typed: Grid, needed: str) -> int:
    """Say why a table cannot be kept, to the person and as a status.

    Parameters
    ----------
    request : HttpRequest
        Holds the version that the person began with.
    place : Place
        The table.
    typed : Grid
        What was typed.
    needed : str
        Which other table still names a row that is gone; '' when none does.
    """
    if request.POST.get("version") != place.version():
        told = _("Somebody else has changed this table. Compare, then save again to keep yours.")
        messages.error(request, told)
        return CONFLICT
    if typed.faults:
        messages.error(request, _("Not saved: some cells are wrong. They are marked."))
        return UNFIT
    if needed:
        told = _("Not saved: another table needs what is gone.")
        messages.error(request, f"{told} {needed}")
        return UNFIT
    return KEPT


def store(place: Place, typed: Grid, *, user: Any, links: Mapping[Any, Mapping[str, int]]) -> None:
    """Make a table of the record and of the folder hold what was typed, under a name.

    Parameters
    ----------
    place : Place
        The table.
    typed : Grid
        Without faults.
    user : User
        Who stands in the history.
    links : mapping
        Rows that cells may name: model, id, primary key.
    """
    loading = Loading(writer=Writer(user=user, occasion="changed on a page"))
    for model, keys in links.items():
        loading.keys[model] = dict(keys)
    rows: list[Row] = list(typed.values)
    with transaction.atomic():
        loading.sync(place.model, rows, parent=place.parent)
        for row in place.rows().exclude(pk__in=loading.kept[place.model]):
            row._history_user = user
            row.delete()
        place.write()
