"""What goes with accounts: second factors, attempts, reads, releases, suppliers' corrections."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from renvand.partnership.fields import Slug

LONGEST_PATH = 300  # characters


class SecondFactor(models.Model):
    """A secret shared with the telephone of a person (RFC 6238)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    secret = models.CharField(max_length=64)
    is_confirmed = models.BooleanField(default=False)
    last_step = models.BigIntegerField(default=0)  # a code is good once

    class Meta:
        app_label = "partnership"


class Attempt(models.Model):
    """A login that failed."""

    name = models.CharField(max_length=LONGEST_PATH)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "partnership"
        indexes: ClassVar = [models.Index(fields=["at"])]


class Reading(models.Model):
    """Somebody looked at something confidential."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    what = models.CharField(max_length=64)
    path = models.CharField(max_length=LONGEST_PATH)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "partnership"
        indexes: ClassVar = [models.Index(fields=["at"])]


class Release(models.Model):
    """A document let out to everybody: these bytes, and no later version."""

    path = models.CharField(max_length=LONGEST_PATH, unique=True)  # within out/
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "partnership"


class Correction(models.Model):
    """What a supplier says of itself, until the secretariat has looked at it."""

    WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"

    supplier = Slug(refers_to="suppliers")
    cells = models.JSONField()  # text by column of the table of suppliers
    state = models.CharField(max_length=8, default=WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    judged_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    class Meta:
        app_label = "partnership"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier"],
                condition=models.Q(state="waiting"),
                name="one_correction_waits",
            )
        ]
