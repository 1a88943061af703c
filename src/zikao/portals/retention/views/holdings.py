"""What is kept: the schedule, the inventory, one thing, what is due; registered and moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    TrustItem,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
    trust_item,
    waits_for,
)
from zikao.foundation.pages.parts import Tone
from zikao.foundation.regulation import Keeping, retention_schedule
from zikao.foundation.retention import commands, policies, queries
from zikao.foundation.retention.models import Holding
from zikao.foundation.retention.queries import HowItStands
from zikao.foundation.retention.states import Standing
from zikao.portals.retention import forms
from zikao.stages.agencies.models import Agency

TONES: dict[str, Tone] = {
    "due": "due",
    "held": "danger",
    "destroyed": "done",
    "for-ever": "info",
    "not-running": "plain",
}
CARRIERS = {"paper": "纸质", "digital": "电子", "video": "录像"}
STARTED = {"publication": "成绩公布之日", "approval": "审批完成之日", "session": "场所工作结束之日"}

tell(**{"retention.publication-noted": "登记成绩公布日"})


def pill_of(stands: HowItStands) -> Pill:
    """How a kept thing stands, as a word with a colour."""
    return Pill.of(stands.standing, Standing, TONES)


@staff_page(posts=policies.READERS)
def schedule(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The schedule: each kind, from which day, how long, by which clause."""
    today, province = clock.today(), queries.province()

    def length(keeping: Keeping) -> str:
        months = keeping.months(today, province)
        if months is None:
            return "永久"
        return f"{months // 12}年" if months % 12 == 0 else f"{months}个月"

    table = Table(
        list(retention_schedule().values()),
        (
            Column("title", "种类"),
            Column("carrier", "载体", value=lambda keeping: CARRIERS[keeping.carrier]),
            Column("event", "起算", value=lambda keeping: STARTED[keeping.event]),
            Column("months", "至少保存", value=length),
            Column("classification", "密级"),
            Column("owner", "责任单位"),
            Column("clause", "依据", "code"),
        ),
    )
    intro = "期限是最低要求。本省定有更长期限的，按本省的执行；考籍档案中的成绩永久保存。"
    return table_page(request, title="保存期限表", intro=intro, table=table, back=_back())


@staff_page(posts=policies.READERS)
def holding_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The inventory of the actor's subtree."""
    table = Table(
        queries.holdings(actor),
        (
            Column("matter", "考次", "code", sortable=True),
            Column("kind_title", "种类"),
            Column("title", "名称"),
            Column("quantity", "数量", value=lambda each: f"{each.quantity} {each.unit}"),
            Column("place", "存放地点"),
            Column("keeper", "保管人"),
            Column("agency_code", "机构", "code"),
        ),
        filters=(
            Filter("matter", "考次", placeholder="2026-10"),
            Filter("kind", "种类", "choice", forms.kinds()),
            Filter("title", "名称", lookup="title__contains"),
        ),
        link=lambda each: reverse("retention:holding", args=[each.pk]),
        order="-matter",
        empty="还没有登记保管的材料。考试结束、答卷入库之后，请在这里登记数量、地点和保管人。",
    )
    actions = [
        Action("登记保管", "retention:register"),
        Action("登记以往考次的成绩公布日", "retention:publication"),
        Action("到期清单", "retention:due", posts=policies.READERS),
        Action("保存期限表", "retention:schedule", posts=policies.READERS),
    ]
    return table_page(request, title="保管的材料", table=table, actions=actions)


@staff_page(posts=policies.READERS)
def due(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What may be destroyed now, or soon."""
    table = Table(
        queries.due_soon(actor, clock.today()),
        (
            Column("until", "期满", "date", value=lambda pair: pair[1].until),
            Column("standing", "状态", "pill", value=lambda pair: pill_of(pair[1])),
            Column("matter", "考次", "code", value=lambda pair: pair[0].matter),
            Column("title", "名称", value=lambda pair: pair[0].title),
            Column("quantity", "数量", value=lambda pair: f"{pair[0].quantity} {pair[0].unit}"),
            Column("place", "存放地点", value=lambda pair: pair[0].place),
            Column("why", "暂缓事由", value=lambda pair: _why(pair[1])),
        ),
        link=lambda pair: reverse("retention:holding", args=[pair[0].pk]),
        empty="没有到期或即将到期的材料。",
    )
    actions = [Action("提出销毁", "retention:propose"), Action("暂缓销毁", "retention:place-hold")]
    intro = "期满只是可以销毁：有案件未办结或已暂缓的继续保存。"
    return table_page(request, title="到期清单", intro=intro, table=table, actions=actions, back=_back())


@staff_page(posts=policies.READERS)
def holding_page(request: HttpRequest, actor: Actor, holding_id: int) -> HttpResponse:
    """One thing that is kept: what, where, until when and why."""
    held = queries.holding(actor, holding_id)
    stands = queries.how_they_stand([held], clock.today())[held.pk]
    gone = stands.standing == Standing.DESTROYED
    return object_page(
        request,
        kicker=held.kind_title,
        title=held.title,
        pill=pill_of(stands),
        facts={"": _facts(held), "保存期": _times(held, stands)},
        actions=[
            Action("登记移库", "retention:move", {"holding_id": held.pk}, "登记新的存放地点和保管人。").open_if(
                not gone, "已经销毁。"
            ),
            Action("下载清单", "retention:contents", {"holding_id": held.pk}, posts=policies.READERS).open_if(
                bool(held.contents), "登记时没有附清单。"
            ),
            Action("暂缓销毁", "retention:place-hold", what_it_does="为案件需要继续保存。").open_if(
                not gone, "已经销毁。"
            ),
        ],
        history=f"retention.holding:{held.pk}",
        back=_back(),
    )


def _facts(held: Holding) -> list[Fact]:
    return [
        Fact("考次或事项", held.matter, "code"),
        Fact("数量", f"{held.quantity} {held.unit}"),
        Fact("存放地点", held.place),
        Fact("保管人", held.keeper),
        Fact("保管机构", held.agency_code, "code"),
        Fact("登记", held.registered_at, "datetime"),
    ]


def _times(held: Holding, stands: HowItStands) -> list[Fact]:
    keeping = retention_schedule()[held.kind]
    started = STARTED[keeping.event]
    return [
        Fact("起算日", stands.started_on or "尚未起算", "date" if stands.started_on else "text", note=started),
        Fact(
            "保存到",
            stands.until or ("永久" if keeping.parameter is None else "—"),
            "date" if stands.until else "text",
            clause=keeping.clause,
            note="当日起可以销毁" if stands.until else "",
        ),
        Fact("暂缓事由", _why(stands) or "没有"),
        Fact("密级", keeping.classification),
    ]


def _why(stands: HowItStands) -> str:
    return "、".join([*(hold.title for hold in stands.holds), *(case.title for case in stands.cases)])


@staff_page(posts=policies.READERS)
def contents(request: HttpRequest, actor: Actor, holding_id: int) -> HttpResponse:
    """The list of pieces that was handed in with the registration."""
    held = queries.holding(actor, holding_id)
    if not held.contents:
        raise NotFound("no-contents", message="登记时没有附清单。")
    name = f"holding-{held.pk}.csv"
    return HttpResponse(
        storage.get(held.contents),
        content_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _agencies(actor: Actor, **kwargs: Any) -> Mapping[str, Any]:
    rows = scoped(Agency.objects.all(), actor, "code").order_by("code")
    return {"agencies": [(row.code, f"{row.code} {row.name}") for row in rows]}


def _back() -> Link:
    return Link("保管的材料", reverse("retention:list"))


register = action(
    commands.register_holding,
    forms.HoldingForm,
    title="登记保管",
    what="登记数量、地点和保管人；保存期自成绩公布（或审批完成）之日起算。",
    clause="EA-44",
    done="已登记。",
    form_options=_agencies,
    back=lambda receipt: reverse("retention:holding", args=[receipt.value.pk]),
)
move = action(
    commands.move_holding,
    forms.MoveForm,
    title="登记移库",
    what="登记新的存放地点和保管人，原来的记录留在账本里。",
    clause="EA-44",
    done="已登记移库。",
    initial=lambda actor, holding_id: {
        "place": queries.holding(actor, holding_id).place,
        "keeper": queries.holding(actor, holding_id).keeper,
    },
    back="retention:holding",
)
note_publication = action(
    commands.note_publication,
    forms.PublicationForm,
    title="登记以往考次的成绩公布日",
    what="只用于本系统启用之前公布的考次。数据库自登记之日起算保存期，只会更长，不会更短。",
    clause="EA-44",
    done="已登记，保存期起算。",
    back="retention:list",
)


@waits_for(policies.PROPOSERS, "到期可以销毁的材料", "EA-44", stage="retention")
def things_due(actor: Actor) -> Waiting:
    """What is due and not held."""
    rows = [pair for pair in queries.due_soon(actor, clock.today()) if pair[1].standing == Standing.DUE]
    items = tuple(Item(held.title, reverse("retention:holding", args=[held.pk])) for held, _ in rows[:5])
    return Waiting(len(rows), reverse("retention:due"), items=items)


@trust_item("retention", order=80)
def retention_state(actor: Actor, at: datetime) -> TrustItem:
    """Whether anything waits whose time is over."""
    rows = queries.due_soon(actor, clock.local_day(at))
    over = [pair for pair in rows if pair[1].standing in (Standing.DUE, Standing.HELD)]
    said = f"{len(over)} 项材料期满，其中 {sum(p[1].standing == Standing.HELD for p in over)} 项暂缓销毁"
    return TrustItem(
        "保存期限",
        "due" if over else "ok",
        said if over else "没有期满未办的材料",
        url=reverse("retention:due"),
        clause="EA-44",
    )
