"""What all tables of the record share: who may see a row, what backs its numbers, its history."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from renvand.partnership.fields import Choice, Slug, SourceKey, Text, said
from renvand.trace import BASES, CONFIDENCES

ROLES = ("secretariat", "agency", "reviewer", "company", "supplier", "reader")
PUBLIC, REGISTER, COMPANY, OFFICE = "public", "register", "company", "office"
_SEES_ALL_OF: Mapping[str, tuple[str, ...]] = {
    PUBLIC: ROLES,
    REGISTER: ("secretariat", "agency", "reviewer"),
    COMPANY: ("secretariat", "reviewer"),
    OFFICE: ("secretariat", "agency"),
}


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a person may see, by role and by company."""

    is_all: bool = False
    roles: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()  # ids of enterprises the person speaks for
    suppliers: frozenset[str] = frozenset()  # ids of suppliers the person speaks for

    def covers(self, level: str) -> bool:
        """Say whether every row of a level is open to the person."""
        return self.is_all or bool(self.roles & set(_SEES_ALL_OF[level]))


def sight(user: Any) -> Sight:
    """Look up what a person may see; somebody without an account sees what is public."""
    if getattr(user, "is_superuser", False):
        return Sight(is_all=True, roles=frozenset(ROLES))
    if not getattr(user, "is_authenticated", False):
        return Sight()
    seats = list(Seat.objects.filter(user=user).values_list("role", "enterprise", "supplier"))
    return Sight(
        roles=frozenset(role for role, _, _ in seats),
        companies=frozenset(name for role, name, _ in seats if role == "company" and name),
        suppliers=frozenset(name for role, _, name in seats if role == "supplier" and name),
    )


class RecordSet(models.QuerySet):
    """Rows of one table."""

    def visible_to(self, user: Any) -> RecordSet:
        """Keep the rows a person may see: the one place that decides it.

        Parameters
        ----------
        user : User or AnonymousUser
            Roles come from the person's seats; a superuser sees everything.

        Notes
        -----
        Public tables are open to all. A company sees its own rows of the register and of its
        reviews. Reviews are seen by the secretariat and the reviewers, and by the agency once
        the company has consented.
        """
        level = self.model.confidentiality
        if level == PUBLIC:
            return self
        seen = sight(user)
        if seen.covers(level):
            return self
        allowed = models.Q(pk__in=())
        if self.model.company:
            allowed |= models.Q(**{f"{self.model.company}__in": seen.companies})
        if self.model.consent and "agency" in seen.roles:
            allowed |= models.Q(**{self.model.consent: True})
        return self.filter(allowed)


class Record(models.Model):
    """One row of a table of the case."""

    table: ClassVar[str] = ""  # how the file is called, without '.csv'
    key: ClassVar[tuple[str, ...]] = ("id",)
    words: ClassVar[Mapping[str, str]] = {}  # what the table holds
    parent: ClassVar[str] = ""  # field naming the folder the table lies in: 'review', 'plant'
    confidentiality: ClassVar[str] = PUBLIC
    company: ClassVar[str] = ""  # path to the id of the enterprise a row belongs to
    consent: ClassVar[str] = ""  # path to that enterprise's consent

    position = models.BigIntegerField(default=0, editable=False)  # order within the file

    objects = RecordSet.as_manager()
    history = HistoricalRecords(inherit=True, excluded_fields=["position"])

    class Meta:
        abstract = True


class Sourced(Record):
    """A row that carries numbers, and so says where they come from."""

    basis = Choice(
        words=BASES,
        is_required=True,
        help=said(
            "How the numbers of the row came about.",
            da="Hvordan rækkens tal er blevet til.",
            zh="本行数据的来历。",
        ),
    )
    source = SourceKey(
        is_required=True,
        help=said(
            "Key of the source in sources.toml.",
            da="Kildens nøgle i sources.toml.",
            zh="来源在 sources.toml 中的键。",
        ),
    )
    locator = Text(
        help=said(
            "Page, table or cell within the source.",
            da="Side, tabel eller celle i kilden.",
            zh="来源中的页码、表格或单元格。",
        ),
    )
    confidence = Choice(
        words=CONFIDENCES,
        help=said(
            "How far the number can be trusted.",
            da="Hvor meget man kan stole på tallet.",
            zh="数据的可信程度。",
        ),
    )

    class Meta:
        abstract = True


TAIL = ("basis", "source", "locator", "confidence")  # last columns of every such table


class Seat(models.Model):
    """What a person is in the partnership, and for which company or supplier."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = Choice(words=ROLES, is_required=True)
    enterprise = Slug(refers_to="enterprises")  # by id: registers may be too large to be loaded
    supplier = Slug(refers_to="suppliers")
    history = HistoricalRecords()

    class Meta:
        app_label = "partnership"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "enterprise", "supplier"],
                name="one_seat_each",
            )
        ]
