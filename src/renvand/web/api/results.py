"""What the last run of the programme left: tables of its steps, figures, documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from renvand.programme.store import as_json
from renvand.trace import Figure
from renvand.web import files, shown
from renvand.web.api.door import claimed
from renvand.web.api.record import REFUSALS
from renvand.web.api.shapes import (
    DocumentOut,
    FiguresOut,
    File,
    Limit,
    Offset,
    Row,
    RowsOut,
    StageOut,
    Word,
)

router = Router(tags=["results"])


@router.get("/results", response={200: list[StageOut], **REFUSALS}, url_name=claimed("results"))
def stages(request: HttpRequest) -> list[dict[str, Any]]:
    """List the steps of the programme with their tables, as far as they may be seen."""
    seen = files.eyes(request)
    return [
        {**stage, "tables": [t for t in stage["tables"] if seen.may_see(stage["name"], t)]}
        for stage in shown.stages(files.case_folder())
    ]


@router.get(
    "/results/{stage}/{table}", response={200: RowsOut, **REFUSALS}, url_name=claimed("result")
)
def table(
    request: HttpRequest, stage: Word, table: Word, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """Give rows of a step's table, as text."""
    listing = files.rows_of_step(request, stage, table)
    page = listing.rows[offset : offset + limit]
    return {
        "table": f"{stage}/{table}",
        "version": "",
        "total": len(listing.rows),
        "limit": limit,
        "offset": offset,
        "rows": [dict(zip(listing.columns, row, strict=True)) for row in page],
    }


@router.get("/figures", response={200: FiguresOut, **REFUSALS}, url_name=claimed("figures"))
def figures(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """Give the figures that reach a reader."""
    found = files.figure_rows(request)
    page = found[offset : offset + limit]
    return {"total": len(found), "limit": limit, "offset": offset, "figures": page}


@router.get("/figures/{figure}/why", response={200: list[Row], **REFUSALS}, url_name=claimed("why"))
def why(request: HttpRequest, figure: Word) -> list[dict[str, Any]]:
    """Walk from a figure to the measurements and sources behind it."""
    links, _ = files.chain(request, figure)
    return [
        {
            "depth": link.depth,
            "citation": link.citation,
            **(as_json(link.item) if isinstance(link.item, Figure) else vars(link.item)),
        }
        for link in links
    ]


@router.get(
    "/documents", response={200: list[DocumentOut], **REFUSALS}, url_name=claimed("documents")
)
def documents(request: HttpRequest) -> list[dict[str, Any]]:
    """List the documents of the last run."""
    found = shown.documents(files.case_folder())
    return [vars(document) for document in found if files.may_see(request, document.path)]


@router.get(
    "/documents/{path:name}",
    response={200: bytes, **REFUSALS},
    url_name=claimed("document"),
    openapi_extra={
        "responses": {
            200: {
                "description": "The file",
                "content": {
                    kind: {"schema": {"type": "string", "format": "binary"}}
                    for kind in sorted({kind.partition(";")[0] for kind in files.KINDS.values()})
                },
            }
        }
    },
)
def document(request: HttpRequest, name: File) -> HttpResponse:
    """Give a document."""
    return files.out(request, name)  # pyright: ignore[reportReturnType]
