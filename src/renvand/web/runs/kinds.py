"""The kinds of work people can ask for: what each needs to be told, reads, and may not overlap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from renvand.errors import Fault, FileError, near
from renvand.knowledge.schema import SLUG
from renvand.partnership.models import Review, Run
from renvand.programme import fingerprint
from renvand.web.runs import queue

Name = Annotated[str, Field(pattern=f"^(?:{SLUG.pattern})$", max_length=100)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
FOLDER = ("*.toml", "*.csv", "inbox/*", "reviews/*/*", "plants/*/*")
MOST_CHANGES = 100
LONGEST_SIMULATION = 1000.0  # d
MOST_LEVERS = 20
MOST_EVALUATIONS = 4000


class Arguments(BaseModel):
    """What a kind of work is told; nothing else is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoArguments(Arguments):
    """Nothing to say."""


class Simulate(Arguments):
    """Which plant, how long, what of its drawing is changed, and which levers are set."""

    plant: Name
    days: Annotated[float, Field(gt=0, le=LONGEST_SIMULATION)] | None = None
    changes: Annotated[dict[str, Finite], Field(max_length=MOST_CHANGES)] = {}
    settings: Annotated[dict[Name, Finite], Field(max_length=MOST_LEVERS)] = {}


class Optimise(Arguments):
    """Which plant, by which levers, and how many simulations it may take."""

    plant: Name
    levers: Annotated[list[Name], Field(min_length=1, max_length=MOST_LEVERS)]
    evaluations: Annotated[int, Field(ge=8, le=MOST_EVALUATIONS)] = 200


class Network(Arguments):
    """Which review."""

    review: Name


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of work."""

    name: str
    task: str
    arguments: type[Arguments] = NoArguments
    fixed: Mapping[str, Any] | None = None  # what the task is told besides
    reads: tuple[str, ...] = FOLDER
    writes: bool = False  # into out/: one at a time, and the programme itself knows what is new
    enterprise: Callable[[Any], str] = lambda _: ""


def _reviewed(told: Any) -> str:
    review = Review.objects.filter(slug=told.review).first()
    return review.enterprise if review else ""


_TASKS = "renvand.web.runs.tasks"
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(name="programme", task=f"{_TASKS}.programme", writes=True),
        Kind(
            name="link",
            task=f"{_TASKS}.programme",
            fixed={"only": "register"},
            writes=True,
        ),
        Kind(
            name="documents",
            task=f"{_TASKS}.programme",
            fixed={"start": "sheets"},
            writes=True,
        ),
        Kind(
            name="simulate",
            task=f"{_TASKS}.simulate",
            arguments=Simulate,
            reads=("plants/*/*",),
        ),
        Kind(
            name="optimise",
            task=f"{_TASKS}.optimise",
            arguments=Optimise,
        ),
        Kind(
            name="network",
            task=f"{_TASKS}.network",
            arguments=Network,
            enterprise=_reviewed,
        ),
    )
}


@cache
def _names() -> dict[tuple[str, str], str]:
    return {
        (kind.task, fingerprint.of_value(kind.fixed or {})): kind.name for kind in KINDS.values()
    }


def kind_of(run: Run) -> str:
    """Say which kind a run is, or '' for one that no page offers."""
    own = {kind.task for kind in KINDS.values() if kind.arguments is not NoArguments}
    held = {} if run.task in own else run.arguments
    return _names().get((run.task, fingerprint.of_value(held)), "")


def start(name: str, told: Mapping[str, Any], *, user: Any, case: Path) -> tuple[Run, bool]:
    """Ask for work.

    Parameters
    ----------
    name : str
        Of a kind.
    told : mapping
        Its arguments.
    user : User
        Who asks.
    case : path
        The folder.

    Returns
    -------
    Run
        And whether it is new: with the same inputs, the one that is there is found.

    Raises
    ------
    FileError
        When there is no such kind, or it cannot be told this.
    """
    if name not in KINDS:
        fault = Fault(where="run", what=f"'{name}' is not known.", do=near(name, KINDS))
        raise FileError(fault)
    kind = KINDS[name]
    arguments = _judged(kind, told)
    held = {**(kind.fixed or {}), **arguments.model_dump(exclude_defaults=True)}
    inputs = fingerprint.of_value(
        {
            "task": kind.task,
            "arguments": held,
            "files": fingerprint.of_inputs(case, kind.reads),
            "program": fingerprint.of_program(),
        }
    )
    return queue.put(
        kind.task,
        held,
        inputs=inputs,
        enterprise=kind.enterprise(arguments),
        lane="out" if kind.writes else "",
        is_found=not kind.writes,
        user=user,
    )


def _judged(kind: Kind, told: Mapping[str, Any]) -> Arguments:
    try:
        return kind.arguments.model_validate(dict(told))
    except ValidationError as error:
        raise FileError(
            Fault(
                where=f"{kind.name}, {'.'.join(map(str, wrong['loc']))}",
                what=f"{wrong['msg']}.",
                do="Correct it.",
            )
            for wrong in error.errors(include_url=False)
        ) from error
