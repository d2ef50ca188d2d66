"""The pages on a server: ``gunicorn renvand.web.production:application()``.

``python -m renvand.web check --deploy`` and Django's other commands see the same settings.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError
from renvand.partnership.database import record_of
from renvand.partnership.setup import setup
from renvand.web.settings import NEEDED, production


def configure(environ: Mapping[str, str] = os.environ) -> None:
    """Set Django up as on a server.

    Raises
    ------
    FileError
        Naming every variable of the environment that is missing.
    """
    missing = [name for name in NEEDED if not environ.get(name)]
    if missing:
        raise FileError(
            Fault(where=name, what="is not set in the environment.", do=NEEDED[name])
            for name in missing
        )
    case = Path(environ["RENVAND_CASE"])
    setup(database=record_of(case, environ), **production(environ))


def application(environ: Mapping[str, str] = os.environ) -> Any:
    """Make the WSGI application, its record up to date and in step with the folder."""
    configure(environ)
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connections

    from renvand.web.record import refresh

    case = Path(environ["RENVAND_CASE"])
    refresh(case, record_of(case, environ), who=getpass.getuser())
    connections.close_all()  # processes that are forked from here must not share one
    return WSGIHandler()
