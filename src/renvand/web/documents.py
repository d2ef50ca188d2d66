"""Documents of a run: looked at in three languages, and let out to everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renvand.web import files, shown


@require_safe
def documents(request: HttpRequest, language: str) -> HttpResponse:
    """List the documents of the last run that a person may see."""
    found = [d for d in shown.documents(files.case_folder()) if files.may_see(request, d.path)]
    held = {"title": _("Data sheets and seminars"), "documents": found}
    return render(request, "documents.html", held)
