"""Tables on pages: chosen, ordered and cut as the address says, written as the reader does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from renvand.text import number
from renvand.web import files, languages, shown, words
from renvand.web.shown import ROWS_A_PAGE, Listing

WORDS, LONG = 14, 60  # characters of a cell from which on it wants room


def as_listing(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Listing:
    """Write rows as text."""
    return Listing(
        columns=tuple(columns),
        rows=tuple(tuple("" if r[c] is None else str(r[c]) for c in columns) for r in rows),
    )


def view(
    request: HttpRequest,
    listing: Listing,
    *,
    stage: str = "",
    links: Mapping[str, str] | None = None,
    headings: Mapping[str, str] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Give what ``rows.html`` shows of a table.

    Parameters
    ----------
    request : HttpRequest
        Its query holds words to find (``q``), an order (``sort``) and a page.
    listing : Listing
        What the person may see.
    stage : str
        Step that made it: its cells lead to the figures behind them.
    links : mapping, optional
        By column, an address with ``{}`` for the cell.
    headings : mapping, optional
        Words for columns.
    hidden : frozenset of str
        Columns that are not shown: the id of a row whose name is.
    """
    found = listing.find(request.GET.get("q", "")).sort(request.GET.get("sort", ""))
    at, first = _cut(request.GET.get("page", "1"), len(found.rows))
    numbers = listing.numbers() - frozenset(words.NAMED)
    writer = Writer(
        columns=found.columns,
        numbers=numbers,
        amounts=listing.amounts(),
        language=languages.of_path(request.path_info),
        stage=stage,
        figures=shown.figure_ids(files.case_folder()) if stage else frozenset(),
        links=tuple((links or {}).items()),
        hidden=hidden,
    )
    rows = found.rows[first : first + ROWS_A_PAGE]
    named, language = headings or {}, writer.language
    return {
        "columns": [
            {
                "name": named.get(name) or words.heading(name, language),
                "is_number": name in numbers,
                **_sort(request, name),
            }
            for name in found.columns
            if name not in hidden
        ],
        "rows": [written(writer, row) for row in rows],
        "first": first + 1 if rows else 0,
        "last": first + len(rows),
        "total": len(found.rows),
        "previous": at - 1 if at > 1 else None,
        "next": at + 1 if first + len(rows) < len(found.rows) else None,
        "q": request.GET.get("q", ""),
    }


def _cut(page: str, rows: int) -> tuple[int, int]:
    """Give the page that is there, and its first row."""
    last = max(1, -(-rows // ROWS_A_PAGE))
    at = min(max(int(page), 1), last) if page.isascii() and page.isdigit() else 1
    return at, (at - 1) * ROWS_A_PAGE


def _sort(request: HttpRequest, column: str) -> dict[str, str]:
    now = request.GET.get("sort", "")
    order = {column: "ascending", f"-{column}": "descending"}.get(now, "")
    return {"sort": f"-{column}" if now == column else column, "order": order}


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes the cells of a table for a reader."""

    columns: tuple[str, ...]
    numbers: frozenset[str]
    amounts: frozenset[str]
    language: str
    stage: str
    figures: frozenset[str]
    links: tuple[tuple[str, str], ...]  # column, address with {}
    hidden: frozenset[str]

    def row(self, row: Sequence[str]) -> str:
        """Write a row; a cell that is a figure leads to where it comes from."""
        key = row[self.columns.index("id")] if "id" in self.columns else ""
        return "".join(
            self._cell(column, cell, key=key)
            for column, cell in zip(self.columns, row, strict=True)
            if column not in self.hidden
        )

    def _cell(self, column: str, cell: str, *, key: str) -> str:
        text, link = escape(self._text(column, cell)), self._link(column, cell, key=key)
        words = "long" if len(text) > LONG else "words" if len(text) > WORDS else ""
        kind = "number" if column in self.numbers else words
        held = f'<a href="{escape(link)}">{text}</a>' if link else text
        return f'<td class="{kind}">{held}</td>' if kind else f"<td>{held}</td>"

    def _text(self, column: str, cell: str) -> str:
        if column not in self.numbers or not cell:
            return words.cell(column, cell, self.language)
        is_amount = column in self.amounts
        return (
            number(float(cell), self.language, digits=4) if is_amount else cell.removesuffix(".0")
        )

    def _link(self, column: str, cell: str, *, key: str) -> str:
        way = dict(self.links).get(column)
        if way and cell:
            return way.replace("{}", cell).replace("{id}", key)
        figure = f"{self.stage}.{key}.{column}"
        if figure in self.figures:
            return reverse("why", kwargs={"language": self.language, "figure": figure})
        return ""


@lru_cache(maxsize=10_000)
def written(writer: Writer, row: tuple[str, ...]) -> SafeString:
    """Write a row as HTML, once for all who see it."""
    return mark_safe(writer.row(row))
