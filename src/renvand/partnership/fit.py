"""Whether a record fits this version of the program; nothing of one that does not is lost."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError
from renvand.partnership.database import Database

logger = logging.getLogger("renvand.partnership")
_LABEL = "partnership"
Keys = Iterable[tuple[str, str]]


def refuse_newer(database: Database, *, applied: Keys, known: Keys) -> None:
    """Refuse a record that a newer version has brought up to its own date.

    Parameters
    ----------
    database : path or str
        For the message.
    applied, known : iterable of tuple of str
        Migrations, as application and name: those the record has seen, and those that come with
        the program.

    Raises
    ------
    FileError
        When the record has seen one that this version does not know.
    """
    newer = sorted(name for app, name in set(applied) - set(known) if app == _LABEL)
    if newer:
        what = f"was made by a newer version of renvand (it has '{newer[-1]}')."
        raise FileError(Fault(where=_named(database), what=what, do="Update renvand."))


def unreadable(database: Database, error: Exception) -> FileError:
    """Tell that a record cannot be opened at all; the address of a server is not repeated."""
    what = f"cannot be opened: {str(error).strip().partition(chr(10))[0].rstrip('.')}."
    do = "Check that the server runs, and the address."
    if isinstance(database, Path):
        do = "Put back the file of a backup; or move it away, and one is made from the folder."
    return FileError(Fault(where=_named(database), what=what, do=do))


def misfits() -> tuple[str, ...]:
    """Name the columns in which the open record differs from the program, missing ones first."""
    from django.apps import apps
    from django.db import connection

    found: list[str] = []
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in apps.get_app_config(_LABEL).get_models():
            table = model._meta.db_table
            wanted = {str(field.column) for field in model._meta.local_fields}
            held: set[str] = set()
            if table in there:
                described = connection.introspection.get_table_description(cursor, table)
                held = {column.name for column in described}
            name = table.removeprefix(f"{_LABEL}_")
            found += [f"no column '{column}' in '{name}'" for column in sorted(wanted - held)]
            found += [f"a column '{column}' in '{name}'" for column in sorted(held - wanted)]
    return tuple(sorted(found, key=lambda told: not told.startswith("no ")))


def misfit(database: Database, found: Sequence[str]) -> FileError:
    """Tell that a record is of another version, and the way out."""
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    what = f"was made by another version of renvand: it has {found[0]}{more}."
    way = "move the file away" if isinstance(database, Path) else "name an empty database there"
    do = (
        f"Open it with that version; or {way}: a record is then made anew from the folder, "
        "and accounts, history and log begin anew."
    )
    return FileError(Fault(where=_named(database), what=what, do=do))


def is_only_loaded() -> bool:
    """Say whether the open record holds no more than the first load of a folder left in it."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    if get_user_model().objects.exclude(password="").exists():
        return False
    with connection.cursor() as cursor:
        return not any(_has_changes(cursor, table) for table in _histories(cursor))


def _histories(cursor: Any) -> Iterator[str]:
    from django.db import connection

    names = connection.introspection.table_names(cursor)
    yield from (name for name in names if name.startswith(f"{_LABEL}_historical"))


def _has_changes(cursor: Any, table: str) -> bool:
    from django.db import connection

    name = connection.ops.quote_name(table)
    cursor.execute(f"SELECT 1 FROM {name} WHERE history_type <> '+' LIMIT 1")
    return cursor.fetchone() is not None


def lay_aside(file: Path) -> Path:
    """Keep a record under another name beside, and say so.

    Parameters
    ----------
    file : path
        The SQLite file; nobody may have it open.
    """
    from django.db import connection

    connection.close()
    names = (file.with_stem(f"{file.stem}-{number}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    for end in ("-wal", "-shm", ""):
        part = file.with_name(f"{file.name}{end}")
        if part.exists():
            part.rename(kept.with_name(f"{kept.name}{end}"))
    told = "%s was made by another version of renvand and held only what is in the folder: "
    logger.warning(told + "it is made anew; the old one is kept as %s.", file, kept.name)
    return kept


def _named(database: Database) -> str:
    return str(database) if isinstance(database, Path) else "DATABASE_URL"
