"""Shapes and coordinates of maps."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renvand.errors import FileError
from renvand.knowledge import geo


def test_a_known_point_of_beijing():
    """The pair that other implementations of the public algorithm print in their manuals."""
    assert geo.wgs84_to_gcj02(116.404, 39.915) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-12
    )


@given(st.floats(74, 135), st.floats(4, 53))
def test_there_and_back_is_the_same_point(longitude, latitude):
    """To a millimetre, anywhere in the box."""
    back = geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(longitude, latitude))
    assert back == pytest.approx((longitude, latitude), abs=1e-8)


def test_denmark_is_not_moved():
    """Outside China both are the same."""
    assert geo.gcj02_to_wgs84(12.57, 55.68) == (12.57, 55.68)
    assert geo.wgs84_to_gcj02(12.57, 55.68) == (12.57, 55.68)


def test_the_districts_of_chongqing_are_complete_and_small():
    """38 districts, in sum the official area within a few parts in a thousand."""
    shapes = geo.outline("chongqing")["features"]
    assert len(shapes) == 38
    assert all(f["properties"]["name_zh"] for f in shapes)
    area = sum(ring_area(f["geometry"]) for f in shapes)
    assert area == pytest.approx(82_402, rel=5e-3)
    assert len(json.dumps(geo.outline("chongqing"), ensure_ascii=False)) < 230_000


def ring_area(geometry):
    polygons = geometry["coordinates"]
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    total = 0.0
    for ring in (ring for polygon in polygons for ring in polygon):
        y = math.radians(sum(p[1] for p in ring) / len(ring))
        twice = sum(
            a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
        )
        total += twice / 2 * 111.195**2 * math.cos(y)
    return total


def test_the_great_rivers_have_names():
    """In two scripts."""
    names = {f["properties"]["name_zh"] for f in geo.rivers("chongqing")["features"]}
    assert {"长江", "嘉陵江", "乌江"} <= names


def test_a_case_brings_its_own_outlines(tmp_path):
    """Before those that are shipped; a region of nobody has none."""
    assert geo.outline("nowhere") is None
    shapes = {"type": "FeatureCollection", "features": [{"geometry": {"coordinates": []}}]}
    (tmp_path / "divisions.geojson").write_text(json.dumps(shapes))
    assert geo.outline("chongqing", folder=tmp_path) == shapes
    (tmp_path / "rivers.geojson").write_text("{}")
    with pytest.raises(FileError) as caught:
        geo.rivers("chongqing", folder=tmp_path)
    assert str(caught.value) == (
        "rivers.geojson: is no GeoJSON with shapes. "
        "Export a FeatureCollection with a geometry in every feature, in WGS-84."
    )
