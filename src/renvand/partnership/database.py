"""Where a record lies: a file of its own on a laptop, PostgreSQL on a server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from renvand.errors import Fault, FileError

SECONDS_TO_WAIT = 20  # for another writer of the same file, before SQLite gives up
SECONDS_TO_KEEP = 60  # a connection to a server, between two requests
SCHEMES = ("postgres", "postgresql")
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",  # a writer waits at the door, not in the middle
        "timeout": SECONDS_TO_WAIT,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}

Database = Path | str  # an SQLite file, or postgres://…


def record_of(case: Path, environ: Mapping[str, str] = os.environ) -> Database:
    """Say where the record of a case lies: ``DATABASE_URL``, or a file in the case."""
    return environ.get("DATABASE_URL") or case / ".renvand" / "record.sqlite3"


def settings_of(database: Database) -> dict[str, Any]:
    """Give Django's settings of a database.

    Parameters
    ----------
    database : path or str
        The SQLite file, or ``postgres://user:password@host:port/name?option=value``; an empty
        host is the socket of this machine.

    Raises
    ------
    FileError
        When the address is not one; the password is never repeated.
    """
    if isinstance(database, Path) or "://" not in database:
        return {**SQLITE, "NAME": str(database)}
    parts = urlsplit(database)
    name = unquote(parts.path.lstrip("/"))
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in SCHEMES or not name or port == -1:
        what = f"is not an address of a database: '{parts.scheme}://…'."
        do = "Write postgres://user:password@host:5432/name."
        raise FileError(Fault(where="DATABASE_URL", what=what, do=do))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": SECONDS_TO_KEEP,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def is_there(database: Database) -> bool:
    """Say whether there is anything to open; a server answers for itself."""
    return not isinstance(database, Path) or database.is_file()
