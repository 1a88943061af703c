"""Anybody checks a result statement by its verification code; the page shows no score (SR-A1.14)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.actors import Actor
from zikao.foundation.pages import public_page, shell_of
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.limits import asks_too_often
from zikao.stages.results import queries
from zikao.stages.results.forms import CheckForm

ANSWERS = {True: "agrees", False: "broken", None: "differs"}


@public_page
def check(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Whether a statement's code is that of the scores in force."""
    form, verdict = speak_plainly(CheckForm(request.GET if "number" in request.GET else None)), ""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        too_often = asks_too_often(request, "statements")
        answer = None if too_often else queries.code_agrees(given["number"], given["sitting"], given["code"])
        verdict = "too-often" if too_often else ANSWERS[answer]
    status = 429 if verdict == "too-often" else 200
    page = {"shell": shell_of(request), "form": form, "verdict": verdict}
    response = render(request, "results/check.html", page, status=status)
    response["Cache-Control"] = "no-store"
    return response
