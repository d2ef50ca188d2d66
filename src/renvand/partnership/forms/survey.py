"""A review as XLSForm: the survey that tablets with ODK Collect or Kobo fill in, also offline."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from renvand.knowledge import SHIPPED, Knowledge
from renvand.knowledge.schema import Column, Schema
from renvand.partnership.choices import labels
from renvand.partnership.forms.drawing import drawn_review, form_of_sector, require_sector
from renvand.partnership.forms.export import NEW
from renvand.partnership.store import rows_of
from renvand.text import LANGUAGES

# Names of languages as XLSForm wants them, with the code a browser knows.
NAMED = {"en": "English (en)", "da": "Dansk (da)", "zh": "中文 (zh)"}
TYPES = {"number": "decimal", "integer": "integer", "date": "date", "text": "text"}
NEW_WORDS = {"en": "Another, not drawn", "da": "En anden, ikke tegnet", "zh": "其他（未画出）"}
NEW_NAME = {"en": "Name of the new one", "da": "Navn på den nye", "zh": "新增项名称"}
YES_NO = {
    "true": {"en": "yes", "da": "ja", "zh": "是"},
    "false": {"en": "no", "da": "nej", "zh": "否"},
}
DRAWN = ("units", "streams")
Row = dict[str, str]


def survey_workbook(
    sector: str, path: Path, *, language: str = "en", known: Knowledge = SHIPPED
) -> None:
    """Write the XLSForm of a sector's review.

    Parameters
    ----------
    sector : str
        'textile-dyeing', 'surface-treatment' or 'metalworking'.
    path : path
        The .xlsx file; a form server, or pyxform, makes the survey of it.
    language : str
        Which language opens first; the other two can be chosen on the tablet.
    known : Knowledge
        Kinds of process and substances to choose from; those of the case, where there is one.
    """
    from openpyxl import Workbook

    require_sector(sector)
    forms = form_of_sector(sector)
    book = Workbook()
    book.remove(book.worksheets[0])
    words = [f"{kind}::{NAMED[k]}" for kind in ("label", "hint") for k in LANGUAGES]
    heads = ["type", "name", *words, "required", "constraint", "relevant", "default"]
    _sheet(book, "survey", heads, list(_survey(forms)))
    labels = [f"label::{NAMED[k]}" for k in LANGUAGES]
    _sheet(book, "choices", ["list_name", "name", *labels], list(_choices(sector, forms, known)))
    settings = {
        "form_title": f"renvand review, {sector}",
        "form_id": f"renvand-review-{sector}",
        "version": "1",
        "default_language": NAMED[language],
    }
    _sheet(book, "settings", list(settings), [settings])
    book.save(path)


def _sheet(book: Any, name: str, heads: list[str], rows: list[Row]) -> None:
    sheet = book.create_sheet(name)
    sheet.append(heads)
    for row in rows:
        sheet.append([row.get(head) or None for head in heads])


def _survey(forms: Mapping[str, Schema]) -> Iterator[Row]:
    """The page as a group, every table as a repeat, every column as a question."""
    for name, schema in forms.items():
        kind = "group" if name == "review" else "repeat"
        yield {"type": f"begin {kind}", "name": name} | _labels("label", schema.help, name)
        for column, rule in schema.columns.items():
            yield from _question(f"{name}_{column}", column, rule)
        yield {"type": f"end {kind}"}


def _question(name: str, column: str, rule: Column) -> Iterator[Row]:
    """Ask for one cell; names carry the table, because those of a survey must differ."""
    asked = {"type": _type(rule), "name": name, "required": "yes" if rule.is_required else ""}
    asked |= _labels("label", _with_unit(rule), column)
    if rule.kind in ("number", "integer"):
        asked["constraint"] = _range(rule)
    if column == "basis":
        asked["default"] = "measured"
    yield asked
    if _drawn_list(rule):
        named = {"type": "text", "name": f"{name}_{NEW}", "relevant": f"${{{name}}} = '{NEW}'"}
        yield named | _labels("label", NEW_NAME, column) | {"required": "yes"}


def _labels(kind: str, words: Mapping[str, str], otherwise: str) -> Row:
    return {f"{kind}::{NAMED[k]}": words.get(k) or otherwise for k in LANGUAGES}


def _with_unit(rule: Column) -> dict[str, str]:
    return {k: f"{v.rstrip('.。')} [{rule.unit}]" if rule.unit else v for k, v in rule.help.items()}


def _type(rule: Column) -> str:
    listed = list_of(rule)
    if listed:
        return f"select_one {listed}"
    return TYPES.get(rule.kind, "text")


def list_of(rule: Column) -> str:
    """Name the list of choices of a column, or nothing where it is free."""
    if rule.kind == "boolean":
        return "yes_no"
    if rule.choices:
        return "one_of_" + "_".join(rule.choices[:2]).replace("-", "_")
    if rule.refers_to in ("process_kinds", "substances"):
        return rule.refers_to
    return _drawn_list(rule)


def _drawn_list(rule: Column) -> str:
    """Units and streams are chosen from what is drawn; ends of streams from outside places too."""
    if rule.refers_to in DRAWN:
        return rule.refers_to
    if not rule.refers_to.startswith("units,"):
        return ""
    return "from_places" if "supply" in rule.refers_to else "to_places"


def _range(rule: Column) -> str:
    parts = [f". >= {rule.low:g}"] if math.isfinite(rule.low) else []
    parts += [f". <= {rule.high:.0f}"] if math.isfinite(rule.high) else []
    return " and ".join(parts)


def _choices(sector: str, forms: Mapping[str, Schema], known: Knowledge) -> Iterator[Row]:
    for name, words in YES_NO.items():
        yield {"list_name": "yes_no", "name": name} | _labels("label", words, name)
    seen: set[str] = set()
    for schema in forms.values():
        for rule in schema.columns.values():
            if rule.choices and list_of(rule) not in seen:
                seen.add(list_of(rule))
                for word in rule.choices:
                    yield {"list_name": list_of(rule), "name": word} | _labels(
                        "label", labels(word), word
                    )
    for table in ("process_kinds", "substances"):
        names = {k: known.names(table, k) for k in LANGUAGES}
        for r in known.rows(table):
            if table != "process_kinds" or sector in r["sector"].split("|"):
                words = {k: names[k][r["id"]] for k in LANGUAGES}
                yield {"list_name": table, "name": r["id"]} | _labels("label", words, r["id"])
    yield from _drawn_choices(sector, forms)


def _drawn_choices(sector: str, forms: Mapping[str, Schema]) -> Iterator[Row]:
    drawn = drawn_review(sector)
    units = {r["id"]: {k: r[f"label_{k}"] for k in LANGUAGES} for r in rows_of(drawn["units"])}
    lists = {"units": units, "from_places": dict(units), "to_places": dict(units)}
    columns = forms["streams"].columns
    for name, column in (("from_places", "from_unit"), ("to_places", "to_unit")):
        for place in outside_places(columns[column].refers_to):
            lists[name][place] = dict.fromkeys(LANGUAGES, place)
    lists["streams"] = {
        r["id"]: {
            k: f"{r['id']}  {_end(units, r['from_unit'], k)} → {_end(units, r['to_unit'], k)}"
            for k in LANGUAGES
        }
        for r in rows_of(drawn["streams"])
    }
    for name, words in lists.items():
        for key, called in {**words, NEW: NEW_WORDS}.items():
            yield {"list_name": name, "name": key} | _labels("label", called, key)


def outside_places(refers_to: str) -> list[str]:
    """Take the words out of 'units, drain, sewer or air'."""
    return refers_to.replace(" or ", ", ").split(", ")[1:]


def _end(units: Mapping[str, Mapping[str, str]], place: str, language: str) -> str:
    return units[place][language] if place in units else place
