"""Django set up in code: one embedded database a case, no settings file to forget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SECONDS_TO_WAIT = 20  # for another writer of the same file, before SQLite gives up


def setup(*, database: Path | None = None, **settings: Any) -> None:
    """Make the models usable; may be called again, with another database.

    Parameters
    ----------
    database : path, optional
        The SQLite file. Without one, models serve as schema only and nothing can be stored.
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


def open_record(database: Path) -> None:
    """Use a database file, made or brought up to date when needed.

    Parameters
    ----------
    database : path
        The SQLite file; its folder is made.
    """
    setup(database=database)
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    database.parent.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _use(database: Path) -> None:
    from django.db import connections

    if connections["default"].settings_dict["NAME"] == str(database):
        return
    connections["default"].close()
    connections.settings["default"]["NAME"] = str(database)
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
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": ":memory:",
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": SECONDS_TO_WAIT,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                },
            }
        },
        "LOGGING_CONFIG": None,  # a library does not set up logging for its user
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LANGUAGE_CODE": "en",
    }
