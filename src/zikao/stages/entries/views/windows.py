"""The province's pages: all windows, one window with its funnel, and the list of entries."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats, timezone

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    exportable,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.regulation import in_chinese
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import EntryWindow, Queue
from zikao.stages.entries.rules import CLOSING
from zikao.stages.entries.states import Category, EntryState, PeriodFacts, WindowState
from zikao.stages.entries.views.listing import list_actions
from zikao.stages.entries.views.own import withdrawal

LOOKS = (
    Action("订单", "entries:orders", {}, "按状态查看网上支付的订单，处理需人工核对的款项。"),
    Action("支付通知", "entries:notices", {}, "支付渠道发来的通知和处理：已记账、重复、重放、签名不符。"),
    Action("查看报考名单", "entries:list", {}, "按考次、课程、状态筛选。"),
    Action("考试安排更正涉及的报考", "entries:corrected", {}, "考试时间有改动的，和与另一门课程冲突的考生。"),
)
TONES = {"open": "info", "closed": "done"}
ENTRY_TONES = {"entered": "due", "paid": "done"}


@staff_page(posts=policies.READERS)
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The windows of all sittings, with what is entered in the actor's subtree, counted as far as a look needs."""
    windows = list(EntryWindow.objects.select_related("sitting").order_by("-sitting__code"))
    rows = [
        {
            "window": each,
            "code": each.sitting.code,
            "counts": queries.counts_at_least(each.sitting_id, actor.agency_code),
        }
        for each in windows
    ]
    table = Table(
        rows,
        (
            Column("code", "考次", "code"),
            Column("window.opens_at", "开始", "datetime"),
            Column("window.closes_at", "截止", "datetime"),
            Column("counts.entered", "未缴费科次"),
            Column("counts.paid", "已缴费科次"),
            Column("counts.withdrawn", "退报科次"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row["window"].state, WindowState, TONES)),  # type: ignore[arg-type]
        ),
        link=lambda row: reverse("entries:window", args=[row["code"]]),
        empty="还没有设定报考时间。",
        empty_action=Action("设定报考时间", "entries:open-window", posts=policies.WINDOW_KEEPERS),
    )
    acts = [Action("设定报考时间", "entries:open-window", posts=policies.WINDOW_KEEPERS)]
    return table_page(request, title="报考", table=table, actions=acts)


@staff_page(posts=policies.READERS)
def window(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """One window in four parts, with the funnel from registered to listed."""
    found = queries.window_of(sitting_code)
    counted, counted_at = queries.recent_counts(sitting_code, actor.agency_code)
    return object_page(
        request,
        kicker="报考",
        title=f"{found.sitting}考试报考",
        pill=Pill.of(found.state, WindowState, TONES),  # type: ignore[arg-type]
        back=Link("报考", reverse("entries:overview")),
        facts={
            "时间与方式": _facts(found),
            "名册": _list_facts(sitting_code),
            **_live_facts(found, actor),
        },
        steps=steps_of(WindowState, found.state, reached={WindowState.OPEN: found.opens_at}),
        actions=[*list_actions(found, actor), *_actions(found)],
        history=f"entries.entrywindow:{found.pk}",
        extra_template="entries/_funnel.html",
        context={"counts": counted, "counted_at": counted_at, "bars": _bars(counted), "sitting_code": sitting_code},
    )


def _facts(found: EntryWindow) -> list[Fact]:
    return [
        Fact("开始", found.opens_at, "datetime", clause="EA-13.2"),
        Fact("截止", found.closes_at, "datetime"),
        Fact("报考方式", in_chinese(sorted(policies.ways_of(found)))),
    ]


def _live_facts(found: EntryWindow, actor: Actor) -> dict[str, list[Fact]]:
    """Periods, changes, the queue and the money, where there are any."""
    parts: dict[str, list[Fact]] = {}
    if periods := queries.periods_of(found):
        parts["分类时段"] = [_period_fact(each) for each in periods]
    if changes := list(found.changes.all()[:5]):
        parts["调整记录"] = [Fact(each.reason or "未说明", each.at, "datetime") for each in changes]
    queue = queries.queue_of(found)
    if queue is not None:
        parts["候场排队"] = _queue_facts(queue)
    if not actor.agency_code or len(actor.agency_code) == 2:
        parts["款项"] = _money_facts(queries.balance(found.sitting.code))
    return parts


def _period_fact(each: PeriodFacts) -> Fact:
    begin, end = (
        formats.date_format(timezone.localtime(moment), "n月j日 H:i") for moment in (each.opens_at, each.closes_at)
    )
    who = in_chinese([Category(name).label for name in sorted(each.categories)]) if each.categories else "全部考生"
    return Fact(each.title, f"{begin} 至 {end}，{in_chinese(sorted(each.ways))}", note=who)


def _queue_facts(queue: Queue) -> list[Fact]:
    told = queries.figures(queue, clock.now())
    return [
        Fact("已取号", told.given, "number", note=f"其中开始前到达、等待抽签 {told.early}" if told.early else ""),
        Fact("候场中", told.waiting, "number"),
        Fact("正在选课", told.inside, "number"),
        Fact("已办完", told.done, "number"),
        Fact("每分钟放行", told.rate_a_minute, "number", note=queue.get_mode_display()),
    ]


def _money_facts(money: queries.Balance) -> list[Fact]:
    return [
        Fact("收到", money.came, "money", note="等于以下各项之和" if money.adds_up else "与以下各项之和不符，请核查"),
        Fact("已缴科次", money.for_entries, "money"),
        Fact("已退", money.refunded, "money"),
        Fact("待退", money.refund_pending, "money"),
        Fact("需人工核对", money.in_review, "money"),
        Fact("退报未退部分", money.kept, "money"),
    ]


def _list_facts(sitting_code: str) -> list[Fact]:
    frozen = queries.list_of(sitting_code)
    if frozen is None:
        return [Fact("名册", "尚未封存")]
    return [
        Fact("封存时间", frozen.closed_at, "datetime"),
        Fact("列入科次", frozen.count, "number"),
        Fact("列入人数", frozen.candidates, "number"),
        Fact("未缴费、未列入", frozen.unpaid, "number"),
        Fact("考试费合计", frozen.fee_fen, "money"),
        Fact("名册摘要", frozen.digest, "code", note="SM3；座位编排以这一摘要为准，任何人可核对。"),
    ]


def _bars(counted: queries.Counts) -> list[tuple[str, int, int]]:
    """The funnel of persons: label, count, and its part of the registered in percent."""
    whole = max(counted.registered, 1)
    steps = (
        ("已注册考生", counted.registered),
        ("已报考", counted.entered_candidates),
        ("已缴费", counted.paid_candidates),
    )
    return [(label, count, 100 * count // whole) for label, count in steps]


def _actions(found: EntryWindow) -> list[Action]:
    here = {"sitting_code": found.sitting.code}
    is_open = found.state == WindowState.OPEN
    now = clock.now()
    facts = {"closes_at": found.closes_at, "at": now, "unsettled": queries.unsettled(found.sitting_id).count()}
    closing = CLOSING(on=clock.today(), province=settings.ZIKAO_NODE_CODE, **facts)
    return [
        Action("封存名册", "entries:freeze", here, "把已缴费的报考列入名册，公布摘要；此后不能再改。", clause="EA-13.2",
               danger=True, posts=policies.WINDOW_KEEPERS)
        .open_if(is_open, "名册已经封存。", "EA-13.2").given(closing),
        Action("调整报考时间", "entries:move-window", here, "改变开始或截止时间。", clause="EA-13.2",
               posts=policies.WINDOW_KEEPERS)
        .open_if(is_open, "名册已经封存。", "EA-13.2"),
        Action("分类时段", "entries:set-period", here, "按考生类别、报考方式分别设定时段。", clause="EA-13.2",
               posts=policies.WINDOW_KEEPERS)
        .open_if(is_open, "名册已经封存。", "EA-13.2"),
        Action("开放名额", "entries:set-places", here, "按可用考点的座位设定各考区、考点的名额。", clause="EA-13.2",
               posts=policies.WINDOW_KEEPERS)
        .open_if(is_open, "名册已经封存。", "EA-13.2"),
        Action("撤销分类时段", "entries:drop-period", here, "设错的时段撤销后不再限制。", clause="EA-13.2",
               posts=policies.WINDOW_KEEPERS)
        .open_if(is_open, "名册已经封存。", "EA-13.2")
        .open_if(found.periods.exists(), "没有设定分类时段。", "EA-13.2"),
        Action("候场排队", "entries:set-room", here, "开放之初按序放行，防止拥堵。", clause="EA-13.2",
               posts=policies.WINDOW_KEEPERS)
        .open_if(is_open, "名册已经封存。", "EA-13.2"),
        Action("各考区、考点名额", "entries:places", here, "每个单元的名额、保留、已缴、剩余。"),
        *LOOKS,
    ]  # fmt: skip


@exportable("entries.list", "报考名单", posts=policies.READERS)
def entry_table(actor: Actor) -> Table:
    """The entries of the actor's subtree."""
    return Table(
        queries.entries(actor),
        (
            Column("candidate.admission_number", "准考证号", "code", sortable=True, personal=True),
            Column("candidate.name", "姓名", personal=True),
            Column("sitting.code", "考次", "code"),
            Column("unit.number", "单元", "number"),
            Column("paper.course.code", "课程代码", "code"),
            Column("paper.course.name", "课程"),
            Column("area_code", "考区", "code"),
            Column("fee_fen", "考试费", "money"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, EntryState, ENTRY_TONES)),  # type: ignore[arg-type]
        ),
        filters=(
            Filter("sitting", "考次", lookup="sitting__code", placeholder="2026-10"),
            Filter("number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("course", "课程代码", lookup="paper__course__code"),
            Filter("area", "考区", lookup="area_code__startswith"),
            Filter("state", "状态", "choice", EntryState.choices),
        ),
        link=lambda row: reverse("candidates:candidate", args=[row.candidate_id]),
        empty="没有符合条件的报考。",
        row_actions=_row_actions,
    )


@staff_page(posts=policies.READERS)
def entry_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The entries of the actor's subtree."""
    table = entry_table(actor)
    return table_page(request, title="报考名单", table=table, back=Link("报考", reverse("entries:overview")))


def _row_actions(row: object) -> list[Action]:
    state, pk = getattr(row, "state", ""), getattr(row, "pk", 0)
    is_standing = state in {EntryState.ENTERED, EntryState.PAID}
    return [Action("退报", "entries:withdraw", {"entry_id": pk}, posts=policies.COUNTER)] if is_standing else []


open_window = action(
    commands.open_window, forms.WindowForm, title="设定报考时间", what="考生在这段时间内可以报考、退报和缴费。",
    clause="EA-13.2", button="设定", done="已设定报考时间。", back="entries:overview",
)  # fmt: skip
move_window = action(
    commands.move_window, forms.MoveForm, title="调整报考时间", clause="EA-13.2", button="调整",
    done="已调整。", back="entries:window",
    initial=lambda actor, sitting_code: _period(sitting_code),
)  # fmt: skip
freeze = action(
    commands.close_entries, title="封存报考名册", danger=True, clause="EA-13.2", button="封存",
    what="已缴费的报考列入名册并计算摘要；未缴费的不列入。封存之后，报考、退报、缴费一律停止。",
    done=lambda receipt: f"名册已封存：{receipt.value.candidates} 人、{receipt.value.count} 科次，摘要已公布。",
    back="entries:window", extra_template="entries/_freezing.html",
    context=lambda actor, sitting_code: _freezing(sitting_code),
)  # fmt: skip
set_period = action(
    commands.set_period, forms.CategoryPeriodForm, title="分类时段", clause="EA-13.2", button="设定",
    what="某些类别的考生只在这一时段、以这些方式报考；没有列入任何时段的类别不能报考。", done="已设定。",
    back="entries:window", initial=lambda actor, sitting_code: _period(sitting_code),
)  # fmt: skip
drop_period = action(
    commands.drop_period, forms.DropPeriodForm, title="撤销分类时段", clause="EA-13.2", button="撤销", danger=True,
    what="撤销这一时段；撤销最后一个之后，报考时间内面向全部考生开放。已经报考的不受影响。", done="已撤销。",
    back="entries:window", form_options=lambda actor, sitting_code: {"sitting_code": sitting_code},
)  # fmt: skip
set_places = action(
    commands.set_places, forms.PlacesForm, title="开放名额", clause="EA-13.2", button="按考点座位设定",
    what="按考试当日可用考点的座位数，设定每个单元、考区、考点可以报考的名额；报满之后系统不再接受报考。",
    done=lambda receipt: f"已设定。有 {receipt.value} 处已占用的名额多于现有座位。" if receipt.value else "已设定。",
    back="entries:window",
)  # fmt: skip
withdraw = action(
    commands.withdraw_entry, title="代考生退报", danger=True, clause="EA-13.2", button="退报",
    what="按考生本人申请退报这一门课程；已缴的考试费记为待退。", done="已退报。", back="entries:list",
    posts=policies.COUNTER, extra_template="entries/_withdrawing.html",
    context=lambda actor, entry_id: withdrawal(actor, entry_id),
)  # fmt: skip


def _freezing(sitting_code: str) -> dict[str, object]:
    found = queries.window_of(sitting_code)
    counted, _ = queries.recent_counts(sitting_code)
    return {"counts": counted, "unsettled": queries.unsettled(found.sitting_id).count(), "window": found}


def _period(sitting_code: str) -> dict[str, object]:
    found = queries.window_of(sitting_code)
    return {"opens_at": found.opens_at, "closes_at": found.closes_at}


@waits_for(policies.WINDOW_KEEPERS, "报考已截止，等待封存名册", "EA-13.2", stage="entries")
def lists_to_freeze(actor: Actor) -> Asked:
    """Windows that are over and not frozen."""
    over = EntryWindow.objects.filter(state=WindowState.OPEN, closes_at__lte=clock.now()).order_by("closes_at")
    yield over
    count, found = few(over.select_related("sitting"), 1)
    first = found[0] if found else None
    url = reverse("entries:window", args=[first.sitting.code]) if first else ""
    return Waiting(count, url=url, since=first.closes_at if first else None)
