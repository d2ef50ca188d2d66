"""Django's own commands on the settings of a server: ``python -m renvand.web check --deploy``."""

from __future__ import annotations

import sys

from renvand.errors import RenvandError
from renvand.web.production import configure


def main() -> None:
    """Run a command of Django's."""
    try:
        configure()
    except RenvandError as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m renvand.web", *sys.argv[1:]])


if __name__ == "__main__":
    main()
