"""A sheet in one language, as plain strings: what every renderer sets, none computes."""

from __future__ import annotations

import base64
import re
from typing import Any

from renvand.publish import charts, layout
from renvand.publish.charts import process, rivers
from renvand.publish.check import clean, require
from renvand.publish.model import (
    Block,
    Chart,
    Gap,
    KeyFigure,
    Listing,
    Ref,
    SheetModel,
    Source,
    Table,
    Technique,
    walk,
)
from renvand.publish.voice import CONSTRUCTED, NOT_VERIFIED, Voice
from renvand.text import LOCALES, day

Composed = dict[str, Any]  # JSON: strings, lists and dicts of them

# Size on paper by the section a chart stands in: full width, or one of two columns. [pt]
FULL, HALF = 505.0, 242.0
HEIGHTS = {"bar": 19.0, "profile": 26.0}  # per item
SIZES = {
    "sankey": (FULL, 122.0),
    "curve": (HALF, 150.0),
    "course": (HALF, 150.0),
    "map": (FULL, rivers.HEIGHT),
    "process": (FULL, process.HEIGHT),
}


def compose(model: SheetModel, language: str) -> Composed:
    """Write a sheet in one language.

    Parameters
    ----------
    model : SheetModel
        The sheet.
    language : str
        'da', 'en' or 'zh'.

    Returns
    -------
    dict
        JSON: ``title``, ``key_figures``, ``sections`` with ``blocks``, ``sources``, …

    Raises
    ------
    FileError
        When the sheet has a fault; see :func:`renvand.publish.check.faults`.
    """
    require(model)
    voice = Voice(language, {fact.id: fact for fact in model.facts})
    say = voice.words
    marks = [
        say(f"sheet.mark_{name}", mark=mark)
        for name, mark in (("constructed", CONSTRUCTED), ("not_verified", NOT_VERIFIED))
        if any(mark in voice.marks(fact) for fact in model.facts)
    ]
    sections = [
        {
            "id": section.id,
            "title": voice.text(section.title),
            "blocks": [
                block_of(block, voice, is_wide=layout.is_wide(model.kind, section.id))
                for block in section.blocks
            ],
        }
        for section in model.sections
    ]
    return _frame(model, voice) | {
        "marks": marks,
        "key_figures": [_key_figure(key, voice) for key in model.key_figures],
        "sections": sections,
        "rows": layout.rows(model.kind, sections),
        "behind": _behind(model, voice),
        "facts": _facts(model, voice),
        "method": [voice.text(line) for line in model.method],
        "sources": [source_line(source) for source in model.sources],
        "words": _words(voice, model),
    }


def _frame(model: SheetModel, voice: Voice) -> Composed:
    """Write what stands around the sections."""
    say, language = voice.words, voice.language
    return {
        "language": language,
        "locale": LOCALES[language].replace("_Hans", "").replace("_", "-"),
        "id": model.id,
        "kind": model.kind,
        "series": voice.text(model.series),
        "title": voice.text(model.title),
        "subtitle": voice.text(model.subtitle),
        "lead": voice.text(model.lead),
        "codes": [voice.text(code) for code in model.codes],
        "issue": [
            say("sheet.number", number=str(model.number)),
            say("sheet.edition", edition=clean(model.edition)),
            day(model.issued_on, language),
            say(f"sheet.{model.status}"),
        ],
        "issued_on": model.issued_on.isoformat(),
        "notice": _notice(model, voice),
        "badge": say("sheet.constructed_badge") if model.notice else "",
        "contact": clean(model.contact),
        "url": _address(model, voice),
        "logo": list(base64.b64decode(model.logo)),
        "licence": say("sheet.licence", licence=clean(model.licence)) if model.licence else "",
    }


def _notice(model: SheetModel, voice: Voice) -> str:
    """Give the notice without a first word that the badge before it says already."""
    text = voice.text(model.notice) if model.notice else ""
    return re.sub(r"^(Example\. |Eksempel\. |示例数据。)", "", text)


def _address(model: SheetModel, voice: Voice) -> str:
    """Give the address of the page in this language."""
    return clean(model.url).replace("{language}", voice.language)


def _words(voice: Voice, model: SheetModel) -> dict[str, str]:
    """Give the fixed words of the frame around the content."""
    plain = ("key_figures", "method", "sources", "behind", "on_the_web", "contact", "skip")
    words = {key: voice.words(f"sheet.{key}") for key in (*plain, "show_numbers")}
    words["alt_qr"] = voice.words("sheet.alt_qr", url=_address(model, voice))
    words["alt_logo"] = voice.words("sheet.alt_logo", contact=clean(model.contact))
    words["page"] = voice.words("sheet.page", page="{page}", pages="{pages}")
    return words


def _key_figure(key: KeyFigure, voice: Voice) -> Composed:
    if isinstance(key.value, Gap):
        reason = voice.text(key.value.reason)
        gap = {"number": voice.gap(key.value), "unit": "", "mark": "", "why": ""}
        return gap | {"label": voice.text(key.label), "note": reason, "is_gap": True}
    refs = key.value if isinstance(key.value, tuple) else (key.value,)
    facts = [voice.facts[ref.fact] for ref in refs]
    numbers = [voice.written(f.value, ref=r) for f, r in zip(facts, refs, strict=True)]
    return {
        "label": voice.text(key.label),
        "number": " / ".join(numbers),
        "unit": "%" if facts[0].unit == "%" else voice.unit(facts[0].unit),
        "mark": "".join(dict.fromkeys("".join(voice.marks(fact) for fact in facts))),
        "why": " ".join(fact.id for fact in facts),
        "note": voice.text(key.note),
        "is_gap": False,
    }


def block_of(block: Block, voice: Voice, *, is_wide: bool = False) -> Composed:
    """Write one block of a section; a wide one has the width of the page."""
    if isinstance(block, Table):
        return _table(block, voice)
    if isinstance(block, Chart):
        return chart_of(block, voice, is_wide=is_wide)
    if isinstance(block, Listing):
        return {"is": "listing", "items": [voice.text(item) for item in block.items]}
    if isinstance(block, Technique):
        rows = [[voice.text(head), voice.text(body)] for head, body in block.rows]
        return {"is": "technique", "title": voice.text(block.title), "rows": rows}
    if isinstance(block, Gap):
        return {"is": "gap", "text": voice.text(block.reason)}
    return {"is": "paragraph", "text": voice.text(block)}


def _table(table: Table, voice: Voice) -> Composed:
    common = voice.common_marks(table)
    reasons = dict.fromkeys(voice.text(p.reason) for p in walk(table) if isinstance(p, Gap))
    return {
        "is": "table",
        "caption": voice.text(table.caption),
        "mark": common,
        "columns": [
            {
                "title": voice.text(column.title),
                "unit": voice.unit(column.unit) if column.unit else "",
                "is_number": column.is_number,
                "weight": column.weight,
            }
            for column in table.columns
        ],
        "rows": [
            [
                {"text": w.text, "mark": w.mark, "why": w.why, "is_gap": w.is_gap}
                for w in (voice.cell(cell, hidden=common) for cell in row)
            ]
            for row in table.rows
        ],
        "notes": [*([voice.text(table.note)] if table.note else []), *reasons],
    }


def size_of(chart: Chart, *, is_wide: bool = False) -> tuple[float, float]:
    """Give width and height of a chart on paper. [pt]"""
    if chart.kind in SIZES:
        return SIZES[chart.kind]
    return FULL if is_wide else HALF, 8 + 11.0 * len(chart.levels) + HEIGHTS[chart.kind] * max(
        len(chart.items), 2
    )


def chart_of(chart: Chart, voice: Voice, *, is_wide: bool = False) -> Composed:
    """Draw a chart and write what stands around it."""
    width, height = size_of(chart, is_wide=is_wide)
    option = charts.option(chart, voice, width=width)
    return {
        "is": "chart",
        "kind": chart.kind,
        "caption": voice.text(chart.caption),
        "mark": voice.chart_marks(chart),
        "alt": charts.alt(chart, voice),
        "svg": charts.svg(option, width=width, height=height),
        "rows": [list(row) for row in charts.rows(chart, voice)],
        "notes": [voice.text(chart.note)] if chart.note else [],
        "width": width,
        "height": height,
    }


def _behind(model: SheetModel, voice: Voice) -> Composed:
    """Tell how each key figure was made, with the id that ``renvand why`` takes."""
    say = voice.words
    rows: list[list[str]] = []
    for key in model.key_figures:
        if isinstance(key.value, Gap):
            continue
        for ref in key.value if isinstance(key.value, tuple) else (key.value,):
            fact = voice.facts[ref.fact]
            kinds = [say(f"basis.{fact.basis}"), say(f"sheet.confidence_{fact.confidence}")]
            rows.append([voice.text(key.label), ", ".join(kinds), fact.id])
    heads = ("figure", "basis", "identifier")
    return {"heads": [say(f"sheet.{head}") for head in heads], "rows": rows}


def _facts(model: SheetModel, voice: Voice) -> Composed:
    """List every number with what it stands on, for the page: its numbers lead here."""
    say = voice.words
    titles = {source.key: f"{source.title} ({source.year})" for source in model.sources}
    rows = [
        [
            fact.id,
            voice.amount(Ref(fact=fact.id)),
            f"{say(f'basis.{fact.basis}')}, {say(f'sheet.confidence_{fact.confidence}')}",
            clean("; ".join(titles[key] for key in fact.sources if key in titles)),
        ]
        for fact in model.facts
    ]
    heads = [say(f"sheet.{head}") for head in ("identifier", "figure", "basis", "sources")]
    return {"title": say("sheet.numbers"), "heads": heads, "rows": rows}


def source_line(source: Source) -> str:
    """Write one line of the bibliography."""
    parts = [source.author, f"{source.title} ({source.year})", source.publisher, source.url]
    return clean(". ".join(part.strip().rstrip(".") for part in parts if part.strip()) + ".")
