"""Reaches from files of maps."""

import numpy as np
import pyogrio.raw
import pytest
import shapely

from renvand.errors import FileError
from renvand.river import snap
from renvand.steps.effect import network_of_file, read_layer

OURS = {
    "id": ["brook", "river"],
    "downstream": ["river", ""],
    "length_km": [10.0, 20.0],
    "flow_mean_m3_s": [2.0, 50.0],
}
LINES = [[(106.0, 29.0), (106.1, 29.0)], [(106.1, 29.0), (106.1, 29.2), (106.3, 29.2)]]


def write(path, columns, *, layer="reaches", crs="EPSG:4326", lines=LINES, append=False):
    """Write a layer as a user's program would."""
    shapes = None if lines is None else shapely.to_wkb([shapely.LineString(x) for x in lines])
    pyogrio.raw.write(
        path,
        shapes,
        field_data=[np.array(v) for v in columns.values()],
        fields=list(columns),
        layer=layer,
        geometry_type=None if lines is None else "LineString",
        crs=None if lines is None else crs,
        append=append,
    )
    return path


def message(path, **options):
    with pytest.raises(FileError) as caught:
        read_layer(path, **options)
    return str(caught.value)


def test_a_geopackage_of_reaches(tmp_path):
    """Columns, heads of the lines, and the lines themselves."""
    read = read_layer(write(tmp_path / "rivers.gpkg", OURS))
    assert list(read.reaches["id"]) == ["brook", "river"]
    assert list(read.reaches["longitude"]) == [106.0, 106.1]
    assert read.lines["river"].tolist() == [[106.1, 29.0], [106.1, 29.2], [106.3, 29.2]]
    table = network_of_file(tmp_path / "rivers.gpkg").tables["network"]
    assert list(table["id"]) == ["brook", "river"]


def test_a_layer_of_splits_parts_the_river(tmp_path):
    """A second layer without shapes."""
    ours = {k: [*v, v[1]] for k, v in OURS.items()} | {"id": ["a", "b", "c"]}
    ours["downstream"] = ["", "", ""]
    path = write(tmp_path / "rivers.gpkg", ours, lines=[*LINES, LINES[1]])
    splits = {"reach": ["a", "a"], "downstream": ["b", "c"], "share": [0.25, 0.75]}
    write(path, splits, layer="splits", lines=None, append=True)
    assert list(read_layer(path).splits["share"]) == [0.25, 0.75]
    assert network_of_file(path).tables["network"]["id"].iloc[0] == "a"


def test_hydrorivers_as_a_shapefile_cut_from_the_world(tmp_path):
    """A reach that flows out of the cut leaves the region; catchments come along."""
    columns = {
        "HYRIV_ID": [40000001, 40000002],
        "NEXT_DOWN": [40000002, 40000009],
        "LENGTH_KM": [3.1, 4.2],
        "DIS_AV_CMS": [1.5, 2.5],
        "UPLAND_SKM": [100.0, 180.0],
    }
    read = read_layer(write(tmp_path / "hydrorivers.shp", columns, layer="hydrorivers"))
    assert list(read.reaches["downstream"].fillna("leaves")) == ["40000002", "leaves"]
    assert list(read.reaches["catchment_km2"]) == [100.0, 180.0]
    assert "flow_low_m3_s" not in read.reaches
    assert len(network_of_file(tmp_path / "hydrorivers.shp").tables["network"]) == 2


def test_outlets_are_joined_to_the_lines_themselves(tmp_path):
    """Beside the bend of the river, far from any straight line between heads."""
    read = read_layer(write(tmp_path / "rivers.gpkg", OURS))
    outlets = read.reaches.iloc[:1].assign(id="o", longitude=106.12, latitude=29.19)
    found, faults = snap(outlets, read.reaches, lines=read.lines)
    assert found["reach"].tolist() == ["river"]
    assert found["distance_km"].iloc[0] == pytest.approx(1.1, abs=0.05)
    assert faults == ()


def test_a_catchment_tells_the_brook_from_the_river(tmp_path):
    """Where the discharge is not known, its catchment may be."""
    read = read_layer(write(tmp_path / "r.gpkg", OURS | {"catchment_km2": [80.0, 9000.0]}))
    outlets = read.reaches.iloc[:1].assign(
        id="o", longitude=106.1, latitude=29.01, catchment_km2=90.0
    )
    found, _ = snap(outlets, read.reaches, lines=read.lines)
    assert found["reach"].tolist() == ["brook"]
    assert found["size_factor"].iloc[0] == pytest.approx(9 / 8)


def test_a_plain_csv(tmp_path):
    """The same columns, no lines."""
    path = tmp_path / "r.csv"
    path.write_text("id,downstream,length_km,flow_mean_m3_s\n1,2,3,1\n2,,4,2\n", encoding="utf-8")
    assert read_layer(path).lines == {}
    assert list(network_of_file(path).tables["network"]["id"]) == ["1", "2"]


def test_what_is_wrong_with_a_file_is_said(tmp_path):
    """No file, no map, other coordinates, other columns, no such layer."""
    assert message(tmp_path / "no.gpkg") == f"{tmp_path / 'no.gpkg'}: is not there. Check the path."
    text = tmp_path / "text.gpkg"
    text.write_text("no map", encoding="utf-8")
    assert message(text) == (
        "text.gpkg: is no file of maps. Give a GeoPackage, shapefile, GeoJSON or CSV."
    )
    metres = write(tmp_path / "metres.gpkg", OURS, crs="EPSG:32648")
    assert message(metres) == (
        "metres.gpkg: layer 'reaches' is in EPSG:32648. "
        "Convert it to EPSG:4326, longitude and latitude: ogr2ogr -t_srs EPSG:4326."
    )
    named = write(tmp_path / "named.gpkg", {"name": ["a", "b"], "length_km": [1.0, 2.0]})
    assert message(named) == (
        "named.gpkg: lacks id, downstream, flow_mean_m3_s. "
        "Name so the columns that hold them, out of name, length_km."
    )
    assert message(named, layer="reachs") == (
        "named.gpkg: has no layer 'reachs'. Did you mean 'reaches'?"
    )
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    assert message(empty) == (
        "empty.csv: cannot be read: No columns to parse from file. "
        "Export it as CSV in UTF-8, with a header."
    )
