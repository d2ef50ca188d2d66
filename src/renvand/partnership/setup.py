"""Django set up in code: one database a case, no settings file to forget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from renvand.partnership import fit
from renvand.partnership.database import Database, settings_of


def setup(*, database: Database | None = None, **settings: Any) -> None:
    """Make the models usable; may be called again, with another database.

    Parameters
    ----------
    database : path or str, optional
        The SQLite file or the address of a PostgreSQL database. Without one, models serve as
        schema only and nothing can be stored.
    **settings
        More Django settings, as the web pages need them.
    """
    import django
    from django.apps import apps
    from django.conf import settings as current

    if not current.configured:
        current.configure(**_settings())
    for name, value in settings.items():
        setattr(current, name, value)
    if not apps.ready:
        django.setup()
    if database is not None:
        _use(database)


def open_record(database: Database, *, is_to_be_loaded: bool = False) -> None:
    """Use a database, its tables made or brought up to date when needed.

    Parameters
    ----------
    database : path or str
        The SQLite file, whose folder is made, or the address of a PostgreSQL database.
    is_to_be_loaded : bool
        Say that a folder without faults will be loaded: a file of another version, which holds
        no more than a load has left in it, is then laid aside and begun anew.

    Raises
    ------
    FileError
        When the record is of another version and cannot be brought to this one.
    """
    setup(database=database)
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    if isinstance(database, Path):
        database.parent.mkdir(parents=True, exist_ok=True)
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise fit.unreadable(database, error) from error
    loader = executor.loader
    fit.refuse_newer(database, applied=loader.applied_migrations, known=loader.disk_migrations)
    if executor.migration_plan(loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    found = fit.misfits()
    if found and is_to_be_loaded and isinstance(database, Path) and fit.is_only_loaded():
        fit.lay_aside(database)
        open_record(database)
    elif found:
        raise fit.misfit(database, found)


def _use(database: Database) -> None:
    from django.db import connections

    wanted = settings_of(database)
    held = connections.settings["default"]
    if all(held[key] == value for key, value in wanted.items() if key != "OPTIONS"):
        return
    connections["default"].close()
    connections.settings["default"] = connections.configure_settings({"default": wanted})["default"]
    del connections["default"]  # an embedded database without a file ignores close()


def _settings() -> dict[str, Any]:
    return {
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "simple_history",
            "renvand.partnership",
        ],
        "DATABASES": {"default": settings_of(":memory:")},
        "TASKS": {"default": {"BACKEND": "renvand.web.runs.backend.Runs"}},  # above us: named only
        "LOGGING_CONFIG": None,  # a library does not set up logging for its user
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LANGUAGE_CODE": "en",
    }
