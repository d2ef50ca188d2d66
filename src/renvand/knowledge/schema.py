"""What a table may hold: its columns, their kinds, units, ranges and words."""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from renvand.errors import OurFault, near

Value = str | float | int | bool | dt.date | None
Judged = tuple[Value, str, str]  # value, what is wrong (empty when good), what to do

SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_OTHER_DATE = re.compile(r"(\d{1,4})[./年-](\d{1,2})[./月-](\d{1,4})日?")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what may stand in its cells."""

    kind: str  # text, slug, code, number, integer, boolean, date, choice, source, reference
    is_required: bool = False
    is_list: bool = False  # several values in one cell, with | between them
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    refers_to: str = ""  # table whose key this names
    help: Mapping[str, str] = field(default_factory=dict[str, str])  # language: sentence


@dataclass(frozen=True, kw_only=True)
class Schema:
    """One table: its columns in order, and which of them make the key."""

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    help: Mapping[str, str] = field(default_factory=dict[str, str])


@cache
def _common() -> Mapping[str, Any]:
    """Columns that many tables share, so that no sidecar writes them again."""
    path = resources.files("renvand.knowledge") / "columns.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _column(written: Mapping[str, Any]) -> Column:
    shared: Mapping[str, Any] = _common()[written["like"]] if "like" in written else {}
    rules: dict[str, Any] = {**shared, **written}
    rules.pop("like", None)
    if "choices" in rules:
        rules["choices"] = tuple(rules["choices"])
    return Column(**rules)


def schema_of(path: Traversable) -> Schema:
    """Read the sidecar of a table.

    A column says its rules, or ``like = "source"`` for those of that column in
    ``columns.toml``; what it says itself counts more.

    Raises
    ------
    OurFault
        When a column has a rule that does not exist.
    """
    page = tomllib.loads(path.read_text(encoding="utf-8"))
    columns: dict[str, Column] = {}
    for name, written in page["columns"].items():
        try:
            columns[name] = _column(written)
        except KeyError as error:
            raise OurFault(f"{path.name}: columns.toml has no {error}") from error
        except TypeError as error:
            raise OurFault(f"{path.name}: column '{name}': {error}") from error
    return Schema(
        name=path.name.removesuffix(".toml"),
        columns=columns,
        key=tuple(page["key"]),
        help=page.get("help", {}),
    )


def _text(text: str, _: Column) -> Judged:
    odd = [c for c in text if (ord(c) < 32 and c not in "\n\t") or c in "\u202e\u202d\u2066\u2067"]
    if odd:
        return None, f"holds the control character U+{ord(odd[0]):04X}.", "Take it out."
    return text, "", ""


def _slug(text: str, _: Column) -> Judged:
    if SLUG.fullmatch(text):
        return text, "", ""
    return None, f"'{text}' is not a name.", "Use small letters, digits and hyphens."


def _code(text: str, _: Column) -> Judged:
    if CODE.fullmatch(text):
        return text, "", ""
    return None, f"'{text}' is not a code.", "Use letters, digits and hyphens."


def _number(text: str, column: Column) -> Judged:
    try:
        value = float(text)
    except ValueError:
        if re.fullmatch(r"-?\d+,\d+", text):
            return (
                None,
                f"'{text}' is not a number.",
                f"Write {text.replace(',', '.')} with a point.",
            )
        do = "Write digits with a point; units go elsewhere."
        if is_below := re.fullmatch(r"[<＜] *(\d+(\.\d+)?)", text):
            do = (
                f"Write {is_below[1]}, and that it is below the reporting limit, in its own column."
            )
        if re.fullmatch(r"\d{1,3}([ '\u00a0\u202f]\d{3})+(\.\d+)?", text):
            do = f"Write {re.sub('[^0-9.]', '', text)} without gaps."
        return None, f"'{text}' is not a number.", do
    if not math.isfinite(value):
        return None, f"'{text}' is not a number.", "Leave the cell empty when it is not known."
    if not column.low <= value <= column.high:
        allowed = f"{column.low:g} to {column.high:g} {column.unit}".rstrip()
        return None, f"{text} is outside {allowed}.", "Check the value and its unit."
    return value, "", ""


def _integer(text: str, column: Column) -> Judged:
    value, what, do = _number(text, column)
    if isinstance(value, float):
        if not value.is_integer():
            return None, f"{text} is not a whole number.", "Write a whole number."
        value = int(value)
    return value, what, do


_TRUE, _FALSE = ("true", "yes", "ja", "是", "1"), ("false", "no", "nej", "否", "0")


def _boolean(text: str, _: Column) -> Judged:
    if text.lower() in (*_TRUE, *_FALSE):
        return text.lower() in _TRUE, "", ""
    return None, f"'{text}' is neither true nor false.", "Write true or false."


def _date(text: str, _: Column) -> Judged:
    if _ISO.fullmatch(text):
        try:
            return dt.date.fromisoformat(text), "", ""
        except ValueError:
            return None, f"'{text}' is not a day of the calendar.", "Check month and day."
    if _OTHER_DATE.fullmatch(text):
        return None, f"'{text}' may be read in two ways.", "Write YYYY-MM-DD."
    return None, f"'{text}' is not a date.", "Write YYYY-MM-DD."


def _choice(text: str, column: Column) -> Judged:
    if text in column.choices:
        return text, "", ""
    return None, f"'{text}' is not allowed.", near(text, column.choices)


_JUDGES: dict[str, Callable[[str, Column], Judged]] = {
    "text": _text,
    "slug": _slug,
    "code": _code,
    "reference": _code,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "choice": _choice,
    "source": _slug,
}


def judge(text: str, column: Column, *, known: Mapping[str, Container[str]]) -> Judged:
    """Read one cell.

    Parameters
    ----------
    text : str
        The cell as written, without outer white space.
    column : Column
        What may stand there.
    known : mapping of str to container of str
        Keys of the tables a reference may name; ``known["sources"]`` for sources.
        A table not named here is not checked.

    Returns
    -------
    tuple
        Value (None when empty), what is wrong ('' when nothing), what to do.
    """
    if text == "":
        if column.is_required:
            return None, "is empty.", "Give a value."
        return None, "", ""
    parts = [part.strip() for part in text.split("|")] if column.is_list else [text]
    judged = [_judge_one(part, column, known) for part in parts]
    for _, what, do in judged:
        if what:
            return None, what, do
    return ("|".join(parts) if column.is_list else judged[0][0]), "", ""


def _judge_one(text: str, column: Column, known: Mapping[str, Container[str]]) -> Judged:
    value, what, do = _JUDGES[column.kind](text, column)
    if what:
        return None, what, do
    table = "sources" if column.kind == "source" else column.refers_to
    if table and table in known and text not in known[table]:
        keys: Any = known[table]
        return None, f"'{text}' is not in {table}.", near(text, keys)
    return value, "", ""
