"""The register for QGIS and Excel."""

import io
import json
import sqlite3
import struct

import numpy as np
import openpyxl
import pandas as pd
import pytest

from renvand.steps.register.export import geojson, geopackage, workbook

SITES = pd.DataFrame(
    {
        "id": ["a", "b"],
        "name_zh": ["璧山电镀厂", "=HYPERLINK(1)"],
        "longitude": [106.2, np.nan],
        "latitude": [29.5, np.nan],
        "exceedance": [1.5, np.nan],
        "rows": [3, 4],
        "is_willing": [True, False],
    }
)


@pytest.fixture
def package():
    book = sqlite3.connect(":memory:")
    book.deserialize(geopackage(SITES, as_of="2026-11-23"))
    yield book
    book.close()


def test_a_package_names_itself_and_its_layer(package):
    assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    layer = "SELECT table_name, data_type, srs_id, min_x, max_y FROM gpkg_contents"
    assert package.execute(layer).fetchall() == [("sites", "features", 4326, 106.2, 29.5)]
    assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_point_is_written_as_the_standard_says(package):
    """Header 'GP', version 0, little endian, reference system, then well-known binary."""
    (blob,) = package.execute("SELECT geom FROM sites WHERE id = 'a'").fetchone()
    assert struct.unpack("<2sBBiBIdd", blob) == (b"GP", 0, 1, 4326, 1, 1, 106.2, 29.5)


def test_a_site_without_position_has_no_geometry_and_is_there(package):
    row = package.execute("SELECT geom, exceedance, rows FROM sites WHERE id = 'b'").fetchone()
    assert row == (None, None, 4)


def test_the_same_register_gives_the_same_bytes():
    assert geopackage(SITES, as_of="2026-11-23") == geopackage(SITES, as_of="2026-11-23")


def test_geojson_holds_the_points_only():
    page = json.loads(geojson(SITES))
    assert [f["geometry"]["coordinates"] for f in page["features"]] == [[106.2, 29.5]]


def test_a_workbook_has_a_sheet_for_each_table_and_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(workbook({"enterprises": SITES})))
    sheet = book["enterprises"]
    assert [cell.value for cell in sheet[1]] == list(SITES.columns)
    assert sheet["B3"].value == "=HYPERLINK(1)"
    assert sheet["B3"].data_type == "s"
    assert sheet["E3"].value is None
