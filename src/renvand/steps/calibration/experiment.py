"""A plant, what came, what drove it and what was measured: simulated with given parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant import Influent, Plant, Result, State
from renvand.plant.control import Controller
from renvand.plant.drawing import Drawing, lever_value, levers
from renvand.plant.result import outlet_series, source_series
from renvand.process.model import Array
from renvand.steps.calibration.series import AIR, HOURS, Series
from renvand.steps.inflow.sewer import strength

# Oxygen transferred over oxygen that saturates, per volume of air: kla = transfer * air / volume.
# alpha 0.6 and SOTE 0.25 at 279 gO2/m³ of air and a saturation of 9.09 g/m³ (metcalf2014).
TRANSFER, TRANSFER_START = "transfer", 0.6 * 0.25 * 279.0 / 9.09
# A diffuser gives less of its oxygen the more air it gets: kla grows with a power of the air below
# 1; 0.8 to 0.9 for fine bubbles, not read in a source: confidence low.
EXPONENT, EXPONENT_START = "air_exponent", 1.0
AIR_START = {TRANSFER: TRANSFER_START, EXPONENT: EXPONENT_START}
OF_INFLUENT = "influent."  # 'influent.S_NH' is a factor on that column
# The load's own day, where only its mean is known: concentrations times 1 and waves of 24 and 12 h
DIURNAL = ("diurnal.cos_24h", "diurnal.sin_24h", "diurnal.cos_12h", "diurnal.sin_12h")
# Volume of sewage in the sewer; with it the inflow is that of dry weather, diluted by the flow
SEWER, SEWER_START = "sewer_m3", 0.3  # of a day's dry-weather flow, a guess: confidence low
KEPT = ("Q", "T", "S_O", "S_ALK", "S_I", "S_NO", "S_N2")  # columns without such a day
STEP_MIN = 15.0  # min between two settings of what drives the plant, and between two records
SEGMENT = 5.0  # d simulated with one list of settings: a look goes through the whole list
MINUTES = 1440.0  # min/d


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What is known of a plant over some time."""

    plant: Plant
    influent: Influent
    measured: Series
    driven: Series | None = None
    settle: float = 10.0  # d at the beginning that depend on where the run starts: not compared
    given: Mapping[str, float] = field(
        default_factory=dict[str, float]
    )  # parameters that stand in no drawing: factors on the inflow, transfer of air, the sewer
    top: Mapping[str, float] = field(default_factory=dict[str, float])  # where an instrument ends
    dry_flow: float = 0.0  # m³/d; above 0 the inflow is of dry weather, for the sewer to dilute
    tolerance: float = 1e-3  # of a step; differences between runs feel a coarser one

    @property
    def end(self) -> float:
        """When the last measurement is made, or the influent ends. [d]"""
        return float(min(self.measured.times[-1] + STEP_MIN / MINUTES, _end(self.influent)))

    def until(self, last: float) -> Experiment:
        """Give the part before a day."""
        return replace(self, measured=self.measured.between(-np.inf, last))

    def compared(self) -> Series:
        """Give the measurements that count: after the plant has settled."""
        return self.measured.between(float(self.influent.times[0]) + self.settle, self.end)

    def start_of(self, name: str) -> float:
        """Give what a parameter is before it is calibrated.

        Raises
        ------
        PlantError
            When there is no such parameter.
        """
        if name in self.given:
            return self.given[name]
        if name.startswith(OF_INFLUENT) and name.removeprefix(OF_INFLUENT) in self.influent.columns:
            return 1.0
        if name in DIURNAL:
            return 0.0
        if name == SEWER and self.dry_flow:
            return SEWER_START * self.dry_flow
        if name in self._of_air:
            return self._of_air[name]
        model = self.plant.model.values
        value = model.get(name, lever_value(self.plant.drawing, name))
        if value is None:
            factors = [f"{OF_INFLUENT}{column}" for column in self.influent.columns]
            known = (*model, *levers(self.plant.drawing), *factors, *DIURNAL, *self._of_air)
            where = f"plant '{self.plant.name}', parameter '{name}'"
            raise PlantError(Fault(where=where, what="is not there.", do=near(name, known)))
        return float(value)

    @property
    def _of_air(self) -> dict[str, float]:
        """Parameters of the air that drives tanks: one transfer for all, a factor of each."""
        driven = self.driven.columns if self.driven else {}
        tanks = [name.rpartition(".")[0] for name in driven if name.endswith(f".{AIR}")]
        return {**AIR_START, **{f"{TRANSFER}.{tank}": 1.0 for tank in tanks}} if tanks else {}

    def simulate(self, values: Mapping[str, float]) -> dict[str, Array]:
        """Compute what was measured, at the times it was measured.

        Parameters
        ----------
        values : mapping of str to float
            Parameters of the model, levers, 'influent.COLUMN' as a factor, 'transfer' of air.

        Returns
        -------
        dict of str to array (row,)
            For every column of `compared`. [its unit]

        Raises
        ------
        SolveError
            When the plant blows up with these.
        """
        values = {**self.given, **values}
        plant, influent = self._with(values)
        begin, end = float(influent.times[0]), self.end
        state = self._begun(plant, influent)
        seen = self.compared()
        found: dict[str, list[Array]] = {name: [] for name in seen.columns}
        times: list[Array] = []
        length = SEGMENT if self.driven is not None else end - begin
        first = begin
        while first < end - 1e-9:
            last = min(first + length, end)
            driver = self._driven_plant(plant, values, first, last)
            result = driver.simulate(
                _piece(influent, first, last),
                days=last - first,
                start=state,
                output_min=STEP_MIN,
                tolerance=self.tolerance,
            )
            state, first = result.state, last
            times.append(result.times)
            for name in found:
                found[name].append(quantity(result, name))
        when = np.concatenate(times)
        return {
            name: np.minimum(
                np.interp(seen.times, when, np.concatenate(found[name])),
                self.top.get(name, np.inf),
            )
            for name in found
        }

    def _with(self, values: Mapping[str, float]) -> tuple[Plant, Influent]:
        rows = self.influent.rows.copy()
        inner: dict[str, float] = {}
        for name, value in values.items():
            if name.startswith(OF_INFLUENT):
                rows[:, self.influent.columns.index(name.removeprefix(OF_INFLUENT))] *= value
            elif name not in self._of_air and name not in (SEWER, *DIURNAL):
                inner[name] = value
        day = day_of(self.influent.times, [values.get(name, 0.0) for name in DIURNAL])
        moving = [i for i, column in enumerate(self.influent.columns) if column not in KEPT]
        rows[:, moving] *= day[:, None]
        if self.dry_flow:
            share = strength(
                self.influent.times,
                rows[:, -1],
                dry_flow=self.dry_flow,
                volume=values.get(SEWER, SEWER_START * self.dry_flow),
            )
            rows[:, :-2] *= share[:, None]
        plant = self.plant.changed(inner) if inner else self.plant
        return self._at_rest(plant, values), replace(self.influent, rows=rows)

    def _at_rest(self, plant: Plant, values: Mapping[str, float]) -> Plant:
        """The plant with what drives it at its mean while it settles."""
        if self.driven is None:
            return plant
        begin = float(self.influent.times[0])
        early = self.driven.between(begin, begin + max(self.settle, 1.0))
        changes: dict[str, float] = {}
        for name, column in early.columns.items():
            lever, set_to = self._lever(plant.drawing, name, values, at=column)
            changes[lever] = float(set_to.mean())
        return plant.changed(changes)

    def _lever(
        self, drawing: Drawing, column: str, values: Mapping[str, float], *, at: Array
    ) -> tuple[str, Array]:
        """Say which lever a column drives, and what it is set to where the column is `at`."""
        tank, _, what = column.rpartition(".")
        if what != AIR or self.driven is None:
            return column, at
        given = {**AIR_START, **values}
        usual = float(self.driven.columns[column].mean())
        own = given.get(f"{TRANSFER}.{tank}", 1.0)
        kla = own * given[TRANSFER] * HOURS * usual / drawing.tanks[tank].volume
        return f"{tank}.kla", kla * (at / usual) ** given[EXPONENT]

    def _begun(self, plant: Plant, influent: Influent) -> State:
        """Where the run begins: at rest under the mean of the time in which the plant settles."""
        begin = float(influent.times[0])
        early = influent.times <= begin + max(self.settle, 1.0)
        mean = Influent(
            times=influent.times[early], rows=influent.rows[early], columns=influent.columns
        )
        return plant.steady(mean.mean)

    def _driven_plant(
        self, plant: Plant, values: Mapping[str, float], first: float, last: float
    ) -> Plant:
        if self.driven is None:
            return plant
        days = np.arange(first, last, STEP_MIN / MINUTES)
        schedules: dict[str, Controller] = {}
        for name, column in self.driven.columns.items():
            now = np.interp(days, self.driven.times, column)
            lever, set_to = self._lever(plant.drawing, name, values, at=now)
            schedules[f"driven {name}"] = Controller(
                kind="schedule",
                acts_on={lever: 1.0},
                days=tuple(days.tolist()),
                values=tuple(set_to.tolist()),
            )
        looks = min(plant.drawing.sample_min, STEP_MIN) if plant.drawing.controllers else STEP_MIN
        controllers = {**plant.drawing.controllers, **schedules}
        drawing = replace(plant.drawing, controllers=controllers, sample_min=looks)
        made = Plant(drawing, plant.model)
        vars(made)["kernels"] = plant.kernels
        return made


def quantity(result: Result, name: str) -> Array:
    """Give one quantity of a place over a run: 'aerobic_3.S_NH', 'effluent.TN'. [g/m³]"""
    place, _, what = name.partition(".")
    plant = result.plant
    if place in plant.plan.tanks:
        rows = source_series(plant, result.record, place, "overflow")
    else:
        rows, _ = outlet_series(plant, result.record, place)
    if what in plant.model.components:
        return rows[:, plant.plan.rows.index(what)]
    return rows[:, :-1] @ plant.model.observables[what]


def day_of(days: Array, waves: Sequence[float]) -> Array:
    """Give the factor of a day with waves of 24 and 12 hours, never below 0. array (moment,)"""
    angle = 2.0 * np.pi * days
    parts = [np.cos(angle), np.sin(angle), np.cos(2.0 * angle), np.sin(2.0 * angle)]
    whole = sum((w * part for w, part in zip(waves, parts, strict=True)), np.ones_like(days))
    return np.maximum(whole, 0.0)


def _end(influent: Influent) -> float:
    times = influent.times
    return float(times[-1] + (times[-1] - times[-2])) if len(times) > 1 else np.inf


def _piece(influent: Influent, first: float, last: float) -> Influent:
    """The rows that hold between two days; the first one is moved to the beginning."""
    begin = int(np.searchsorted(influent.times, first, side="right")) - 1
    end = max(int(np.searchsorted(influent.times, last, side="left")), begin + 1)
    times = influent.times[begin:end].copy()
    times[0] = first
    return Influent(times=times, rows=influent.rows[begin:end], columns=influent.columns)
