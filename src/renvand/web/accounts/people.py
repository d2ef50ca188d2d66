"""Administration: who is who, and who did and read what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renvand.partnership.models import Attempt, Reading, Seat, SecondFactor
from renvand.web.accounts.forms import ROLE_WORDS, Person, enterprises
from renvand.web.accounts.views import form_page
from renvand.web.suppliers.catalogue import catalogue

LINES_A_PAGE = 100


@require_safe
def users(request: HttpRequest, language: str) -> HttpResponse:
    """List the people."""
    seats: dict[int, list[str]] = {}
    for seat in Seat.objects.order_by("role"):
        words = f"{ROLE_WORDS[seat.role]} {seat.enterprise or seat.supplier}".strip()
        seats.setdefault(seat.user.pk, []).append(words)
    factors = set(SecondFactor.objects.filter(is_confirmed=True).values_list("user", flat=True))
    people = [
        {"user": user, "seats": seats.get(user.pk, []), "has_factor": user.pk in factors}
        for user in get_user_model().objects.order_by("username")
    ]
    return render(request, "users.html", {"title": _("Administration"), "people": people})


@form_page
def person(request: HttpRequest, language: str, *, person: int = 0) -> HttpResponseBase:
    """Make an account, or change it."""
    user: Any = _user(person) if person else None
    form = Person(request.POST or None, user=user, initial=_known(user) if user else None)
    if request.method == "POST" and form.is_valid() and _keeps_office(form, user):
        user = _save(form.cleaned_data, user)
        messages.success(request, _("Saved."))
        return redirect("person", language=language, person=user.pk)
    held = {
        "form": form,
        "title": user.get_username() if user else _("New account"),
        "button": _("Save"),
        "user": user,
        "enterprises": enterprises(),
        "suppliers": sorted(catalogue()),
        "invitation": request.session.pop(f"invitation-{person}", ""),
    }
    return render(request, "person.html", held)


def _user(person: int) -> Any:
    user = get_user_model().objects.filter(pk=person).first()
    if user is None:
        raise Http404(str(person))
    return user


def _known(user: Any) -> dict[str, Any]:
    seat = Seat.objects.filter(user=user).first()
    return {
        "name": user.username,
        "first_name": user.first_name,
        "email": user.email,
        "role": seat.role if seat else "reader",
        "enterprise": seat.enterprise if seat else "",
        "supplier": seat.supplier if seat else "",
        "is_active": user.is_active,
    }


def _keeps_office(form: Person, user: Any) -> bool:
    """Refuse to shut the last of the secretariat out."""
    held = form.cleaned_data
    others = Seat.objects.filter(role="secretariat", user__is_active=True).exclude(user=user)
    if user is None or others.exists() or (held["role"] == "secretariat" and held["is_active"]):
        return True
    form.add_error("role", _("Somebody must stay in the secretariat."))
    return False


def _save(held: dict[str, Any], user: Any) -> Any:
    with transaction.atomic():
        user = user or get_user_model()()
        user.username, user.email = held["name"], held["email"]
        user.first_name, user.is_active = held["first_name"], held["is_active"]
        if not user.password:
            user.set_unusable_password()
        user.save()
        wanted = {name: held[name] for name in ("role", "enterprise", "supplier")}
        if not Seat.objects.filter(user=user, **wanted).exists():
            for seat in Seat.objects.filter(user=user):
                seat.delete()
            Seat.objects.create(user=user, **wanted)
    return user


@require_POST
def invite(request: HttpRequest, language: str, *, person: int) -> HttpResponseBase:
    """Make a link by which a person chooses a password; shown once, to hand over."""
    user = _user(person)
    token = default_token_generator.make_token(user)
    address = reverse("invited", kwargs={"language": language, "person": person, "token": token})
    request.session[f"invitation-{person}"] = request.build_absolute_uri(address)
    return redirect("person", language=language, person=person)


@require_safe
def log(request: HttpRequest, language: str) -> HttpResponse:
    """Show who read what is confidential, and which logins failed."""
    readings = Reading.objects.select_related("user").order_by("-at", "-pk")
    page = Paginator(readings, LINES_A_PAGE).get_page(request.GET.get("page"))
    attempts = Attempt.objects.order_by("-at")[:LINES_A_PAGE]
    held = {"title": _("Log"), "readings": page, "attempts": attempts}
    return render(request, "log.html", held)
