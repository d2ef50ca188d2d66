"""A run as an xarray Dataset: a variable for each quantity, over time and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, PlantError, near

if TYPE_CHECKING:
    import xarray

    from renvand.plant.result import Result

UNITS = {"T": "°C", "Q": "m3/d", "kla": "1/d", "TSS": "g/m3", "V": "m3", "Q with lag": "m3/d"}


def labelled(
    result: Result, *, quantities: Sequence[str] | None, places: Sequence[str] | None
) -> xarray.Dataset:
    """Label a run; see :meth:`renvand.plant.result.Result.to_xarray`."""
    try:
        import xarray
    except ImportError:
        do = "Install it: pip install 'renvand[xarray]'."
        fault = Fault(where="to_xarray", what="xarray is not installed.", do=do)
        raise PlantError(fault) from None
    columns = _columns(result)
    known = {
        "quantity": dict.fromkeys(what for _, what in columns),
        "place": dict.fromkeys(place for place, _ in columns),
    }
    asked = {"quantity": quantities, "place": places}
    faults = [
        Fault(where=f"to_xarray, {kind} '{name}'", what="is not there.", do=near(name, known[kind]))
        for kind, names in asked.items()
        for name in names or ()
        if name not in known[kind]
    ]
    if faults:
        raise PlantError(faults)
    here = [*(known["place"] if places is None else places)]
    made: dict[str, xarray.DataArray] = {}
    for what in known["quantity"] if quantities is None else quantities:
        rows = [place for place in here if (place, what) in columns]
        values = np.stack([columns[place, what] for place in rows], axis=1) if rows else None
        if values is not None:
            made[what] = xarray.DataArray(
                values,
                dims=("t_d", "place"),
                coords={"t_d": result.times, "place": rows},
                attrs={"units": _unit(result, what)},
            )
    return xarray.Dataset(made, attrs={"plant": result.plant.name})


def _columns(result: Result) -> dict[tuple[str, str], np.ndarray]:
    """Give every column of a record by place and quantity, and those of the outlets."""
    plant, found = result.plant, dict[tuple[str, str], np.ndarray]()
    for i, (place, what) in enumerate(plant.plan.columns):
        if place == "pipe":
            found[plant.drawing.pipes[int(what)].path, "Q"] = result.record[:, i]
        else:
            found[place.removeprefix("stream "), what] = result.record[:, i]
    for outlet in plant.drawing.outlets:
        for what, values in result.stream(outlet).items():
            found[outlet, str(what)] = values.to_numpy()
    return found


def _unit(result: Result, what: str) -> str:
    page = result.plant.model.page
    units = {one.name: one.unit for one in (*page.observables, *page.components)}
    return units.get(what, UNITS.get(what, ""))
