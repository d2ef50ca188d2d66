"""Which lever moves what: derivatives of the steady state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from renvand.errors import Fault, PlantError, near
from renvand.plant.drawing import lever_value, levers
from renvand.plant.influent import Influent

if TYPE_CHECKING:
    import pandas as pd

    from renvand.plant.plant import Plant
    from renvand.plant.result import State

STEP = (
    1e-3  # of a lever: the error of central differences, its square, meets that of a rest at 1e-9
)


def sensitivities(
    plant: Plant,
    influent: Influent,
    names: Sequence[str],
    *,
    place: str = "effluent",
    step: float = STEP,
) -> pd.DataFrame:
    """Find how the steady state answers to levers and parameters.

    Each is moved a little to both sides and the plant brought to rest again, controllers and sludge
    line included. Not for a lever near a bound or a switch: there is no derivative.

    Parameters
    ----------
    plant : Plant
        As drawn.
    influent : Influent
        What comes; its flow-weighted mean is used.
    names : sequence of str
        Levers and parameters, as for :meth:`Plant.changed`.
    place : str
        Whose quantities: a tank, an outlet, 'digester', 'gas'.
    step : float
        How far each is moved, relative to itself.

    Returns
    -------
    DataFrame
        A row for each name, a column for each quantity of the place: percent by which the quantity
        changes when the lever changes by one percent. Quantities that are 0 are left out.

    Raises
    ------
    PlantError
        When a name or the place is not known, or a lever is 0: nothing is relative to it.
    """
    import pandas as pd

    values = _values(plant, names)
    rest = plant.steady(influent)
    known = rest.values
    if place not in known:
        fault = Fault(where=f"plant '{plant.name}'", what=f"no '{place}'.", do=near(place, known))
        raise PlantError(fault)
    here = {name: value for name, value in known[place].items() if abs(value) > 0}
    rows: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        below, above = (
            _moved(plant, influent, {name: value * (1.0 + side * step)}, start=rest).values[place]
            for side in (-1, 1)
        )
        rows[name] = {q: (above[q] - below[q]) / (2.0 * step * now) for q, now in here.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def _moved(plant: Plant, influent: Influent, change: dict[str, float], *, start: State) -> State:
    return plant.changed(change).steady(influent, start=start)


def _values(plant: Plant, names: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    faults: list[Fault] = []
    for name in names:
        value = plant.model.values.get(name, lever_value(plant.drawing, name))
        where = f"plant '{plant.name}', lever '{name}'"
        if value is None:
            do = near(name, (*levers(plant.drawing), *plant.model.values))
            faults.append(Fault(where=where, what="is not there.", do=do))
        elif value == 0:
            do = "Give it a value first, with changed()."
            faults.append(Fault(where=where, what="is 0: nothing is relative to it.", do=do))
        else:
            found[name] = float(value)
    if faults:
        raise PlantError(faults)
    return found
