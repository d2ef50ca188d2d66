"""Words, numbers and links for the templates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_datetime
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from renvand.partnership.choices import labels
from renvand.partnership.schema import tables
from renvand.text import LOCALES, Words, day, number, percent, quantity, span, unit_name
from renvand.web import assets, languages, rights, told, words
from renvand.web.accounts.forms import ROLE_WORDS
from renvand.web.context import case_knowledge

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **values: Any) -> str:
    """Say a word of the catalogue in the language of the page."""
    return Words(context["language"])(key, **values)


@register.simple_tag(takes_context=True)
def stage_name(context: dict[str, Any], stage: str) -> str:
    """Name a step of the programme."""
    said = Words(context["language"])
    return said(f"programme.{stage}") if said.has(f"programme.{stage}") else stage


@register.simple_tag(takes_context=True)
def amount(context: dict[str, Any], value: float, unit: str) -> str:
    """Write a number with its unit."""
    return quantity(value, unit, context["language"], digits=4)


@register.simple_tag(takes_context=True)
def in_unit(context: dict[str, Any], unit: str) -> str:
    """Write the unit of a column: '[m³/year]'."""
    return f"[{unit_name(unit, context['language'])}]"


@register.simple_tag(takes_context=True)
def between(context: dict[str, Any], low: float, high: float, *, unit: str = "") -> str:
    """Write a range with its unit."""
    language = context["language"]
    name = unit_name(unit, language)
    return f"{span(low, high, language, digits=3)} {'' if name == '1' else name}".rstrip()


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], language: str) -> str:
    """Give the address of this page in another language."""
    request = context["request"]
    _, _, rest = request.get_full_path().lstrip("/").partition("/")
    return f"/{language}/{rest}"


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """Give the address of this page with parts of its query changed; empty ones go."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def asset(name: str) -> str:
    """Give the address of a file that comes with the pages; new bytes, new address."""
    return assets.address(name)


@register.simple_tag
def role_name(role: str) -> str:
    """Name a role."""
    return str(ROLE_WORDS[role])


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime) -> str:
    """Write a time as readers of a language do."""
    return format_datetime(at, "short", locale=LOCALES[context["language"]])


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], right: str) -> bool:
    """Say whether the reader of the page has a right."""
    return rights.may(context["seen"], right)


@register.simple_tag(takes_context=True)
def day_of(context: dict[str, Any], on: date | None) -> str:
    """Write a day."""
    return day(on, context["language"]) if on else ""


@register.simple_tag(takes_context=True)
def day_in(context: dict[str, Any], text: str) -> str:
    """Write the day that '2026-11-24' or '2026-11-24T09:00+01:00' begins with."""
    return day(date.fromisoformat(str(text)[:10]), context["language"]) if text else ""


@register.simple_tag(takes_context=True)
def choice_name(context: dict[str, Any], choice: str) -> str:
    """Name what can be chosen in a cell."""
    language = context["language"]
    return labels(choice).get(language) or sector_names(language).get(choice, choice)


@register.simple_tag(takes_context=True)
def sector_name(context: dict[str, Any], sector: str) -> str:
    """Name a sector."""
    return sector_names(context["language"]).get(sector, sector)


def sector_names(language: str) -> Mapping[str, str]:
    """Give the names of the case's sectors."""
    return case_knowledge().names("sector_groups", language)


@register.simple_tag(takes_context=True)
def figure_of(context: dict[str, Any], value: Any) -> str:
    """Write a number of a table, to three digits; nothing where there is none."""
    found = float(value) if value not in ("", None) else math.nan
    return number(found, context["language"], digits=3) if math.isfinite(found) else ""


@register.simple_tag(takes_context=True)
def count_of(context: dict[str, Any], count: int) -> str:
    """Write how many, with thousands apart."""
    return number(count, context["language"], places=0)


@register.simple_tag(takes_context=True)
def seconds_of(context: dict[str, Any], seconds: float) -> str:
    """Write a time that was measured, to a tenth of a second."""
    return number(seconds, context["language"], places=1)


@register.simple_tag(takes_context=True)
def share_of(context: dict[str, Any], value: Any) -> str:
    """Write a share in per cent."""
    found = float(value) if value not in ("", None) else math.nan
    return percent(found, context["language"], digits=2) if math.isfinite(found) else ""


@register.simple_tag(takes_context=True)
def in_words(context: dict[str, Any], faults: Any) -> list[told.Told]:
    """Tell faults in the language of the page."""
    return told.in_words(faults, context["language"])


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], text: str) -> str:
    """Say what is wrong with a cell in the language of the page, as far as it is known."""
    return told.said(text, context["language"])[0]


@register.simple_tag(takes_context=True)
def method_of(context: dict[str, Any], text: str) -> SafeString:
    """Say how a figure was made; a sentence that is not known stays English, and says so."""
    words, is_known = told.said(text, context["language"])
    spoken = languages.HTML[context["language"]] if is_known else "en"
    return format_html('<span lang="{}">{}</span>', spoken, words)


@register.simple_tag(takes_context=True)
def result_name(context: dict[str, Any], table: str) -> str:
    """Name a table that a step has made."""
    return words.result_name(table, context["language"])


@register.simple_tag
def constraint_name(name: str) -> str:
    """Name a constraint of the shortlist."""
    return str(words.CONSTRAINTS[name])


@register.simple_tag
def measure_name(name: str) -> str:
    """Name what an option saves."""
    return str(words.MEASURES.get(name, name))


@register.simple_tag
def network_name(name: str) -> str:
    """Name a way of leading water."""
    return str(words.NETWORKS.get(name, name))


@register.simple_tag
def river_word(name: str) -> str:
    """Name a choice of the page of the river."""
    return str(words.RIVER[name])


@register.simple_tag
def river_option(word: str, names: dict[str, str]) -> str:
    """Name what can be chosen on the page of the river."""
    return str(words.RIVER_CHOICES.get(word, names.get(word, word)))


@register.simple_tag(takes_context=True)
def run_state(context: dict[str, Any], state: str) -> str:
    """Name the state of a run."""
    return Words(context["language"])(f"runs.{state}")


@register.simple_tag(takes_context=True)
def crowns(context: dict[str, Any], value: float) -> str:
    """Write money in whole crowns."""
    return number(value, context["language"], places=0)


@register.simple_tag
def partner_role(role: str) -> str:
    """Name what a partner is."""
    return str(words.PARTNERS.get(role, role))


@register.simple_tag
def right_name(right: str) -> str:
    """Name what somebody has read or done: 'review.see'."""
    return str(words.LOGGED.get(right, right))


@register.simple_tag
def evidence_name(kind: str) -> str:
    """Say what a row of the catalogue of suppliers rests on."""
    return str(words.EVIDENCE.get(kind, kind))


@register.simple_tag(takes_context=True)
def table_name(context: dict[str, Any], name: str) -> str:
    """Name a table of the record."""
    return tables()[name].words[context["language"]].rstrip(".。")
