"""The register of changes to data other than answers: proposed, confirmed by two, made (EA-A9.2.1.2)."""

from __future__ import annotations

from collections.abc import Mapping
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
    action,
    few,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.stages.collecting.queries import may_work_here
from zikao.stages.collecting.states import Work
from zikao.stages.marking import commands, forms, policies, queries
from zikao.stages.marking.models import DataCorrection
from zikao.stages.marking.states import DataCorrectionState

TONES: Mapping[str, Any] = {"proposed": "due", "applied": "done", "refused": "plain"}
READERS = policies.READERS | policies.LOG_READERS


def _pill(row: DataCorrection) -> Pill:
    return Pill.of(row.state, DataCorrectionState, TONES)


@staff_page(posts=READERS)
def correction_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole register."""
    table = Table(
        queries.data_corrections(actor),
        (
            Column("id", "登记号", "number"),
            Column("card", "答题卡", value=_card),
            Column("field", "修改项", value=lambda row: row.get_field_display()),
            Column("before", "修改前", "code"),
            Column("after", "修改后", "code"),
            Column("proposed_at", "登记时间", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(Filter("state", "状态", kind="choice", choices=DataCorrectionState.choices),),
        link=lambda row: reverse("marking:data-correction", args=[row.pk]),
        order="-id",
        empty="没有登记过非作答数据的修改。在科目的评卷页面登记。",
    )
    intro = "考生填涂的内容谁也不能改。条形码误读等技术性差错，登记修改前后的数据，两名专职人员确认后才修改。"
    back = Link("评卷", reverse("marking:papers"))
    return table_page(request, title="非作答数据修改登记", intro=intro, table=table, back=back)


def _card(row: DataCorrection) -> str:
    return f"{row.card.paper.course} 第{row.card.batch.number}批第{row.card.number}张"


@staff_page(posts=READERS)
def correction(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """One registered change: before and after, who confirmed, whether it is made."""
    row = queries.data_correction(actor, correction_id)
    facts = [
        Fact("答题卡", _card(row)),
        Fact("修改项", row.get_field_display(), clause="EA-A9.2.1.2"),
        Fact("修改前", row.before or "未识读", "code", note=f"座位 {row.seat_before_id}"),
        Fact("修改后", row.after, "code", note=f"座位 {row.seat_after_id}"),
        Fact("原因", row.reason),
        Fact("登记人", row.proposer),
        Fact("图像摘要", row.card.image[:16], "code", note="原卡图像不作改动"),
    ]
    if row.refused_why:
        facts.append(Fact("不予修改的理由", row.refused_why))
    said = [Fact(each.name, each.confirmed_at, "datetime") for each in row.confirmations.all()]
    return object_page(
        request,
        kicker="非作答数据修改登记",
        title=f"第 {row.pk} 号",
        pill=_pill(row),
        facts={"登记内容": facts, "专职人员确认": said},
        steps=_steps(row, len(said)),
        actions=_actions(row, actor),
        history=f"marking.datacorrection:{row.pk}",
        back=Link("非作答数据修改登记", reverse("marking:data-corrections")),
    )


def _steps(row: DataCorrection, confirmed: int) -> tuple[Step, ...]:
    waits = row.state == DataCorrectionState.PROPOSED
    last = "不予修改" if row.state == DataCorrectionState.REFUSED else "已修改"
    return (
        Step("登记", "past", row.proposed_at),
        Step(f"专职人员确认（{confirmed}）", "present" if waits else "past"),
        Step(last, "future" if waits else "present", row.applied_at),
    )


def _actions(row: DataCorrection, actor: Actor) -> list[Action]:
    here = may_work_here(Work.MARKING, actor, clock.now(), sitting_id=row.card.paper.sitting_id)
    ids, posts = {"correction_id": row.pk}, policies.DATA_CONFIRMERS
    offered = (
        ("确认", "confirm-data-correction", "核对原卡图像和登记内容；两名专职人员都确认后，数据即修改。"),
        ("不予修改", "refuse-data-correction", "登记保留，写明理由。"),
    )
    return [
        Action(label, f"marking:{name}", ids, what, clause="EA-A9.2.1.2", posts=posts)
        .open_if(row.state == DataCorrectionState.PROPOSED, "这项登记已经办结。", "EA-A9.2.1.2")
        .given(here)
        for label, name, what in offered
    ]


propose = action(
    commands.propose_data_correction,
    forms.DataCorrectionForm,
    title="登记非作答数据修改",
    what="登记一张答题卡的条形码误读。两名专职人员确认以前，数据不变；考生填涂的内容不受影响。",
    clause="EA-A9.2.1.2",
    button="登记",
    done="已登记，等待两名专职人员确认。",
    back=lambda receipt, paper_id: reverse("marking:data-correction", args=[receipt.value.pk]),
)
confirm = action(
    commands.confirm_data_correction,
    title="确认非作答数据修改",
    what="您已核对原卡和登记内容。第二名专职人员确认后，数据即修改。",
    clause="EA-A9.2.1.2",
    button="确认",
    done=lambda receipt: "已确认，数据已修改。" if receipt.value.applied_at else "已确认，等待另一名专职人员。",
    back="marking:data-correction",
)
refuse = action(
    commands.refuse_data_correction,
    forms.RefuseDataForm,
    title="不予修改",
    what="数据不变，登记和理由保留。",
    clause="EA-A9.2.1.2",
    button="不予修改",
    done="已记录，不予修改。",
    back="marking:data-correction",
)


@waits_for(policies.DATA_CONFIRMERS, "待确认的非作答数据修改", "EA-A9.2.1.2", stage="marking")
def waiting(actor: Actor) -> Asked:
    """Changes that this person has not proposed and not confirmed."""
    rows = queries.corrections_to_confirm(actor)
    yield rows
    count, first = few(rows)
    items = tuple(Item(_card(row), reverse("marking:data-correction", args=[row.pk]), row.proposed_at) for row in first)
    since = first[0].proposed_at if first else None
    return Waiting(count, reverse("marking:data-corrections"), since, items=items)
