"""Workbooks to fill in, made from the rules: headings in the reader's language, lists, help."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand.knowledge.schema import Column, Schema
from renvand.partnership.choices import labels
from renvand.partnership.store import rows_of
from renvand.text import LANGUAGES
from renvand.text.format import unit_name

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

LABELS, NAMES, FIRST = 1, 2, 3  # rows: what is meant, the column names, the first to fill in
ROWS_TO_FILL = 500  # so far down reach the lists to choose from
LONGEST_LIST = 255  # characters Excel takes in a list written into the rule itself
LISTS = "_lists"  # hidden sheet with the longer ones
NARROWEST, WIDEST = 12, 40  # characters
FORMULA_STARTS = ("=", "+", "-", "@")
WORDS: Mapping[str, Mapping[str, str]] = {
    "required": {"en": "required", "da": "skal udfyldes", "zh": "必填"},
    "one_of": {"en": "One of", "da": "En af", "zh": "可选"},
    "range": {"en": "From {low} to {high}", "da": "Fra {low} til {high}", "zh": "{low} 至 {high}"},
    "at_least": {"en": "{low} or more", "da": "{low} eller mere", "zh": "不小于 {low}"},
}


def template(
    schemas: Mapping[str, Schema],
    path: Path,
    *,
    language: str,
    rows: Mapping[str, pd.DataFrame] | None = None,
    lists: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a workbook to fill in.

    Parameters
    ----------
    schemas : mapping of str to Schema
        One sheet each.
    path : path
        The .xlsx file.
    language : str
        'da', 'en' or 'zh': of the headings and the help; column names stay.
    rows : mapping of str to DataFrame, optional
        What is known already.
    lists : mapping of str to sequence of str, optional
        Keys of tables that are not sheets: 'substances', 'sources'.
    """
    from openpyxl import Workbook

    if language not in LANGUAGES:
        raise ValueError(language)
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, schema in schemas.items():
        sheet = book.create_sheet(name)
        _headings(sheet, schema, language)
        _fill(sheet, rows_of(rows[name]) if rows and name in rows else [])
    hidden = book.create_sheet(LISTS)
    hidden.sheet_state = "hidden"
    for name, schema in schemas.items():
        _validate(book[name], schema, schemas, lists={**(lists or {})}, hidden=hidden)
    book.save(path)


def _headings(sheet: Worksheet, schema: Schema, language: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, (column, rule) in enumerate(schema.columns.items(), 1):
        label = sheet.cell(LABELS, number, _label(column, rule, language))
        label.font = Font(bold=rule.is_required)
        label.alignment = Alignment(wrap_text=True, vertical="top")
        label.comment = Comment(_help(rule, language), "renvand")
        name = sheet.cell(NAMES, number, column)
        name.font = Font(color="666666")
        name.fill = PatternFill("solid", start_color="EEEEEE")
        width = min(max(len(column) + 2, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"A{FIRST}"


def _label(column: str, rule: Column, language: str) -> str:
    said = rule.help.get(language, column).rstrip(".。")
    unit = f" [{unit_name(rule.unit, language)}]" if rule.unit else ""
    return f"{said}{unit}{' *' if rule.is_required else ''}"


def _help(rule: Column, language: str) -> str:
    lines = [rule.help.get(language, "")]
    if rule.choices:
        words = (_word(word, language) for word in rule.choices)
        lines.append(f"{WORDS['one_of'][language]}: {', '.join(words)}.")
    if math.isfinite(rule.low) and math.isfinite(rule.high):
        lines.append(WORDS["range"][language].format(low=f"{rule.low:g}", high=f"{rule.high:g}"))
    elif math.isfinite(rule.low):
        lines.append(WORDS["at_least"][language].format(low=f"{rule.low:g}"))
    if rule.is_required:
        lines.append(f"({WORDS['required'][language]})")
    return "\n".join(line for line in lines if line)


def _word(word: str, language: str) -> str:
    called = labels(word).get(language, word)
    return word if called == word else f"{word} ({called})"


def _fill(sheet: Worksheet, rows: Sequence[Mapping[str, Any]]) -> None:
    for number, row in enumerate(rows, FIRST):
        for place, value in enumerate(row.values(), 1):
            cell = sheet.cell(number, place)
            cell.value = value
            if isinstance(value, str) and value.startswith(FORMULA_STARTS):
                cell.data_type = "s"  # text, not a formula that would run at the reader's
                cell.quotePrefix = True


def _validate(
    sheet: Worksheet,
    schema: Schema,
    sheets: Mapping[str, Schema],
    *,
    lists: Mapping[str, Sequence[str]],
    hidden: Worksheet,
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, rule in enumerate(schema.columns.values(), 1):
        formula = _list_formula(rule, sheets, lists=lists, hidden=hidden)
        if formula:
            # a warning only: references may be filled in before the row they name
            check = DataValidation(type="list", formula1=formula, allow_blank=True)
            check.errorStyle = "stop" if rule.choices else "warning"
        elif rule.kind in ("number", "integer") and math.isfinite(rule.low):
            high = rule.high if math.isfinite(rule.high) else 1e300
            kind = "decimal" if rule.kind == "number" else "whole"
            check = DataValidation(
                type=kind, operator="between", formula1=f"{rule.low:g}", formula2=f"{high:g}"
            )
        else:
            continue
        letter = get_column_letter(number)
        check.add(f"{letter}{FIRST}:{letter}{ROWS_TO_FILL}")
        sheet.add_data_validation(check)


def _list_formula(
    rule: Column,
    sheets: Mapping[str, Schema],
    *,
    lists: Mapping[str, Sequence[str]],
    hidden: Worksheet,
) -> str:
    name = "sources" if rule.kind == "source" else rule.refers_to
    if rule.kind == "boolean":
        return '"TRUE,FALSE"'
    if name in sheets:
        return f"'{name}'!$A${FIRST}:$A${ROWS_TO_FILL}"
    words = rule.choices or tuple(lists.get(name, ()))
    written = ",".join(words)
    if not words or (len(written) <= LONGEST_LIST and not any("," in word for word in words)):
        return f'"{written}"' if words else ""
    return _hidden_list(hidden, words)


def _hidden_list(hidden: Worksheet, words: Sequence[str]) -> str:
    from openpyxl.utils import get_column_letter

    number = hidden.max_column + (1 if hidden.cell(1, 1).value else 0)
    for row, word in enumerate(words, 1):
        hidden.cell(row, number, word)
    letter = get_column_letter(number)
    return f"'{LISTS}'!${letter}$1:${letter}${len(words)}"
