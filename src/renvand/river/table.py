"""A table of reaches made into a network, with every fault named at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.river.network import Network, connect, connect_split

if TYPE_CHECKING:
    import pandas as pd

SHARES_ADD_UP = 1e-6  # how far the shares of a parting river may be from one


def network(reaches: pd.DataFrame, splits: pd.DataFrame | None = None) -> Network:
    """Make a network of a table of reaches, with every fault named at once.

    Parameters
    ----------
    reaches : DataFrame
        Columns ``id``, ``downstream`` (empty where the water leaves), ``length_km``,
        ``flow_mean_m3_s``; ``flow_low_m3_s``, ``width_m`` and ``depth_m`` where known.
    splits : DataFrame, optional
        Where a river parts: ``reach``, ``downstream``, ``share``; it replaces the column
        ``downstream`` of that reach.

    Returns
    -------
    Network
        In topological order.

    Raises
    ------
    FileError
        Circles, reaches that flow nowhere, ids that stand twice, flows, lengths, widths or
        depths that are not positive, shares that do not add up to one.
    """
    ids = [str(i) for i in reaches["id"]]
    rows = {name: i for i, name in enumerate(ids)}
    below = [str(d) or None for d in reaches["downstream"].fillna("")]
    faults = [*_value_faults(reaches, ids), *_name_faults(ids, below, rows)]
    if splits is not None and len(splits):
        faults += _split_faults(splits, rows)
    if faults:
        raise FileError(faults)
    if splits is None or not len(splits):
        return connect([-1 if d is None else rows[d] for d in below], ids=ids)
    edges = {(i, rows[d]): 1.0 for i, d in enumerate(below) if d is not None}
    parting = set(splits["reach"])
    edges = {pair: 1.0 for pair in edges if ids[pair[0]] not in parting}
    for reach, downstream, share in zip(
        splits["reach"], splits["downstream"], splits["share"], strict=True
    ):
        edges[rows[reach], rows[downstream]] = float(share)
    return connect_split(edges, ids=ids)


def _name_faults(ids: list[str], below: list[str | None], rows: dict[str, int]) -> list[Fault]:
    faults = [
        Fault(where=f"reaches.csv, reach '{name}'", what="stands twice.", do="Keep one.")
        for i, name in enumerate(ids)
        if rows[name] != i
    ]
    for name, downstream in zip(ids, below, strict=True):
        if downstream is not None and downstream not in rows:
            faults.append(
                Fault(
                    where=f"reaches.csv, reach '{name}', downstream",
                    what=f"flows into '{downstream}', which is not in the table.",
                    do=near(downstream, rows) + " Leave it empty where the water leaves.",
                )
            )
    return faults


_POSITIVE = {
    "length_km": "km",
    "width_m": "m",
    "depth_m": "m",
    "flow_mean_m3_s": "m³/s",
    "flow_low_m3_s": "m³/s",
}


def _value_faults(reaches: pd.DataFrame, ids: list[str]) -> list[Fault]:
    faults: list[Fault] = []
    for column, unit in _POSITIVE.items():
        if column not in reaches:
            continue
        values = np.asarray(reaches[column], dtype=np.float64)
        may_be_empty = column in ("width_m", "depth_m")
        for i in np.flatnonzero(~(values > 0)):
            if may_be_empty and np.isnan(values[i]):
                continue
            what = "is empty." if np.isnan(values[i]) else f"is {values[i]:g} {unit}."
            do = "Give a number above 0" + (
                "; a dry reach is left out and its neighbours joined."
                if column.startswith("flow")
                else "."
            )
            faults.append(Fault(where=f"reaches.csv, reach '{ids[i]}', {column}", what=what, do=do))
    if {"flow_mean_m3_s", "flow_low_m3_s"} <= set(reaches.columns):
        mean, low = (np.asarray(reaches[f"flow_{k}_m3_s"], dtype=float) for k in ("mean", "low"))
        for i in np.flatnonzero(low > mean):
            what = f"low flow {low[i]:g} m³/s is above the mean of {mean[i]:g}."
            faults.append(
                Fault(where=f"reaches.csv, reach '{ids[i]}'", what=what, do="Check the two.")
            )
    return faults


def _split_faults(splits: pd.DataFrame, rows: dict[str, int]) -> list[Fault]:
    faults: list[Fault] = []
    for column in ("reach", "downstream"):
        for name in sorted(set(splits[column]) - set(rows)):
            what = f"'{name}' is not in reaches.csv."
            faults.append(Fault(where=f"splits.csv, {column}", what=what, do=near(name, rows)))
    for name, parts in splits.groupby("reach"):
        total = float(parts["share"].sum())
        if abs(total - 1) > SHARES_ADD_UP or (parts["share"] <= 0).any():
            what = f"shares add up to {total:g}."
            faults.append(
                Fault(
                    where=f"splits.csv, reach '{name}'",
                    what=what,
                    do="Give positive shares that add up to 1.",
                )
            )
    return faults


HYDRORIVERS = {
    "HYRIV_ID": "id",
    "NEXT_DOWN": "downstream",
    "LENGTH_KM": "length_km",
    "DIS_AV_CMS": "flow_mean_m3_s",
}
NEEDED = ("id", "downstream", "length_km", "flow_mean_m3_s")


def as_reaches(table: pd.DataFrame, *, file: str) -> pd.DataFrame:
    """Take a table of reaches in our columns, or in those of HydroRIVERS.

    Parameters
    ----------
    table : DataFrame
        As it was read.
    file : str
        Where it came from, for the message.

    Raises
    ------
    FileError
        When columns are lacking.
    """
    if "HYRIV_ID" in table:
        return from_hydrorivers(table, file=file)
    missing = [name for name in NEEDED if name not in table]
    if missing:
        do = f"Name so the columns that hold them, out of {', '.join(map(str, table))}."
        raise FileError(Fault(where=file, what=f"lacks {', '.join(missing)}.", do=do))
    return table.assign(id=table["id"].astype(str))


def from_hydrorivers(table: pd.DataFrame, *, file: str = "HydroRIVERS table") -> pd.DataFrame:
    """Read a table of HydroRIVERS into the columns of :func:`network`.

    Parameters
    ----------
    table : DataFrame
        Columns ``HYRIV_ID``, ``NEXT_DOWN`` (0, or a reach outside the table, where the water
        leaves), ``LENGTH_KM``, ``DIS_AV_CMS``; ``UPLAND_SKM`` where given. It holds no low flow,
        so neither does the result.
    file : str
        Where it came from, for the message.

    References
    ----------
    lehner2013
    """
    import pandas as pd

    missing = [name for name in HYDRORIVERS if name not in table]
    if missing:
        what = f"lacks {', '.join(missing)}."
        raise FileError(Fault(where=file, what=what, do="Export these columns."))
    ids = table["HYRIV_ID"].astype("int64")
    below = table["NEXT_DOWN"].astype("int64")
    inside = below.isin(set(ids))
    columns: dict[str, object] = {
        "id": ids.astype(str).to_numpy(),
        "downstream": [str(d) if here else None for d, here in zip(below, inside, strict=True)],
        "length_km": table["LENGTH_KM"].to_numpy(dtype=float),
        "flow_mean_m3_s": table["DIS_AV_CMS"].to_numpy(dtype=float),
    }
    if "UPLAND_SKM" in table:
        columns["catchment_km2"] = table["UPLAND_SKM"].to_numpy(dtype=float)
    return pd.DataFrame(columns)
