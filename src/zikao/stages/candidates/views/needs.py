"""Accommodations (EA-52): the list, one application in four parts, the decision and its paper, the candidate's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    candidate_page,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms.needs import AccommodationDecisionForm, AccommodationForm, evidence_of
from zikao.stages.candidates.models import NEED, Accommodation
from zikao.stages.candidates.states import AccommodationState
from zikao.stages.candidates.views.staff import check_printable, whom

TONES: Mapping[str, Any] = {"applied": "due", "granted": "done", "refused": "danger"}


@staff_page(posts=policies.NEEDS_READERS)
def accommodation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The applications of the actor's subtree."""
    table = Table(
        queries.accommodations(actor),
        (
            Column("candidate", "考生", value=lambda row: str(row.candidate)),
            Column("kinds", "申请的便利", value=lambda row: queries.kind_names(row.kinds, clock.today())),
            Column("agency_code", "报名县（区）", "code"),
            Column("applied_at", "申请时间", "datetime", sortable=True),
            Column("until_on", "有效期止", "date", sortable=True),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("state", "状态", "choice", AccommodationState.choices),
        ),
        link=lambda row: reverse("candidates:accommodation", args=[row.pk]),
        order="-applied_at",
        empty="还没有残疾考生申请便利。在考生页面可以代为申请。",
    )
    return table_page(request, title="残疾考生便利", table=table, back=Link("考生名册", reverse("candidates:list")))


def _pill(row: Accommodation) -> Pill:
    return Pill.of(row.state, AccommodationState, TONES)


@staff_page(posts=policies.NEEDS_READERS)
def accommodation(request: HttpRequest, actor: Actor, accommodation_id: int) -> HttpResponse:
    """One application."""
    found = queries.accommodation(actor, accommodation_id)
    last = AccommodationState.REFUSED if found.state == AccommodationState.REFUSED else AccommodationState.GRANTED
    reached = {AccommodationState.APPLIED.value: found.applied_at}
    if found.decided_at:
        reached[found.state] = found.decided_at
    return object_page(
        request,
        kicker="残疾考生便利",
        title=f"{found.candidate}",
        pill=_pill(found),
        back=Link("残疾考生便利", reverse("candidates:accommodations")),
        facts={"申请": _asked(found), "决定": _decided(found)},
        steps=steps_of(AccommodationState, found.state, path=[AccommodationState.APPLIED, last], reached=reached),
        actions=_actions(found),
        history=f"candidates.accommodation:{found.pk}",
    )


def _asked(found: Accommodation) -> list[Fact]:
    papers = reverse("candidates:accommodation-evidence", args=[found.pk])
    person = reverse("candidates:candidate", args=[found.candidate_id])
    return [
        Fact("考生", str(found.candidate), "link", href=person),
        Fact("申请的便利", queries.kind_names(found.kinds, clock.today()), clause="EA-52"),
        Fact("情况说明", NEED.text(found)),
        Fact("证明材料", "查看", "link", href=papers, note=found.evidence[:16]),
        Fact("起", found.from_on, "date"),
        Fact("止（不含）", found.until_on, "date"),
    ]


def _decided(found: Accommodation) -> list[Fact]:
    if found.decided_at is None:
        return []
    return [
        Fact("文号", found.number, "code"),
        Fact("同意的便利", queries.kind_names(found.granted_kinds, clock.today()) or "无"),
        Fact("延长考试时间", f"{found.extra_percent}%" if found.extra_percent else "不延长"),
        Fact("理由", found.reason),
        Fact("作出决定的机构", found.decided_by, "code"),
        Fact("决定时间", found.decided_at, "datetime"),
    ]


def _actions(found: Accommodation) -> list[Action]:
    here, state = {"accommodation_id": found.pk}, AccommodationState(found.state)
    decided = state in (AccommodationState.GRANTED, AccommodationState.REFUSED)
    return [
        Action("作出决定", "candidates:decide-accommodation", here, "同意或不同意，写明理由和有效期。", clause="EA-52")
        .open_if(state == AccommodationState.APPLIED, f"申请的状态是“{state.label}”。", "EA-52"),
        Action("打印决定书", "candidates:accommodation-paper", here, "告知考生的决定书。", clause="EA-52",
               posts=policies.NEEDS_READERS)
        .open_if(decided, "还没有作出决定。", "EA-52"),
        Action("撤回", "candidates:withdraw-accommodation", here, "按考生本人的意愿撤回。", danger=True)
        .open_if(state in (AccommodationState.APPLIED, AccommodationState.GRANTED), f"申请的状态是“{state.label}”。"),
    ]  # fmt: skip


@staff_page(posts=policies.NEEDS_READERS)
def evidence(request: HttpRequest, actor: Actor, accommodation_id: int) -> HttpResponse:
    """The evidence, as it was handed in."""
    found = queries.accommodation(actor, accommodation_id)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{found.pk}"'}
    return HttpResponse(storage.get(found.evidence), content_type=found.evidence_type, headers=headers)


@staff_page(posts=policies.NEEDS_READERS)
def paper(request: HttpRequest, actor: Actor, accommodation_id: int) -> HttpResponse:
    """The decision as PDF."""
    return paper_response(queries.accommodation(actor, accommodation_id))


def paper_response(found: Accommodation) -> HttpResponse:
    """The decision as an answer; NotFound while there is none."""
    if found.decided_at is None:
        raise NotFound("not-decided", message="这份申请还没有决定。", remedy="决定之后可以打印决定书。", clause="EA-52")
    check_printable(found.candidate)
    pdf = render_document("candidates/accommodation.typ", queries.accommodation_paper(found))
    headers = {"Content-Disposition": f'inline; filename="accommodation-{found.pk}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


def _initial(actor: Actor, accommodation_id: int) -> Mapping[str, Any]:
    found = queries.accommodation(actor, accommodation_id)
    return {"kinds": found.kinds, "until_on": found.until_on.isoformat(), "extra_percent": 0}


def _whose(actor: Actor, accommodation_id: int) -> str:
    found = queries.accommodation(actor, accommodation_id)
    return f"{found.candidate}　{queries.kind_names(found.kinds, clock.today())}"


apply_for = action(
    commands.apply_accommodation, AccommodationForm, title="代考生申请便利", clause="EA-52",
    what="残疾考生因身体情况需要便利的，附证明材料申请；由地市或省级教育考试机构决定并说明理由。",
    button="提交申请", done="已提交，等待决定。", back="candidates:candidate", arguments=evidence_of, about=whom,
    posts=policies.REGISTRARS,
)  # fmt: skip
decide = action(
    commands.decide_accommodation, AccommodationDecisionForm, title="决定便利申请", clause="EA-52",
    what="决定告知考生，并带入报考、考场编排、试卷和考试实施。", button="作出决定", done="已决定，可以打印决定书。",
    back="candidates:accommodation", initial=_initial, about=_whose,
)  # fmt: skip
withdraw = action(
    commands.withdraw_accommodation, title="撤回便利申请", clause="EA-52", danger=True, button="撤回",
    what="撤回以后，考试时不再提供这些便利；需要时可以重新申请。", done="已撤回。", back="candidates:accommodation",
    about=_whose,
    posts=policies.REGISTRARS,
)  # fmt: skip


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My applications and what was decided."""
    rows = [
        {
            "row": row,
            "pill": _pill(row),
            "asked": queries.kind_names(row.kinds, clock.today()),
            "granted": queries.kind_names(row.granted_kinds, clock.today()),
        }
        for row in queries.accommodations(actor)
    ]
    return render(request, "candidates/needs.html", {"rows": rows})


@candidate_page
def my_paper(request: HttpRequest, actor: Actor, accommodation_id: int) -> HttpResponse:
    """The decision on my application as PDF."""
    return paper_response(queries.accommodation(actor, accommodation_id))


apply_mine = action(
    commands.apply_accommodation, AccommodationForm, title="申请考试便利", clause="EA-52", door="candidate",
    what="因残疾需要延长时间、大字号或盲文试卷、单独考场等便利的，附证明材料申请。决定和理由会告知您。",
    button="提交申请", done="已提交。决定之后，在这一页可以看到结果和理由。", back="candidates:my-needs",
    given=lambda actor: {"candidate_id": actor.candidate_id or 0}, arguments=evidence_of,
)  # fmt: skip
withdraw_mine = action(
    commands.withdraw_accommodation, title="撤回便利申请", clause="EA-52", danger=True, button="撤回",
    what="撤回以后，考试时不再提供这些便利；需要时可以重新申请。", done="已撤回。", back="candidates:my-needs",
    door="candidate",
)  # fmt: skip


@waits_for(policies.NEEDS_DECIDERS, "待决定的残疾考生便利申请", "EA-52", stage="candidates")
def to_decide(actor: Actor) -> Asked:
    """Applications without a decision, oldest first."""
    rows = queries.accommodations(actor).filter(state=AccommodationState.APPLIED).order_by("applied_at")
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(str(row.candidate), reverse("candidates:accommodation", args=[row.pk]), row.applied_at) for row in first
    )
    url = f"{reverse('candidates:accommodations')}?state={AccommodationState.APPLIED.value}"
    return Waiting(count, url, first[0].applied_at if first else None, items=items)
