"""How often somebody may try to get in."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from renvand.partnership.models import Attempt

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=90)  # failed logins stay in the log so long
TRIES = 5  # of one name from one address
TRIES_OF_ADDRESS = 30  # an office behind one address
TRIES_OF_NAME = 50  # from everywhere: slow guessing, without letting a stranger lock people out


def address_of(request: HttpRequest) -> str:
    """Say where a request comes from; only as many proxies are believed as there are."""
    if settings.RENVAND_PROXIES:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        if len(passed) >= settings.RENVAND_PROXIES:
            return passed[-settings.RENVAND_PROXIES].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def is_too_often(request: HttpRequest, name: str) -> bool:
    """Say whether the next try must wait."""
    recent = Attempt.objects.filter(at__gt=timezone.now() - WINDOW)
    here = recent.filter(address=address_of(request))
    mine = name.casefold()[:300]
    return (
        here.filter(name=mine).count() >= TRIES
        or here.count() >= TRIES_OF_ADDRESS
        or recent.filter(name=mine).count() >= TRIES_OF_NAME
    )


def failed(request: HttpRequest, name: str) -> None:
    """Remember a failed try, and forget what is long past."""
    Attempt.objects.filter(at__lt=timezone.now() - KEPT).delete()
    Attempt.objects.create(name=name.casefold()[:300], address=address_of(request))
