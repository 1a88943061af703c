"""Rounds of collecting: the set time, the leading group, who answers for what, who works, at which places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import STAFF_POSTS, Actor
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
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.stages.collecting import commands, forms, policies, queries
from zikao.stages.collecting.models import Round
from zikao.stages.collecting.states import Purpose, RoundState, WorkerState
from zikao.stages.programmes.queries import sittings

TONES: Mapping[str, Any] = {"drafted": "due", "confirmed": "info", "closed": "done"}
OVER = "这次采集安排已经结束。"
SHOWN_SESSIONS = 12


def round_url(receipt: Any, **kwargs: Any) -> str:
    """The page of the round that a receipt is about."""
    return reverse("collecting:round", args=[receipt.value.pk])


@staff_page(posts=policies.READERS)
def round_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every round of collecting."""
    table = Table(
        queries.rounds_with_counts(actor),
        (
            Column("title", "安排", value=str),
            Column("begins_at", "开始", "datetime", sortable=True),
            Column("ends_at", "结束", "datetime"),
            Column("chosen", "选聘人数", "number"),
            Column("ready", "可以上岗", "number"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, RoundState, TONES)),
        ),
        filters=(
            Filter("purpose", "事由", "choice", choices=Purpose.choices),
            Filter("state", "状态", "choice", choices=RoundState.choices),
            Filter("sitting", "考次", lookup="sitting__code__startswith"),
        ),
        link=lambda row: reverse("collecting:round", args=[row.pk]),
        order="-begins_at",
        empty="还没有成绩采集和处理安排。",
    )
    return table_page(
        request, title="采集安排", table=table,
        intro="网上评卷、登分合分、成绩采集，以及移交与考核成绩登记，都在规定时间内由领导小组统一组织；"
        "工作人员审查、培训、备案、签订责任书后上岗；三人以上同时在场，全程录像。",
        actions=[Action("拟定采集安排", "collecting:draft-round"), Action("场所", "collecting:sessions")],
    )  # fmt: skip


@staff_page(posts=policies.READERS)
def collection_round(request: HttpRequest, actor: Actor, round_id: int) -> HttpResponse:
    """One round."""
    found = queries.round_by_id(actor, round_id)
    return object_page(
        request,
        kicker="采集安排",
        title=str(found),
        pill=Pill.of(found.state, RoundState, TONES),
        back=Link("采集安排", reverse("collecting:rounds")),
        facts=_facts(found, actor),
        steps=steps_of(
            RoundState, found.state, reached={"drafted": found.drafted_at, "confirmed": found.confirmed_at}  # type: ignore[dict-item]
        ),
        actions=_actions(found, actor),
        history=f"collecting.round:{found.pk}",
    )  # fmt: skip


def _facts(found: Round, actor: Actor) -> dict[str, list[Fact]]:
    process = reverse("collecting:round-process", args=[found.pk])
    return {
        "规定时间与流程": [
            Fact("事由", found.get_purpose_display()),
            Fact("开始时间", found.begins_at, "datetime", clause="SR-A1.3"),
            Fact("结束时间", found.ends_at, "datetime"),
            Fact("工作流程与管理制度", "下载", "link", href=process, clause="SR-A1.2", note=found.process[:16]),
        ],
        "领导小组": [
            Fact(str(each.get_role_display()), each.name, note=str(each.school or "省级教育考试机构"))
            for each in found.members.select_related("school")
        ],
        "责任岗位": [
            Fact(str(each.get_duty_display()), each.name, clause="SR-A1.2") for each in found.responsible.all()
        ],
        "工作人员": _people(found, actor),
        "场所": [
            Fact(
                f"第 {each.number} 场", f"{each.get_work_display()}　{each.place}", "link",
                href=reverse("collecting:session", args=[each.pk]), note="已结束" if each.ended_at else "正在进行",
            )
            for each in found.sessions.all()[:SHOWN_SESSIONS]
        ],
    }  # fmt: skip


def _people(found: Round, actor: Actor) -> list[Fact]:
    own = queries.worker_of(found, actor.account_id)
    facts = []
    if own is not None:
        mine = reverse("collecting:worker", args=[own.pk])
        facts.append(Fact("您本人", str(own.get_state_display()), "link", href=mine, clause="SR-A1.4"))
    if actor.post in policies.REGISTER_READERS:
        states = list(found.workers.values_list("state", flat=True))
        counts = [Fact(str(state.label), states.count(state), "number") for state in WorkerState if state in states]
        register = reverse("collecting:workers", args=[found.pk])
        facts += [Fact("名册", f"{len(states):,} 人", "link", href=register, clause="SR-A1.4"), *counts]
    return facts


def _actions(found: Round, actor: Actor) -> list[Action]:
    here, now = {"round_id": found.pk}, clock.now()
    drafted, live = found.state == RoundState.DRAFTED, found.state != RoundState.CLOSED
    fixed = "采集安排批准之后，领导小组和责任岗位不再变动。"
    return [
        Action("登记领导小组成员", "collecting:name-member", here, "省级机构和主考学校的人员。", clause="SR-A1.3")
        .open_if(drafted, fixed, "SR-A1.3"),
        Action("指定责任岗位", "collecting:name-responsible", here, "每个岗位落实到人。", clause="SR-A1.2")
        .open_if(drafted, fixed, "SR-A1.2"),
        Action("批准采集安排", "collecting:confirm-round", here, "主要领导负责，批准后方可采集。", clause="SR-A1.2")
        .open_if(drafted, "采集安排已经批准。", "SR-A1.3").given(queries.confirmation(found, clock.today())),
        Action("选聘工作人员", "collecting:people", here, "从在岗人员中成批选聘，登记资格审查结论。", clause="SR-A1.4")
        .open_if(live, OVER, "SR-A1.4"),
        Action("登记培训、备案", "collecting:workers", here, "在名册中成批登记培训和备案。", clause="SR-A1.4",
               posts=policies.VETTERS).open_if(live, OVER, "SR-A1.4"),
        Action("开始一场工作", "collecting:begin-session", here, "确认隔离、录像后开始，您即签到。", clause="SR-A1.5")
        .open_if(live, OVER, "SR-A1.3").given(queries.set_time(found, now))
        .given(queries.may_work(queries.worker_of(found, actor.account_id), clock.today())),
        *_what_for(found),
        Action("结束采集安排", "collecting:close-round", here, "之后不能再按它采集。", clause="SR-A1.3", danger=True)
        .open_if(live, OVER, "SR-A1.3"),
    ]  # fmt: skip


def _what_for(found: Round) -> list[Action]:
    """The pages on which the round's work is done."""
    if found.sitting is None:
        return [
            Action("登记原系统移交的成绩", "results:take-over", {}, "逐行核对，整批登记。", clause="SR-A1.6"),
            Action("登记实践与论文成绩", "results:assessments", {}, "逐行核对，整批登记。", clause="SR-A1.6"),
        ]
    return [
        Action("评卷科目", "marking:papers", {}, "存疑裁定、选择题评分、合分。", clause="EA-38.1"),
        Action("成绩采集", "results:publication", {"sitting": found.sitting.code}, "核对依据采集。", clause="SR-A1.6"),
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def process(request: HttpRequest, actor: Actor, round_id: int) -> HttpResponse:
    """The round's document of process and system, as it was handed in."""
    found = queries.round_by_id(actor, round_id)
    headers = {"Content-Disposition": f'attachment; filename="collection-process-{round_id}"'}
    return HttpResponse(storage.get(found.process), content_type=found.process_type, headers=headers)


draft = action(
    commands.draft_round, forms.RoundForm, title="拟定采集安排",
    what="拟定采集和处理的时间，附上工作流程与管理制度；随后登记领导小组和责任岗位，报省级主要负责人批准。",
    clause="SR-A1.3", button="拟定", done="已拟定，请登记领导小组和责任岗位。", back=round_url,
    arguments=forms.round_arguments,
    form_options=lambda actor, **url: {"sittings": [(row.code, str(row)) for row in sittings()]},
)  # fmt: skip
name_member = action(
    commands.name_member, forms.MemberForm, title="登记领导小组成员", clause="SR-A1.3", button="登记",
    what="领导小组由省级教育考试机构和主考学校等方面共同组成，组长是省级教育考试机构的人员。",
    done="已登记。", back="collecting:round", arguments=forms.member_arguments,
    form_options=lambda actor, **url: {"schools": queries.schools_of(actor)},
)  # fmt: skip
name_responsible = action(
    commands.name_responsible, forms.ResponsibleForm, title="指定责任岗位", clause="SR-A1.2", button="指定",
    what="监督的人不采集、不核对、不管理计算机；核对的人不采集。批准之前可以改派。",
    done="已指定。", back="collecting:round", arguments=forms.responsible_arguments,
    form_options=lambda actor, **url: {"people": queries.possible_people(actor, clock.today(), STAFF_POSTS)},
)  # fmt: skip
confirm = action(
    commands.confirm_round, title="批准采集安排", clause="SR-A1.2", button="批准",
    what="您作为主要负责人对这次采集负责。批准后，领导小组、责任岗位、时间和流程不再变动。",
    done="已批准，工作人员可以在规定时间内工作。", back="collecting:round",
)  # fmt: skip
close = action(
    commands.close_round, title="结束采集安排", clause="SR-A1.3", button="结束", danger=True,
    what="结束后不能再按这次安排采集和处理；需要时另行拟定。", done="已结束。", back="collecting:round",
)  # fmt: skip


@waits_for(policies.CONFIRMERS, "待批准的采集安排", "SR-A1.3", stage="collecting")
def to_confirm(actor: Actor) -> Asked:
    """Drafted rounds."""
    asked = queries.rounds(actor).filter(state=RoundState.DRAFTED)
    yield asked
    rows = list(asked)
    items = tuple(Item(str(row), reverse("collecting:round", args=[row.pk]), row.drafted_at) for row in rows[:5])
    return Waiting(len(rows), reverse("collecting:rounds"), rows[0].drafted_at if rows else None, items=items)
