"""Tables of the record and of the knowledge a case counts with, a page of rows at a time."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from renvand import knowledge
from renvand.partnership.models import Reading
from renvand.partnership.store import rows_of
from renvand.web.api.door import claimed
from renvand.web.api.shapes import (
    Faulty,
    Folder,
    Language,
    Limit,
    Offset,
    Refused,
    RowsOut,
    TablesOut,
    Word,
)
from renvand.web.context import case_knowledge
from renvand.web.exchange import tables
from renvand.web.rights import LONGEST_PATH
from renvand.web.runs.kinds import Name

router = Router(tags=["record"])
REFUSALS: dict[int, Any] = {401: Refused, 404: Refused, 422: Faulty}
KNOWLEDGE = (
    "substances", "sectors", "divisions", "limits", "equivalents", "tax_rates", "good_practice",
    "prices", "emission_factors", "technologies", "suppliers", "glossary", "process_kinds",
    "unit_defaults", "cost_curves",
)  # fmt: skip


def note(request: Any, kept: tables.Kept) -> None:
    """Write down that somebody reads something confidential."""
    if kept.is_confidential:
        path = request.get_full_path()[:LONGEST_PATH]
        Reading.objects.create(user=request.user, what=kept.name, path=path)


@router.get("/tables", response={200: TablesOut, **REFUSALS}, url_name=claimed("tables"))
def every_table(request: HttpRequest, language: Language = "en") -> dict[str, Any]:
    """List the tables, their columns, and how many rows the owner of the key may see."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    return {
        "schema_version": tables.schema_version(),
        "tables": [
            {
                "name": kept.name,
                "version": kept.version,
                "help": kept.schema.help.get(language, ""),
                "parent": kept.parent,
                "rows": kept.visible(user).count(),
                "columns": tables.described(kept.columns, language),
            }
            for kept in tables.every().values()
        ],
    }


@router.get("/tables/{table}", response={200: RowsOut, **REFUSALS}, url_name=claimed("table"))
def rows(
    request: HttpRequest,
    table: Word,
    limit: Limit = 100,
    offset: Offset = 0,
    of: Folder | None = None,
) -> dict[str, Any]:
    """Give rows of a table in the order of its file, with the sources they name."""
    kept = tables.find(table)
    if of is not None and not kept.parent:
        raise Http404(of)
    note(request, kept)
    found = kept.visible(request.user, of=of or "")  # pyright: ignore[reportAttributeAccessIssue]
    page = kept.rows(found, slice(offset, offset + limit))
    return {
        "table": kept.name,
        "version": kept.version,
        "total": found.count(),
        "limit": limit,
        "offset": offset,
        "rows": page,
        "sources": tables.cited(page),
    }


@router.get(
    "/tables/{table}/{id}", response={200: RowsOut, **REFUSALS}, url_name=claimed("table-row")
)
def row(
    request: HttpRequest,
    table: Word,
    id: Name,
    of: Folder | None = None,
) -> dict[str, Any]:
    """Give one row by its id."""
    kept = tables.find(table)
    if "id" not in kept.schema.columns or (of is None) == bool(kept.parent):
        raise Http404(id)
    note(request, kept)
    found = kept.visible(request.user, of=of or "").filter(slug=id)  # pyright: ignore[reportAttributeAccessIssue]
    page = kept.rows(found, slice(0, 1))
    if not page:
        raise Http404(id)
    return {
        "table": kept.name,
        "version": kept.version,
        "total": 1,
        "limit": 1,
        "offset": 0,
        "rows": page,
        "sources": tables.cited(page),
    }


@router.get("/knowledge", response={200: list[str], **REFUSALS}, url_name=claimed("knowledge"))
def every_shipped(request: HttpRequest) -> list[str]:
    """Name the tables that the case counts with: those of the program, with its own rows."""
    return list(KNOWLEDGE)


@router.get(
    "/knowledge/{table}", response={200: RowsOut, **REFUSALS}, url_name=claimed("knowledge-table")
)
def shipped(
    request: HttpRequest,
    table: Word,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Give rows of a table as the case sees it, its own rows last, with their sources."""
    if table not in KNOWLEDGE:
        raise Http404(table)
    held = rows_of(case_knowledge().table(table))
    page = held[offset : offset + limit]
    schema = knowledge.shipped_schema(table)
    return {
        "table": table,
        "version": tables.Kept(name=table, model=object, schema=schema).version,
        "total": len(held),
        "limit": limit,
        "offset": offset,
        "rows": page,
        "sources": tables.cited(page),
    }
