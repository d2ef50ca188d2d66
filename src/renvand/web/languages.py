"""The language of an answer: that of the address, so that a link keeps it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from renvand.text import LANGUAGES

DJANGO = {"da": "da", "en": "en", "zh": "zh-hans"}  # what Django and gettext call ours
HTML = {"da": "da", "en": "en", "zh": "zh-Hans"}
NAMES = {"da": "Dansk", "en": "English", "zh": "中文"}

Answer = Callable[[HttpRequest], HttpResponseBase]


def of_path(path: str) -> str:
    """Give the language an address begins with; English where it has none."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in LANGUAGES else "en"


def of_browser(request: HttpRequest) -> str:
    """Give the first of the browser's languages that is one of ours."""
    wanted = request.headers.get("Accept-Language", "").split(",")
    spoken = [word.strip()[:2] for word in wanted if word.strip()[:2] in LANGUAGES]
    return spoken[0] if spoken else "en"


def speak(answer: Answer) -> Answer:
    """Answer in the language of the address."""

    def spoken(request: HttpRequest) -> HttpResponseBase:
        with translation.override(DJANGO[of_path(request.path_info)]):
            response = answer(request)
        response.headers.setdefault("Content-Language", HTML[of_path(request.path_info)])
        return response

    return spoken
