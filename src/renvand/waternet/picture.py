"""Composite curves: the pinch as a picture people learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.waternet.case import WaterCase
from renvand.waternet.target import Side, Target, sides

if TYPE_CHECKING:
    import pandas as pd


def composite_curves(case: WaterCase, target: Target) -> pd.DataFrame:
    """Give the sink and the source composite, with the fresh water in front of the sources.

    Load is drawn over flow, cleanest water first. The source curve lies right of the sink curve
    and touches it at the pinch; what the sources reach beyond the sinks is waste.

    Parameters
    ----------
    case : WaterCase
        One contaminant.
    target : Target
        Its target.

    Returns
    -------
    DataFrame
        Columns curve ('sinks', 'sources'), name, flow and load at the end of each piece, the
        concentration of the piece [ppm].

    References
    ----------
    elhalwagi2003
    """
    import pandas as pd

    (k,) = case.contaminants
    sinks, sources = sides(case)
    fresh = [
        Side(name=f.name, flow=target.fresh_by_source[f.name], concentration=f.quality[k])
        for f in case.fresh
    ]
    parts: list[pd.DataFrame] = []
    for curve, pieces in (("sinks", sinks), ("sources", [*fresh, *sources])):
        ordered = sorted(pieces, key=lambda piece: piece.concentration)
        flows = np.array([piece.flow for piece in ordered])
        levels = np.array([piece.concentration for piece in ordered])
        parts.append(
            pd.DataFrame(
                {
                    "curve": curve,
                    "name": ["", *(piece.name for piece in ordered)],
                    "flow": np.concatenate([[0.0], np.cumsum(flows)]),
                    "load": np.concatenate([[0.0], np.cumsum(flows * levels)]) / case.load_factor,
                    "concentration_ppm": np.concatenate([[np.nan], levels]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
