"""The list of transfers, and one transfer in four parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.provinces import province_name
from zikao.foundation.regulation import clauses
from zikao.stages.transfers import policies, queries
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import IN_PATH, OUT_PATH, Direction, TransferState
from zikao.stages.transfers.views.openings import actions_of

TONES: Mapping[str, Any] = {
    "applied": "info",
    "confirmed": "due",
    "uploaded": "info",
    "received": "due",
    "reviewed": "info",
    "signed": "due",
    "completed": "done",
    "refused": "danger",
}


@staff_page(posts=policies.READERS)
def transfer_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The transfers of the actor's subtree."""
    table = Table(
        queries.transfers(actor),
        (
            Column("number", "转考编号", "code"),
            Column("direction", "方向", value=lambda row: row.get_direction_display()),
            Column("candidate.name", "姓名"),
            Column("candidate.admission_number", "准考证号", "code"),
            Column("counterpart", "对方省份", value=lambda row: province_name(row.counterpart)),
            Column("applied_at", "申请（接收）时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("direction", "方向", "choice", Direction.choices),
            Filter("state", "状态", "choice", TransferState.choices),
            Filter("admission_number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("name", "姓名", lookup="candidate__name__startswith"),
        ),
        link=lambda row: reverse("transfers:transfer", args=[row.pk]),
        order="-applied_at",
        empty="还没有转考。考生到窗口申请后，在这里受理。",
        empty_action=Action("受理转出申请", "transfers:apply"),
    )
    acts = [Action("受理转出申请", "transfers:apply"), Action("课程替换", "transfers:substitutions")]
    return table_page(request, title="转考", table=table, actions=acts)


def _pill(row: Transfer) -> Pill:
    return Pill.of(row.state, TransferState, TONES)


@staff_page(posts=policies.READERS)
def transfer(request: HttpRequest, actor: Actor, transfer_id: int) -> HttpResponse:
    """One transfer, out or in."""
    found = queries.transfer(actor, transfer_id)
    leaving = found.direction == Direction.OUT
    undecided = leaving and found.state == TransferState.APPLIED
    return object_page(
        request,
        kicker=f"{Direction(found.direction).label}　{found.number}",
        title=found.candidate.name,
        pill=_pill(found),
        back=Link("转考", reverse("transfers:list")),
        facts={"考生": _person(found), "对方": _elsewhere(found), "电子档案": _file(found)},
        steps=_steps(found),
        actions=actions_of(found, clock.today()),
        history=f"transfers.transfer:{found.pk}",
        extra_template="transfers/_courses.html",
        context={
            "leaving": leaving,
            "courses": queries.courses_of(found),
            "fates": queries.fates_of(found.candidate, clock.today()) if undecided else [],
            "undecided": undecided,
        },
    )


def _person(found: Transfer) -> list[Fact]:
    candidate = found.candidate
    return [
        Fact("姓名", candidate.name),
        Fact("准考证号", candidate.admission_number, "code"),
        Fact("专业", str(candidate.major)),
        Fact("报名县（区）", candidate.agency_code, "code"),
    ]


def _elsewhere(found: Transfer) -> list[Fact]:
    leaving = found.direction == Direction.OUT
    place = "转入地" if leaving else "转出地"
    facts = [
        Fact(place, province_name(found.counterpart)),
        Fact(f"{place}准考证号", found.counterpart_admission_number, "code"),
        Fact(f"{place}专业代码", found.counterpart_major, "code"),
    ]
    if leaving:
        facts.append(Fact("转入地合格门数", found.passes_at_destination, "number", clause="SR-A2.3.2"))
        facts.append(Fact("转出原因", found.reason))
    return facts


def _file(found: Transfer) -> list[Fact]:
    known = {row.id: row for row in clauses()}
    facts = [
        Fact("转考编号", found.number, "code"),
        Fact("奖惩情况", "；".join(found.integrity) or "无"),
        Fact("电子档案摘要（SM3）", found.file_digest or "还没有生成", "code", clause="SR-A2.6"),
    ]
    if found.state == TransferState.REFUSED:
        broken = found.refusal_code if found.refusal_code in known else None
        facts.append(Fact("退回依据", found.refusal_code, "code", clause=broken))
    if found.refusal_reason:
        facts.append(Fact("理由", found.refusal_reason))
    return facts


def _steps(found: Transfer) -> tuple[Step, ...]:
    path = OUT_PATH if found.direction == Direction.OUT else IN_PATH
    times = [
        (path[0], found.applied_at),
        (TransferState.CONFIRMED, found.confirmed_at),
        (TransferState.UPLOADED, found.uploaded_at),
        (TransferState.REVIEWED, found.reviewed_at),
        (found.state, found.completed_at),
    ]
    reached: dict[str, datetime] = {str(state): at for state, at in times if at is not None}
    return steps_of(TransferState, found.state, path=path, reached=reached)


def _waiting(actor: Actor, direction: Direction, state: TransferState) -> Asked:
    asked = queries.waiting_in(actor, direction, state)
    yield asked
    rows = list(asked[:500])
    items = tuple(
        Item(f"{row.candidate.name} {row.number}", reverse("transfers:transfer", args=[row.pk]), row.applied_at)
        for row in rows[:5]
    )
    url = f"{reverse('transfers:list')}?direction={direction.value}&state={state.value}"
    return Waiting(len(rows), url, rows[0].applied_at if rows else None, items=items)


@waits_for(policies.CLERKS, "待现场确认的转出", "SR-A2.3.1", stage="transfers")
def to_confirm(actor: Actor) -> Asked:
    """Applications whose candidate has not signed yet."""
    return _waiting(actor, Direction.OUT, TransferState.APPLIED)


@waits_for(policies.CLERKS, "待上传的转出档案", "SR-A2.5", stage="transfers")
def to_upload(actor: Actor) -> Asked:
    """Confirmed ones that wait for a month of exchange."""
    return _waiting(actor, Direction.OUT, TransferState.CONFIRMED)


@waits_for(policies.REVIEWERS, "待审核的转入档案", "SR-A2.4.5", stage="transfers")
def to_review(actor: Actor) -> Asked:
    """Files that have arrived."""
    return _waiting(actor, Direction.IN, TransferState.RECEIVED)


@waits_for(policies.CLERKS, "待现场确认的转入", "SR-A2.4.4", stage="transfers")
def to_complete(actor: Actor) -> Asked:
    """Reviewed ones whose candidate has not signed yet."""
    return _waiting(actor, Direction.IN, TransferState.REVIEWED)
