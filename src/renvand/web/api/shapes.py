"""What the interface gives and takes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from renvand.web.runs.kinds import Name

MOST = 1000  # rows a page
Cell = str | float | int | bool | None
Row = dict[str, Any]
Limit = Annotated[int, Field(ge=1, le=MOST)]
Offset = Annotated[int, Field(ge=0, le=10**9)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=200)]
File = Annotated[str, Field(pattern=r"^[A-Za-z0-9_./-]+$", max_length=200)]
Number = Annotated[int, Field(ge=1, le=2**62)]
Folder = Annotated[Name, Field(description="The review or plant a row lies in.")]
Language = Literal["da", "en", "zh"]


class FaultOut(Schema):
    """Something wrong, and what to do about it."""

    where: str
    what: str
    do: str


class Refused(Schema):
    """Why a request was refused."""

    detail: str


class Faulty(Schema):
    """Everything that is wrong with what was sent."""

    faults: list[FaultOut]


class ColumnOut(Schema):
    """What a column holds."""

    name: str
    help: str
    kind: str
    unit: str
    is_required: bool
    is_list: bool
    low: float | None
    high: float | None
    choices: list[str]
    refers_to: str


class TableOut(Schema):
    """A table of the record."""

    name: str
    version: str
    help: str
    parent: str
    rows: int
    columns: list[ColumnOut]


class TablesOut(Schema):
    """All tables, and the name of their schema."""

    schema_version: str
    tables: list[TableOut]


class RowsOut(Schema):
    """A page of rows, with the bibliography behind them."""

    table: str
    version: str
    total: int
    limit: int
    offset: int
    rows: list[Row]
    sources: dict[str, Row] = Field(default_factory=dict)


class StageOut(Schema):
    """A step of the programme."""

    name: str
    is_made: bool
    tables: list[str]


class FigureOut(Schema):
    """A number that reaches a reader."""

    id: str
    value: float
    unit: str
    low: float | None
    high: float | None
    basis: str
    method: str


class FiguresOut(Schema):
    """A page of figures."""

    total: int
    limit: int
    offset: int
    figures: list[FigureOut]


class DocumentOut(Schema):
    """A document of the last run."""

    path: str
    stage: str
    kind: str
    kilobytes: int


class RunOut(Schema):
    """A run."""

    id: int
    kind: str
    task: str
    arguments: Row
    inputs: str
    state: str
    attempt: int
    done: int
    total: int
    message: str
    faults: list[FaultOut]
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RunsOut(Schema):
    """A page of runs."""

    total: int
    limit: int
    offset: int
    runs: list[RunOut]


class RunResult(RunOut):
    """A run with what came out."""

    result: Row | None
