"""Many runs of a plant with different numbers: in threads here, or on a Dask cluster."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, PlantError, SolveError, near
from renvand.knowledge.read import read_text
from renvand.plant.course import Course, course_of
from renvand.plant.drawing import levers
from renvand.plant.influent import Influent
from renvand.plant.simulate import follow

if TYPE_CHECKING:
    import pandas as pd

    from renvand.plant.plant import Plant
    from renvand.plant.result import Result, State

    Begin = Callable[[Plant, Influent], State]
    Measure = Callable[[Result], Mapping[str, float]]

CHUNK = 64  # runs between two writes: what a killed batch loses at most
OF_COURSE = ("days", "interpolate", "output_min")
PATIENCE = 20  # s until a cluster counts as out of reach


def simulate_many(
    plant: Plant,
    influent: Influent,
    changes: Sequence[Mapping[str, float]],
    *,
    start: State | None = None,
    workers: int = 2,
    folder: Path | None = None,
    cluster: str = "",
    begin: Begin | None = None,
    measure: Measure | None = None,
    **how: Any,
) -> pd.DataFrame:
    """Run a plant once for every set of changes.

    Parameters
    ----------
    plant : Plant
        What to run.
    influent : Influent
        What comes.
    changes : sequence of mapping
        Levers and values of each run, as for :meth:`Plant.changed`.
    start : State, optional
        Where every run begins; each one's own steady state when left out.
    workers : int
        Threads; the kernels do not hold Python's lock.
    folder : path, optional
        Where results are kept, in Parquet. A batch that was stopped goes on from there.
    cluster : str
        Address of an existing Dask scheduler ('tcp://…'); '' computes here.
    begin : callable, optional
        Finds where a run begins from its plant and the influent, instead of `start`.
    measure : callable, optional
        Makes more columns of every run's result. On a cluster both are sent there: give values
        that can be pickled and whose repr tells what they do.
    **how
        As for :func:`renvand.plant.simulate.simulate`: days, interpolate, evaluate_from, …

    Returns
    -------
    DataFrame
        One row a run, in the order given: the changes, 'effluent …' means, indices, 'balance …',
        steps, rhs, seconds; and 'fault', empty when the run went well.
    """
    import pandas as pd

    parts: list[pd.DataFrame] = []
    batch = _Batch(
        plant=plant, influent=influent, start=start, begin=begin, measure=measure, how=how
    )
    for chunk in _chunks(changes):
        path = None if folder is None else folder / f"{batch.key(chunk)}.parquet"
        if path is not None and path.is_file():
            parts.append(pd.read_parquet(path))
            continue
        rows = _on_cluster(batch, chunk, cluster) if cluster else _in_threads(batch, chunk, workers)
        parts.append(pd.DataFrame(rows))
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[-1].to_parquet(path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def read_changes(path: str | Path, plant: Plant) -> list[dict[str, float]]:
    """Read a list of changes: a column for each lever or parameter, a row for each run.

    Raises
    ------
    FileError
        With all cells that are no numbers and all columns that are no levers; rows need one cell
        for each column.
    """
    name = Path(path).name
    rows = list(csv.reader(read_text(Path(path), name=name).splitlines()))
    columns = [cell.strip() for cell in rows[0]] if rows else []
    known = (*levers(plant.drawing), *plant.model.values)
    faults = [
        Fault(where=f"{name}, line 1, column '{c}'", what="is no lever.", do=near(c, known))
        for c in columns
        if c not in known
    ]
    changes: list[dict[str, float]] = []
    for i, row in enumerate(rows[1:], start=2):
        if len(row) != len(columns):
            what = f"has {len(row)} cells, the first line has {len(columns)}."
            faults.append(Fault(where=f"{name}, line {i}", what=what, do="Check the commas."))
            continue
        numbers = dict[str, float]()
        for column, cell in zip(columns, row, strict=True):
            try:
                numbers[column] = float(cell)
            except ValueError:
                where = f"{name}, line {i}, {column}"
                what = f"'{cell}' is not a number."
                faults.append(Fault(where=where, what=what, do="Write digits with a point."))
        changes.append(numbers)
    if not changes and not faults:
        faults.append(Fault(where=name, what="has no rows.", do="Add a row for each run."))
    if faults:
        raise FileError(faults)
    return changes


def _chunks(changes: Sequence[Mapping[str, float]]) -> Iterator[Sequence[Mapping[str, float]]]:
    for first in range(0, len(changes), CHUNK):
        yield changes[first : first + CHUNK]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Batch:
    """What the runs of a batch have in common."""

    plant: Plant
    influent: Influent
    start: State | None
    begin: Begin | None
    measure: Measure | None
    how: Mapping[str, Any]

    @cached_property
    def course(self) -> Course | None:
        """What happens when: planned once, where no lever can move it."""
        if self.plant.drawing.cycles:
            return None
        return course_of(
            self.plant,
            self.influent,
            days=self.how.get("days"),
            interpolate=self.how.get("interpolate", "hold"),
            output_min=self.how.get("output_min", 15.0),
            is_controlled=self.how.get("control") is not None,
        )

    @property
    def bare(self) -> _Batch:
        """The same to be sent elsewhere: compiled kernels stay where they are."""
        plant = replace(self.plant)
        start = None if self.start is None else replace(self.start, plant=plant)
        return replace(self, plant=plant, start=start)

    def key(self, chunk: Sequence[Mapping[str, float]]) -> str:
        """Name a chunk by everything its results depend on."""
        digest = hashlib.sha256(self.influent.rows.tobytes())
        digest.update(self.influent.times.tobytes())
        if self.start is not None:
            for array in (self.start.y, self.start.memory, self.start.kla, self.start.pumps):
                digest.update(array.tobytes())
        told = {**self.how, "begin": self.begin, "measure": self.measure}
        model = self.plant.model
        for part in (self.plant.drawing, model.page, dict(model.values), [*map(dict, chunk)], told):
            digest.update(json.dumps(part, default=repr, sort_keys=True).encode())
        return digest.hexdigest()[:24]

    def run(self, change: Mapping[str, float]) -> dict[str, Any]:
        """Run with one set of changes; give its row."""
        row: dict[str, Any] = dict(change)
        try:
            result = self._result(self.plant.changed(change))
        except (PlantError, SolveError) as error:
            return {**row, "fault": str(error)}
        row |= {f"effluent {name}": value for name, value in result.effluent.items()}
        row |= result.performance
        row |= {f"balance {name}": value for name, value in result.balance.items()}
        row |= {"steps": result.steps, "rhs": result.rhs, "seconds": result.seconds, "fault": ""}
        return row if self.measure is None else row | dict(self.measure(result))

    def _result(self, plant: Plant) -> Result:
        start = self.start if self.begin is None else self.begin(plant, self.influent)
        if self.course is None:
            return plant.simulate(self.influent, start=start, **self.how)
        start = plant.steady(self.influent.mean) if start is None else start
        how = {name: value for name, value in self.how.items() if name not in OF_COURSE}
        return follow(plant, self.course, start=start, **how)


def _in_threads(
    batch: _Batch, changes: Sequence[Mapping[str, float]], workers: int
) -> list[dict[str, Any]]:
    _ = batch.plant.kernels, batch.plant.plan, batch.course  # once, before threads begin
    if workers <= 1:
        return [batch.run(change) for change in changes]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(batch.run, changes))


def _on_cluster(
    batch: _Batch, changes: Sequence[Mapping[str, float]], address: str
) -> list[dict[str, Any]]:
    try:
        from distributed import Client  # pyright: ignore[reportMissingImports]  # extra 'cluster'
    except ImportError:
        do = "Install it: pip install 'renvand[cluster]'."
        fault = Fault(where=f"cluster {address}", what="Dask is not installed.", do=do)
        raise PlantError(fault) from None
    try:
        client: Any = Client(address, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        do = "Check the address and that a scheduler runs there: tcp://HOST:8786."
        fault = Fault(where=f"cluster {address}", what="cannot be reached.", do=do)
        raise PlantError(fault) from error
    with client:
        sent = client.scatter(batch.bare, broadcast=True)
        gathered: Any = client.gather(client.map(_run_there, changes, batch=sent, pure=False))
        return list(gathered)


def _run_there(change: Mapping[str, float], *, batch: _Batch) -> dict[str, Any]:
    return batch.run(change)
