"""What goes with every answer: nothing from other hosts, no script of unknown origin, no frames."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
PAGES = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-src 'self'; frame-ancestors 'none'"
)
DOCUMENTS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def guard(answer: Answer) -> Answer:
    """Put the rules for the browser on every answer that has none of its own."""

    def with_rules(request: HttpRequest) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(16)
        request.nonce = nonce  # pyright: ignore[reportAttributeAccessIssue]
        response = answer(request)
        if not response.has_header("Content-Security-Policy"):
            response["Content-Security-Policy"] = PAGES.format(nonce=nonce)
        if "Cache-Control" not in response.headers:
            response["Cache-Control"] = "no-store"  # a shared machine keeps no page of another
        return response

    return with_rules
