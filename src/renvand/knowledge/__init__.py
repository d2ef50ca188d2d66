"""Tables with sources: limits, equivalents, sectors, good practice, prices, technologies."""

from renvand.knowledge.find import (
    division,
    divisions_of,
    equivalent_kg,
    sector_of,
    substance_id,
)
from renvand.knowledge.layers import SHIPPED, UNIVERSAL, Knowledge, laid_over
from renvand.knowledge.limits import Limit, limit_for
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
    "SHIPPED",
    "UNIVERSAL",
    "Column",
    "Knowledge",
    "Limit",
    "Schema",
    "division",
    "divisions_of",
    "equivalent_kg",
    "frame",
    "judge",
    "laid_over",
    "limit_for",
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
