"""The register for other programs: GeoJSON and GeoPackage for QGIS, a workbook for Excel."""

from __future__ import annotations

import io
import json
import math
import sqlite3
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from renvand.steps.case import records
from renvand.steps.register.places import as_geojson

if TYPE_CHECKING:
    import pandas as pd

GEOPACKAGE = 0x47504B47  # 'GPKG', the application id of SQLite files of this format
VERSION = 10300  # of the standard, 1.3
WGS84 = 4326
_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
"""


def geojson(sites: pd.DataFrame) -> bytes:
    """Give the sites with a position as GeoJSON text."""
    return json.dumps(as_geojson(sites), ensure_ascii=False, allow_nan=False).encode()


def geopackage(sites: pd.DataFrame, *, as_of: str) -> bytes:
    """Give the sites as a GeoPackage: a layer ``sites`` of points in WGS-84, all columns beside.

    Parameters
    ----------
    sites : DataFrame
        Table ``enterprises`` of the register; a site without a position has no geometry.
    as_of : str
        Day that the package stands for, '2026-11-23': the same register gives the same bytes.

    References
    ----------
    ogc12_128r17
    """
    book = sqlite3.connect(":memory:")
    try:
        book.execute(f"PRAGMA application_id = {GEOPACKAGE}")
        book.execute(f"PRAGMA user_version = {VERSION}")
        book.executescript(_TABLES)
        _describe(book, sites, as_of)
        columns = [str(name) for name in sites.columns if name != "id"]
        typed = ", ".join(f'"{name}" {_sql_type(sites[name])}' for name in columns)
        book.execute(
            f"CREATE TABLE sites (fid INTEGER PRIMARY KEY, geom POINT, id TEXT UNIQUE, {typed})"
        )
        marks = ", ".join("?" * (len(columns) + 2))
        names = ", ".join(f'"{name}"' for name in ("geom", "id", *columns))
        rows = [
            (_point(row), row["id"], *(_plain(row[name]) for name in columns))
            for row in records(sites)
        ]
        book.executemany(f"INSERT INTO sites ({names}) VALUES ({marks})", rows)
        book.commit()
        return book.serialize()
    finally:
        book.close()


def _describe(book: sqlite3.Connection, sites: pd.DataFrame, as_of: str) -> None:
    undefined = [("Undefined Cartesian", -1), ("Undefined geographic", 0)]
    book.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
        [
            *((name, code, "NONE", code, "undefined") for name, code in undefined),
            ("WGS 84 geodetic", WGS84, "EPSG", WGS84, _WGS84_WKT),
        ],
    )
    x, y = sites["longitude"].astype("float64"), sites["latitude"].astype("float64")
    bounds = [_plain(float(v)) for v in (x.min(), y.min(), x.max(), y.max())]
    facts = ("sites", "features", "sites", "", f"{as_of}T00:00:00.000Z", *bounds, WGS84)
    book.execute(f"INSERT INTO gpkg_contents VALUES ({', '.join('?' * 10)})", facts)
    book.execute(
        "INSERT INTO gpkg_geometry_columns VALUES ('sites', 'geom', 'POINT', ?, 0, 0)", (WGS84,)
    )


def _point(row: Mapping[str, Any]) -> bytes | None:
    """Write a point as the standard's blob: header without envelope, then well-known binary."""
    x, y = _plain(row["longitude"]), _plain(row["latitude"])
    if x is None or y is None:
        return None
    return b"GP" + struct.pack("<BBiBIdd", 0, 1, WGS84, 1, 1, x, y)


def _sql_type(column: pd.Series) -> str:
    kind = column.dtype.kind
    return {"b": "BOOLEAN", "i": "INTEGER", "u": "INTEGER", "f": "REAL"}.get(kind, "TEXT")


def _plain(value: Any) -> Any:
    """Give a cell as Python's own number, text or None."""
    if hasattr(value, "item"):
        value = value.item()
    is_empty = value is None or (isinstance(value, float) and math.isnan(value))
    return None if is_empty or not isinstance(value, bool | int | float | str) else value


def workbook(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Give tables as a workbook, one sheet each, header frozen, texts as texts.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Such as the tables of the register's outcome.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        sheet.append([str(column) for column in table.columns])
        for row in table.itertuples(index=False):
            cells: list[Any] = []
            for value in map(_plain, row):
                cell = WriteOnlyCell(sheet, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # '=…' from a list is a text, never a formula
                cells.append(cell)
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
