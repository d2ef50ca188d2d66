"""TOML pages by the same rules as tables: ``title.en`` is column ``title_en``."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Container, Iterator, Mapping
from typing import Any

from renvand.errors import Fault, near
from renvand.knowledge.schema import Column, Schema, judge
from renvand.text import LANGUAGES

Known = Mapping[str, Container[str]]
Read = tuple[Any, str, str]  # value, what is wrong, what to do


def key_of(column: str, sections: tuple[str, ...] = (), *, first: str = "") -> str:
    """Say how a column is written in a page: 'title_en' is ``case.title.en``.

    Parameters
    ----------
    column : str
        The column.
    sections : tuple of str
        Tables of the page; 'ranking_weights' lies in ``[ranking]``.
    first : str
        Table for all other columns.
    """
    prefix = next((s for s in sections if column.startswith(f"{s}_")), "")
    rest = column.removeprefix(f"{prefix}_") if prefix else column
    stem, _, language = rest.rpartition("_")
    if language in LANGUAGES and stem:
        rest = f"{stem}.{language}"
    return ".".join(part for part in (prefix or first, rest) if part)


def read_page(
    page: Mapping[str, Any], schema: Schema, *, name: str, known: Known, keys: Mapping[str, str]
) -> tuple[dict[str, Any], list[Fault]]:
    """Judge a page.

    Parameters
    ----------
    page : mapping
        As :mod:`tomllib` gives it.
    schema : Schema
        Its rules.
    name : str
        How the page is called in messages.
    known : mapping of str to container of str
        See :func:`renvand.knowledge.judge`.
    keys : mapping of str to str
        How each column is written, by :func:`key_of`.

    Returns
    -------
    tuple
        The row by column, None where nothing was written; and all faults.
    """
    columns = {key: column for column, key in keys.items()}
    row: dict[str, Any] = dict.fromkeys(schema.columns)
    faults: list[Fault] = []
    for key, value in _leaves(page, columns):
        where = f"{name}, {key}"
        if key not in columns:
            faults.append(Fault(where=where, what="is not known.", do=near(key, columns)))
            continue
        rule = schema.columns[columns[key]]
        row[columns[key]], what, do = judge_value(value, rule, known=known)
        if what:
            faults.append(Fault(where=where, what=what, do=do))
    written = {key for key, _ in _leaves(page, columns)}
    for column, rule in schema.columns.items():
        if rule.is_required and keys[column] not in written:
            faults.append(Fault(where=name, what=f"lacks '{keys[column]}'.", do="Add it."))
    return row, faults


def nest(row: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Write a row as a page; what is not known is left out."""
    page: dict[str, Any] = {}
    for column, key in keys.items():
        if row.get(column) is None:
            continue
        *tables, last = key.split(".")
        place = page
        for table in tables:
            place = place.setdefault(table, {})
        place[last] = row[column]
    return page


def unnest(page: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Take a page apart again; what is not written is None."""
    row: dict[str, Any] = {}
    for column, key in keys.items():
        value: Any = page
        for word in key.split("."):
            value = value.get(word) if isinstance(value, dict) else None
        row[column] = value
    return row


def _leaves(page: Mapping[str, Any], columns: Mapping[str, str], at: str = "") -> Iterator[Any]:
    for word, value in page.items():
        key = f"{at}.{word}" if at else word
        if isinstance(value, dict) and key not in columns:
            yield from _leaves(value, columns, key)
        else:
            yield key, value


def judge_value(value: Any, column: Column, *, known: Known) -> Read:
    """Judge one value of a page: as a cell, but TOML has types of its own."""
    if column.kind == "list":
        return _list(value, column, known)
    if column.kind == "weights":
        return _weights(value)
    if column.kind == "mapping":
        is_table = isinstance(value, dict)
        what = "" if is_table else f"'{value}' is {_called(value)}."
        return (value, "", "") if is_table else (None, what, 'Write {our_column = "header"}.')
    if column.kind == "moment":
        return _moment(value)
    wanted, remedy = _WRITTEN.get(column.kind, ((str,), "Put it in quotation marks."))
    if not isinstance(value, wanted) or (isinstance(value, bool) and column.kind != "boolean"):
        return None, f"'{value}' is {_called(value)}.", remedy
    read, what, do = judge(_as_cell(value), column, known=known)
    return read, what, do


_WRITTEN: Mapping[str, tuple[tuple[type, ...], str]] = {
    "number": ((int, float), "Write a number, without quotation marks."),
    "integer": ((int, float), "Write a whole number, without quotation marks."),
    "boolean": ((bool,), "Write true or false, without quotation marks."),
    "date": ((dt.date, str), "Write YYYY-MM-DD."),
}


def _called(value: Any) -> str:
    names = {bool: "true or false", str: "text", list: "a list", dict: "a table"}
    if isinstance(value, dt.date | dt.time):
        return "a date"
    return names.get(type(value), "a number")


def _as_cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value).strip()


def _list(value: Any, column: Column, known: Known) -> Read:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return None, f"'{value}' is not a list of words.", 'Write ["one", "two"].'
    rule = Column(kind="text", choices=column.choices, refers_to=column.refers_to)
    for word in value:
        if column.choices and word not in column.choices:
            return None, f"'{word}' is not allowed.", near(word, column.choices)
        _, what, do = judge(word, rule, known=known)
        if what:
            return None, what, do
    if column.is_required and not value:
        return None, "is empty.", "Give a value."
    return value, "", ""


def _weights(value: Any) -> Read:
    remedy = "Write {load = 2, willingness = 1}."
    if not isinstance(value, dict):
        return None, f"'{value}' is {_called(value)}.", remedy
    for word, weight in value.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            return None, f"'{word}' is '{weight}', not a number.", remedy
        if not math.isfinite(weight) or weight < 0:
            return None, f"'{word}' is {weight}.", "Give a weight of zero or more."
    return value, "", ""


def _moment(value: Any) -> Read:
    remedy = "Write 2027-05-11T09:00:00+08:00."
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None, f"'{value}' is not a time.", remedy
    if not isinstance(value, dt.datetime):
        return None, f"'{value}' is not a time.", remedy
    if value.tzinfo is None:
        return None, f"'{value.isoformat()}' lacks its offset from UTC.", remedy
    return value.isoformat(), "", ""
