"""What waits for my signature, what I proposed, and all that I may read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import policies, queries
from zikao.foundation.approvals.models import Approval
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.commands import scoped
from zikao.foundation.pages import (
    Asked,
    Column,
    Filter,
    Pill,
    Table,
    TrustItem,
    Waiting,
    exportable,
    staff_page,
    table_page,
    tell,
    trust_item,
    waits_for,
)
from zikao.foundation.pages.parts import Tone
from zikao.portals.approvals.forms import chain_choices
from zikao.portals.approvals.queries import next_in_words, signed_in_words

TONES: dict[str, Tone] = {"open": "due", "approved": "done", "refused": "danger"}
SOON = timedelta(days=3)
FILTERS = (
    Filter("chain", "事项", kind="choice", choices=tuple(chain_choices())),
    Filter("state", "状态", kind="choice", choices=ApprovalState.choices),
    Filter("title", "内容", lookup="title__contains"),
)

tell(
    **{
        "approvals.signed": "签字同意",
        "approvals.refused": "签字不同意",
        "approvals.withdrawn": "撤回审批",
        "approvals.expired": "审批逾期失效",
        "approvals.delegated": "委托代签",
        "approvals.delegation-ended": "终止委托",
    }
)


def state_pill(approval: Approval) -> Pill:
    """The state as a word with its colour."""
    return Pill.of(approval.state, ApprovalState, TONES)


def _table(rows: QuerySet[Approval], empty: str) -> Table:
    return Table(
        rows,
        (
            Column("id", "编号", "code", sortable=True),
            Column("chain", "事项", value=lambda approval: approval.law.title),
            Column("title", "内容"),
            Column("agency_code", "机构", "code"),
            Column("signed", "已签", value=signed_in_words),
            Column("next", "轮到", value=next_in_words),
            Column("proposed_at", "提出时间", "datetime"),
            Column("expires_at", "签字截止", "datetime"),
            Column("state", "状态", "pill", value=state_pill),
        ),
        filters=FILTERS,
        link=lambda approval: reverse("approvals:approval", args=[approval.pk]),
        order="-id",
        empty=empty,
    )


@staff_page(posts=policies.SIGNERS)
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open approvals whose turn is mine."""
    return table_page(
        request,
        title="待我签批",
        intro="轮到您的岗位签字的审批。您提出的、您已经签过的不在其中：每人在一件审批中只签一次。",
        table=_table(queries.waiting_for(actor, clock.now()), "没有等您签字的审批。"),
    )


@staff_page(posts=policies.PROPOSERS)
def proposed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I proposed, in whichever post."""
    rows = queries.proposed_by(actor)
    empty = "您还没有提出过审批。审批由各业务页面提出，例如成绩更正、考籍档案查阅。"
    return table_page(request, title="我提出的审批", table=_table(rows, empty))


@exportable("approvals.all", "审批登记", posts=policies.WATCHERS, marking=True)
def all_approvals(actor: Actor) -> Table:
    """All approvals that the actor may read."""
    return _table(queries.visible_to(actor, clock.now()), "没有符合条件的审批。")


@staff_page(posts=policies.READERS)
def everything(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All approvals that I may read; who audits sees all of the subtree."""
    intro = "审计管理员和负责人看到本机构及下级的全部审批，其他岗位看到与自己有关的。审批登记至少保存三十年。"
    return table_page(request, title="全部审批", intro=intro, table=all_approvals(actor))


@waits_for(policies.SIGNERS, "待我签批", "SR-A1.8", stage="approvals")
def approvals_to_sign(actor: Actor) -> Asked:
    """Approvals whose turn is mine, with the earliest end of time."""
    yield queries.steps_near(actor, clock.now())
    rows = queries.waiting_for(actor, clock.now())
    found = rows.order_by("expires_at").values_list("pk", flat=True)[:2]
    if not found:
        return Waiting(0)
    ends = rows.aggregate(since=Min("proposed_at"), due=Min("expires_at"))
    one = reverse("approvals:approval", args=[found[0]])
    url = one if len(found) == 1 else reverse("approvals:waiting")
    return Waiting(rows.count(), url, since=ends["since"], due=ends["due"])


@trust_item("approvals", order=60)
def open_approvals(actor: Actor, at: datetime) -> TrustItem:
    """How many approvals are open, and whether one runs out of time."""
    rows = scoped(Approval.objects.filter(state=ApprovalState.OPEN), actor)
    ends = rows.aggregate(since=Min("proposed_at"), due=Min("expires_at"))
    url = reverse("approvals:all")
    if ends["due"] is None:
        return TrustItem("审批", "ok", "没有待签的审批。", url=url, clause="SR-A1.8")
    soon = rows.filter(expires_at__lte=at + SOON).count()
    said = f"{rows.count()} 件审批待签" + (f"，其中 {soon} 件三日内到期。" if soon else "。")
    return TrustItem("审批", "due" if soon else "ok", said, since=ends["since"], url=url, clause="SR-A1.8")
