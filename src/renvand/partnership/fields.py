"""Model fields that say what may stand in a column: unit, range, words; once, for every door."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazy
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from renvand.knowledge.schema import Column, judge

LONGEST_NAME = 200  # characters
_KEPT = ("choices", "validators", "help_text", "verbose_name")  # ours to say, not the database's


def said(en: str, *, da: str, zh: str) -> dict[str, str]:
    """Say one thing in three languages."""
    return {"en": en, "da": da, "zh": zh}


def _in_language(words: Mapping[str, str]) -> str:
    return words.get((get_language() or "en")[:2], "")


_lazily = lazy(_in_language, str)


class Told:
    """A field that knows its column: kind, unit, range, choices, reference, help."""

    kind = "text"
    django_path = ""
    is_nullable = False  # empty is NULL; text keeps ''

    if TYPE_CHECKING:  # the stubs list Django's options only, and type values we type ourselves

        def __new__(cls, *args: Any, **options: Any) -> Any: ...

    def __init__(
        self,
        *args: Any,
        help: Mapping[str, str] | None = None,
        is_required: bool = False,
        unit: str = "",
        low: float = -math.inf,
        high: float = math.inf,
        refers_to: str = "",
        heading: str = "",
        **options: Any,
    ) -> None:
        self.words, self._heading = dict(help or {}), heading
        self.unit, self.low, self.high, self.refers_to = unit, low, high, refers_to
        options.setdefault("blank", not is_required)
        if self.is_nullable:
            options.setdefault("null", not is_required)
        if help:
            options["help_text"] = _lazily(self.words)
        super().__init__(*args, **options)

    @property
    def heading(self) -> str:
        """How the column is called in files; Django keeps 'id' for itself."""
        name = cast(models.Field, self).name
        return self._heading or ("id" if name == "slug" else name)

    def rule(self) -> Column:
        """Give the rule of the column, as all readers use it."""
        field = cast(Any, self)
        return Column(
            kind=self.kind,
            is_required=not field.blank,
            unit=self.unit,
            low=self.low,
            high=self.high,
            choices=tuple(word for word, _ in field.flatchoices),
            refers_to=self.refers_to,
            help=self.words,
        )

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse in a form what a file may not hold either."""
        super().validate(value, model_instance)  # pyright: ignore[reportAttributeAccessIssue]
        if isinstance(value, str | int | float) and value != "":
            _, what, do = judge(str(value), self.rule(), known={})
            if what:
                raise ValidationError(f"{what} {do}")

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Tell migrations only what the database must know."""
        described = cast(
            tuple[str, str, list[Any], dict[str, Any]],
            super().deconstruct(),  # pyright: ignore[reportAttributeAccessIssue]
        )
        name, _, args, options = described
        return (
            name,
            f"django.db.models.{self.django_path}",
            args,
            {k: v for k, v in options.items() if k not in _KEPT},
        )

    def clone(self) -> models.Field:
        """Give migrations a plain field of Django's: our rules are none of their business."""
        _, path, args, options = self.deconstruct()
        return import_string(path)(*args, **options)


class Text(Told, models.TextField):
    """Free text."""

    django_path = "TextField"


class Slug(Told, models.CharField):
    """A name of small letters, digits and hyphens; key of a row, or of a shipped table."""

    kind = "slug"
    django_path = "CharField"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", LONGEST_NAME)
        super().__init__(*args, **options)


class Code(Slug):
    """A code of a shipped table that is written in capitals too: 'NH4-N'."""

    kind = "code"


class SourceKey(Slug):
    """A key of ``sources.toml``, the case's or the shipped one."""

    kind = "source"


class Named(Slug):
    """A row of another table by its id, where that table may not be loaded."""

    kind = "reference"


class Either(Slug):
    """A row of another table, or one of a few words."""

    def __init__(
        self, *args: Any, table: str = "", words: tuple[str, ...] = (), **options: Any
    ) -> None:
        self.table, self.allowed = table, words
        if table:
            options["refers_to"] = f"{', '.join((table, *words[:-1]))} or {words[-1]}"
        super().__init__(*args, **options)


class Choice(Slug):
    """One of a few words."""

    kind = "choice"

    def __init__(self, *args: Any, words: tuple[str, ...] = (), **options: Any) -> None:
        if words:
            options["choices"] = [(word, word) for word in words]
        super().__init__(*args, **options)


class Number(Told, models.FloatField):
    """A measured or computed number."""

    kind = "number"
    django_path = "FloatField"
    is_nullable = True


class Whole(Told, models.BigIntegerField):
    """A count or a year."""

    kind = "integer"
    django_path = "BigIntegerField"
    is_nullable = True


class Flag(Told, models.BooleanField):
    """Yes, no, or not known."""

    kind = "boolean"
    django_path = "BooleanField"
    is_nullable = True


class Day(Told, models.DateField):
    """A day of the calendar."""

    kind = "date"
    django_path = "DateField"
    is_nullable = True


class Moment(Slug):
    """A time with its offset from UTC, kept as written: '2027-05-11T09:00:00+08:00'."""

    kind = "moment"


class Words(Told, models.JSONField):
    """A list of words, in pages only."""

    kind = "list"
    django_path = "JSONField"
    is_nullable = True

    def __init__(self, *args: Any, allowed: tuple[str, ...] = (), **options: Any) -> None:
        self.allowed = allowed
        super().__init__(*args, **options)

    def rule(self) -> Column:
        """Give the rule; the choices hold for each word of the list."""
        return replace(super().rule(), choices=self.allowed)


class Weights(Told, models.JSONField):
    """Names with a number each, in pages only."""

    kind = "weights"
    django_path = "JSONField"
    is_nullable = True


class Reference(Told, models.ForeignKey):
    """A row of another table of the record."""

    kind = "reference"
    django_path = "ForeignKey"
    is_nullable = True

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options.setdefault("related_name", "+")
        super().__init__(to, on_delete, **options)

    def rule(self) -> Column:
        """Give the rule; the table is that of the other model."""
        return replace(super().rule(), refers_to=self.related_model.table)
