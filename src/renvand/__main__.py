"""``python -m renvand`` is the command line."""

from renvand.cli import main

main()
