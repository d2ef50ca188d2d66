"""Which lever moves what: derivatives of the steady state, relative to what they move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant.influent import Influent
from renvand.plant.slopes import quantities, rest_slopes

if TYPE_CHECKING:
    import pandas as pd

    from renvand.plant.plant import Plant


def sensitivities(
    plant: Plant, influent: Influent, names: Sequence[str], *, place: str = "effluent"
) -> pd.DataFrame:
    """Find how the steady state answers to levers and parameters.

    The derivatives are exact, controllers and sludge line included; see
    :func:`renvand.plant.slopes.rest_slopes`. Not for a lever at a bound or a switch: there is none.

    Parameters
    ----------
    plant : Plant
        As drawn.
    influent : Influent
        What comes; its flow-weighted mean is used.
    names : sequence of str
        Levers and parameters, as for :meth:`Plant.changed`.
    place : str
        Whose quantities: a tank, a stream, an outlet, 'digester, inside'.

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

    known = quantities(plant)
    if place not in known:
        fault = Fault(where=f"plant '{plant.name}'", what=f"no '{place}'.", do=near(place, known))
        raise PlantError(fault)
    whats = known[place]
    found = rest_slopes(plant, influent, names, outputs=[f"{place}.{what}" for what in whats])
    is_there = np.flatnonzero(found.values[0] != 0.0)
    return pd.DataFrame(
        found.elasticities[0, is_there].T,
        index=list(found.names),
        columns=[whats[i] for i in is_there],
    )
