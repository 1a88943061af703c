"""Batches: gathered and checked, approved, reported, answered; with counts that add up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
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
    page_of,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.pages.formats import day_text
from zikao.stages.registry import commands, forms, policies, queries, rules
from zikao.stages.registry.models import Registration, RegistrationBatch
from zikao.stages.registry.states import BatchState, RowState

TONES: Mapping[str, Any] = {"checked": "info", "approved": "due", "sent": "info", "registered": "done"}
ROW_TONES: Mapping[str, Any] = {"registered": "done", "rejected": "danger", "revoked": "danger"}


def row_pill(row: Registration) -> Pill:
    """A certificate's state as a pill; before the report it waits for it."""
    return Pill.of(row.state, RowState, ROW_TONES)


@staff_page(posts=policies.READERS)
def batch_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every batch and how far it is."""
    table = Table(
        queries.batches(),
        (
            Column("batch_on", "发证日期", "date", sortable=True),
            Column("count", "份数", "number"),
            Column("sent_at", "上报时间", "datetime"),
            Column("registered_at", "办结时间", "datetime"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, BatchState, TONES)),
        ),
        link=lambda row: reverse("registry:batch", args=[row.batch_on]),
        order="-batch_on",
        empty="还没有电子注册批次。毕业证书制作完成后，在这里整理核对并上报。",
        empty_action=Action("整理核对一批证书", "registry:check"),
    )
    return table_page(
        request, title="电子注册", table=table, actions=[Action("整理核对一批证书", "registry:check")]
    )  # fmt: skip


@staff_page(posts=policies.READERS)
def batch(request: HttpRequest, actor: Actor, batch_on: date) -> HttpResponse:
    """One batch with its certificates."""
    found = queries.batch(batch_on)
    table = _certificates(actor, found)
    counts = queries.counts_of(found)
    return object_page(
        request,
        kicker="电子注册批次",
        title=f"{day_text(found.batch_on)}证书",
        pill=Pill.of(found.state, BatchState, TONES),
        back=Link("电子注册", reverse("registry:batches")),
        facts={"份数": _counts(found, counts), "经办": _acts(found)},
        steps=steps_of(BatchState, found.state, reached=_reached(found)),
        actions=_actions(found, counts, actor),
        history=f"registry.registrationbatch:{found.pk}",
        extra_template="registry/_rows.html",
        context={"table": page_of(table, request.GET.dict(), actor), "rejected": counts.get(RowState.REJECTED, 0)},
    )


def _certificates(actor: Actor, found: RegistrationBatch) -> Table:
    return Table(
        queries.rows(actor, found),
        (
            Column("certificate.number", "证书编号", "code"),
            Column("certificate.application.candidate.name", "姓名"),
            Column("certificate.application.plan.major", "专业"),
            Column("answered_at", "答复时间", "datetime"),
            Column("state", "状态", "pill", value=row_pill),
            Column("reason", "理由"),
        ),
        filters=(
            Filter("state", "状态", "choice", RowState.choices),
            Filter("number", "证书编号", lookup="certificate__number__startswith"),
        ),
        link=lambda row: reverse("registry:certificate", args=[row.certificate.number]),
        empty="这一批没有您管辖范围内的证书。",
    )


def _counts(found: RegistrationBatch, counts: Mapping[str, int]) -> list[Fact]:
    total = sum(counts.values())
    verdict = Pill("✓ 合计相符", "done") if total == found.count else Pill("✕ 合计不符", "danger")
    waiting = "待答复" if found.sent_at else "待上报"
    return [
        Fact("本批份数", found.count, "number"),
        Fact(waiting, counts.get(RowState.READY, 0), "number"),
        Fact("已注册", counts.get(RowState.REGISTERED, 0), "number", clause="SR-A3.2"),
        Fact("退回", counts.get(RowState.REJECTED, 0), "number"),
        Fact("已撤销注册", counts.get(RowState.REVOKED, 0), "number", clause="SR-A3.7"),
        Fact("核对", verdict, "pill"),
    ]


def _acts(found: RegistrationBatch) -> list[Fact]:
    opens, closes = rules.period_of(found.batch_on, clock.today())
    period = f"{day_text(opens)} 至 {day_text(closes)}" if opens <= closes else "发证日期不在规定的两天"
    return [
        Fact("发证日期", found.batch_on, "date", clause="SR-17"),
        Fact("注册时间", period, clause="SR-A3.2"),
        Fact("整理核对", found.checked_at, "datetime", clause="SR-A3.3"),
        Fact("审批", found.approved_at, "datetime", clause="SR-A3.3"),
        Fact("上报清单摘要（SM3）", found.digest, "code"),
    ]


def _reached(found: RegistrationBatch) -> dict[str, datetime]:
    times = {
        BatchState.CHECKED: found.checked_at,
        BatchState.APPROVED: found.approved_at,
        BatchState.SENT: found.sent_at,
        BatchState.REGISTERED: found.registered_at,
    }
    return {state.value: at for state, at in times.items() if at is not None}


def _actions(found: RegistrationBatch, counts: Mapping[str, int], actor: Actor) -> list[Action]:
    here, state, today = {"batch_on": found.batch_on}, BatchState(found.state), clock.today()
    period = rules.PERIOD(on=today, issued_on=found.batch_on)
    other = rules.APPROVAL(on=today, checked_by=found.checked_by, approver=actor.account_id)
    return [
        Action("审批", "registry:approve", here, "确认整理核对无误，可以上报。", clause="SR-A3.3")
        .open_if(state == BatchState.CHECKED, "已经审批。", "SR-A3.3")
        .given(other),
        Action("上报国家考试中心", "registry:send", here, "整批签名送出，等待注册结果。", clause="SR-21")
        .open_if(state != BatchState.CHECKED, "还没有审批。", "SR-A3.3")
        .open_if(state == BatchState.APPROVED, "已经上报。", "SR-A3.2")
        .given(period),
        Action("重新上报退回的证书", "registry:resend", here, "退回的证书更正、重新核对后再报。", clause="SR-A3.3")
        .open_if(counts.get(RowState.REJECTED, 0) > 0, "没有退回的证书。", "SR-A3.3")
        .open_if(state == BatchState.REGISTERED, "还有证书没有得到答复。", "SR-A3.2")
        .given(period)
        .given(other),
    ]  # fmt: skip


check = action(
    commands.check_batch,
    forms.CheckForm,
    title="整理核对一批证书",
    what="按发证日期汇总证书，逐份核对专业计划、身份、成绩和专升本学历资格；有一份不符，整批不能上报。",
    clause="SR-A3.3",
    button="整理核对",
    done="核对完毕，等待审批。",
    back=lambda receipt, **kwargs: (
        reverse("registry:batch", args=[receipt.value.batch_on]) if receipt.value else reverse("registry:batches")
    ),
)
approve = action(
    commands.approve_batch,
    title="审批注册信息",
    what="确认这一批的整理核对无误。审批人不能是整理核对的人。",
    clause="SR-A3.3",
    button="审批通过",
    done="已审批，可以上报。",
    back="registry:batch",
)
send = action(
    commands.send_batch,
    title="上报国家考试中心",
    what="整批签名后送出。注册完成以前，证书不能发给毕业生。",
    clause="SR-21",
    button="上报",
    done="已上报，等待注册结果。",
    back="registry:batch",
)
resend = action(
    commands.resend_rejected,
    title="重新上报退回的证书",
    what="退回的证书重新核对后再报。办理即为审批；办理人不能是整理核对的人。",
    clause="SR-A3.3",
    button="核对并重新上报",
    done="已重新上报。",
    back="registry:batch",
)


@waits_for(policies.CHECKERS, "待整理核对的证书批次", "SR-A3.3", stage="registry")
def to_check(actor: Actor) -> Waiting:
    """Issue dates with certificates that no batch has gathered."""
    days = queries.dates_to_check()
    return Waiting(
        len(days), reverse("registry:check"), items=tuple(Item(day_text(d), reverse("registry:check")) for d in days)
    )


def _waiting(rows: list[RegistrationBatch]) -> Waiting:
    items = tuple(
        Item(
            f"{day_text(row.batch_on)}证书，{row.count} 份",
            reverse("registry:batch", args=[row.batch_on]),
            row.checked_at,
        )
        for row in rows[:5]
    )
    return Waiting(len(rows), reverse("registry:batches"), rows[0].checked_at if rows else None, items=items)


@waits_for(policies.APPROVERS, "待审批的注册批次", "SR-A3.3", stage="registry")
def to_approve(actor: Actor) -> Waiting:
    """Batches that are checked."""
    return _waiting(list(queries.batches_in(BatchState.CHECKED)))


@waits_for(policies.SENDERS, "待上报的注册批次", "SR-A3.2", stage="registry")
def to_send(actor: Actor) -> Waiting:
    """Batches that are approved."""
    return _waiting(list(queries.batches_in(BatchState.APPROVED)))


@waits_for(policies.APPROVERS, "有退回证书的注册批次", "SR-A3.3", stage="registry")
def to_correct(actor: Actor) -> Waiting:
    """Batches of which the centre sent certificates back."""
    return _waiting(list(queries.rejected_batches()))
