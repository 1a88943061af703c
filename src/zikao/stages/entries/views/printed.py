"""The confirmation of entries, for the candidate and at the counter, and the pledge that is signed on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type, uncovered
from zikao.foundation.documents import render as render_document
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.pages import candidate_page, staff_page
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries


@candidate_page
def my_confirmation(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """My confirmation as PDF."""
    return _confirmation(access_candidate(actor, actor.candidate_id or 0), sitting_code)


@staff_page(posts=policies.READERS)
def confirmation_for(request: HttpRequest, actor: Actor, candidate_id: int, sitting_code: str) -> HttpResponse:
    """A candidate's confirmation as PDF."""
    return _confirmation(access_candidate(actor, candidate_id), sitting_code)


@staff_page(posts=policies.COUNTER)
def pledge_for(request: HttpRequest, actor: Actor, candidate_id: int, sitting_code: str) -> HttpResponse:
    """The pledge that a candidate signs on paper, as PDF."""
    candidate, window = access_candidate(actor, candidate_id), queries.window_of(sitting_code)
    return _pdf("entries/pledge.typ", queries.pledge_paper(candidate, window, clock.now()), candidate, "pledge")


def _confirmation(candidate: Candidate, sitting_code: str) -> HttpResponse:
    paper = queries.confirmation_of(candidate, queries.window_of(sitting_code), clock.now())
    if not paper["courses"]:
        raise NotFound("nothing-entered", message="这次考试没有报考课程，没有确认单。", remedy="报考之后再来下载。")
    return _pdf("entries/confirmation.typ", paper, candidate, "entries")


def _pdf(template: str, data: dict[str, object], candidate: Candidate, name: str) -> HttpResponse:
    if missing := uncovered(candidate.name):
        raise WrongState(
            "card-font-missing",
            message=f"姓名中的“{missing}”，本节点的字体里没有，印出来会是空框。",
            remedy="请联系系统管理员装入含有这些字的字体（GB 18030 全字库）；登记的姓名没有问题。",
        )
    headers = {"Content-Disposition": f'inline; filename="{name}-{candidate.admission_number}.pdf"'}
    return HttpResponse(render_document(template, data), content_type=media_type, headers=headers)
