"""Keys for programs: shown once, kept as a hash, gone when taken back or too old."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from renvand.partnership.models import Token

PREFIX = "rv_"  # lets scanners for lost keys know ours
DAYS = (30, 90, 365)  # that a key may live
MOST = 20  # keys of one person
MINUTE = timedelta(minutes=1)  # between two notes that a key was used


def make(user: Any, label: str, *, days: int) -> str:
    """Make a key and give it, this once.

    Parameters
    ----------
    user : User
        For whom it acts.
    label : str
        What it is for.
    days : int
        How long it is good.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days)
    Token.objects.create(user=user, label=label, hash=_hash(secret), expires_at=expires_at)
    return secret


def owner(secret: str) -> Any:
    """Give the person a key acts for, or None."""
    now = timezone.now()
    found = (
        Token.objects.filter(hash=_hash(secret), expires_at__gt=now, user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    if found.used_at is None or now - found.used_at > MINUTE:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return found.user


def _hash(secret: str) -> str:
    """Hash a key; it has 256 bits of chance, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
