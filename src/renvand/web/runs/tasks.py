"""The long work there is: each task is one call of the library, told as it goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, near
from renvand.web.runs.bench import Told
from renvand.web.runs.work import Workplace, long_work

if TYPE_CHECKING:
    import pandas as pd

    from renvand.programme import Progress

MOST_POINTS = 500  # of a time series that is kept; the whole run is made anew when needed
SERIES = ("Q", "T", "COD", "NH4", "NOx", "TN", "TSS")  # of the effluent, where the model has them


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table as JSON can hold it: what is not known is null."""
    return json.loads(table.to_json(orient="records", double_precision=12, force_ascii=False))


@long_work
def programme(context: Workplace, *, only: str = "", start: str = "") -> dict[str, Any]:
    """Run the programme; what has not changed is kept."""
    from renvand import programme as library

    stages: dict[str, dict[str, Any]] = {}

    def tell(progress: Progress) -> None:
        told = Told(done=progress.done, total=progress.total, message=f"programme.{progress.stage}")
        context.tell(told)
        if progress.state != "starts":
            stages[progress.stage] = {
                "stage": progress.stage,
                "state": progress.state,
                "seconds": round(progress.seconds, 1),
                "findings": len(progress.findings),
            }

    library.run(context.case, only=only, start=start, tell=tell)
    return {"stages": list(stages.values())}


@long_work
def simulate(
    context: Workplace,
    *,
    plant: str,
    days: float | None = None,
    changes: dict[str, float] | None = None,
    settings: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Simulate a plant of the case, with numbers of its drawing changed or levers set."""
    from renvand.steps.trial.levers import turned
    from renvand.steps.trial.site import open_site, settled

    folder = context.case / "plants" / plant
    if not (folder / "plant.toml").is_file():
        drawn = [path.parent.name for path in context.case.glob("plants/*/plant.toml")]
        what = "has no drawing in this case."
        raise FileError(Fault(where=f"plant '{plant}'", what=what, do=near(plant, drawn)))
    context.tell(Told(done=0, total=3, message="runs.compile"))
    today = open_site(folder)
    site = turned(today, settings) if settings else today
    built, influent = site.plant, site.influent
    built = built.changed(changes) if changes else built
    context.tell(Told(done=1, total=3, message="runs.steady"))
    if settings:  # as in a search: near today's rest, and what switches never rests
        begun = settled(built, influent, near_to=today.plant.steady(influent.mean))
    else:
        begun = built.steady(influent)
    context.tell(Told(done=2, total=3, message="runs.days"))
    result = built.simulate(influent, start=begun, days=days)
    outlet = result.stream(built.drawing.outlets[0])
    outlet = outlet[[name for name in SERIES if name in outlet]]
    every = -(-len(outlet) // MOST_POINTS)
    context.tell(Told(done=3, total=3, message="runs.days"))
    return {
        "performance": _finite(result.performance),
        "effluent": _finite(result.effluent),
        "violations": result.violations,
        "balance": _finite(result.balance),
        "series": _rows(outlet.iloc[::every].reset_index()),
    }


@long_work
def optimise(
    context: Workplace, *, plant: str, levers: list[str], evaluations: int = 200
) -> dict[str, Any]:
    """Search the settings of several levers of a plant that nothing beats."""
    from renvand.partnership.folder import read_case
    from renvand.steps.trial import effluent_limits
    from renvand.steps.trial.front import Progress as Searched
    from renvand.steps.trial.front import optimise as search
    from renvand.steps.trial.site import load_site

    case = read_case(context.case)
    grade = case.tables["plants"].set_index("id")["discharge_class"].get(plant, "")

    def tell(progress: Searched) -> None:
        context.tell(Told(done=progress.done, total=progress.total, message="runs.search"))

    context.tell(Told(done=0, total=evaluations, message="runs.compile"))
    found = search(
        load_site(case, plant),
        levers,
        limits=effluent_limits(case, str(grade)),
        evaluations=evaluations,
        seed=int(case.settings.get("case", {}).get("seed", 0)),
        workers=1,  # of processes: the bench is one already
        on_progress=tell,
    )
    return {
        "points": _rows(found.points),
        "levers": list(found.levers),
        "objectives": list(found.objectives),
        "limits": dict(found.limits),
        "evaluations": found.evaluations,
    }


def _finite(values: Any) -> dict[str, float | None]:
    return {name: v if abs(v) < float("inf") else None for name, v in values.items()}


@long_work
def network(context: Workplace, *, review: str) -> dict[str, Any]:
    """Solve the water network of one reviewed company, and what it can save."""
    from renvand.partnership.folder import read_case
    from renvand.steps.potential import potential
    from renvand.steps.review import review as reconcile

    case = read_case(context.case)
    if review not in case.reviews:
        do = near(review, case.reviews)
        raise FileError(Fault(where="reviews", what=f"no review '{review}'.", do=do))
    case = replace(case, reviews={review: case.reviews[review]})
    context.tell(Told(done=0, total=2, message="runs.reconcile"))
    reviewed = reconcile(case)
    context.tell(Told(done=1, total=2, message="runs.solve"))
    outcome = potential(case, reviewed)
    context.tell(Told(done=2, total=2, message="runs.solve"))
    return {name: _rows(frame) for name, frame in outcome.tables.items()}
