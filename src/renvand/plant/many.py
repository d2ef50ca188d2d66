"""Many runs of a plant with different numbers: in threads here, or on a Dask cluster."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand.errors import PlantError, SolveError
from renvand.plant.influent import Influent

if TYPE_CHECKING:
    import pandas as pd

    from renvand.plant.plant import Plant
    from renvand.plant.result import Result, State

    Begin = Callable[[Plant, Influent], State]
    Measure = Callable[[Result], Mapping[str, float]]
    Job = tuple[
        Plant, Influent, Mapping[str, float], State | None, Begin | None, Measure | None, Any
    ]

CHUNK = 64  # runs between two writes: what a killed batch loses at most


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
    plant.kernels  # compiled before the threads begin  # noqa: B018
    for chunk in _chunks(changes):
        told = {**how, "begin": begin, "measure": measure}
        path = None if folder is None else folder / f"{_key(plant, influent, chunk, told)}.parquet"
        if path is not None and path.is_file():
            parts.append(pd.read_parquet(path))
            continue
        jobs = [(plant, influent, change, start, begin, measure, how) for change in chunk]
        rows = _on_cluster(jobs, cluster) if cluster else _in_threads(jobs, workers)
        parts.append(pd.DataFrame(rows))
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[-1].to_parquet(path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _chunks(changes: Sequence[Mapping[str, float]]) -> Iterator[Sequence[Mapping[str, float]]]:
    for first in range(0, len(changes), CHUNK):
        yield changes[first : first + CHUNK]


def _key(plant: Plant, influent: Influent, chunk: Sequence[Mapping[str, float]], how: Any) -> str:
    """Name a chunk by everything its results depend on."""
    digest = hashlib.sha256(influent.rows.tobytes())
    digest.update(influent.times.tobytes())
    for part in (plant.drawing, dict(plant.model.values), [dict(c) for c in chunk], how):
        digest.update(json.dumps(part, default=repr, sort_keys=True).encode())
    return digest.hexdigest()[:24]


def _one(job: Job) -> dict[str, Any]:
    plant, influent, change, start, begin, measure, how = job
    row: dict[str, Any] = dict(change)
    try:
        changed = plant.changed(change)
        first = start if begin is None else begin(changed, influent)
        result = changed.simulate(influent, start=first, **how)
    except (PlantError, SolveError) as error:
        return {**row, "fault": str(error)}
    row |= {f"effluent {name}": value for name, value in result.effluent.items()}
    row |= result.performance
    row |= {f"balance {name}": value for name, value in result.balance.items()}
    row |= {"steps": result.steps, "rhs": result.rhs, "seconds": result.seconds, "fault": ""}
    return row if measure is None else row | dict(measure(result))


def _in_threads(jobs: list[Any], workers: int) -> list[dict[str, Any]]:
    if workers <= 1:
        return [_one(job) for job in jobs]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(_one, jobs))


def _on_cluster(jobs: list[Any], address: str) -> list[dict[str, Any]]:
    from distributed import Client  # pyright: ignore[reportMissingImports]  # extra 'cluster'

    jobs = [(_bare(plant), *rest) for plant, *rest in jobs]  # compiled kernels stay where they are
    with Client(address) as client:
        gathered: Any = client.gather(client.map(_one, jobs, pure=False))
        return list(gathered)


def _bare(plant: Plant) -> Plant:
    return replace(plant)
