"""Long work and who asked for it; keys for programs."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from renvand.partnership.fields import LONGEST_NAME
from renvand.partnership.models.base import COMPANY, RecordSet

WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
ACTIVE = (WAITING, RUNNING)
STATES = (*ACTIVE, DONE, STOPPED, FAILED)
HASH = 64  # characters of a SHA-256


class Run(models.Model):
    """A piece of work: asked for once, done once, its result kept with the hash of its inputs.

    Whoever works on it writes only where ``state`` is 'running' and ``attempt`` is the number it
    was given: a worker that was thought dead can no longer change anything.
    """

    table: ClassVar[str] = "runs"
    confidentiality: ClassVar[str] = COMPANY
    company: ClassVar[str] = "enterprise"
    consent: ClassVar[str] = ""

    task = models.CharField(max_length=LONGEST_NAME)  # 'module.function'
    arguments = models.JSONField(default=dict)
    inputs = models.CharField(max_length=HASH)  # of arguments and everything the task reads
    enterprise = models.CharField(max_length=LONGEST_NAME, blank=True)  # whose numbers it holds
    lane = models.CharField(max_length=LONGEST_NAME, blank=True)  # one at a time in each
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, default=WAITING, choices=[(s, s) for s in STATES])
    attempt = models.PositiveIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)  # attempts whose worker vanished
    worker = models.CharField(max_length=LONGEST_NAME, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: nobody knows
    message = models.CharField(max_length=LONGEST_NAME, blank=True)  # key of the catalogue
    log = models.TextField(blank=True)
    faults = models.JSONField(default=list)  # where, what, do
    result = models.JSONField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RecordSet.as_manager()

    class Meta:
        app_label = "partnership"
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="runs_to_do"),
            models.Index(fields=["task", "inputs"], name="runs_by_inputs"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "inputs"],
                condition=models.Q(state__in=ACTIVE),
                name="one_run_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["lane"],
                condition=models.Q(state=RUNNING) & ~models.Q(lane=""),
                name="one_run_in_a_lane",
            ),
        ]


class Token(models.Model):
    """A key for a program that acts for a person; only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    label = models.CharField(max_length=LONGEST_NAME)
    hash = models.CharField(max_length=HASH, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        app_label = "partnership"
