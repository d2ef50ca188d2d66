"""The addresses of exchange."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from renvand.web.exchange import pages
from renvand.web.rights import at, claim

_IN = "<language:language>/exchange/"
_TABLE = r"^(?P<language>da|en|zh)/exchange/tables/(?P<table>[a-z_]+)\."


def addresses() -> list[URLPattern]:
    """Give the addresses; called once the converters are there."""
    for name in ("exchange-table", "exchange-metadata"):
        claim(name, "exchange.download")
    return [
        at(_IN, pages.exchange, name="exchange", right="exchange.download"),
        at(f"{_IN}workbook/", pages.workbook, name="exchange-workbook", right="exchange.upload"),
        at(
            f"{_IN}faults/<str:key>/", pages.faults, name="exchange-faults", right="exchange.upload"
        ),
        at(f"{_IN}list/", pages.list_sent, name="exchange-send", right="exchange.upload"),
        at(f"{_IN}list/<str:key>/", pages.list_read, name="exchange-list", right="exchange.upload"),
        at(
            f"{_IN}template/<name:name>.xlsx",
            pages.template,
            name="exchange-template",
            right="exchange.download",
        ),
        re_path(f"{_TABLE}(?P<form>csv|xlsx|json|zip)$", pages.table, name="exchange-table"),
        re_path(f"{_TABLE}csv-metadata\\.json$", pages.metadata, name="exchange-metadata"),
    ]
