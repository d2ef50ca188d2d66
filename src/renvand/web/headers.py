"""What goes with every answer: nothing from other hosts, no scripts, no frames."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
PAGES = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOCUMENTS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class LocalOwner:
    """Whoever sits at this machine: the folder is theirs, and so are all its rows."""

    is_authenticated = True
    is_superuser = True


def guard(answer: Answer) -> Answer:
    """Put the rules for the browser on every answer that has none of its own."""

    def with_rules(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if not response.has_header("Content-Security-Policy"):
            response["Content-Security-Policy"] = PAGES
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "no-referrer"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    return with_rules


def local_owner(answer: Answer) -> Answer:
    """Let the rights be asked in the one place they are decided, for the owner too."""

    def with_user(request: HttpRequest) -> HttpResponseBase:
        request.user = LocalOwner()  # pyright: ignore[reportAttributeAccessIssue]
        return answer(request)

    return with_user
