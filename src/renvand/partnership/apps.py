"""The record as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Named 'partnership' in the database."""

    name = "renvand.partnership"
    label = "partnership"
    default_auto_field = "django.db.models.BigAutoField"
