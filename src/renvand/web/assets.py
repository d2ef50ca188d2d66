"""Files that come with the pages: style, scripts, fonts, signs."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
}
YEAR = 31_536_000  # s: the address holds a hash of the bytes, so they never change
MARK = 10  # digits of the hash


@cache
def _read(name: str) -> bytes | None:
    parts = name.split("/")
    if any(part.startswith(".") or not part for part in parts):
        return None
    path = resources.files("renvand.web").joinpath("static", *parts)
    return path.read_bytes() if path.is_file() else None


@cache
def address(name: str) -> str:
    """Give the address of a file under ``static/``.

    Raises
    ------
    FileNotFoundError
        When there is none.
    """
    data = _read(name)
    if data is None:
        raise FileNotFoundError(name)
    mark = hashlib.sha256(data).hexdigest()[:MARK]
    return f"{reverse('asset', kwargs={'name': name})}?{mark}"


def _answer(data: bytes, name: str) -> HttpResponse:
    kind = KINDS.get(name.rpartition(".")[2])
    if kind is None:
        raise Http404(name)
    response = HttpResponse(data, content_type=kind)
    response["Cache-Control"] = f"public, max-age={YEAR}"
    return response


@require_safe
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """Give a file under ``static/``."""
    data = _read(name)
    if data is None:
        raise Http404(name)
    return _answer(data, name)


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Give the sign in the browser's tab, also where browsers look for it unasked."""
    return _answer(_read("icon.svg") or b"", "icon.svg")


@require_safe
def font(request: HttpRequest, font: str) -> HttpResponse:
    """Give a font that comes with the package."""
    path = resources.files("renvand.publish") / "assets" / "fonts" / font
    if not font.endswith(".ttf") or not path.is_file():
        raise Http404(font)
    return _answer(path.read_bytes(), font)
