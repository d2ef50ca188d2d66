"""The annual report of the partnership: what the page of the secretariat shows, as a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.publish.check import missing_glyphs
from renvand.publish.model import strings
from renvand.text import LOCALES, Words, day, number
from renvand.web.context import case_settings
from renvand.web.files import KINDS
from renvand.web.secretariat import standing
from renvand.web.tags import sector_names
from renvand.web.words import PARTNERS

MONEY = "DKK"
Composed = dict[str, Any]


@require_safe
def annual(request: HttpRequest, language: str, *, form: str) -> HttpResponseBase:
    """Give the report as PDF, or as a Word document to go on writing in."""
    report = compose(standing(request, language), language)
    lacking = missing_glyphs("".join(strings(report)))
    if lacking:
        told = _("No report: the fonts lack %(characters)s.") % {"characters": " ".join(lacking)}
        messages.error(request, told)
        return redirect("secretariat", language=language)
    answer = HttpResponse(_made(report, form), content_type=KINDS[f".{form}"])
    name = f"{report['id']}.{language}.{form}"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _made(report: Composed, form: str) -> bytes:
    if form == "pdf":
        from renvand.publish import paper

        return paper.pdf("review/report.typ", report)
    from renvand.publish.review.word import document

    return document(report)


def compose(state: Mapping[str, Any], language: str) -> Composed:
    """Write the report in one language, as the templates of reports take it.

    Parameters
    ----------
    state : mapping
        From :func:`renvand.web.secretariat.standing`.
    language : str
        Of the report.
    """
    words, case = Words(language), case_settings()
    as_of: dt.date = state["as_of"]
    title = case.get("title", {}).get(language, "")
    return {
        "language": language,
        "locale": LOCALES[language].replace("_Hans", "").replace("_", "-"),
        "id": f"annual-report-{as_of.year}",
        "series": title,
        "title": _("Annual report %(year)s") % {"year": as_of.year},
        "subtitle": title,
        "visited": _("State of %(day)s") % {"day": day(as_of, language)},
        "seal": _("For the partners"),
        "is_confidential": False,
        "issued_on": as_of.isoformat(),
        "notice": case.get("notice", {}).get(language, ""),
        "contact": "",
        "key_figures": _key_figures(state, language),
        "sections": _sections(state, language),
        "method": [_("As the secretariat has entered it; money in Danish crowns.")],
        "sources": [],
        "marks": [],
        "words": {
            "method": words("review.method"),
            "sources": words("review.sources"),
            "key_figures": words("sheet.key_figures"),
            "page": words("review.page", page="{page}", pages="{pages}"),
        },
    }


def _key_figures(state: Mapping[str, Any], language: str) -> list[Composed]:
    total, milestones = state["total"], state["milestones"]
    reached = sum(one["state"] == "done" for one in milestones)
    figures = [
        (label, _crowns(total[key], language), MONEY)
        for label, key in ((_("planned"), "planned_dkk"), (_("committed"), "committed_dkk"),
                           (_("spent"), "spent_dkk"))
    ]  # fmt: skip
    figures.append((_("Milestones"), f"{reached} / {len(milestones)}", ""))
    return [
        {"label": label, "number": text, "unit": unit, "mark": "", "why": "", "note": "",
         "is_gap": False}
        for label, text, unit in figures
    ]  # fmt: skip


def _sections(state: Mapping[str, Any], language: str) -> list[Composed]:
    money = [_("planned"), _("committed"), _("spent"), _("left")]
    budget = _table(
        _("Budget by line"),
        [_("Line"), *money],
        [
            (line["name"], *(_crowns(line[key], language)
                             for key in ("planned", "committed", "spent", "left")))
            for line in state["lines"]
        ],
        unit=MONEY,
    )  # fmt: skip
    partners = _table(
        _("Partners"),
        [_("Partner"), _("Role"), _("Country"), _("Contact")],
        [
            (p["name"], PARTNERS.get(p["role"], p["role"]), p["country"], p["contact"])
            for p in state["partners"]
        ],
    )
    names = sector_names(language)
    seminars = [f"{names.get(s.sector, s.sector)}: {s.starts[:10]}, {s.city}"
                for s in state["seminars"]]  # fmt: skip
    parts = [
        ("budget", _("Budget by line"), budget),
        ("milestones", _("Milestones"), _actions(_("Milestones"), state["milestones"], language)),
        ("actions", _("Actions and consents"),
         _actions(_("Actions and consents"), state["tasks"], language)),
        ("seminars", Words(language)("programme.seminars"), {"is": "listing", "items": seminars}),
        ("partners", _("Partners"), partners),
    ]  # fmt: skip
    return [
        {"id": name, "title": title, "blocks": [block]}
        for name, title, block in parts
        if block.get("rows") or block.get("items")
    ]


def _actions(title: str, actions: Iterable[Mapping[str, Any]], language: str) -> Composed:
    said = {"done": _("done"), "failed": _("late"), "waiting": _("to come")}
    rows = [
        (one["title"], day(one["row"].due_on, language), said[one["state"]],
         day(one["row"].done_on, language) if one["row"].done_on else "")
        for one in actions
    ]  # fmt: skip
    return _table(title, [title, _("Due"), _("State"), _("Done on")], rows)


def _table(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], *, unit: str = ""
) -> Composed:
    """Write a table whose first column is text; with a unit, the others are numbers."""
    columns = [
        {"title": head, "unit": unit if at else "", "is_number": bool(unit and at),
         "weight": 1.0 if at else 2.4}
        for at, head in enumerate(heads)
    ]  # fmt: skip
    cells = [
        [{"text": str(text), "mark": "", "why": "", "is_gap": False} for text in row]
        for row in rows
    ]
    return {"is": "table", "caption": caption, "mark": "", "columns": columns, "rows": cells,
            "notes": []}  # fmt: skip


def _crowns(value: float, language: str) -> str:
    return number(value, language, places=0)
