"""The addresses of runs."""

from __future__ import annotations

from django.urls import URLPattern

from renvand.web.rights import at
from renvand.web.runs import pages

_IN = "<language:language>/runs/"


def addresses() -> list[URLPattern]:
    """Give the addresses; called once the converters are there."""
    one = f"{_IN}<int:run>"
    return [
        at(_IN, pages.runs, name="runs", right="runs.see"),
        at(f"{_IN}start/<name:kind>/", pages.start, name="run-start", right="runs.start"),
        at(f"{one}/", pages.run, name="run", right="runs.see"),
        at(f"{one}.json", pages.run_data, name="run-data", right="runs.see"),
        at(f"{one}/stop/", pages.stop, name="run-stop", right="runs.start"),
    ]
