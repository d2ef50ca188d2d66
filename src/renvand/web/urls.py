"""Every address: the language first, so that a link keeps it."""

from __future__ import annotations

from django.urls import path, register_converter

from renvand.text import LANGUAGES
from renvand.web import files, pages


class Language:
    """One of our languages."""

    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Give it as it is."""
        return value


class Name(Language):
    """A name of a step, table or figure."""

    regex = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


class Twin(Language):
    """The data behind a page."""

    regex = "csv|json"


register_converter(Language, "language")
register_converter(Name, "name")
register_converter(Twin, "twin")

urlpatterns = [
    path("", pages.door, name="door"),
    path("style.css", files.style, name="style"),
    path("icon.svg", files.icon, name="icon"),
    path("fonts/<name:font>", files.font, name="font"),
    path("out/<path:name>", files.out, name="out"),
    path("<language:language>/", pages.overview, name="overview"),
    path("<language:language>/check/", pages.check, name="check"),
    path("<language:language>/register/", pages.register, name="register"),
    path("<language:language>/documents/", pages.documents, name="documents"),
    path("<language:language>/figures/", pages.figures, name="figures"),
    path("<language:language>/figures.<twin:twin>", files.figures, name="figures-data"),
    path("<language:language>/why/<name:figure>/", pages.why, name="why"),
    path("<language:language>/why/<name:figure>.<twin:twin>", files.why, name="why-data"),
    path("<language:language>/record/", pages.record, name="record"),
    path("<language:language>/record/<name:table>/", pages.record_table, name="record-table"),
    path(
        "<language:language>/record/<name:table>.<twin:twin>",
        files.record_table,
        name="record-table-data",
    ),
    path("<language:language>/step/<name:stage>/", pages.stage, name="stage"),
    path("<language:language>/step/<name:stage>/<name:table>/", pages.table, name="table"),
    path(
        "<language:language>/step/<name:stage>/<name:table>.<twin:twin>",
        files.table,
        name="table-data",
    ),
]
handler404 = pages.not_found
