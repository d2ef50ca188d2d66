"""The addresses of the interface, and of the page of keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path, re_path

from renvand.web.api import pages, record, results, running
from renvand.web.api.door import interface
from renvand.web.rights import at, claim


def nothing(request: HttpRequest) -> JsonResponse:
    """Tell a program, as it is told everything, that there is nothing here."""
    return JsonResponse({"detail": "Not Found"}, status=404)


def addresses() -> list[Any]:
    """Give the addresses; called once."""
    made = interface()
    for resource in (record, results, running):
        made.add_router("", resource.router)
    closed = re_path(r"^api/[\s\S]*$", nothing, name="api-nothing")
    claim("api-nothing", "door.use")
    one = "<language:language>/account/keys/"
    return [
        at(one, pages.keys, name="keys", right="tokens.change"),
        at(f"{one}<int:key>/revoke/", pages.revoke, name="key-revoke", right="tokens.change"),
        path("api/v1/", made.urls),
        closed,
    ]
