"""Tables on their way out: CSV, Excel or JSON, with units, sources and schema version."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from renvand import knowledge
from renvand.knowledge.schema import Schema
from renvand.partnership.save import cells
from renvand.partnership.template import template
from renvand.web.context import case_settings
from renvand.web.exchange.tables import Kept, cited, described, schema_version

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # lets Excel see that a CSV is UTF-8
CSVW = "http://www.w3.org/ns/csvw"
XSD = {"number": "double", "integer": "integer", "boolean": "boolean", "date": "date"}
LINES = 500  # of a CSV that leave together


def csv_lines(kept: Kept, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write rows as CSV, some lines at a time; nothing in it runs in a spreadsheet."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(kept.columns)
    for count, row in enumerate(rows, 1):
        writer.writerow(harmless(row).values())
        if count % LINES == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def harmless(row: Mapping[str, Any]) -> dict[str, str]:
    """Write a row so that no text is taken for a formula; numbers stay as they are."""
    return {
        name: f"'{text}" if isinstance(row[name], str) and text.startswith(FORMULA_SIGNS) else text
        for name, text in cells(flat(row)).items()
    }


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a single cell cannot hold: lists with | between, the rest as JSON."""
    return {
        name: "|".join(map(str, value))
        if isinstance(value, list | tuple)
        else json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict)
        else value
        for name, value in row.items()
    }


def metadata(kept: Kept, language: str, sources: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a CSV as W3C's *CSV on the Web* does: columns, units, sources, version."""
    return {
        "@context": [CSVW, {"@language": language}],
        "url": f"{kept.name}.csv",
        "dc:title": kept.schema.help.get(language, kept.name),
        "dc:rights": notice(language),
        "schema:version": kept.version,
        "renvand:schema": schema_version(),
        "renvand:sources": sources,
        "tableSchema": {
            "primaryKey": [kept.parent] * bool(kept.parent) + list(kept.schema.key),
            "columns": [
                {
                    "name": column["name"],
                    "titles": column["name"],
                    "dc:description": column["help"],
                    "datatype": XSD.get(column["kind"], "string"),
                    "required": column["is_required"],
                    "renvand:unit": column["unit"],
                }
                for column in described(kept.columns, language)
            ],
        },
    }


def notice(language: str) -> str:
    """Give what the case says of itself: what is constructed."""
    return str(case_settings().get("notice", {}).get(language, ""))


def as_json(kept: Kept, rows: list[dict[str, Any]], *, language: str) -> bytes:
    """Write a table with all that is known about it."""
    held = {
        "table": kept.name,
        "version": kept.version,
        "schema_version": schema_version(),
        "notice": notice(language),
        "columns": described(kept.columns, language),
        "rows": rows,
        "sources": cited(rows),
    }
    return json.dumps(held, ensure_ascii=False, default=str).encode()


def as_zip(kept: Kept, rows: list[dict[str, Any]], *, language: str) -> bytes:
    """Pack a CSV with its description."""
    out = io.BytesIO()
    told = metadata(kept, language, cited(rows))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(f"{kept.name}.csv", "".join(csv_lines(kept, rows)))
        text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
        pack.writestr(f"{kept.name}.csv-metadata.json", text)
    return out.getvalue()


def as_workbook(kept: Kept, rows: list[dict[str, Any]], *, language: str) -> bytes:
    """Write a table as a workbook that can be filled in and sent back."""
    schema = Schema(
        name=kept.name, columns=kept.columns, key=kept.schema.key, help=kept.schema.help
    )
    return workbook({kept.name: schema}, {kept.name: rows}, language=language)


def workbook(
    schemas: Mapping[str, Schema], rows: Mapping[str, list[dict[str, Any]]], *, language: str
) -> bytes:
    """Write tables as a workbook, with a sheet that says what it is."""
    frames = {
        name: knowledge.frame([flat(row) for row in held], schemas[name], lines=[])
        for name, held in rows.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.xlsx"
        template(schemas, path, language=language, rows=frames)
        _tell(path, [row for held in rows.values() for row in held], language)
        return path.read_bytes()


def _tell(path: Path, rows: list[dict[str, Any]], language: str) -> None:
    """Add the sheet '_about': reading passes over names that begin so."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    about = book.create_sheet("_about")
    told: list[tuple[str, str]] = [
        ("case", str(case_settings().get("title", {}).get(language, ""))),
        ("notice", notice(language)),
        ("schema_version", schema_version()),
    ]
    for key, source in cited(rows).items():
        words = (source.get("author"), source.get("title"), source.get("year"), source.get("url"))
        told.append((key, ". ".join(str(word) for word in words if word)))
    for row, (name, text) in enumerate(told, 1):
        about.cell(row, 1, name)
        cell = about.cell(row, 2, text)
        cell.data_type = "s"  # text, whatever it begins with
    book.save(path)
