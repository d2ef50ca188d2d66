"""For other pages: a button that starts work, and the work that is going on."""

from __future__ import annotations

from typing import Any

from django import template

from renvand.partnership.models.runs import ACTIVE
from renvand.text import Words

register = template.Library()


@register.inclusion_tag("runs/start.html", takes_context=True)
def start_run(context: dict[str, Any], kind: str, **told: Any) -> dict[str, Any]:
    """Give a button that starts a kind of work: ``{% start_run 'network' review=review.slug %}``.

    Levers are given as a mapping, ``changes=…``; nothing is shown to whom may not start.
    """
    changes = told.pop("changes", None) or {}
    fields = {**told, **{f"changes.{lever}": value for lever, value in changes.items()}}
    language = context["language"]
    return {
        "language": language,
        "seen": context["seen"],
        "csrf_token": context.get("csrf_token"),
        "kind": kind,
        "fields": fields,
        "label": Words(language)(f"runs.{kind}", **told),
    }


@register.inclusion_tag("runs/table.html", takes_context=True)
def active_runs(context: dict[str, Any]) -> dict[str, Any]:
    """Show the runs that are waiting or going on, as far as the reader may see them."""
    from renvand.web.runs.pages import shown, visible

    language = context["language"]
    going = visible(context["request"].user).filter(state__in=ACTIVE).defer("result", "log")
    return {"language": language, "runs": [shown(run, language) for run in going.order_by("pk")]}
