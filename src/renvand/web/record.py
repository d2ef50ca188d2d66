"""The record behind its pages: brought in step with the folder, seen as rights allow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404

from renvand.errors import Fault
from renvand.partnership.database import Database
from renvand.partnership.folder import check_case
from renvand.partnership.save import cells
from renvand.partnership.schema import columns_of, tables
from renvand.partnership.setup import open_record
from renvand.partnership.store import stored_rows


def refresh(case: Path, database: Database, *, who: str) -> tuple[Fault, ...]:
    """Load the folder into the record; with faults, the record stays as it was."""
    from renvand.partnership.record import load_case

    faults = check_case(case)
    if faults:
        open_record(database)
    else:
        load_case(case, database, who=who)
    return faults


def counts(user: Any) -> dict[str, int]:
    """Say how many rows of each table a person may see."""
    models: dict[str, Any] = dict(tables())
    return {name: model.objects.visible_to(user).count() for name, model in models.items()}


def rows_for(user: Any, table: str) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Give the rows of a table that a person may see, as text, and its columns."""
    if table not in tables():
        raise Http404(table)
    model: Any = tables()[table]
    rows = stored_rows(model, among=model.objects.visible_to(user))
    return tuple(columns_of(model)), [cells(row) for row in rows]
