"""Bring all concentrations of a case to one size, so that solvers see well-scaled numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from renvand.waternet.case import Amounts, WaterCase
from renvand.waternet.superstructure import dirtiest

_SIZE = 100.0  # what the dirtiest water of each contaminant becomes


def scales(case: WaterCase) -> dict[str, float]:
    """Give for each contaminant what its concentrations are divided by."""
    return {k: (dirtiest(case, k) or _SIZE) / _SIZE for k in case.contaminants}


def scaled(case: WaterCase, by: Mapping[str, float]) -> WaterCase:
    """Give the same case with concentrations and loads divided by ``by``."""

    def less(amounts: Amounts) -> dict[str, float]:
        return {k: v / by[k] for k, v in amounts.items() if k in by}

    def maybe(amounts: Amounts | None) -> dict[str, float] | None:
        return None if amounts is None else less(amounts)

    return replace(
        case,
        fresh=tuple(replace(f, quality=less(f.quality)) for f in case.fresh),
        operations=tuple(
            replace(o, load=less(o.load), inlet=less(o.inlet), outlet=maybe(o.outlet))
            for o in case.operations
        ),
        sources=tuple(replace(s, quality=less(s.quality)) for s in case.sources),
        sinks=tuple(replace(s, worst=less(s.worst)) for s in case.sinks),
        treatments=tuple(
            replace(t, outlet=less(t.outlet), inlet=less(t.inlet)) for t in case.treatments
        ),
        limit=maybe(case.limit),
        limit_load=maybe(case.limit_load),
    )
