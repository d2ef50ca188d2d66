"""Change numbers of a drawing by the names of its levers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from renvand.errors import Fault, PlantError, near
from renvand.plant.drawing.check import check
from renvand.plant.drawing.units import Drawing, Pipe


def changed(drawing: Drawing, changes: Mapping[str, float]) -> Drawing:
    """Give a drawing with some numbers changed.

    Parameters
    ----------
    drawing : Drawing
        The plant as it is.
    changes : mapping of str to float
        'UNIT.attribute' ('aerobic_3.kla', 'anoxic_1.volume'), a pump by name or path ('return
        sludge'), 'CONTROLLER.setpoint', or a parameter of the model ('mu_A').

    Raises
    ------
    PlantError
        When there is no such lever, or the new number is impossible.
    """
    made = drawing
    faults: list[Fault] = []
    for lever, value in changes.items():
        found = _pulled(made, lever, float(value))
        if found is None:
            where = f"plant '{drawing.name}', lever '{lever}'"
            faults.append(Fault(where=where, what="is not there.", do=near(lever, levers(drawing))))
        else:
            made = found
    faults.extend(check(made))
    if faults:
        raise PlantError(faults)
    return made


def levers(drawing: Drawing) -> tuple[str, ...]:
    """Name everything :func:`changed` can change, but model parameters."""
    tanks = [f"{n}.{what}" for n in drawing.tanks for what in ("volume", "kla", "saturation")]
    settlers = [
        f"{n}.{what}" for n in drawing.settlers for what in ("area", "height", "removal", "volume")
    ]
    pumps = [p.name or p.path for p in drawing.pipes if not p.is_gravity]
    loops = [f"{n}.{what}" for n, c in drawing.controllers.items() for what in c.levers]
    digesters = [f"{n}.{what}" for n in drawing.digesters for what in ("volume", "headspace")]
    delays = [f"{n}.volume" for n in drawing.delays]
    levels = [f"{n}.lowest" for n in drawing.stores]
    return (*tanks, *levels, *settlers, *pumps, *loops, *digesters, *delays)


def lever_value(drawing: Drawing, lever: str) -> float | None:
    """Give what a lever is drawn at; None when there is no such lever."""
    if lever not in levers(drawing):
        return None
    i = drawing.pipe(lever)
    if i >= 0:
        return getattr(drawing.pipes[i], _said(drawing.pipes[i]))
    unit, _, what = lever.partition(".")
    groups = (drawing.tanks, drawing.settlers, drawing.controllers, drawing.digesters)
    groups = (*groups, drawing.delays)
    return next((float(getattr(group[unit], what)) for group in groups if unit in group), None)


def _said(pipe: Pipe) -> str:
    """How a pipe says how much it takes."""
    return next(
        how for how in ("flow", "share", "solids", "above") if getattr(pipe, how) is not None
    )


def _pulled(drawing: Drawing, lever: str, value: float) -> Drawing | None:
    i = drawing.pipe(lever)
    if i >= 0:
        pipe = drawing.pipes[i]
        if pipe.is_gravity:
            return None
        new = replace(pipe, **{_said(pipe): value})
        return replace(drawing, pipes=(*drawing.pipes[:i], new, *drawing.pipes[i + 1 :]))
    unit, _, what = lever.partition(".")
    for group in ("tanks", "settlers", "controllers", "digesters", "delays"):
        table: Mapping[str, Any] = getattr(drawing, group)
        if unit in table and hasattr(table[unit], what) and what not in ("kind", "levers"):
            return replace(
                drawing, **{group: {**table, unit: replace(table[unit], **{what: value})}}
            )
    if not what and lever.isidentifier():
        return replace(drawing, parameters={**drawing.parameters, lever: value})
    return None
