"""Reaches from a file of maps: GeoPackage, shapefile, GeoJSON, or a plain CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from renvand.errors import Fault, FileError, near
from renvand.river import as_reaches

if TYPE_CHECKING:
    import pandas as pd

WGS84 = ("EPSG:4326", "OGC:CRS84")
SPLITS = "splits"  # layer with reach, downstream, share
Lines = Mapping[str, npt.NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Reaches of a file, and how they run on the map."""

    reaches: pd.DataFrame  # columns of reaches.csv, as far as the file has them
    splits: pd.DataFrame | None  # where rivers part
    lines: Lines  # longitude and latitude of the vertices by reach; empty for a plain table


def read_layer(path: Path, *, layer: str = "") -> Layer:
    """Read reaches from a file.

    Parameters
    ----------
    path : Path
        GeoPackage, shapefile, file geodatabase or GeoJSON in WGS-84; or CSV. Columns are those
        of ``reaches.csv`` or of HydroRIVERS. A layer ``splits`` says where rivers part.
    layer : str
        Which one, where the file has several; left out, the first that is not ``splits``.

    Raises
    ------
    FileError
        No such file or layer, another coordinate system, columns that are lacking.
    """
    if not path.exists():
        raise FileError(Fault(where=str(path), what="is not there.", do="Check the path."))
    if path.suffix.lower() == ".csv":
        return Layer(reaches=as_reaches(_csv(path), file=path.name), splits=None, lines={})
    names = _layers(path)
    chosen = layer or next(name for name in names if name != SPLITS)
    if chosen not in names:
        what = f"has no layer '{chosen}'."
        raise FileError(Fault(where=path.name, what=what, do=near(chosen, names)))
    table, shapes = _read(path, chosen)
    reaches = as_reaches(table, file=path.name)
    splits = _read(path, SPLITS)[0] if SPLITS in names else None
    return Layer(reaches=_placed(reaches, shapes), splits=splits, lines=_lines(reaches, shapes))


def _csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    text = {"id": str, "downstream": str}
    try:
        return pd.read_csv(path, dtype=text, keep_default_na=True, encoding="utf-8")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        do = "Export it as CSV in UTF-8, with a header."
        raise FileError(Fault(where=path.name, what=f"cannot be read: {error}.", do=do)) from error


def _layers(path: Path) -> list[str]:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        do = "Give a GeoPackage, shapefile, GeoJSON or CSV."
        raise FileError(Fault(where=path.name, what="is no file of maps.", do=do)) from error
    if not [name for name in names if name != SPLITS]:
        raise FileError(Fault(where=path.name, what="holds no layer.", do="Export the reaches."))
    return names


def _read(path: Path, layer: str) -> tuple[pd.DataFrame, Any]:
    """Read a layer: its columns, and the shapes of its rows."""
    import pandas as pd
    import pyogrio.raw
    import shapely

    meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
    if meta["geometry_type"] and meta["crs"] not in (None, *WGS84):
        what = f"layer '{layer}' is in {meta['crs']}."
        do = "Convert it to EPSG:4326, longitude and latitude: ogr2ogr -t_srs EPSG:4326."
        raise FileError(Fault(where=path.name, what=what, do=do))
    table = pd.DataFrame(dict(zip(meta["fields"], columns, strict=True)))
    return table, None if shapes is None else shapely.from_wkb(shapes)


def _lines(reaches: pd.DataFrame, shapes: Any) -> Lines:
    import shapely

    if shapes is None:
        return {}
    drawn = zip(reaches["id"], shapes, strict=True)
    return {str(name): shapely.get_coordinates(shape) for name, shape in drawn if shape is not None}


def _placed(reaches: pd.DataFrame, shapes: Any) -> pd.DataFrame:
    """Give each reach the point at its head, where its line begins."""
    lines = _lines(reaches, shapes)
    empty = np.full((1, 2), np.nan)
    heads = np.array([lines.get(str(name), empty)[0] for name in reaches["id"]]).reshape(-1, 2)
    if not lines or {"longitude", "latitude"} <= set(reaches):
        return reaches
    return reaches.assign(longitude=heads[:, 0], latitude=heads[:, 1])
