"""Tables with sources: limits, equivalents, sectors, good practice, prices, technologies."""

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
    "Schema",
    "frame",
    "judge",
    "read_table",
    "read_text",
    "read_toml",
    "schema_of",
    "shipped_schema",
    "sources",
    "table",
]
