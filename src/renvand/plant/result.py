"""What a computation gives back: a state that can be saved, and a run with its frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError
from renvand.plant.layout import LANES, Record
from renvand.process.digester import GASES
from renvand.process.model import Array

if TYPE_CHECKING:
    import pandas as pd
    import xarray

    from renvand.plant.course import Course
    from renvand.plant.plant import Plant


@dataclass(frozen=True, kw_only=True, eq=False)
class State:
    """Everything a plant remembers at one moment."""

    plant: Plant
    y: Array  # in the kernels' own order
    memory: Array  # sensors and controllers
    kla: Array
    pumps: Array
    record: Array  # one row of a run's record
    residual: float = np.nan  # largest change relative to its size, of a steady state  [1/d]
    gap: float = 0.0  # largest change of what a digester gives back, relative to its size
    steps: int = 0
    rhs: int = 0
    seconds: float = 0.0

    def __repr__(self) -> str:
        rest = f"at rest to {self.residual:.1g} 1/d" if np.isfinite(self.residual) else "moving"
        return f"<State of '{self.plant.name}': {rest}>"

    @cached_property
    def values(self) -> dict[str, dict[str, float]]:
        """Give place → quantity → value: tanks, settler layers, streams, outlets."""
        found: dict[str, dict[str, float]] = {}
        for (place, what), value in zip(self.plant.plan.columns, self.record, strict=True):
            if place != "pipe":
                found.setdefault(place.removeprefix("stream "), {})[what] = float(value)
        for outlet in self.plant.drawing.outlets:
            found[outlet] = outlet_values(self.plant, self.record[None, :], outlet)
        found |= gas_values(self.plant, found)
        solids = self.plant.model.observables["TSS"]
        for row in found.values():
            if "TSS" not in row and "T" in row and "pH" not in row:
                row["TSS"] = float(solids @ [row[c] for c in self.plant.model.components])
        return found

    @cached_property
    def held(self) -> dict[str, Array]:
        """What each tank and settler holds of every component, arrays (component,). [g]"""
        from renvand.plant.balance import held

        return held(self)

    def save(self, path: str | Path) -> None:
        """Write the state to a file of numpy's own."""
        np.savez(
            Path(path), y=self.y, memory=self.memory, kla=self.kla, pumps=self.pumps,
            record=self.record,
            columns=np.array([f"{place}|{what}" for place, what in self.plant.plan.columns]),
        )  # fmt: skip


def read_state(path: str | Path, plant: Plant) -> State:
    """Read a state that :meth:`State.save` wrote.

    Raises
    ------
    FileError
        When it is not one, or belongs to a plant with other units or another model.
    """
    name = Path(path).name
    try:
        with np.load(Path(path), allow_pickle=False) as file:
            saved = {key: file[key] for key in ("y", "memory", "kla", "pumps", "record", "columns")}
    except (OSError, ValueError, KeyError) as error:
        do = "Give a file that State.save wrote."
        raise FileError(Fault(where=name, what="is not a saved state.", do=do)) from error
    columns = [f"{place}|{what}" for place, what in plant.plan.columns]
    if list(saved.pop("columns")) != columns or saved["y"].shape != (plant.plan.n_states,):
        what = f"belongs to another plant than '{plant.name}'."
        raise FileError(Fault(where=name, what=what, do="Compute the state anew."))
    return State(plant=plant, **saved)


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """A run: one row of every state, stream and flow at every moment asked for."""

    plant: Plant
    course: Course
    record: Record  # (row, column), in single precision: half the memory of a year
    state: State  # at the end
    net: Array  # (row of the meter,): entered less left, over the run  [g]
    before: State
    evaluate_from: float
    steps: int
    rhs: int
    seconds: float

    def __repr__(self) -> str:
        days = f"day {self.times[0]:g} to {self.times[-1]:g}, {len(self.times)} records"
        observed = (f"{name} {self.effluent[name]:.4g}" for name in self.plant.model.observables)
        outlet = self.plant.drawing.outlets[0]
        return f"<Result of '{self.plant.name}', {days}; {outlet}: {', '.join(observed)}>"

    @property
    def times(self) -> Array:
        """When it was recorded, array (row,). [d]"""
        return self.course.records

    @property
    def influent(self) -> Array:
        """What came at each record, array (row, component + temperature + flow)."""
        return self.course.comes

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All states, streams and flows: rows are days, columns (place, quantity)."""
        import pandas as pd

        columns = [
            (self.plant.drawing.pipes[int(what)].path, "Q") if place == "pipe" else (place, what)
            for place, what in self.plant.plan.columns
        ]
        index = pd.MultiIndex.from_tuples(columns, names=("place", "quantity"))
        return pd.DataFrame(self.record, index=pd.Index(self.times, name="t_d"), columns=index)

    def stream(self, outlet: str) -> pd.DataFrame:
        """What leaves at an outlet ('effluent'): components, T, observables and Q over time."""
        import pandas as pd

        concentrations, flow = outlet_series(self.plant, self.record, outlet)
        columns = dict(zip(self.plant.plan.rows, concentrations.T, strict=True))
        for name, weights in self.plant.model.observables.items():
            columns[name] = concentrations[:, :-1] @ weights
        return pd.DataFrame({**columns, "Q": flow}, index=pd.Index(self.times, name="t_d"))

    def to_xarray(
        self, *, quantities: Sequence[str] | None = None, places: Sequence[str] | None = None
    ) -> xarray.Dataset:
        """Give states, streams, outlets and flows as an xarray Dataset.

        Parameters
        ----------
        quantities, places : sequence of str, optional
            Of which ('S_NH', 'kla', 'Q'; 'aerobic_3', 'effluent'); all when left out.

        Returns
        -------
        Dataset
            A variable (t_d, place) with its unit for each quantity, NaN where a place has none.

        Raises
        ------
        PlantError
            When a quantity or place is not known, or xarray is not installed.
        """
        from renvand.plant.labelled import labelled

        return labelled(self, quantities=quantities, places=places)

    @cached_property
    def effluent(self) -> dict[str, float]:
        """Flow-weighted means of the first outlet since ``evaluate_from``."""
        from renvand.plant.performance import means

        return means(self, self.plant.drawing.outlets[0])

    @cached_property
    def observed(self) -> dict[str, Array]:
        """Observables of the first outlet since ``evaluate_from``, arrays (row,)."""
        from renvand.plant.performance import observed

        return observed(self, self.plant.drawing.outlets[0])

    @cached_property
    def performance(self) -> dict[str, float]:
        """Indices of the benchmark since ``evaluate_from``.

        Pollution of effluent EQI and influent IQI [kg/d], electricity of aeration AE, pumps PE and
        mixers ME [kWh/d], sludge SP [kg/d], carbon EC [kgCOD/d], and cost OCI, their weighted sum.
        EQI and IQI are NaN for a model without TSS, COD, TKN, NOx and BOD5 to observe.
        """
        from renvand.plant.performance import performance

        return performance(self)

    @cached_property
    def violations(self) -> dict[str, dict[str, float]]:
        """How long and how often each limit is exceeded, with largest value and 95-percentile."""
        from renvand.plant.performance import violations

        return violations(self)

    @cached_property
    def balance(self) -> Mapping[str, float]:
        """What is missing of COD, N, … as share of what came in, over the whole run."""
        from renvand.plant.balance import balance

        return balance(self)

    @cached_property
    def balances(self) -> dict[str, dict[str, dict[str, float]]]:
        """COD, N, … around every unit and the plant; see :func:`renvand.plant.balance.balances`."""
        from renvand.plant.balance import balances

        return balances(self)


def stream_columns(plant: Plant) -> slice:
    """Say where the streams stand in a record."""
    first = plant.plan.n_active + len(plant.drawing.pipes)
    return slice(first, first + len(plant.plan.streams) * len(plant.plan.rows))


def gas_values(plant: Plant, places: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Give what a digester's gas is, and its pH, from what is inside."""
    from renvand.plant.digesting import digester_of

    digester = digester_of(plant.drawing)
    if digester is None:
        return {}
    (name,) = plant.drawing.digesters
    inside = places[f"{name}, inside"]
    names = (*digester.components, *(f"gas {name}" for name in GASES))
    held = np.array([inside[row] for row in names])
    gas, ions = digester.gas(held), digester.ions(held)
    found = {
        "p_H2": gas.p[0], "p_CH4": gas.p[1], "p_CO2": gas.p[2], "P": gas.pressure, "Q": gas.flow,
        "CH4_kg_d": gas.methane, "H2_kg_d": gas.hydrogen, "CO2_kg_d": gas.carbon_dioxide,
    }  # fmt: skip
    return {
        f"{name}, inside": {**inside, "pH": ions.pH},
        f"{name}, gas": {what: float(value) for what, value in found.items()},
    }


def tank_series(plant: Plant, record: Record, tank: str) -> Array:
    """Give what a tank holds, array (row, component + temperature)."""
    places = plant.plan.starts[tank] + LANES * np.arange(len(plant.plan.rows))
    return _wide(record[:, np.searchsorted(plant.plan.active, places)])


def source_series(plant: Plant, record: Record, source: str, outlet: str) -> Array:
    """Give what leaves a source, array (row, component + temperature)."""
    plan, n = plant.plan, len(plant.plan.rows)
    name = plan.stream(source, outlet)
    if name not in plan.streams:
        return tank_series(plant, record, source)
    first = stream_columns(plant).start + plan.streams.index(name) * n
    return _wide(record[:, first : first + n])


def volume_series(plant: Plant, record: Record) -> Array:
    """Give what tanks hold, array (row, tank): as drawn, but where the level moves. [m³]"""
    drawn = [plant.drawing.tanks[name].volume for name in plant.plan.tanks]
    volumes = np.tile(np.array(drawn), (len(record), 1))
    for k, name in enumerate(plant.plan.tanks):
        if name in plant.plan.volumes:
            volumes[:, k] = record[:, plant.plan.volumes[name]]
    return volumes


def _wide(record: Record) -> Array:
    """In double precision; dual numbers stay what they are."""
    return record.astype(np.result_type(record.dtype, np.float64))


def outlet_series(plant: Plant, record: Record, outlet: str) -> tuple[Array, Array]:
    """Mix all pipes that end at an outlet: arrays (row, component + temperature) and (row,)."""
    first = plant.plan.n_active
    wide = np.result_type(record.dtype, np.float64)
    mass = np.zeros((len(record), len(plant.plan.rows)), dtype=wide)
    whole = np.zeros(len(record), dtype=wide)
    for i, pipe in enumerate(plant.drawing.pipes):
        if pipe.target == outlet:
            flow = _wide(record[:, first + i])
            mass += flow[:, None] * source_series(plant, record, pipe.source, pipe.outlet)
            whole += flow
    runs = np.real(whole)[:, None] > 0
    return np.divide(mass, whole[:, None], out=np.zeros_like(mass), where=runs), whole


def outlet_values(plant: Plant, record: Record, outlet: str) -> dict[str, float]:
    """Give one moment of an outlet, with its flow."""
    concentrations, flow = outlet_series(plant, record, outlet)
    values = dict(zip(plant.plan.rows, map(float, concentrations[0]), strict=True))
    return {**values, "Q": float(flow[0])}
