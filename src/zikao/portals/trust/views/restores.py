"""A node restored from a backup: declared here, answered by the auditor of the witness."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
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
from zikao.foundation.provinces import node_title
from zikao.foundation.witness import commands, queries
from zikao.foundation.witness.models import Restore, RestoreAnswer
from zikao.portals.trust import forms, policies
from zikao.portals.trust.views.verifying import BACK


def _answer(row: Restore) -> RestoreAnswer | None:
    return getattr(row, "answer", None)


def _state(row: Restore) -> Pill:
    answer = _answer(row)
    if answer is not None:
        return Pill("已确认", "done") if answer.is_accepted else Pill("已退回", "danger")
    return Pill("已声明", "info") if row.origin == settings.ZIKAO_NODE else Pill("待确认", "due")


@waits_for({Post.AUDITOR}, "恢复声明待确认", "SR-10.2", stage="trust")
def waiting(actor: Actor) -> Asked:
    """Declarations of other nodes that wait for an answer."""
    rows = queries.waiting_restores().order_by("id")
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    return Waiting(count, reverse("trust:restores"), since=first.declared_at if first else None)


@staff_page(posts=policies.READERS)
def restore_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All declared restores, ours and those of nodes that we witness."""
    table = Table(
        Restore.objects.select_related("answer"),
        (
            Column("declared_at", "声明时间", "datetime"),
            Column("origin", "节点", "node"),
            Column("tree_size", "从第几行继续", "number"),
            Column("held_size", "此前见证到", "number"),
            Column("state", "状态", "pill", value=_state),
        ),
        link=lambda row: reverse("trust:restore", args=[row.pk]),
        order="-id",
        empty="没有节点声明过备份恢复。",
    )
    intro = "从备份恢复的节点，账本会比见证过的短。它要声明原因，由见证节点的审计管理员确认后才能继续得到共同签名。"
    declare = Action("声明备份恢复", "trust:declare-restore")
    return table_page(request, title="恢复声明", intro=intro, table=table, actions=[declare], back=BACK)


@staff_page(posts=policies.READERS)
def restore(request: HttpRequest, actor: Actor, restore_id: int) -> HttpResponse:
    """One declaration: what is lost, whether it is proven, the answer."""
    row = Restore.objects.filter(pk=restore_id).first()
    if row is None:
        raise NotFound("not-found", facts={"restore": restore_id})
    answer = _answer(row)
    return object_page(
        request,
        kicker="恢复声明",
        title=f"{node_title(row.origin)} 从备份恢复",
        pill=_state(row),
        facts=_facts(row, answer),
        steps=(
            Step("声明", "past" if answer else "present", row.declared_at),
            Step("见证节点答复", "present" if answer else "future", answer.answered_at if answer else None),
        ),
        actions=_actions(row, answer),
        history=f"witness.restore:{row.pk}",
        back=Link("恢复声明", reverse("trust:restores")),
    )


def _facts(row: Restore, answer: RestoreAnswer | None) -> list[Fact]:
    proven = "能证明是接着见证过的账本写的" if row.is_proven else "不能证明是接着见证过的账本写的"
    seen = [
        Fact("此前见证到", row.held_size, "number"),
        Fact("连续性", proven, clause="EA-49.1"),
        Fact("丢失的行", max(row.held_size - row.tree_size, 0), "number"),
    ]
    return [
        Fact("节点", row.origin, "node"),
        Fact("声明时间", row.declared_at, "datetime"),
        Fact("从第几行继续", row.tree_size, "number", clause="SR-10.2"),
        *([] if _is_ours(row) else seen),
        Fact("原因", row.reason),
        *([Fact("答复", answer.reason)] if answer else []),
    ]


def _actions(row: Restore, answer: RestoreAnswer | None) -> list[Action]:
    ids = {"restore_id": row.pk}
    why = "本节点自己的声明由见证节点确认。" if _is_ours(row) else "已经答复过。"
    is_open = not _is_ours(row) and answer is None
    accept_it = Action(
        "确认恢复", "trust:accept-restore", ids, "共同签名声明的检查点，历史从这里继续。", clause="SR-10.2"
    )
    refuse_it = Action("退回声明", "trust:refuse-restore", ids, "写明理由退回，告警保持。", danger=True)
    unproven = "声明的检查点不能证明是接着见证过的账本写的。"
    return [
        accept_it.open_if(is_open, why).open_if(row.is_proven, unproven, "EA-49.1"),
        refuse_it.open_if(is_open, why),
    ]


def _is_ours(row: Restore) -> bool:
    return bool(row.origin == settings.ZIKAO_NODE)


declare = action(
    commands.declare_restore,
    forms.ReasonForm,
    title="声明备份恢复",
    what="告诉所有见证节点：本节点从备份恢复，账本从现在的检查点继续。声明永久保存，由见证节点的审计管理员确认。",
    clause="SR-10.2",
    danger=True,
    button="签名并声明",
    done="已声明，等待见证节点确认。",
    back="trust:restores",
)
accept = action(
    commands.accept_restore,
    forms.ReasonForm,
    title="确认恢复",
    what="核实该节点确从备份恢复、丢失的行已经说明之后，共同签名它声明的检查点，并了结它的告警。",
    clause="SR-10.2",
    done="已确认。",
    back="trust:restore",
)
refuse = action(
    commands.refuse_restore,
    forms.ReasonForm,
    title="退回声明",
    what="写明理由退回。该节点的告警保持，见证节点不为它签名。",
    clause="SR-10.2",
    danger=True,
    done="已退回。",
    back="trust:restore",
)
