"""What a candidate sees of themselves: the card, the integrity file, the pledge."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Task, action, candidate_page, candidate_task
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands, forms, queries
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.views.staff import card_response, integrity_response, portrait_response
from zikao.stages.programmes.models import Sitting


def own(actor: Actor) -> Candidate:
    """The signed-in candidate; NotFound where the account has none."""
    return queries.access_candidate(actor, actor.candidate_id or 0)


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My admission card and my integrity file."""
    person = own(actor)
    return render(
        request,
        "candidates/mine.html",
        {
            "person": person,
            "masked": queries.masked(person),
            "suspended_until": queries.suspended_until(person, clock.today()),
            "pledges": person.pledges.select_related("sitting"),
            "integrity": queries.integrity_file(person),
        },
    )


@candidate_page
def my_card(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My admission card as PDF."""
    return card_response(own(actor))


@candidate_page
def my_integrity(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My integrity file as PDF."""
    return integrity_response(own(actor))


@candidate_page
def my_portrait(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My portrait."""
    return portrait_response(own(actor))


def _pledge_text(actor: Actor, sitting_code: str) -> Mapping[str, object]:
    return {"pledge_text": parameter("integrity-pledge").on(clock.today()), "sitting_code": sitting_code}


my_pledge = action(
    commands.accept_pledge,
    forms.PledgeForm,
    title="诚信考试承诺书",
    what="",
    clause="EA-26.1",
    button="签署承诺书",
    done="已签署。承诺书和时间记入您的诚信档案。",
    back="portals:candidate-home",
    door="candidate",
    given=lambda actor: {"candidate_id": actor.candidate_id or 0},
    arguments=lambda data: {},
    extra_template="candidates/_pledge.html",
    context=_pledge_text,
)


@candidate_task("签署诚信考试承诺书", order=15, clause="EA-26.1")
def pledge_task(actor: Actor) -> Task | None:
    """The pledge for the next sitting that is not over."""
    sitting = Sitting.objects.filter(units__ends_at__gt=clock.now()).order_by("code").distinct().first()
    if sitting is None or actor.candidate_id is None:
        return None
    if not Candidate.objects.filter(pk=actor.candidate_id).exists():
        return None
    pledge = queries.pledge_of(actor.candidate_id, sitting.pk)
    if pledge is not None:
        return Task("done", reverse("candidates:mine"), f"{sitting}考试，已签署")
    return Task("todo", reverse("candidates:my-pledge", args=[sitting.code]), f"{sitting}考试")


@candidate_task("准考证", order=10, clause="EA-13.1")
def card_task(actor: Actor) -> Task | None:
    """The card that everybody registered has."""
    found = Candidate.objects.filter(pk=actor.candidate_id or 0).first()
    return Task("done", reverse("candidates:mine"), f"准考证号 {found.admission_number}") if found else None
