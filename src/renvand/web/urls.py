"""Every address, with its right: the language first, so that a link keeps it."""

from __future__ import annotations

from django.urls import register_converter

from renvand.text import LANGUAGES
from renvand.web import (
    annual,
    assets,
    begun,
    documents,
    files,
    front,
    history,
    pages,
    plants,
    register,
    river,
    scenarios,
    secretariat,
    shortlist,
    steps,
)
from renvand.web.accounts import people, views
from renvand.web.api.urls import addresses as interface
from renvand.web.exchange.urls import addresses as exchange
from renvand.web.reviews import page as visit
from renvand.web.reviews import views as reviews
from renvand.web.rights import at
from renvand.web.runs.urls import addresses as runs
from renvand.web.suppliers import views as offers


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


class Paper(Language):
    """A kind of document."""

    regex = "pdf|docx"


register_converter(Language, "language")
register_converter(Paper, "paper")
register_converter(Name, "name")
register_converter(Twin, "twin")

IN = "<language:language>/"
_FILES = [
    at("", pages.door, name="door", right="door.use"),
    at("static/<path:name>", assets.asset, name="asset", right="door.use"),
    at("icon.svg", assets.icon, name="icon", right="door.use"),
    at("favicon.ico", assets.icon, name="favicon", right="door.use"),
    at("fonts/<name:font>", assets.font, name="font", right="door.use"),
    at("out/<path:name>", files.out, name="out", right="results.see"),
]
_ACCOUNTS = [
    at(f"{IN}welcome/", views.first_run, name="first-run", right="door.use"),
    at(f"{IN}login/", views.login, name="login", right="door.use"),
    at(f"{IN}logout/", views.logout, name="logout", right="door.use"),
    at(
        f"{IN}invited/<int:person>/<str:token>/",
        views.invited,
        name="invited",
        right="door.use",
    ),
    at(f"{IN}account/", views.account, name="account", right="account.change"),
    at(f"{IN}account/code/", views.second_factor, name="second-factor", right="account.change"),
    at(
        f"{IN}account/code/drop/",
        views.drop_second_factor,
        name="drop-second-factor",
        right="account.change",
    ),
    at(f"{IN}users/", people.users, name="users", right="users.change"),
    at(f"{IN}users/new/", people.person, name="new-person", right="users.change"),
    at(f"{IN}users/<int:person>/", people.person, name="person", right="users.change"),
    at(f"{IN}users/<int:person>/invite/", people.invite, name="invite", right="users.change"),
    at(f"{IN}log/", people.log, name="log", right="log.see"),
]
_RESULTS = [
    at(IN, pages.overview, name="overview", right="overview.see"),
    at(f"{IN}check/", pages.check, name="check", right="folder.check"),
    at(f"{IN}figures/", pages.figures, name="figures", right="results.see"),
    at(f"{IN}figures.<twin:twin>", files.figures, name="figures-data", right="results.see"),
    at(f"{IN}why/<name:figure>/", pages.why, name="why", right="results.see"),
    at(f"{IN}why/<name:figure>.<twin:twin>", files.why, name="why-data", right="results.see"),
    at(f"{IN}step/<name:stage>/", pages.stage, name="stage", right="results.see"),
    at(f"{IN}step/<name:stage>/<name:table>/", pages.table, name="table", right="results.see"),
    at(
        f"{IN}step/<name:stage>/<name:table>.<twin:twin>",
        files.table,
        name="table-data",
        right="results.see",
    ),
    at(f"{IN}record/", pages.record, name="record", right="record.see"),
    at(f"{IN}record/<name:table>/", pages.record_table, name="record-table", right="record.see"),
    at(
        f"{IN}record/<name:table>.<twin:twin>",
        files.record_table,
        name="record-table-data",
        right="record.see",
    ),
]
_STEPS = [
    at(f"{IN}register/", register.register, name="register", right="register.see"),
    at(f"{IN}register/<name:company>/", register.company, name="company", right="register.see"),
    at(f"{IN}reviews/", reviews.reviews, name="review", right="review.see"),
    at(f"{IN}reviews/<name:review>/page/", visit.page, name="review-page", right="review.see"),
    at(
        f"{IN}reviews/<name:review>/<name:table>/",
        reviews.sheet,
        name="review-sheet",
        right="review.see",
    ),
    at(
        f"{IN}reviews/<name:review>/<name:table>/balance/",
        reviews.trial,
        name="review-trial",
        right="review.change",
    ),
    at(f"{IN}sectors/", steps.sectors, name="sectors", right="sectors.see"),
    at(f"{IN}shortlist/", shortlist.shortlist, name="shortlist", right="shortlist.see"),
    at(f"{IN}potential/", steps.potential, name="potential", right="potential.see"),
    at(f"{IN}potential/<name:review>/", steps.savings, name="savings", right="potential.see"),
    at(f"{IN}plants/", plants.plants, name="plants", right="plants.see"),
    at(f"{IN}plants/<name:plant>/", plants.plant, name="plant", right="plants.see"),
    at(
        f"{IN}plants/<name:plant>/scenarios/",
        scenarios.scenarios,
        name="scenarios",
        right="plants.see",
    ),
    at(f"{IN}plants/<name:plant>/draw/", begun.draw, name="plant-draw", right="plants.change"),
    at(f"{IN}plants/<name:plant>/front/", front.front, name="front", right="plants.see"),
    at(f"{IN}river/", river.river, name="river", right="river.see"),
    at(f"{IN}documents/", documents.documents, name="documents", right="documents.see"),
    at(
        f"{IN}documents/<name:sector>/<name:spoken>/",
        documents.sheet,
        name="sheet",
        right="documents.see",
    ),
    at(
        f"{IN}documents/<name:sector>/<name:spoken>/release/",
        documents.release,
        name="release",
        right="documents.release",
    ),
    at(f"{IN}secretariat/", secretariat.secretariat, name="secretariat", right="secretariat.see"),
    at(
        f"{IN}secretariat/annual-report.<paper:form>",
        annual.annual,
        name="annual",
        right="secretariat.see",
    ),
    at(
        f"{IN}secretariat/<name:table>/",
        secretariat.office_sheet,
        name="office-sheet",
        right="secretariat.change",
    ),
    at(f"{IN}history/<name:table>/", history.history, name="history", right="history.see"),
    at(
        f"{IN}history/<name:table>/<int:entry>/restore/",
        history.restore,
        name="restore",
        right="history.restore",
    ),
]
_SUPPLIERS = [
    at(f"{IN}suppliers/", offers.suppliers, name="suppliers", right="suppliers.see"),
    at(f"{IN}suppliers.<twin:twin>", offers.data, name="suppliers-data", right="suppliers.see"),
    at(f"{IN}suppliers/<name:supplier>/", offers.supplier, name="supplier", right="suppliers.see"),
    at(
        f"{IN}suppliers/<name:supplier>/correct/",
        offers.correct,
        name="supplier-correct",
        right="suppliers.change",
    ),
    at(
        f"{IN}suppliers/<name:supplier>/<int:correction>/judge/",
        offers.judge,
        name="supplier-judge",
        right="suppliers.judge",
    ),
]
urlpatterns = [
    *_FILES,
    *_ACCOUNTS,
    *_RESULTS,
    *_STEPS,
    *_SUPPLIERS,
    *runs(),
    *exchange(),
    *interface(),
]
handler404 = pages.not_found
handler500 = pages.broken
