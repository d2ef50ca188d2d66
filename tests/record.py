"""An empty record to begin a test with: made once, then copied, for making one takes a second.

``RENVAND_TEST_POSTGRES=postgres://…`` names a server on which the same tests have databases of
their own; otherwise each has an SQLite file.
"""

import atexit
import os
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

SERVER = os.environ.get("RENVAND_TEST_POSTGRES", "")


@cache
def _made() -> tuple[tempfile.TemporaryDirectory, Path]:
    from django.db import connection

    from renvand.partnership.setup import open_record

    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    path = Path(folder.name) / "record.sqlite3"
    open_record(path)
    connection.close()  # the write-ahead log goes into the file
    return folder, path


def _ask(order: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(order)


def _database(template: str = "template0") -> str:
    """Make a database that goes with the process, and give its name."""
    name = f"renvand_{uuid.uuid4().hex}"
    _ask(f"CREATE DATABASE {name} TEMPLATE {template}")
    atexit.register(_ask, f"DROP DATABASE {name} WITH (FORCE)")
    return name


def _address(name: str) -> str:
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


@cache
def _made_on_server() -> str:
    from django.db import connection

    from renvand.partnership.setup import open_record

    name = _database()
    open_record(_address(name))
    connection.close()  # a template is copied only while nobody looks at it
    return name


def blank(path: Path) -> Path | str:
    """Put an empty record at a path, or on the server: then ``DATABASE_URL`` says where."""
    from renvand.partnership.setup import setup

    setup()
    path.parent.mkdir(parents=True, exist_ok=True)
    if SERVER:
        os.environ["DATABASE_URL"] = _address(_database(_made_on_server()))
        return os.environ["DATABASE_URL"]
    shutil.copy(_made()[1], path)
    return path
