"""The public's look-up (SR-22): by number and name, or by the QR code; so many questions a minute from one address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.actors import Actor
from zikao.foundation.pages import number_of_token, public_page, shell_of
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.limits import asks_too_often
from zikao.stages.graduation.tokens import unpacked
from zikao.stages.registry import queries
from zikao.stages.registry.forms import Verification
from zikao.stages.registry.states import Answer, Verdict

TOO_MANY_REQUESTS = 429


@public_page
def verify(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Check a certificate by its number and its holder's name."""
    form = speak_plainly(Verification(request.GET if "number" in request.GET else None))
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    if asks_too_often(request, "certificates"):
        return _page(request, form, too_often=True)
    return _page(request, form, queries.look_up(form.cleaned_data["number"], form.cleaned_data["name"]))


@public_page
def verify_token(request: HttpRequest, actor: Actor | None, token: str) -> HttpResponse:
    """Check a certificate by what its QR code holds."""
    if asks_too_often(request, "certificates"):
        return _page(request, Verification(), too_often=True)
    number = number_of_token(token)
    answer = queries.look_up_number(number) if number is not None else queries.look_up_token(unpacked(token))
    return _page(request, Verification(), answer, by_token=True)


def _page(
    request: HttpRequest,
    form: Verification,
    answer: Answer | None = None,
    *,
    by_token: bool = False,
    too_often: bool = False,
) -> HttpResponse:
    page = {
        "shell": shell_of(request),
        "form": form,
        "answer": answer,
        "entry": answer.entry if answer else None,
        "is_good": answer is not None and answer.verdict is Verdict.REGISTERED,
        "by_token": by_token,
        "too_often": too_often,
    }
    response = render(request, "registry/verify.html", page, status=TOO_MANY_REQUESTS if too_often else 200)
    response["Cache-Control"] = "no-store"
    return response
