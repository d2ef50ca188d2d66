"""The evaluation of a seminar as an XLSForm: one workbook, three languages, any field tool."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any

from renvand.publish.archive import fixed
from renvand.publish.model import Block, Label, Phrase, SheetModel, Table
from renvand.publish.seminar.event import Event
from renvand.publish.seminar.participants import write_text
from renvand.text import LANGUAGES, Words
from renvand.text.words import catalogue

NAMES = {"en": "English (en)", "da": "Dansk (da)", "zh": "中文 (zh)"}
ROLES = ("company", "authority", "supplier", "consultant", "other")
SCALE = (1, 2, 3, 4, 5)
OPTIONS = "options"  # question on the saving options
Texts = Mapping[str, str]  # by language


def talks_of(event: Event) -> dict[str, Label]:
    """Name the questions on the talks, 'talk_1', with the titles they ask for."""
    return {f"talk_{n}": talk.title for n, talk in enumerate(event.talks, 1)}


def options_of(model: SheetModel) -> dict[str, Label]:
    """Name the saving options of a sheet, 'option_1' as numbered in its table."""
    section = model.section("options")
    blocks: tuple[Block, ...] = section.blocks if section else ()
    rows = next((block.rows for block in blocks if isinstance(block, Table)), ())
    labels = [next((cell for cell in row if isinstance(cell, Label)), None) for row in rows]
    return {f"option_{n}": label for n, label in enumerate(labels, 1) if label}


def evaluation_form(model: SheetModel, event: Event, *, on: dt.date) -> bytes:
    """Write the form.

    Parameters
    ----------
    model : SheetModel
        The data sheet of the seminar: its saving options are asked for.
    event : Event
        The seminar: each talk is asked for.
    on : date
        The day of the file, and the version of the form.

    Returns
    -------
    bytes
        An xlsx with the sheets ``survey``, ``choices`` and ``settings`` of an XLSForm.
    """
    from openpyxl import Workbook

    labels = [f"label::{NAMES[language]}" for language in LANGUAGES]
    book = Workbook()
    first: Any = book.active
    first.title = "survey"
    _fill(first, ["type", "name", *labels, "required", "relevant", "appearance"],
          _survey(event, options_of(model)))  # fmt: skip
    _fill(book.create_sheet("choices"), ["list_name", "name", *labels], _choices(model))
    titles = catalogue()["seminar.evaluation_title"]
    sector = model.title if isinstance(model.title, Phrase) else None
    name = {k: catalogue()[sector.key][k] if sector else model.id for k in LANGUAGES}
    settings = [
        titles["en"].format(sector=name["en"]),
        f"evaluation_{event.id}".replace("-", "_").replace(".", "_"),
        f"{on:%Y%m%d}",
        NAMES[event.languages[0]],
    ]
    heads = ["form_title", "form_id", "version", "default_language"]
    _fill(book.create_sheet("settings"), heads, [settings])
    book.properties.title, book.properties.creator = settings[0], "Renvand"
    book.properties.created = book.properties.modified = dt.datetime.combine(on, dt.time())
    made = io.BytesIO()
    book.save(made)
    return fixed(made.getvalue(), is_inner=True)


def _fill(page: Any, heads: list[str], rows: Iterator[list[str]] | list[list[str]]) -> None:
    """Write a sheet; every cell is text and none is ever run."""
    for y, row in enumerate([heads, *rows], 1):
        for x, text in enumerate(row, 1):
            if text:
                write_text(page.cell(y, x), text)
    for x, _ in enumerate(heads):
        page.column_dimensions["ABCDEFGHIJ"[x]].width = 30 if x > 1 else 18
    page.freeze_panes = "A2"


def _said(key: str) -> list[str]:
    return [catalogue()[f"seminar.{key}"][language] for language in LANGUAGES]


def _spelled(label: Label) -> list[str]:
    """Give the words of a label; a '$' would begin a reference in a form."""
    return [getattr(label, language).replace("${", "$ {") for language in LANGUAGES]


def _survey(event: Event, options: Mapping[str, Label]) -> Iterator[list[str]]:
    """Yield the questions: type, name, labels, required, relevant, appearance."""
    yield ["note", "welcome", *_said("evaluation_welcome")]
    yield ["select_one role", "role", *_said("evaluation_role"), "yes", "", "minimal"]
    yield ["select_one scale", "overall", *_said("evaluation_overall"), "yes", "", "likert"]
    yield ["begin_group", "talks", *_said("evaluation_talks")]
    for name, title in talks_of(event).items():
        yield ["select_one scale", name, *_spelled(title), "", "", "likert"]
    yield ["end_group", "", "", "", ""]
    if options:
        yield ["select_multiple option", OPTIONS, *_said("evaluation_options")]
    yield ["text", "missing", *_said("evaluation_missing"), "", "", "multiline"]
    yield ["select_one yesno", "contact_me", *_said("evaluation_contact"), "yes"]
    yield ["text", "email", *_said("column_email"), "yes", "${contact_me} = 'yes'"]


def _choices(model: SheetModel) -> Iterator[list[str]]:
    for role in ROLES:
        yield ["role", role, *_said(f"role_{role}")]
    for value in SCALE:
        yield ["scale", str(value), *_said(f"scale_{value}")]
    for name, label in options_of(model).items():
        yield ["option", name, *_spelled(label)]
    for answer in ("yes", "no"):
        yield ["yesno", answer, *[Words(language)(f"seminar.{answer}") for language in LANGUAGES]]
