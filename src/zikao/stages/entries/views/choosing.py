"""Courses chosen: the choice, its check, the answers looked at once more, and the entry; for candidate and clerk.

The choice stands in the address: a session that ends in the middle, a second tab and the way back all keep it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import ZikaoError
from zikao.foundation.pages import candidate_page, shell_of, staff_page
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate, pledge_of
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.rules import FEE
from zikao.stages.entries.views import waiting
from zikao.stages.programmes.models import Paper


@dataclass(frozen=True)
class Choice:
    """What is chosen: papers, area, site."""

    papers: list[int]
    area: str
    site: str = ""

    @property
    def query(self) -> str:
        """The choice as the end of an address."""
        return urlencode(
            [*(("papers", each) for each in self.papers), ("area_code", self.area), ("site_code", self.site)]
        )


@dataclass(frozen=True)
class Choosing:
    """Who chooses for whom, in which window, from which papers."""

    actor: Actor
    candidate: Candidate
    window: EntryWindow

    @property
    def is_own(self) -> bool:
        """Whether the candidate chooses for themselves."""
        return self.actor.post == Post.CANDIDATE

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """The papers offered to the candidate's major."""
        return tuple(queries.papers_offered(self.candidate, self.window.sitting.code))

    @cached_property
    def entered(self) -> frozenset[int]:
        """The papers entered already."""
        rows = queries.own_entries(self.candidate.pk, self.window.sitting.code)
        return frozenset(rows.values_list("paper_id", flat=True))

    def examine(self, choice: Choice) -> Decision:
        """What the law says to this choice now."""
        now = clock.now()
        return all_of(
            commands.examine(self.candidate, self.window, choice.papers, self.actor, now),
            commands.examine_place(self.candidate, self.units(choice), choice.area, choice.site, now),
        )

    def may_enter(self) -> Decision:
        """What the law says before anything is chosen."""
        return commands.may_enter(self.candidate, self.window, self.actor, clock.now())

    def units(self, choice: Choice) -> list[int]:
        """The units of the chosen papers."""
        return [paper.unit_id for paper in self.papers if paper.pk in choice.papers]

    def url(self, step: str) -> str:
        """The address of a step: choose, check, live, confirm."""
        code = self.window.sitting.code
        if self.is_own:
            return reverse(f"entries:{step}", args=[code])
        return reverse(f"entries:{step}-for", args=[self.candidate.pk, code])


@candidate_page
def choose(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The candidate chooses; in a rush, those whose turn it is."""
    choosing = _choosing(actor, actor.candidate_id or 0, sitting_code)
    return waiting.turned_away(actor, choosing.window) or _choose(request, choosing)


@candidate_page
def check(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The candidate looks at the answers once more."""
    return _check(request, _choosing(actor, actor.candidate_id or 0, sitting_code))


@candidate_page
def live(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The live check beside the boxes: what would be refused, what it costs, what is left. A fragment."""
    return _live(request, _choosing(actor, actor.candidate_id or 0, sitting_code))


@candidate_page
def confirm(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The candidate enters."""
    choosing = _choosing(actor, actor.candidate_id or 0, sitting_code)
    return waiting.turned_away(actor, choosing.window) or _confirm(request, choosing)


@staff_page(posts=policies.COUNTER)
def enter_for(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The clerk enters a candidate who stands at the counter, for the open sitting; where several are, for one of them.

    Where none is, the page says when the next one opens.
    """
    candidate, now = access_candidate(actor, candidate_id), clock.now()
    windows = queries.open_windows(now)
    if len(windows) == 1:
        return _choose(request, Choosing(actor, candidate, windows[0]))
    page = {
        "candidate": candidate,
        "windows": windows,
        "coming": queries.coming_window(now),
        "past": queries.past_window(now),
    }
    return render(request, "entries/enter_for.html", page)


@staff_page(posts=policies.COUNTER)
def choose_for(request: HttpRequest, actor: Actor, candidate_id: int, sitting_code: str) -> HttpResponse:
    """The clerk chooses, with what was chosen before in the address."""
    return _choose(request, _choosing(actor, candidate_id, sitting_code))


@staff_page(posts=policies.COUNTER)
def check_for(request: HttpRequest, actor: Actor, candidate_id: int, sitting_code: str) -> HttpResponse:
    """The clerk reads the answers out."""
    return _check(request, _choosing(actor, candidate_id, sitting_code))


@staff_page(posts=policies.COUNTER)
def live_for(request: HttpRequest, actor: Actor, candidate_id: int, sitting_code: str) -> HttpResponse:
    """The live check at the counter. A fragment."""
    return _live(request, _choosing(actor, candidate_id, sitting_code))


@staff_page(posts=policies.COUNTER)
def confirm_for(request: HttpRequest, actor: Actor, candidate_id: int, sitting_code: str) -> HttpResponse:
    """The clerk enters."""
    return _confirm(request, _choosing(actor, candidate_id, sitting_code))


def _choosing(actor: Actor, candidate_id: int, sitting_code: str) -> Choosing:
    return Choosing(actor, access_candidate(actor, candidate_id), queries.window_of(sitting_code))


def _choice(data: Mapping[str, Any], choosing: Choosing) -> tuple[forms.ChoiceForm, Choice]:
    form = forms.ChoiceForm(data, paper_ids=[paper.pk for paper in choosing.papers])
    form.is_valid()
    told = form.cleaned_data
    return form, Choice(told.get("papers") or [], told.get("area_code") or "", told.get("site_code") or "")


def _choose(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    if "area_code" not in request.GET:
        return _show(request, choosing, Choice([], choosing.candidate.agency_code[:4]))
    return _show(request, choosing, _choice(request.GET, choosing)[1])


def _live(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    choice = _choice(request.GET, choosing)[1]
    page = render(request, "entries/_choice_check.html", _shown(choosing, choice) | {"is_fragment": True})
    page["HX-Replace-Url"] = f"{choosing.url('choose')}?{choice.query}"
    return page


def _check(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    form, choice = _choice(request.GET, choosing)
    if form.errors:
        return _show(request, choosing, choice, status=422, errors=form.errors)
    decision = choosing.examine(choice)
    if not decision.granted:
        return _show(request, choosing, choice, decision, status=409)
    return _answers(request, choosing, choice, decision)


def _answers(
    request: HttpRequest, choosing: Choosing, choice: Choice, decision: Decision | None, status: int = 200, **more: Any
) -> HttpResponse:
    page = _shown(choosing, choice, decision) | {
        "shell": shell_of(request),
        "papers": [paper for paper in choosing.papers if paper.pk in choice.papers],
        "area": next((area.name for area in _areas(choosing, choice) if area.code == choice.area), choice.area),
        "pledge": pledge_of(choosing.candidate.pk, choosing.window.sitting_id),
        "pledge_text": parameter("integrity-pledge").on(clock.today()),
        "hold_minutes": parameter("entry-hold-minutes").on(clock.today(), province=settings.ZIKAO_NODE_CODE),
        "key": uuid.uuid4().hex,
    }
    return render(request, "entries/check_answers.html", page | more, status=status)


def _confirm(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    form, choice = _choice(request.POST or request.GET, choosing)  # who had to sign in again comes back by GET
    back = f"{choosing.url('check')}?{choice.query}"
    if request.method != "POST" or form.errors:
        return HttpResponseRedirect(back)
    try:
        commands.enter_courses(
            candidate_id=choosing.candidate.pk,
            sitting_code=choosing.window.sitting.code,
            paper_ids=choice.papers,
            area_code=choice.area,
            site_code=choice.site,
            accepts_pledge=request.POST.get("pledge") == "on",
            key=request.POST.get("idempotency_key") or uuid.uuid4().hex,
            by=choosing.actor,
            at=clock.now(),
        )
    except ZikaoError as error:
        return _answers(request, choosing, choice, None, error.http_status, error=error)
    code = choosing.window.sitting.code
    if choosing.is_own:
        return HttpResponseRedirect(reverse("entries:pay", args=[code]))
    return HttpResponseRedirect(reverse("entries:take-payment", args=[choosing.candidate.pk, code]))


def _show(
    request: HttpRequest,
    choosing: Choosing,
    choice: Choice,
    decision: Decision | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    units: dict[Any, list[Paper]] = {}
    for paper in choosing.papers:
        units.setdefault(paper.unit, []).append(paper)
    page = {
        "shell": shell_of(request),
        "units": list(units.items()),
        "progress": queries.progress_of(choosing.candidate, choosing.window, clock.now()),
        "granted": queries.granted_words(choosing.candidate.pk, clock.now()),
        "most": parameter("max-courses-per-sitting").on(clock.today(), province=settings.ZIKAO_NODE_CODE),
        **_shown(choosing, choice, decision),
        **more,
    }
    return render(request, "entries/choose.html", page, status=status)


def _shown(choosing: Choosing, choice: Choice, decision: Decision | None = None) -> dict[str, Any]:
    """What page and fragment share: the choice, what the law says to it, its cost, the areas with what is left."""
    fee = FEE(on=clock.today(), province=settings.ZIKAO_NODE_CODE)
    allowed = parameter("entry-site-wishes").on(clock.today(), province=settings.ZIKAO_NODE_CODE)
    units = choosing.units(choice)
    if decision is None:
        decision = choosing.examine(choice) if choice.papers else choosing.may_enter()
    sites = queries.sites_offered(choosing.window, choice.area, units) if allowed and choice.area else []
    return {
        "choosing": choosing,
        "choice": choice,
        "urls": {step: choosing.url(step) for step in ("choose", "check", "live", "confirm")},
        "areas": _areas(choosing, choice),
        "sites": sites,
        "site": next((site.name for site in sites if site.code == choice.site), ""),
        "number": len(choice.papers),
        "due_fen": fee * len(choice.papers),
        "decision": decision,
    }


def _areas(choosing: Choosing, choice: Choice) -> list[queries.Area]:
    return queries.areas_offered(choosing.window, choosing.units(choice))
