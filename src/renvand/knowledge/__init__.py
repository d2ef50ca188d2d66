"""Tables with sources: limits, equivalents, sectors, good practice, prices, technologies."""

from renvand.knowledge.find import (
    division,
    divisions_of,
    equivalent_kg,
    sector_of,
    substance_id,
)
from renvand.knowledge.limits import Limit, limit_for
from renvand.knowledge.origin import origin
from renvand.knowledge.read import (
    frame,
    read_table,
    read_text,
    read_toml,
    shipped_schema,
    sources,
    table,
)
from renvand.knowledge.schema import Column, Schema, judge, schema_of

__all__ = [
    "Column",
    "Limit",
    "Schema",
    "division",
    "divisions_of",
    "equivalent_kg",
    "frame",
    "judge",
    "limit_for",
    "origin",
    "read_table",
    "read_text",
    "read_toml",
    "schema_of",
    "sector_of",
    "shipped_schema",
    "sources",
    "substance_id",
    "table",
]
