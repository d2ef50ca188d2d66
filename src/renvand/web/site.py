"""The pages of one case, served on this machine and to nobody else."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand.partnership.database import Database, record_of
from renvand.partnership.setup import setup
from renvand.web.runs.beside import worker_beside
from renvand.web.settings import local

if TYPE_CHECKING:
    from django.core.servers.basehttp import ThreadedWSGIServer


def application(case: Path, *, database: Database | None = None) -> Any:
    """Make the WSGI application of a case, its record in step with the folder.

    Parameters
    ----------
    case : path
        The folder; nothing of it is changed but the record in ``.renvand/``.
    database : path or str, optional
        Where the record lies; otherwise ``DATABASE_URL``, or ``.renvand/record.sqlite3`` in the
        case.
    """
    place = database or record_of(case)
    kept = place.parent if isinstance(place, Path) else case / ".renvand"
    setup(database=place, **local(case, kept=kept))
    from django.core.handlers.wsgi import WSGIHandler

    from renvand.web.record import refresh

    refresh(case, place, who=getpass.getuser())
    return WSGIHandler()


def listen(case: Path, *, port: int, database: Database | None = None) -> ThreadedWSGIServer:
    """Bind a server to a port of this machine; ``serve_forever`` starts it.

    Parameters
    ----------
    case : path
        The folder.
    port : int
        0 takes any free one.
    database : path or str, optional
        Where the record lies.
    """
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(application(case, database=database))
    return server


def serve(case: Path, *, port: int, ready: Callable[[str], None]) -> None:
    """Serve a case until stopped, with a worker beside for what takes long.

    Parameters
    ----------
    case : path
        The folder.
    port : int
        0 takes any free one.
    ready : callable
        Gets the address once it can answer.
    """
    with listen(case, port=port) as server, worker_beside(case, record_of(case)):
        ready(f"http://127.0.0.1:{server.server_port}/")
        server.serve_forever()
