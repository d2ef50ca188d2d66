"""The door of the interface: a key tells who asks, the table of rights whether they may."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import HttpBearer

from renvand.errors import RenvandError
from renvand.web import rights
from renvand.web.api import tokens

SPACE = "api"  # name of its addresses
UNFIT = 422  # HTTP
_OPEN = ("openapi-json", "api-root")  # say what there is, and nothing of what it holds


class Key(HttpBearer):
    """``Authorization: Bearer rv_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Give the person; nobody is refused here for what they may not see."""
        user = tokens.owner(token)
        if user is None:
            return None
        request.user = user
        rights.admit(request)
        return user


def interface() -> NinjaAPI:
    """Make the interface without resources."""
    made = NinjaAPI(
        title="Renvand",
        version="1",
        description="The record, the results and the runs of a water partnership. Every answer "
        "holds what the owner of the key may see, and nothing else.",
        auth=Key(),
        urls_namespace=SPACE,
        docs_url=None,  # its pages load from other hosts
        openapi_url="openapi.json",
    )
    for name in _OPEN:
        rights.claim(f"{SPACE}:{name}", "door.use")

    def faulty(request: HttpRequest, error: Any) -> HttpResponse:
        told = [{"where": f.where, "what": f.what, "do": f.do} for f in error.faults]
        return made.create_response(request, {"faults": told}, status=UNFIT)

    def unfit(request: HttpRequest, error: Any) -> HttpResponse:
        told = [
            {"where": ".".join(map(str, wrong["loc"])), "what": wrong["msg"], "do": "Correct it."}
            for wrong in error.errors
        ]
        return made.create_response(request, {"faults": told}, status=UNFIT)

    made.add_exception_handler(RenvandError, faulty)
    made.add_exception_handler(ValidationError, unfit)
    return made


def claimed(name: str, right: str = "interface.use") -> str:
    """Give an address of the interface its right, and give its name back."""
    rights.claim(f"{SPACE}:{name}", right)
    return name
