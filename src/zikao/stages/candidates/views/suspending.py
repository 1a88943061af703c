"""Suspensions as this node knows them: ordered here or told by the centre; lifted early where ordered here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
)
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms import SuspensionByNumberForm
from zikao.stages.candidates.forms.changes import LiftForm
from zikao.stages.candidates.models import SUSPENDED_NUMBER, Suspension
from zikao.stages.candidates.states import SuspensionSource


def _pill(row: Suspension) -> Pill:
    if row.until_on > clock.today():
        return Pill("停考期内", "danger")
    return Pill("已解除" if row.lifted_by else "已期满")


@staff_page(posts=policies.SUSPENSION_READERS)
def suspension_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The suspensions."""
    table = Table(
        queries.suspensions(actor),
        (
            Column("reference", "决定文号"),
            Column("source", "来源", value=lambda row: row.get_source_display()),
            Column("since_on", "起", "date", sortable=True),
            Column("until_on", "止（不含）", "date", sortable=True),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("reference", "文号", lookup="reference__contains"),
            Filter("source", "来源", "choice", SuspensionSource.choices),
        ),
        link=lambda row: reverse("candidates:suspension", args=[row.pk]),
        order="-until_on",
        empty="没有停考人员。",
    )
    intro = "本省决定的停考报送中心，中心告知各省；报名、报考时都查。"
    acts = [Action("按证件号码登记停考", "candidates:suspend-number")]
    back = Link("考生", reverse("candidates:list"))
    return table_page(request, title="停考名单", table=table, intro=intro, actions=acts, back=back)


@staff_page(posts=policies.SUSPENSION_READERS)
def suspension(request: HttpRequest, actor: Actor, suspension_id: int) -> HttpResponse:
    """One suspension."""
    found = queries.suspension(actor, suspension_id)
    return object_page(
        request,
        kicker="停考",
        title=found.reference,
        pill=_pill(found),
        back=Link("停考名单", reverse("candidates:suspensions")),
        facts=[
            Fact("证件号码", queries.masked_number(SUSPENDED_NUMBER.text(found)), "code"),
            Fact("起", found.since_on, "date", clause="EA-12.3"),
            Fact("止（不含）", found.until_on, "date"),
            Fact("来源", str(found.get_source_display())),
            Fact("登记时间", found.recorded_at, "datetime"),
            *([Fact("提前解除", found.lifted_by, note=f"原定至 {found.ordered_until_on}")] if found.lifted_by else []),
        ],
        actions=_actions(found),
        history=f"candidates.suspension:{found.pk}",
    )  # fmt: skip


def _actions(found: Suspension) -> list[Action]:
    ours, running = found.source == SuspensionSource.DECISION, found.until_on > clock.today()
    lifting = Action(
        "提前解除", "candidates:lift", {"suspension_id": found.pk}, "原决定撤销或变更的，解除并告知各省。",
        clause="EA-12.3", danger=True,
    )  # fmt: skip
    return [
        lifting.open_if(ours, "这一停考由其他省份作出，请由该省解除。", "EA-12.3").open_if(
            running, "停考已经结束。", "EA-12.3"
        )
    ]


suspend_by_number = action(
    commands.impose_suspension, SuspensionByNumberForm, title="按证件号码登记停考", clause="EA-12.3", danger=True,
    what="作出处理决定的人没有在本省注册的（例如替考者），按证件号码登记；在任何省都不能报名报考。",
    button="登记停考", done="已登记停考，已报送中心。",
    back=lambda receipt: reverse("candidates:suspension", args=[receipt.value.pk]),
)  # fmt: skip
lift = action(
    commands.lift_suspension, LiftForm, title="提前解除停考", clause="EA-12.3", button="解除", danger=True,
    what="自今日起不再停考；记入诚信档案，并经中心告知各省。", done="已解除。", back="candidates:suspension",
    about=lambda actor, suspension_id: f"决定 {queries.suspension(actor, suspension_id).reference}",
)  # fmt: skip
