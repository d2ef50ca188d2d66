"""The register as GeoJSON, for the map and for QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renvand.steps.case import records

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = (
    *("id", "name_zh", "name_en", "sector_code", "sector", "division", "rank"),
    *("probability_first", "equal_standard_m3_a", "exceedance", "position_quality", "basis"),
)


def as_geojson(sites: pd.DataFrame) -> dict[str, Any]:
    """Give every site with a position as a point, in WGS-84.

    References
    ----------
    rfc7946
    """
    import pandas as pd

    points = sites[sites["longitude"].notna() & sites["latitude"].notna()]
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {
                name: None if pd.isna(row[name]) else row[name] for name in _SHOWN if name in row
            },
        }
        for row in records(points)
    ]
    return {"type": "FeatureCollection", "features": features}
