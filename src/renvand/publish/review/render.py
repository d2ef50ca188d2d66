"""A review report as PDF, Word document, page with diagrams to explore, or drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.publish import charts, paper
from renvand.publish.build.key_figures import shown
from renvand.publish.check import missing_glyphs
from renvand.publish.compose import block_of, source_line
from renvand.publish.model import Chart, Phrase, strings
from renvand.publish.review.flows import diagram
from renvand.publish.review.model import Report, View
from renvand.publish.review.report import review_report
from renvand.publish.voice import CONSTRUCTED, NOT_VERIFIED, Voice
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.text import LANGUAGES, LOCALES

FORMATS = ("pdf", "docx", "html", "svg")
WIDTH, HEIGHT = 505.0, 225.0  # pt; of a diagram on paper
ON_SCREEN = 1.6  # times the size on paper
ROOM = 50.0  # pt; names and numbers of the last nodes may stand on one line

Composed = dict[str, Any]


def review_documents(
    case: CaseData,
    outcome: Outcome,
    review: str,
    *,
    languages: Sequence[str] = LANGUAGES,
    formats: Sequence[str] = ("pdf", "docx"),
    is_confidential: bool = True,
) -> dict[str, bytes]:
    """Write the report of one company.

    Parameters
    ----------
    case, outcome, review, is_confidential
        As for :func:`renvand.publish.review.report.review_report`.
    languages : sequence of str
        Of 'da', 'en', 'zh'.
    formats : sequence of str
        'pdf', 'docx'; 'html', a page whose diagrams can be explored; 'svg', every diagram.

    Returns
    -------
    dict of str to bytes
        Files by name: '<review>.<language>.pdf', '<review>.water.<language>.svg'.

    Raises
    ------
    FileError
        For an unknown review, language or format, or a release without consent.
    """
    for word, allowed, what in (
        *((w, FORMATS, "format") for w in formats),
        *((w, LANGUAGES, "language") for w in languages),
    ):
        if word not in allowed:
            do = near(word, allowed)
            raise FileError(Fault(where=what, what=f"'{word}' is not known.", do=do))
    report = review_report(case, outcome, review, is_confidential=is_confidential)
    view = View(case, outcome, review)
    made: dict[str, bytes] = {}
    for language in languages:
        for form in formats:
            if form == "svg":
                made |= _drawings(view, language)
            else:
                data = render_review(report, language, format=form, view=view)
                made[f"{review}.{language}.{form}"] = data
    return made


def render_review(report: Report, language: str, *, format: str, view: View) -> bytes:
    """Write a report in one language and one format; same report, same bytes."""
    composed = compose(report, language)
    if format == "pdf":
        return paper.pdf("review/report.typ", composed)
    if format == "docx":
        from renvand.publish.review.word import document

        return document(composed)
    from renvand.publish.review.page import page

    return page(composed, diagrams(view, language)).encode()


def compose(report: Report, language: str) -> Composed:
    """Write a report in one language, as plain strings.

    Raises
    ------
    FileError
        When it holds a character that the shipped fonts lack.
    """
    lacking = missing_glyphs("".join(strings(report)))
    if lacking:
        what = f"the shipped fonts lack {' '.join(lacking[:8])}."
        do = "Write it with characters of GB 2312 or Latin."
        raise FileError(Fault(where=f"reviews/{report.id}", what=what, do=do))
    voice = Voice(language, {fact.id: fact for fact in report.facts})
    marks = {m for fact in report.facts for m in voice.marks(fact)}
    seal = voice.text(report.seal)
    return {
        "language": language,
        "locale": LOCALES[language].replace("_Hans", "").replace("_", "-"),
        "id": report.id,
        "series": voice.words("review.series"),
        "title": voice.text(report.title),
        "subtitle": voice.text(report.subtitle),
        "visited": voice.text(report.visited),
        "seal": seal,
        "is_confidential": report.is_confidential,
        "issued_on": report.issued_on.isoformat(),
        "notice": voice.text(report.notice) if report.notice else "",
        "contact": "",
        "key_figures": [_key_figure(key, voice) for key in report.key_figures],
        "sections": [
            {
                "id": section.id,
                "title": voice.text(section.title),
                "blocks": [_block(block, voice) for block in section.blocks],
            }
            for section in report.sections
        ],
        "method": [voice.words(f"review.method_{n}") for n in (1, 2, 3)],
        "sources": [source_line(source) for source in report.sources],
        "marks": [
            voice.words(f"sheet.mark_{name}", mark=mark)
            for name, mark in (("constructed", CONSTRUCTED), ("not_verified", NOT_VERIFIED))
            if mark in marks
        ],
        "words": _words(voice),
    }


def _words(voice: Voice) -> dict[str, str]:
    """Give the fixed words of the frame around the content."""
    return {
        **{k: voice.words(f"review.{k}") for k in ("method", "sources", "choose")},
        "key_figures": voice.words("sheet.key_figures"),
        "show_numbers": voice.words("sheet.show_numbers"),
        "skip": voice.words("sheet.skip"),
        "page": voice.words("review.page", page="{page}", pages="{pages}"),
    }


def _key_figure(key: Any, voice: Voice) -> Composed:
    fact = voice.facts[key.value.fact]
    return {
        "label": voice.text(key.label),
        "number": voice.written(fact.value, ref=key.value),
        "unit": voice.unit(fact.unit),
        "mark": voice.marks(fact),
        "why": fact.id,
        "note": voice.text(key.note),
        "is_gap": False,
    }


def _block(block: Any, voice: Voice) -> Composed:
    return drawn(block, voice) if isinstance(block, Chart) else block_of(block, voice)


def drawn(chart: Chart, voice: Voice) -> Composed:
    """Draw a diagram over the whole width of a page."""
    option = charts.option(chart, voice, width=WIDTH)
    for series in option["series"]:
        series["right"] = series.get("right", 0) + ROOM
    return {
        "is": "chart",
        "kind": chart.kind,
        "caption": f"{voice.text(chart.caption)} ({voice.unit(chart.unit)})",
        "mark": voice.chart_marks(chart),
        "alt": charts.alt(chart, voice),
        "svg": charts.svg(option, width=WIDTH, height=HEIGHT),
        "rows": [list(row) for row in charts.rows(chart, voice)],
        "notes": [voice.text(chart.note)] if chart.note else [],
        "width": WIDTH,
        "height": HEIGHT,
    }


def _charts(view: View) -> dict[str, Chart]:
    """Make the diagram of every quantity that is known, by name."""
    names = dict.fromkeys(r["quantity"] for r in view.rows("edges"))
    captions = {
        "water": Phrase(key="review.caption_water"),
        "heat": Phrase(key="review.caption_heat"),
        "money": Phrase(key="review.caption_money"),
    }
    made: dict[str, Chart] = {}
    for name in names:
        own = Phrase(key="review.caption_load", values={"substance": shown(name)})
        chart = diagram(view, name, captions.get(name, own))
        if chart is not None:
            made[name] = chart
    return made


def _drawings(view: View, language: str) -> dict[str, bytes]:
    found = _charts(view)
    voice = Voice(language, {fact.id: fact for fact in view.book.facts})
    return {
        f"{view.id}.{name}.{language}.svg": drawn(chart, voice)["svg"].encode()
        for name, chart in found.items()
    }


def diagrams(view: View, language: str) -> list[Composed]:
    """Give every diagram as data for a page: name, unit, nodes and links with their numbers."""
    found = _charts(view)
    voice = Voice(language, {fact.id: fact for fact in view.book.facts})
    words = {"water": "review.water", "heat": "review.heat", "money": "review.money_short"}
    return [
        {
            "id": name,
            "name": voice.words(words[name]) if name in words else shown(name),
            "unit": voice.unit(chart.unit),
            "names": {item.id: voice.text(item.label) for item in chart.items},
            "option": _larger(charts.option(chart, voice, width=WIDTH)),
            "rows": [list(row) for row in charts.rows(chart, voice)],
        }
        for name, chart in found.items()
    ]


def _larger(part: Any) -> Any:
    """Write the labels of a drawing as large as the text of a screen."""
    if isinstance(part, dict):
        sizes = {k: v * ON_SCREEN for k, v in part.items() if k in ("fontSize", "lineHeight")}
        return {k: _larger(v) for k, v in part.items()} | sizes
    return [_larger(v) for v in part] if isinstance(part, list) else part
