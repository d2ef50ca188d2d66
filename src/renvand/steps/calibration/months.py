"""A plant month by month, each at rest: for what is measured of most plants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, FileError, PlantError, near
from renvand.plant import Influent, Plant
from renvand.plant.drawing import lever_value, levers
from renvand.process.model import Array
from renvand.steps.calibration.experiment import OF_INFLUENT
from renvand.steps.calibration.series import Series
from renvand.steps.inflow.fractions import characterise

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {"nh4_out_mg_l": "S_NH", "tn_out_mg_l": "TN"}  # of operation.csv, and what they measure
NEEDED = ("flow_m3_d", "temperature_c", "cod_in_mg_l", "nh4_in_mg_l", "tn_in_mg_l", "cod_out_mg_l")
FEWEST = 4  # months


@dataclass(frozen=True, kw_only=True)
class Months:
    """A plant at rest under the mean of each month.

    Not for plants whose sludge age is longer than a month, nor for what happens within a day.
    """

    plant: Plant
    inflows: tuple[Influent, ...]  # one row each
    measured: Series  # times count months
    findings: tuple[Fault, ...] = ()  # of the inflow's characterisation

    def until(self, last: float) -> Months:
        """Give the months before one."""
        kept = self.measured.times < last
        return replace(
            self,
            measured=self.measured.between(-np.inf, last),
            inflows=tuple(one for one, keep in zip(self.inflows, kept, strict=True) if keep),
        )

    def compared(self) -> Series:
        """Give the measurements that count: all."""
        return self.measured

    def start_of(self, name: str) -> float:
        """Give what a parameter is before it is calibrated; see :class:`Experiment`."""
        columns = self.inflows[0].columns
        if name.startswith(OF_INFLUENT) and name.removeprefix(OF_INFLUENT) in columns:
            return 1.0
        value = self.plant.model.values.get(name, lever_value(self.plant.drawing, name))
        if value is None:
            factors = [f"{OF_INFLUENT}{column}" for column in columns]
            known = (*self.plant.model.values, *levers(self.plant.drawing), *factors)
            where = f"plant '{self.plant.name}', parameter '{name}'"
            raise PlantError(Fault(where=where, what="is not there.", do=near(name, known)))
        return float(value)

    def simulate(self, values: Mapping[str, float]) -> dict[str, Array]:
        """Compute what was measured, month by month; see :class:`Experiment`."""
        factors = {n.removeprefix(OF_INFLUENT): v for n, v in values.items() if OF_INFLUENT in n}
        plant = self.plant.changed({n: v for n, v in values.items() if OF_INFLUENT not in n})
        found: dict[str, list[float]] = {name: [] for name in self.measured.columns}
        for inflow in self.inflows:
            rows = inflow.rows.copy()
            for column, factor in factors.items():
                rows[:, inflow.columns.index(column)] *= factor
            # from a plant newly filled: one that rests at another temperature would stay so warm
            state = plant.steady(replace(inflow, rows=rows))
            for name in found:
                place, _, what = name.partition(".")
                found[name].append(_value(plant, state.values[place], what))
        return {name: np.array(column) for name, column in found.items()}


def _value(plant: Plant, here: Mapping[str, float], what: str) -> float:
    if what in plant.model.components:
        return here[what]
    held = np.array([here[component] for component in plant.model.components])
    return float(plant.model.observables[what] @ held)


def months_of(operation: pd.DataFrame, plant: Plant, *, name: str) -> Months:
    """Make months at rest of a plant's ``operation.csv``.

    The inflow is characterised from COD, BOD5, NH4 and TN; months that lack one are left out, with
    a finding.

    Raises
    ------
    FileError
        When fewer than four months can be used.
    """
    import pandas as pd

    lacking = [c for c in (*NEEDED, *COLUMNS) if c not in operation]
    whole = operation if lacking else operation.dropna(subset=[*NEEDED, *COLUMNS])
    if lacking or len(whole) < FEWEST:
        what = f"lacks {', '.join(lacking)}." if lacking else f"has {len(whole)} whole months."
        do = f"Fill {', '.join((*NEEDED, *COLUMNS))} of at least {FEWEST} months."
        raise FileError(Fault(where=name, what=what, do=do))
    routine = pd.DataFrame(
        {
            "cod": whole["cod_in_mg_l"],
            "bod5": whole.get("bod_in_mg_l"),
            "nh4": whole["nh4_in_mg_l"],
            "tkn": whole["tn_in_mg_l"],
            "cod_effluent_soluble": whole["cod_out_mg_l"],
        }
    )
    parts = characterise(routine.astype(float), plant.model, name=name)
    columns = (*plant.model.components, "T", "Q")
    given = {**parts.components, "T": whole["temperature_c"], "Q": whole["flow_m3_d"]}
    rows = np.stack([np.asarray(given[c], dtype=float) for c in columns], axis=1)
    outlet = plant.drawing.outlets[0]
    measured = {f"{outlet}.{w}": whole[c].to_numpy(float) for c, w in COLUMNS.items()}
    dropped = [
        Fault(where=f"{name}, {month}", what="is not whole.", do="Fill its inflow and effluent.")
        for month in operation.loc[~operation.index.isin(whole.index), "month"]
    ]
    return Months(
        plant=plant,
        inflows=tuple(
            Influent(times=np.zeros(1), rows=row[None, :], columns=columns) for row in rows
        ),
        measured=Series(times=np.arange(len(whole), dtype=float), columns=measured),
        findings=(*dropped, *parts.findings),
    )
