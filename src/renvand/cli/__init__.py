"""The command line: one typed door; each command is one call of the library and some layout."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the version is told without loading anything else."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from importlib.metadata import version

        sys.stdout.write(f"renvand {version('renvand')}\n")
        return
    from renvand.cli.door import enter

    sys.exit(enter(sys.argv[1:]))
