"""Exact derivatives of what a plant gives by its levers and parameters, at rest and in time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, PlantError, SolveError, near
from renvand.plant.course import Course, Interpolation, course_of
from renvand.plant.drawing import lever_value, levers
from renvand.plant.dual import Leaning, dual_machine, leaning
from renvand.plant.influent import Influent
from renvand.plant.loops import settle_memory
from renvand.plant.network import check_flows
from renvand.plant.plant import dual_kernels_of
from renvand.plant.resting import COMPARE, Resting
from renvand.plant.result import outlet_series
from renvand.plant.simulate import Machine, machine_for, put
from renvand.process.dual import Duals, dual, slope_of
from renvand.process.model import Array

if TYPE_CHECKING:
    import pandas as pd

    from renvand.plant.plant import Plant
    from renvand.plant.result import State


@dataclass(frozen=True, kw_only=True, eq=False)
class Slopes:
    """Outputs of a plant and their derivatives, each in its own unit by that of the lever."""

    names: tuple[str, ...]  # levers and parameters
    outputs: tuple[str, ...]  # 'effluent.S_NH'
    times: Array  # (row,) [d]; one row, 0, at rest
    values: Array  # (row, output)
    slopes: Array  # (row, output, name)
    at: Array  # (name,) what each lever is

    def __repr__(self) -> str:
        of, by = ", ".join(self.outputs), ", ".join(self.names)
        return f"<Slopes of {of} by {by}, at {len(self.times)} times>"

    @property
    def elasticities(self) -> Array:
        """Percent of an output by percent of a lever, array (row, output, name)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.slopes * self.at / self.values[:, :, None]

    def frame(self, name: str) -> pd.DataFrame:
        """Give the derivatives by one lever: rows are days, columns outputs."""
        import pandas as pd

        made = self.slopes[:, :, self.names.index(name)]
        return pd.DataFrame(made, index=pd.Index(self.times, name="t_d"), columns=[*self.outputs])


def rest_slopes(
    plant: Plant,
    influent: Influent,
    names: Sequence[str],
    *,
    outputs: Sequence[str] = ("effluent.COD", "effluent.S_NH", "effluent.TN", "effluent.TSS"),
    start: State | None = None,
) -> Slopes:
    """Differentiate the steady state by levers and parameters, controllers and digester included.

    Parameters
    ----------
    plant : Plant
        As drawn.
    influent : Influent
        What comes; its flow-weighted mean is used.
    names : sequence of str
        As for :meth:`Plant.changed`; none that is 0.
    outputs : sequence of str
        'PLACE.quantity': a tank, stream or outlet, and a component, observable, T, Q or kla.
    start : State, optional
        Where the search for rest begins.

    Returns
    -------
    Slopes
        One row.

    Raises
    ------
    PlantError
        When a name or an output is not known, a lever is 0, or the plant never rests.
    """
    values = lever_values(plant, names)
    wanted = _wanted(plant, outputs)
    resting = Resting(plant, influent.mean, plant.steady(influent, start=start))
    seen: list[tuple[Array, Array]] = []
    for name, value in values.items():
        leans = resting.leans(name, value)
        seen.append(_seen(plant, wanted, resting.record(leans), leans))
    return _slopes(values, outputs, np.zeros(1), seen=seen)


def run_slopes(
    plant: Plant,
    influent: Influent,
    names: Sequence[str],
    *,
    outputs: Sequence[str] = ("effluent.COD", "effluent.S_NH", "effluent.TN", "effluent.TSS"),
    days: float | None = None,
    start: State | None = None,
    interpolate: Interpolation = "hold",
    output_min: float = 15.0,
    tolerance: float | None = None,
    workers: int = 2,
) -> Slopes:
    """Differentiate a run by levers and parameters.

    Every kernel carries the derivative along with the value, so it is that of the computed run,
    with the steps and the noise-free sensors of :func:`renvand.plant.simulate.simulate`. Not for
    plants with cycles. Where a layered settler jumps (its layers swing about the least flux, and
    below 3000 g/m³ it switches) there is no derivative: it is averaged as the solver averages, and
    the solids of the layers are right to some percent only.

    Parameters
    ----------
    plant, influent, names, outputs
        As for :func:`rest_slopes`; `influent` as it comes.
    days, interpolate, output_min, tolerance
        As for :func:`renvand.plant.simulate.simulate`.
    start : State, optional
        Where to begin, the same whatever the levers are; when left out the steady state of the mean
        influent, which moves with them.
    workers : int
        Threads.

    Returns
    -------
    Slopes
        A row for every record.

    Raises
    ------
    PlantError
        When a name or an output is not known, a lever is 0, or the plant has cycles.
    SolveError
        When the run blows up.
    """
    values = lever_values(plant, names)
    wanted = _wanted(plant, outputs)
    if plant.drawing.cycles:
        what = f"'{next(iter(plant.drawing.cycles))}' fills and decants: phases have no derivative."
        raise PlantError(Fault(where=f"plant '{plant.name}'", what=what, do=COMPARE))
    course = course_of(plant, influent, days=days, interpolate=interpolate, output_min=output_min)
    check_flows(plant.drawing, plant.plan.network, course.rows[:, -1])
    begun = plant.steady(influent.mean) if start is None else start
    resting = Resting(plant, influent.mean, begun) if start is None else None
    tolerance = plant.drawing.tolerance if tolerance is None else tolerance
    moving = _Moving(plant, course, start=begun, resting=resting, tolerance=tolerance)

    def run(name: str) -> tuple[Array, Array]:
        leans = moving.leans(name, values[name])
        return _seen(plant, wanted, moving.record(leans), leans)

    moving.kernels  # compiled before the threads begin  # noqa: B018
    with ThreadPoolExecutor(max(1, workers)) as pool:
        return _slopes(values, outputs, course.records, seen=[*pool.map(run, values)])


def lever_values(plant: Plant, names: Sequence[str]) -> dict[str, float]:
    """Give what levers and parameters are.

    Raises
    ------
    PlantError
        With those that are not known, and those that are 0: nothing is relative to them.
    """
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


class _Moving:
    """Runs a plant along a course with the derivative by one lever."""

    def __init__(
        self,
        plant: Plant,
        course: Course,
        *,
        start: State,
        resting: Resting | None,
        tolerance: float,
    ) -> None:
        self.plant, self.course, self.start, self.resting = plant, course, start, resting
        is_linear = course.interpolate == "linear"
        self.tune = np.array([tolerance, tolerance, 1.0, float(is_linear)])
        self.kernels = dual_kernels_of(plant, is_moving=True)

    def leans(self, name: str, value: float) -> Leaning:
        """Find how the plant's numbers lean on a lever."""
        return leaning(self.plant, name, value, machine=self._machine)

    def record(self, leans: Leaning) -> Duals:
        """Run; give the record, array (row, column).

        Raises
        ------
        SolveError
            When the run blows up.
        """
        course, machine = self.course, dual_machine(self._machine(self.plant), leans)
        self._begin(machine, leans)
        out = np.zeros((len(course.records), len(self.plant.plan.columns)), dtype=complex)
        reached, ok, _ = self.kernels.run(
            course.moments, course.kinds, course.rows, *machine.arguments, self.tune,
            machine.clock, out,
        )  # fmt: skip
        if not ok or not np.isfinite(out).all():
            do = "Simulate it without derivatives: that says why."
            where = f"plant '{self.plant.name}', day {reached:.3f}"
            raise SolveError(Fault(where=where, what="the run blew up.", do=do))
        return out

    def _machine(self, plant: Plant) -> Machine:
        machine = machine_for(plant, row_times=self.course.times)
        put(machine, self.start, plant.drawing)
        machine.clock[9] = self.course.records[0]
        return machine

    def _begin(self, machine: Machine, leans: Leaning) -> None:
        """Let a start at rest move with the lever, and set-points of controllers."""
        loops, drawing = machine.loops, self.plant.drawing
        setpoints = dual(
            np.array([c.setpoint for c in drawing.controllers.values()]), leans.setpoints
        )
        if self.resting is not None:
            moves = self.resting.moves(self.resting.leans(leans.name, leans.value))
            self.resting.move(machine, setpoints, moves)
            settle_memory(loops, drawing, y=machine.work.y, kla=machine.kla)
        loops.memory[len(loops.sensor_whole) :, 5] = setpoints


def _wanted(plant: Plant, outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Part outputs into place and quantity."""
    places, faults = quantities(plant), list[Fault]()
    found: list[tuple[str, str]] = []
    for output in outputs:
        place, _, what = output.rpartition(".")
        where = f"plant '{plant.name}', output '{output}'"
        if place not in places:
            faults.append(Fault(where=where, what=f"no '{place}'.", do=near(place, places)))
        elif what not in places[place]:
            do = near(what, places[place])
            faults.append(Fault(where=where, what=f"no '{what}' there.", do=do))
        found.append((place, what))
    if faults:
        raise PlantError(faults)
    return found


def quantities(plant: Plant) -> dict[str, list[str]]:
    """Name what there is at each place: tanks, streams, layers, outlets."""
    found: dict[str, list[str]] = {}
    for place, what in plant.plan.columns:
        if place != "pipe":
            found.setdefault(place.removeprefix("stream "), []).append(what)
    for here in found.values():
        if set(plant.model.components) <= {*here}:
            here += [name for name in plant.model.observables if name not in here]
    whole = [*plant.plan.rows, "Q", *plant.model.observables]
    return found | dict.fromkeys(plant.drawing.outlets, whole)


def _seen(
    plant: Plant, wanted: Sequence[tuple[str, str]], record: Duals, leans: Leaning
) -> tuple[Array, Array]:
    """Take outputs out of a record: values and slopes, arrays (row, output)."""
    made: Duals = np.zeros((len(record), len(wanted)), dtype=np.complex128)
    for j, (place, what) in enumerate(wanted):
        rows, flow = _rows_at(plant, record, place)
        if what in rows:
            made[:, j] = rows[what]
        elif what == "Q" and flow is not None:
            made[:, j] = flow
        else:
            weights = dual(plant.model.observables[what], leans.observables[what])
            made[:, j] = sum(
                w * rows[c] for w, c in zip(weights, plant.model.components, strict=True)
            )
    return made.real, slope_of(made)


def _rows_at(plant: Plant, record: Any, place: str) -> tuple[dict[str, Any], Any]:
    """Give everything at a place over time, and at an outlet its flow."""
    if place in plant.drawing.outlets:
        concentrations, flow = outlet_series(plant, record, place)
        return dict(zip(plant.plan.rows, concentrations.T, strict=True)), flow
    columns = enumerate(plant.plan.columns)
    return {w: record[:, i] for i, (p, w) in columns if p.removeprefix("stream ") == place}, None


def _slopes(
    values: dict[str, float],
    outputs: Sequence[str],
    times: Array,
    *,
    seen: Sequence[tuple[Array, Array]],
) -> Slopes:
    return Slopes(
        names=tuple(values),
        outputs=tuple(outputs),
        times=times,
        values=seen[0][0],
        slopes=np.stack([slope for _, slope in seen], axis=2),
        at=np.array([*values.values()]),
    )
