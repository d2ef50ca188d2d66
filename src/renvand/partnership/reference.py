"""The page that explains every column, written from the models."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from renvand.knowledge.schema import Column, Schema
from renvand.partnership.folder import page_keys
from renvand.partnership.schema import page_schemas, plant_schemas, review_schemas, schemas
from renvand.partnership.seminars import seminar_keys
from renvand.partnership.walk import NEEDED_IN_REVIEW

_START = """# The files of a case

Written from the models of the record by `scripts/reference.py`: do not edit.
A star marks what must be filled in. Columns that are not listed are faults.
"""


def reference_page() -> str:
    """Explain every file of a case: its columns, kinds, units, ranges and choices."""
    parts = [_START]
    for file, table in (("case.toml", "case"), ("sources.toml", "sources")):
        first = "key" if table == "sources" else ""
        parts.append(_page(file, page_schemas()[table], page_keys(table, first=first)))
    for name, schema in schemas().items():
        parts.append(_table(f"{name}.csv", schema))
    parts.append(
        _page("seminars.toml, [[seminar]]", page_schemas()["seminar"], seminar_keys("seminar"))
    )
    agenda = page_schemas()["agenda"]
    parts.append(_page("seminars.toml, [[seminar.agenda]]", agenda, seminar_keys("agenda")))
    parts.append(_page("reviews/id/review.toml", page_schemas()["review"], page_keys("review")))
    for name, schema in review_schemas().items():
        needed = f"{name}.csv" in NEEDED_IN_REVIEW
        parts.append(_table(f"reviews/id/{name}.csv", schema, is_needed=needed))
    for name, schema in plant_schemas().items():
        parts.append(_table(f"plants/id/{name}.csv", schema))
    return "\n".join(parts)


def _table(file: str, schema: Schema, *, is_needed: bool = False) -> str:
    needed = " Every review has this file." if is_needed else ""
    key = f" Key: {', '.join(f'`{column}`' for column in schema.key)}."
    names = {column: column for column in schema.columns}
    return f"## {file}\n\n{schema.help['en']}{key}{needed}\n\n" + "\n".join(_rows(schema, names))


def _page(file: str, schema: Schema, keys: Mapping[str, str]) -> str:
    return f"## {file}\n\n{schema.help['en']}\n\n" + "\n".join(_rows(schema, keys))


def _rows(schema: Schema, names: Mapping[str, str]) -> Iterator[str]:
    yield "| name | holds | unit | allowed | meaning |"
    yield "|---|---|---|---|---|"
    for column, name in names.items():
        rule = schema.columns[column]
        star = " *" if rule.is_required else ""
        cells = (f"`{name}`{star}", rule.kind, rule.unit, _allowed(rule), rule.help["en"])
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _allowed(rule: Column) -> str:
    if rule.choices:
        return ", ".join(f"`{word}`" for word in rule.choices)
    if rule.refers_to:
        return f"a key of {rule.refers_to}"
    if rule.kind == "source":
        return "a key of sources"
    if math.isfinite(rule.low) and math.isfinite(rule.high):
        return f"{rule.low:g} to {rule.high:g}"
    return f"{rule.low:g} or more" if math.isfinite(rule.low) else ""
