"""The rules of every table, derived from the models: no door has rules of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from renvand.knowledge import laid_over
from renvand.knowledge.schema import Column, Schema
from renvand.partnership.setup import setup
from renvand.text import LANGUAGES

if TYPE_CHECKING:
    from renvand.partnership.models import Record

ADDITIONS = laid_over()  # shipped tables a case may add rows to, or replace


@cache
def tables(parent: str = "") -> dict[str, type[Record]]:
    """Give the models that are CSV files, by table, parents before children.

    Parameters
    ----------
    parent : str
        '' for files of the case, 'review' or 'plant' for files of their folders.
    """
    setup()
    from renvand.partnership import models as m

    found: dict[str, list[type[Any]]] = {
        "": [
            m.Reach,
            m.Split,
            m.Intake,
            m.Background,
            m.Plant,
            m.Enterprise,
            m.Outlet,
            m.PermitLimit,
            m.Observation,
            m.Partner,
            m.BudgetLine,
            m.Action,
        ],
        "plant": [m.Operation],
        "review": [
            m.Unit,
            m.Stream,
            m.Meter,
            m.DayFlow,
            m.Sample,
            m.Demand,
            m.Chemical,
            m.Energy,
            m.Rinse,
            m.Dyeing,
            m.Fluid,
        ],
    }
    return {model.table: model for model in found[parent]}


@cache
def pages() -> dict[str, type[Record]]:
    """Give the models that are TOML pages."""
    setup()
    from renvand.partnership import models as m

    found: list[type[Any]] = [m.Case, m.Source, m.Review, m.Seminar, m.AgendaPoint]
    return {model.table: model for model in found}


def every_table() -> list[type[Any]]:
    """Give all models of the record, those that are named before those that name them."""
    from renvand.partnership import models as m

    page_models = [model for model in pages().values() if model not in (m.Review, m.AgendaPoint)]
    return [
        *tables().values(),
        m.Addition,
        *page_models,
        m.AgendaPoint,
        m.Review,
        *tables("review").values(),
        *tables("plant").values(),
        m.PlantPage,
    ]


@cache
def columns_of(model: type[Record]) -> dict[str, Any]:
    """Give the fields of a model by the heading of their column, the tail last."""
    from renvand.partnership.fields import Told
    from renvand.partnership.models import TAIL

    fields: list[Any] = [
        field
        for field in model._meta.get_fields()
        if isinstance(field, Told) and field.heading != model.parent
    ]
    fields.sort(key=lambda field: field.heading in TAIL)
    return {field.heading: field for field in fields}


def schema_of_model(model: type[Record]) -> Schema:
    """Derive the rules of one table."""
    columns: dict[str, Column] = {
        heading: field.rule() for heading, field in columns_of(model).items()
    }
    return Schema(name=model.table, columns=columns, key=model.key, help=model.words)


@cache
def schemas() -> dict[str, Schema]:
    """Rules of the tables of a case: 'enterprises', 'outlets', …"""
    return {name: schema_of_model(model) for name, model in tables().items()}


@cache
def review_schemas() -> dict[str, Schema]:
    """Rules of the tables in ``reviews/<id>``: 'units', 'streams', …"""
    return {name: schema_of_model(model) for name, model in tables("review").items()}


@cache
def plant_schemas() -> dict[str, Schema]:
    """Rules of the tables in ``plants/<id>``: 'operation'."""
    return {name: schema_of_model(model) for name, model in tables("plant").items()}


@cache
def page_schemas() -> dict[str, Schema]:
    """Rules of the TOML pages: 'case', 'sources', 'review', 'seminar', 'agenda'."""
    return {name: schema_of_model(model) for name, model in pages().items()}


def asked(schema: Schema, languages: tuple[str, ...]) -> Schema:
    """Let words in a language that the case does not speak stay empty."""
    silent = tuple(f"_{x}" for x in LANGUAGES if x not in languages)
    if not silent:
        return schema
    columns = {
        name: replace(column, is_required=False) if name.endswith(silent) else column
        for name, column in schema.columns.items()
    }
    return replace(schema, columns=columns)
