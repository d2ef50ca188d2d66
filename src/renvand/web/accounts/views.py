"""Getting in and out, and one's own account."""

from __future__ import annotations

import hmac
import time
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from renvand.partnership.models import Seat, SecondFactor
from renvand.web.accounts import limits, totp
from renvand.web.accounts.forms import Code, FirstAccount, Login, NewPassword

TOO_MANY = 429  # HTTP
ISSUER = "Renvand"
form_page = require_http_methods(["GET", "HEAD", "POST"])


def has_accounts() -> bool:
    """Say whether anybody can log in; accounts that only stand in the history cannot."""
    users = get_user_model().objects.filter(is_active=True)
    return users.exclude(password="").exclude(password__startswith="!").exists()


def show(request: HttpRequest, form: Any, *, title: str, button: str, **more: Any) -> HttpResponse:
    """Show a form on a page of its own."""
    status = more.pop("status", 200)
    held = {"form": form, "title": title, "button": button, **more}
    return render(request, "form.html", held, status=status)


@form_page
def first_run(request: HttpRequest, language: str) -> HttpResponseBase:
    """Make the first account: the secretariat's. Gone once there is one."""
    if has_accounts():
        raise Http404(request.path_info)
    form = FirstAccount(request.POST or None)
    if not settings.RENVAND_SETUP_CODE:
        del form.fields["setup_code"]
    if request.method == "POST" and form.is_valid() and _knows_code(request, form):
        with transaction.atomic():
            if has_accounts():  # somebody was quicker
                raise Http404(request.path_info)
            name = form.cleaned_data["name"]
            user, _made = get_user_model().objects.get_or_create(username=name)
            user.set_password(form.cleaned_data["password"])
            user.save()
            Seat.objects.create(user=user, role="secretariat")
        auth.login(request, user)
        return redirect("overview", language=language)
    return show(
        request,
        form,
        title=_("Welcome"),
        button=_("Make the account"),
        lead=_(
            "This is the first start. Make the account of the secretariat; it makes all others."
        ),
    )


def _knows_code(request: HttpRequest, form: FirstAccount) -> bool:
    wanted = settings.RENVAND_SETUP_CODE
    if not wanted:
        return True
    if limits.is_too_often(request, "setup code"):
        form.add_error("setup_code", _("Too many tries. Wait a quarter of an hour."))
        return False
    if hmac.compare_digest(form.cleaned_data["setup_code"].encode(), wanted.encode()):
        return True
    limits.failed(request, "setup code")
    form.add_error("setup_code", _("This is not the setup code of the server."))
    return False


@form_page
def login(request: HttpRequest, language: str) -> HttpResponseBase:
    """Let somebody in who knows the password, and the code where one is set up."""
    if not has_accounts():
        return redirect("first-run", language=language)
    form = Login(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if limits.is_too_often(request, name):
            status = TOO_MANY
            form.add_error(None, _("Too many tries. Wait a quarter of an hour."))
        elif user := _known(request, form):
            auth.login(request, user)
            return redirect(_next(request, language))
        else:
            limits.failed(request, name)
            form.add_error(None, _("Name, password or code is not right."))
    response = show(request, form, title=_("Log in"), button=_("Log in"), status=status)
    if status == TOO_MANY:
        response["Retry-After"] = str(int(limits.WINDOW.total_seconds()))
    return response


def _known(request: HttpRequest, form: Login) -> Any:
    held = form.cleaned_data
    user = auth.authenticate(request, username=held["name"], password=held["password"])
    if user is None:
        return None
    factor = SecondFactor.objects.filter(user=user, is_confirmed=True).first()
    return user if factor is None or use(factor, held["code"]) else None


def use(factor: SecondFactor, given: str) -> bool:
    """Take a code, once: a second request with the same code comes too late."""
    step = totp.step_of(factor.secret, given, now=time.time(), after=factor.last_step)
    if step is None:
        return False
    fresh = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return fresh.update(last_step=step, is_confirmed=True) == 1


def _next(request: HttpRequest, language: str) -> str:
    wanted = request.GET.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return f"/{language}/"


@require_POST
def logout(request: HttpRequest, language: str) -> HttpResponseBase:
    """Let somebody out."""
    auth.logout(request)
    return redirect("login", language=language)


@form_page
def account(request: HttpRequest, language: str) -> HttpResponseBase:
    """Show one's own account and change its password."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    form = NewPassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save()
        auth.update_session_auth_hash(request, user)  # other machines are logged out
        messages.success(request, _("The password is changed."))
        return redirect("account", language=language)
    seats = Seat.objects.filter(user=user).order_by("role")
    factor = SecondFactor.objects.filter(user=user, is_confirmed=True).exists()
    held = {"form": form, "title": _("My account"), "seats": seats, "has_factor": factor}
    return render(request, "account.html", held)


@form_page
def second_factor(request: HttpRequest, language: str) -> HttpResponseBase:
    """Set up a second factor: scan, then prove it with a code."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    factor, _made = SecondFactor.objects.get_or_create(
        user=user, defaults={"secret": totp.new_secret()}
    )
    if factor.is_confirmed:
        return redirect("account", language=language)
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if use(factor, form.cleaned_data["code"]):
            messages.success(request, _("From now on a code is asked for at login."))
            return redirect("account", language=language)
        form.add_error("code", _("This is not the code of the moment."))
    address = totp.address(factor.secret, account=user.get_username(), issuer=ISSUER)
    return show(
        request,
        form,
        title=_("Second factor"),
        button=_("Confirm"),
        lead=_("Scan this with an authenticator app, then type the code it shows."),
        picture=totp.picture(address),
        secret=factor.secret,
    )


@require_POST
def drop_second_factor(request: HttpRequest, language: str) -> HttpResponseBase:
    """Do without a second factor; asks for a code, so that a session left open cannot."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    factor = SecondFactor.objects.filter(user=user, is_confirmed=True).first()
    if factor and use(factor, request.POST.get("code", "")):
        factor.delete()
        messages.success(request, _("No code is asked for any more."))
    else:
        messages.error(request, _("This is not the code of the moment."))
    return redirect("account", language=language)


@form_page
def invited(request: HttpRequest, language: str, *, person: int, token: str) -> HttpResponseBase:
    """Let a person choose a password, by a link that works once and for three days."""
    user: Any = get_user_model().objects.filter(pk=person, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise Http404(request.path_info)
    form = NewPassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save()
        auth.login(request, user)
        return redirect("overview", language=language)
    lead = _("Choose a password for %(name)s.") % {"name": user.get_username()}
    return show(request, form, title=_("Choose a password"), button=_("Save"), lead=lead)
