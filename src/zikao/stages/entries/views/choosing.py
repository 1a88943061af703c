"""Courses chosen: the choice, its check, the answers looked at once more, and the entry; for candidate and clerk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import ZikaoError
from zikao.foundation.pages import candidate_page, shell_of, staff_page
from zikao.foundation.regulation import Decision
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.rules import FEE
from zikao.stages.programmes.models import Paper


@dataclass(frozen=True)
class Choosing:
    """Who chooses for whom, in which window, from which papers."""

    actor: Actor
    candidate: Candidate
    window: EntryWindow
    papers: tuple[Paper, ...]
    entered: frozenset[int]

    @property
    def is_own(self) -> bool:
        """Whether the candidate chooses for themselves."""
        return self.actor.post == Post.CANDIDATE

    def examine(self, paper_ids: list[int]) -> Decision:
        """What the law says to these papers now."""
        return commands.examine(self.candidate, self.window, paper_ids, self.actor, clock.now())


@candidate_page
def choose(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The candidate chooses."""
    return _page(request, _choosing(actor, actor.candidate_id or 0, sitting_code))


@staff_page(posts=policies.COUNTER)
def enter_for(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The clerk enters a candidate who stands at the counter, for the open sitting."""
    sitting_code = request.GET.get("sitting") or queries.open_sitting_code(clock.now())
    return _page(request, _choosing(actor, candidate_id, sitting_code))


@candidate_page
def check_choice(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The live check beside the boxes: what would be refused, and what it costs. A fragment."""
    choosing = _choosing(actor, actor.candidate_id or 0, sitting_code)
    form = _form(request.GET, choosing)
    chosen = form.cleaned_data["papers"] if form.is_valid() else []
    return render(request, "entries/_choice_check.html", _checked(choosing, chosen))


def _choosing(actor: Actor, candidate_id: int, sitting_code: str) -> Choosing:
    candidate = access_candidate(actor, candidate_id)
    window = queries.window_of(sitting_code)
    standing = queries.own_entries(candidate.pk, sitting_code).values_list("paper_id", flat=True)
    papers = tuple(queries.papers_offered(candidate, sitting_code))
    return Choosing(actor, candidate, window, papers, frozenset(standing))


def _form(data: Mapping[str, Any], choosing: Choosing) -> forms.ChoiceForm:
    return forms.ChoiceForm(data, paper_ids=[paper.pk for paper in choosing.papers])


def _page(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    if request.method != "POST":
        return _show(request, choosing, [], choosing.candidate.agency_code[:4])
    form = _form(request.POST, choosing)
    if not form.is_valid():
        return _show(request, choosing, [], "", status=422, errors=form.errors)
    chosen, area = form.cleaned_data["papers"], form.cleaned_data["area_code"]
    decision = choosing.examine(chosen)
    if not decision.granted or request.POST.get("step") == "change":
        status = 200 if decision.granted else 409
        return _show(request, choosing, chosen, area, status=status, decision=decision)
    if request.POST.get("step") != "confirm":
        return _check_answers(request, choosing, chosen, area)
    return _enter(request, choosing, chosen, area)


def _enter(request: HttpRequest, choosing: Choosing, chosen: list[int], area: str) -> HttpResponse:
    try:
        commands.enter_courses(
            candidate_id=choosing.candidate.pk,
            sitting_code=choosing.window.sitting.code,
            paper_ids=chosen,
            area_code=area,
            key=request.POST.get("idempotency_key") or uuid.uuid4().hex,
            by=choosing.actor,
            at=clock.now(),
        )
    except ZikaoError as error:
        return _show(request, choosing, chosen, area, status=error.http_status, error=error)
    code = choosing.window.sitting.code
    if choosing.is_own:
        return HttpResponseRedirect(reverse("entries:pay", args=[code]))
    return HttpResponseRedirect(reverse("entries:take-payment", args=[choosing.candidate.pk, code]))


def _show(
    request: HttpRequest, choosing: Choosing, chosen: list[int], area: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    units: dict[Any, list[Paper]] = {}
    for paper in choosing.papers:
        units.setdefault(paper.unit, []).append(paper)
    page = {
        "shell": shell_of(request),
        "choosing": choosing,
        "units": list(units.items()),
        "chosen": chosen,
        "area_code": area,
        "areas": Agency.objects.filter(kind=AgencyKind.PREFECTURE),
        **(_checked(choosing, chosen) if chosen else {}),
        **more,
    }
    return render(request, "entries/choose.html", page, status=status)


def _check_answers(request: HttpRequest, choosing: Choosing, chosen: list[int], area: str) -> HttpResponse:
    page = {
        "shell": shell_of(request),
        "choosing": choosing,
        "papers": [paper for paper in choosing.papers if paper.pk in chosen],
        "area": Agency.objects.filter(code=area).first(),
        "area_code": area,
        "key": uuid.uuid4().hex,
        **_checked(choosing, chosen),
    }
    return render(request, "entries/check_answers.html", page)


def _checked(choosing: Choosing, chosen: list[int]) -> dict[str, Any]:
    fee = FEE(on=clock.today(), province=settings.ZIKAO_NODE_CODE)
    return {
        "number": len(chosen),
        "due_fen": fee * len(chosen),
        "decision": choosing.examine(chosen) if chosen else None,
    }
