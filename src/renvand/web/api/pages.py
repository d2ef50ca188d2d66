"""The page of one's own keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renvand.partnership.fields import LONGEST_NAME
from renvand.partnership.models import Token
from renvand.text import Words
from renvand.web.api import tokens


class NewKey(forms.Form):
    """What a key is for and how long it is good."""

    label = forms.CharField(max_length=LONGEST_NAME)
    days = forms.TypedChoiceField(choices=[(d, d) for d in tokens.DAYS], coerce=int)

    def __init__(self, *args: Any, words: Words, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["label"].label = words("interface.label")
        self.fields["days"].label = words("interface.days")


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, language: str) -> HttpResponseBase:
    """List one's keys, and make another; its secret is shown on this answer only."""
    words = Words(language)
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    own = Token.objects.filter(user=user)
    form = NewKey(request.POST or None, words=words)
    secret = ""
    if request.method == "POST" and form.is_valid():
        if own.count() >= tokens.MOST:
            form.add_error(None, words("interface.most", most=tokens.MOST))
        else:
            held = form.cleaned_data
            secret = tokens.make(user, held["label"], days=held["days"])
            form = NewKey(words=words)
    return render(
        request,
        "interface.html",
        {
            "title": words("interface.keys"),
            "keys": own.order_by("pk"),
            "form": form,
            "secret": secret,
            "base": request.build_absolute_uri("/api/v1/"),
        },
    )


@require_POST
def revoke(request: HttpRequest, language: str, *, key: int) -> HttpResponse:
    """Take a key back."""
    user: Any = request.user  # pyright: ignore[reportAttributeAccessIssue]
    gone, _ = Token.objects.filter(user=user, pk=key).delete()
    if not gone:
        raise Http404(request.path_info)
    messages.info(request, Words(language)("interface.revoked"))
    return redirect("keys", language=language)
