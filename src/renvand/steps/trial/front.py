"""The best a plant can do: settings of several levers of which none is better in everything."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, SolveError, near
from renvand.plant import simulate_many
from renvand.plant.influent import Influent
from renvand.process.model import Array
from renvand.steps.trial.account import Measure, Prices, typical_prices
from renvand.steps.trial.compare import MARGIN, SAME
from renvand.steps.trial.levers import Lever, changes_of, installed, known
from renvand.steps.trial.site import Settled, Site

if TYPE_CHECKING:
    import pandas as pd

OBJECTIVES: Mapping[str, str] = {
    "energy": "energy_kwh_m3", "TN": "TN_g_m3", "TP": "TP_g_m3", "NH4": "S_NH_g_m3",
    "N2O": "n2o_kg_d", "cost": "cost_d",
}  # fmt: skip
DEFAULT = ("energy", "TN", "N2O")
POPULATION = 40
DAYS = 14.0  # d of a run
# How far the unknown may be off: standard deviations of the logarithm. Growth and decay as in the
# ring of the benchmark's uncertainty study's middle class; water as between wet and dry years: low
UNCERTAIN: Mapping[str, float] = {"mu_A": 0.15, "mu_H": 0.10, "b_A": 0.15, "b_H": 0.10}
UNCERTAIN_WATER: Mapping[str, float] = {"strength": 0.15, "nitrogen": 0.10}


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a search has come."""

    done: int  # runs
    total: int
    left_s: float
    what: str = "search"  # or 'other waters', in which every point is run again


@dataclass(frozen=True, kw_only=True)
class Front:
    """What a search found."""

    points: pd.DataFrame  # one row a setting that nothing beats, with all of the account
    levers: tuple[str, ...]
    objectives: tuple[str, ...]  # columns
    limits: Mapping[str, float]  # g/m³
    evaluations: int
    failed: int  # runs that blew up or could not be built
    seed: int


def optimise(
    site: Site,
    levers: Sequence[str],
    *,
    objectives: Sequence[str] = DEFAULT,
    limits: Mapping[str, float],
    evaluations: int = 2000,
    seed: int,
    workers: int = 2,
    cluster: str = "",
    prices: Prices | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Front:
    """Search the settings of several levers with NSGA-II.

    Every setting is a run of 14 days of the inflow (repeated where it is shorter) from where the
    plant so set has settled. The effluent's mean keeps nine tenths of every limit, or is no worse
    than today; where no setting does, those come first that break it least.

    Parameters
    ----------
    site : Site
        The plant today.
    levers : sequence of str
        Of :data:`renvand.steps.trial.levers.LEVERS`; all are built in, so what only is there or
        not is there.
    objectives : sequence of str
        Two or more of :data:`OBJECTIVES`; all are to be small.
    limits : mapping
        Of the effluent, by column without its unit ('TN'). [g/m³]
    evaluations : int
        Runs.
    seed : int
        Of the search: the same seed gives the same front, here and on a cluster.
    workers, cluster
        As for :func:`renvand.plant.simulate_many`.
    prices : Prices, optional
        What is paid; typical ones when left out.
    on_progress : callable, optional
        Told after every generation.

    Raises
    ------
    FileError
        When a lever or an objective is unknown, or nothing can be turned.
    SolveError
        When no run comes through.

    References
    ----------
    deb2014, for the library that carries NSGA-II
    """
    kinds = [lever for lever in known(site, levers) if lever.unit != "none"]
    columns = _columns(objectives, site)
    if not kinds:
        what = "turn nothing: they are only there or not."
        raise FileError(Fault(where="levers", what=what, do="Add one that can be set, as 'do'."))
    built = installed(site, known(site, levers))
    measure = Measure(equipment=built.equipment, prices=prices or typical_prices(site.knowledge))
    rest = site.plant.steady(site.influent.mean)
    kept = _kept(limits, measure(site.plant.simulate(site.influent, start=rest, days=DAYS)))
    search = _search(kinds, columns, limits=kept, evaluations=evaluations, seed=seed)
    begin = Settled.near(rest)
    tried: list[pd.DataFrame] = []
    started, done = time.monotonic(), 0
    while search.has_next():
        asked: Any = search.ask()
        settings = [dict(zip(kinds, map(float, x), strict=True)) for x in asked.get("X")]
        changes = [changes_of(built, setting, today=site) for setting in settings]
        rows = simulate_many(
            built.plant, site.influent, changes, workers=workers, cluster=cluster,
            begin=begin, measure=measure, days=DAYS,
        )  # fmt: skip
        tried.append(_told(search, asked, rows, columns=columns, limits=kept, settings=settings))
        done += len(rows)
        if on_progress is not None:
            left = (time.monotonic() - started) / done * max(evaluations - done, 0)
            on_progress(Progress(done=done, total=evaluations, left_s=left))
    return Front(
        points=_front(tried, columns),
        levers=tuple(levers),
        objectives=columns,
        limits=limits,
        evaluations=done,
        failed=sum(int((rows["fault"] != "").sum()) for rows in tried),
        seed=seed,
    )


def _kept(limits: Mapping[str, float], today: Mapping[str, float]) -> dict[str, float]:
    """Give what the effluent's means may reach: a margin to the limit, or no worse than today."""
    return {
        name: max(MARGIN * limit, SAME * today[f"{name}_g_m3"])
        for name, limit in limits.items()
        if f"{name}_g_m3" in today
    }


def _told(
    search: Any,
    asked: Any,
    rows: pd.DataFrame,
    *,
    columns: Sequence[str],
    limits: Mapping[str, float],
    settings: Sequence[Mapping[Lever, float]],
) -> pd.DataFrame:
    """Tell the search how its settings did; give the rows with the settings before them."""
    values, over = _judged(rows, columns, limits)
    asked.set("F", values, "G", over)
    search.evaluator.n_eval += len(rows)
    search.tell(infills=asked)
    made = {lever.id: [setting[lever] for setting in settings] for lever in settings[0]}
    return rows.drop(columns=[c for c in made if c in rows]).assign(
        **made, over=over.max(axis=1, initial=0.0)
    )


def _columns(objectives: Sequence[str], site: Site) -> tuple[str, ...]:
    faults = [
        Fault(where=f"objective '{name}'", what="is not known.", do=near(name, OBJECTIVES))
        for name in objectives
        if name not in OBJECTIVES
    ]
    if "TP" in objectives and "TP" not in site.plant.model.observables:
        what = f"is not in the page '{site.plant.drawing.model}'."
        faults.append(Fault(where="objective 'TP'", what=what, do="Draw the plant with asm2d."))
    if not faults and len(set(objectives)) < 2:
        do = "Give two or more, as energy,TN."
        faults.append(Fault(where="objectives", what="are fewer than two.", do=do))
    if faults:
        raise FileError(faults)
    return tuple(OBJECTIVES[name] for name in objectives)


def _search(
    kinds: Sequence[Lever],
    columns: Sequence[str],
    *,
    limits: Mapping[str, float],
    evaluations: int,
    seed: int,
) -> Any:
    """Set up the search of the library; it is asked and told, and computes nothing itself."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem

    problem = Problem(
        n_var=len(kinds),
        n_obj=len(columns),
        n_ieq_constr=max(len(limits), 1),
        xl=np.array([lever.low for lever in kinds]),
        xu=np.array([lever.high for lever in kinds]),
    )
    size = min(POPULATION, max(4, evaluations // 2))
    search: Any = NSGA2(pop_size=size)
    search.setup(problem, termination=("n_eval", evaluations), seed=seed, verbose=False)
    return search


def _judged(
    rows: pd.DataFrame, columns: Sequence[str], limits: Mapping[str, float]
) -> tuple[Array, Array]:
    """Give objectives and how far each limit is exceeded, as shares; runs that failed are worst."""
    went = (rows["fault"] == "").to_numpy()
    if not went.any():
        raise SolveError(Fault(where="search", what=str(rows["fault"].iloc[0]), do="Turn less."))
    far = 1e6  # beyond anything a plant does
    values = np.where(went[:, None], rows[list(columns)].to_numpy(dtype=float), far)
    over = [
        np.where(went, rows[f"{n}_g_m3"].to_numpy(dtype=float) / limit - 1, far)
        for n, limit in limits.items()
        if f"{n}_g_m3" in rows
    ]
    over += [np.where(went, -1.0, far)] * (max(len(limits), 1) - len(over))
    return values, np.stack(over, axis=1)


def _front(tried: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Give every setting that no other beats in all objectives, of all that were run."""
    import pandas as pd

    rows = pd.concat(tried, ignore_index=True)
    rows = rows[rows["fault"] == ""]
    kept = rows[rows["over"] <= 0]
    rows = kept if len(kept) else rows[rows["over"] <= rows["over"].min() + 1e-3]
    values = rows[list(columns)].to_numpy(dtype=float)
    beaten = [
        bool(((values <= mine).all(axis=1) & (values < mine).any(axis=1)).any()) for mine in values
    ]
    front = rows[~np.array(beaten)].drop_duplicates(subset=list(columns))
    front = front.sort_values(columns[0], ignore_index=True)
    front.insert(0, "point", [f"p{i + 1}" for i in range(len(front))])
    ran = ("fault", "over", "seconds", "steps", "rhs")
    return front[[c for c in front if c not in ran and not _is_of_engine(str(c))]]


def _is_of_engine(column: str) -> bool:
    """Whether a column is an index of the benchmark or a mean that the account has too."""
    return column.isupper() or column.startswith(("effluent ", "balance "))


def robust(
    site: Site,
    front: Front,
    *,
    draws: int = 16,
    seed: int,
    workers: int = 2,
    cluster: str = "",
    prices: Prices | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> pd.DataFrame:
    """Run every point of a front again under other water and other sludge.

    Strength and nitrogen of the inflow and the growth and decay of the sludge are drawn from
    lognormal distributions; every point meets the same draws.

    Returns
    -------
    DataFrame
        The points with ``holds`` (share of draws in which all limits hold) and, for each
        objective, ``…_p10`` and ``…_p90``.
    """
    kinds = [lever for lever in known(site, front.levers) if lever.unit != "none"]
    built = installed(site, known(site, front.levers))
    rng = np.random.default_rng(seed)
    measure = Measure(equipment=built.equipment, prices=prices or typical_prices(site.knowledge))
    near_to = site.plant.steady(site.influent.mean)
    settings = [
        {lever: float(value) for lever, value in zip(kinds, row, strict=True)}
        for row in front.points[[lever.id for lever in kinds]].to_numpy()
    ]
    fixed = [dict(changes_of(built, setting, today=site)) for setting in settings]
    holds = np.zeros((draws, len(fixed)))
    seen = np.zeros((draws, len(fixed), len(front.objectives)))
    started = time.monotonic()
    for i in range(draws):
        sludge = {
            name: site.plant.model.values[name] * float(np.exp(sd * rng.standard_normal()))
            for name, sd in UNCERTAIN.items()
            if name in site.plant.model.values
        }
        water = _other_water(site, rng)
        rows = simulate_many(
            built.plant, water, [{**change, **sludge} for change in fixed], workers=workers,
            cluster=cluster, begin=Settled.near(near_to), measure=measure, days=DAYS,
        )  # fmt: skip
        values, over = _judged(rows, front.objectives, front.limits)
        holds[i], seen[i] = (over <= 0).all(axis=1), values
        if on_progress is not None:
            left = (time.monotonic() - started) / (i + 1) * (draws - i - 1)
            runs = len(fixed)
            on_progress(
                Progress(done=(i + 1) * runs, total=draws * runs, left_s=left, what="other waters")
            )
    low, high = np.percentile(seen, [10, 90], axis=0)
    more = {f"{c}_p10": low[:, j] for j, c in enumerate(front.objectives)}
    more |= {f"{c}_p90": high[:, j] for j, c in enumerate(front.objectives)}
    return front.points.assign(holds=holds.mean(axis=0), **more)


def _other_water(site: Site, rng: np.random.Generator) -> Influent:
    """Draw an inflow as it may be in another year."""
    factors = {n: float(np.exp(sd * rng.standard_normal())) for n, sd in UNCERTAIN_WATER.items()}
    rows = site.influent.rows.copy()
    model = site.plant.model
    for name in model.components:
        place = site.influent.columns.index(name)
        if name in ("S_NH", "S_NH4"):
            rows[:, place] *= factors["strength"] * factors["nitrogen"]
        elif name != "S_ALK":
            rows[:, place] *= factors["strength"]
    return replace(site.influent, rows=rows)


def drawn(front: Front, points: pd.DataFrame) -> dict[str, Any]:
    """Give what a chart of the front needs, as JSON can hold it."""
    kept = [lever for lever in front.levers if lever in points]
    extra = ["holds"] if "holds" in points else []
    shown = points[["point", *kept, *front.objectives, *extra]]
    return {
        "levers": kept,
        "columns": [*kept, *front.objectives],
        "objectives": list(front.objectives),
        "limits": {
            column: limit
            for name, limit in front.limits.items()
            if (column := f"{name}_g_m3") in front.objectives
        },
        "seed": front.seed,
        "evaluations": front.evaluations,
        "points": shown.to_dict("records"),
    }
