"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.utils.translation import gettext_lazy as _

from renvand.knowledge.schema import SLUG
from renvand.partnership.models import Enterprise
from renvand.partnership.models.base import ROLES

LONGEST_NAME = 150  # characters, Django's own bound

ROLE_WORDS = {
    "secretariat": _("Secretariat"),
    "agency": _("Agency"),
    "reviewer": _("Reviewer"),
    "company": _("Company"),
    "supplier": _("Supplier"),
    "reader": _("Reader"),
}


def _user_name(**options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    return forms.CharField(label=_("User name"), max_length=LONGEST_NAME, widget=widget, **options)


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=500, widget=widget)


class NewPassword(forms.Form):
    """A password, twice."""

    password = _password(_("Password"), "new-password")
    again = _password(_("Password once more"), "new-password")

    def __init__(self, *args: Any, user: Any = None, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)
        self.fields["password"].help_text = " ".join(
            str(text) for text in password_validation.password_validators_help_texts()
        )

    def clean(self) -> dict[str, Any]:
        """Ask the rules of passwords."""
        held = super().clean() or self.cleaned_data
        first, second = held.get("password"), held.get("again")
        if first and second and first != second:
            self.add_error("again", _("The two passwords differ."))
        if first:
            user = self.user or get_user_model()(username=held.get("name", ""))
            try:
                password_validation.validate_password(first, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return held


class FirstAccount(NewPassword):
    """The account that makes all others."""

    name = _user_name()
    setup_code = forms.CharField(label=_("Setup code"), max_length=200)
    field_order = ["setup_code", "name", "password", "again"]  # noqa: RUF012


class Login(forms.Form):
    """Name, password and, where one is set up, a code."""

    name = _user_name()
    password = _password(_("Password"), "current-password")
    code = forms.CharField(
        label=_("Code from your telephone"),
        required=False,
        max_length=10,
        help_text=_("Only if you have set one up."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class Code(forms.Form):
    """A code that confirms a second factor."""

    code = forms.CharField(
        label=_("Code from your telephone"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class Person(forms.Form):
    """Who somebody is in the partnership."""

    name = _user_name()
    first_name = forms.CharField(label=_("Full name"), max_length=LONGEST_NAME, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[(r, ROLE_WORDS[r]) for r in ROLES])
    enterprise = forms.RegexField(
        rf"^{SLUG.pattern}\Z",
        label=_("Company"),
        required=False,
        help_text=_("Id of the enterprise; for the role Company only."),
        max_length=200,
    )
    supplier = forms.RegexField(
        rf"^{SLUG.pattern}\Z",
        label=_("Supplier"),
        required=False,
        help_text=_("Id of the supplier; for the role Supplier only. A new one may be named."),
        max_length=200,
    )
    is_active = forms.BooleanField(label=_("May log in"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any = None, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)
        self.fields["enterprise"].widget.attrs["list"] = "enterprises"
        self.fields["supplier"].widget.attrs["list"] = "suppliers"

    def clean_name(self) -> str:
        """Refuse a name that is taken."""
        name = self.cleaned_data["name"]
        taken = get_user_model().objects.filter(username__iexact=name)
        if self.user is not None:
            taken = taken.exclude(pk=self.user.pk)
        if taken.exists():
            raise forms.ValidationError(_("The name is taken."))
        return name

    def clean(self) -> dict[str, Any]:
        """Companies and suppliers speak for themselves only, so they must be named."""
        held = super().clean() or self.cleaned_data
        if held.get("role") == "company" and not held.get("enterprise"):
            self.add_error("enterprise", _("Say which company the person speaks for."))
        if held.get("role") == "supplier" and not held.get("supplier"):
            self.add_error("supplier", _("Say which supplier the person speaks for."))
        for role, field in (("company", "enterprise"), ("supplier", "supplier")):
            if held.get("role") != role:
                held[field] = ""
        return held


def enterprises() -> list[str]:
    """Give the ids that a seat may name."""
    return list(Enterprise.objects.order_by("slug").values_list("slug", flat=True))
