"""Who may do what: one table, asked at the door of every address before its view runs.

The table opens or closes an address for a role. Which rows a person finds behind it is decided by
:meth:`renvand.partnership.models.RecordSet.visible_to` and :mod:`renvand.web.visible`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from renvand.errors import OurFault
from renvand.web import languages

if TYPE_CHECKING:
    from renvand.partnership.models.base import Sight

Answer = Callable[[HttpRequest], HttpResponseBase]
GUEST = "guest"
LONGEST_PATH = 300  # characters that the log keeps
ROLES = ("secretariat", "agency", "reviewer", "company", "supplier", "reader")
INTERFACE = "/api/"  # answers with a status where a page would send to the login
Scope = Literal["", "all", "some", "own", "consented", "released"]
_rights: dict[str, str] = {}  # name of an address -> 'resource.action'


@dataclass(frozen=True, kw_only=True)
class Right:
    """A row of the table: what each role reaches of a resource by an action."""

    resource: str
    action: str
    scopes: Mapping[str, Scope]
    is_logged: bool

    def open_to(self, roles: Iterable[str]) -> bool:
        """Say whether one of some roles may come in."""
        return any(self.scopes.get(role) for role in roles)


@cache
def table() -> Mapping[str, Right]:
    """Read the table, by 'resource.action'."""
    text = (resources.files("renvand.web") / "rights.csv").read_text(encoding="utf-8")
    return {
        f"{row['resource']}.{row['action']}": Right(
            resource=row["resource"],
            action=row["action"],
            scopes={role: row[role] for role in (GUEST, *ROLES)},  # pyright: ignore[reportArgumentType]
            is_logged=row["is_logged"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    }


def at(route: str, view: Callable[..., Any], *, name: str, right: str) -> URLPattern:
    """Give an address its view and its right.

    Parameters
    ----------
    route : str
        As Django's ``path`` takes it.
    view : callable
        What answers.
    name : str
        Unique in the project.
    right : str
        'resource.action', a row of the table.
    """
    claim(name, right)
    return path(route, view, name=name)


def claim(name: str, right: str) -> None:
    """Say which right an address needs that :func:`at` did not make, such as 'api:runs'."""
    if right not in table():
        raise OurFault(f"address {name}: no right '{right}' in rights.csv")
    _rights[name] = right


@cache
def right_of(name: str) -> Right:
    """Give the right that an address needs; one without a right stays closed."""
    if name not in _rights:
        raise OurFault(f"address {name}: has no right, so nobody may come in")
    return table()[_rights[name]]


def may(seen: Sight, right: str) -> bool:
    """Say whether a person reaches a resource by an action, at least in part."""
    roles = ROLES if seen.is_all else seen.roles
    return table()[right].open_to((GUEST, *roles))


def admit(request: Any) -> None:
    """Let a person who is known in, or say that there is no such place.

    The door calls it for pages; the interface calls it once a token has told who asks.

    Raises
    ------
    Http404
        When the role may not come in: whether something is there is no business of theirs.
    """
    from renvand.partnership.models import Reading
    from renvand.partnership.models.base import sight

    right = right_of(request.resolver_match.view_name)
    request.sight = sight(request.user)
    if not may(request.sight, f"{right.resource}.{right.action}"):
        raise Http404(request.path_info)
    if right.is_logged:
        name = f"{right.resource}.{right.action}"
        Reading.objects.create(user=request.user, what=name, path=request.path_info[:LONGEST_PATH])


def door(answer: Answer) -> Answer:
    """Ask for the right of an address before its view runs."""

    def with_right(request: HttpRequest) -> HttpResponseBase:
        return answer(request)

    def before_view(
        request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if right_of(request.resolver_match.view_name).scopes[GUEST]:
            return None
        if request.path_info.startswith(INTERFACE):
            return None  # asks for a token first, then for the right
        if not request.user.is_authenticated:
            return _to_login(request)
        admit(request)
        return None

    with_right.process_view = before_view  # pyright: ignore[reportFunctionMemberAccess]
    return with_right


def _to_login(request: HttpRequest) -> HttpResponseBase:
    language = languages.of_path(request.path_info)
    address = reverse("login", kwargs={"language": language})
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


def has_address(name: str) -> bool:
    """Say whether there is an address of a name."""
    return name in _rights


def addresses() -> Mapping[str, str]:
    """Give the right of every address that has one."""
    return dict(_rights)


MEANING: Mapping[str, str] = {
    "": "–",
    "all": "all",
    "some": "what other rows of this table allow",
    "own": "own",
    "consented": "with the company's consent",
    "released": "once released",
}


def page() -> str:
    """Write the table for the documentation."""
    lines = [
        "# Rights",
        "",
        "Who reaches what by an action. The table opens or closes an address; which rows a person",
        "finds behind it is decided by one method, `RecordSet.visible_to`, for pages, interface,",
        "exports, search, maps and documents alike. A person without a right meets the same answer",
        "as at an address that does not exist. *Logged* reads stand in the log with name and time.",
        "",
        f"| resource | action | {' | '.join((GUEST, *ROLES))} | logged |",
        f"|---|---|{'---|' * (len(ROLES) + 1)}---|",
    ]
    for right in table().values():
        cells = [MEANING[right.scopes[role]] for role in (GUEST, *ROLES)]
        logged = "yes" if right.is_logged else ""
        lines.append(f"| {right.resource} | {right.action} | {' | '.join(cells)} | {logged} |")
    return "\n".join((*lines, ""))
