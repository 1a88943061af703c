"""The staff's pages of money and places: orders, refunds, what waits for a person, remainders by area and site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.pages.parts import Tone
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import Order, Payment, Refund
from zikao.stages.entries.states import NoticeVerdict, OrderState, PaymentState, PaymentWay, RefundState

TONES: dict[str, Tone] = {
    "pending": "due", "confirming": "info", "paid": "done", "review": "danger", "refunding": "due", "released": "plain",
}  # fmt: skip
NOTICE_TONES: dict[str, Tone] = {
    "accepted": "done", "repeated": "plain", "unknown": "due", "replayed": "due", "stale": "due", "forged": "danger",
    "malformed": "danger",
}  # fmt: skip
REFUND_TONES: dict[str, Tone] = {"due": "due", "sent": "info", "done": "done", "stuck": "danger"}


def _pill(row: Order) -> Pill:
    return Pill.of(row.state, OrderState, TONES)


@staff_page(posts=policies.READERS)
def order_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The orders of the actor's subtree."""
    table = Table(
        queries.orders(actor),
        (
            Column("number", "订单号", "code"),
            Column("candidate.admission_number", "准考证号", "code"),
            Column("sitting.code", "考次", "code"),
            Column("amount_fen", "金额", "money", sortable=True),
            Column("placed_at", "下单", "datetime", sortable=True),
            Column("expires_at", "名额保留至", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("number", "订单号", lookup="number"),
            Filter("who", "准考证号", lookup="candidate__admission_number"),
            Filter("sitting", "考次", lookup="sitting__code", placeholder="2026-10"),
            Filter("state", "状态", "choice", OrderState.choices),
        ),
        link=lambda row: reverse("entries:order-of", args=[row.number]),
        order="-placed_at",
        empty="没有符合条件的订单。",
    )
    return table_page(request, title="网上支付订单", table=table, back=Link("报考", reverse("entries:overview")))


@staff_page(posts=policies.READERS)
def order_of(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One order: what was asked, what came, what goes back."""
    found = queries.order_of(actor, number)
    money = list(found.payments.order_by("paid_at"))
    refunds = list(Refund.objects.filter(payment__order=found).order_by("due_at"))
    return object_page(
        request,
        kicker="订单",
        title=found.number,
        pill=_pill(found),
        back=Link("订单", reverse("entries:orders")),
        facts={
            "订单": [
                Fact("考生", found.candidate.admission_number, "code"),
                Fact("金额", found.amount_fen, "money"),
                Fact("下单", found.placed_at, "datetime"),
                Fact("名额保留至", found.expires_at, "datetime"),
                Fact("去支付", found.started_at, "datetime"),
                Fact("向支付渠道查询", found.asked_times, "number", note="没有收到通知时自动查询"),
            ],
            "到款": [_came(each) for each in money] or [Fact("到款", "没有")],
            "退款": [_back(each) for each in refunds] or [Fact("退款", "没有")],
        },
        steps=_steps(found),
        actions=_acts(found, money, refunds),
        history=f"entries.order:{found.pk}",
    )


def _steps(found: Order) -> tuple[Step, ...]:
    """The way of a paid order, or of one whose money goes back; other ends stand after it."""
    went_back = found.state in (OrderState.REFUNDING, OrderState.REFUNDED)
    path = [OrderState.PENDING, OrderState.CONFIRMING]
    path += [OrderState.REFUNDING, OrderState.REFUNDED] if went_back else [OrderState.PAID]
    reached = {OrderState.PENDING: found.placed_at, OrderState.CONFIRMING: found.started_at}
    return steps_of(OrderState, found.state, path=path, reached={state: at for state, at in reached.items() if at})


def _came(each: Payment) -> Fact:
    return Fact(
        each.order_number, each.amount_fen, "money", note=f"{each.get_way_display()}，{each.get_state_display()}"
    )


def _back(each: Refund) -> Fact:
    return Fact(each.number, each.amount_fen, "money", note=f"{each.get_reason_display()}，{each.get_state_display()}")


def _acts(found: Order, money: list[Payment], refunds: list[Refund]) -> list[Action]:
    waits = any(each.state == PaymentState.REVIEW for each in money)
    acts = [
        Action("核对后退款", "entries:refund-reviewed", {"order_number": found.number},
               "把金额不符的到款原路退回，考生重新支付。", clause="EA-13.2", posts=policies.MONEY_KEEPERS)
        .open_if(waits, "没有需要人工核对的到款。", "EA-13.2"),
    ]  # fmt: skip
    for each in refunds:
        stuck = each.state == RefundState.STUCK
        acts.append(
            Action(f"重新申请退款 {each.number}", "entries:retry-refund", {"refund_id": each.pk},
                   "以同一退款号再向支付渠道申请。", clause="EA-13.2", posts=policies.MONEY_KEEPERS)
            .open_if(stuck, "这一笔不在“需人工核对”状态。", "EA-13.2")
        )  # fmt: skip
    return acts


@staff_page(posts=policies.READERS)
def refund_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The refunds of the actor's subtree."""
    table = Table(
        queries.refunds(actor),
        (
            Column("number", "退款号", "code"),
            Column("payment.candidate.admission_number", "准考证号", "code"),
            Column("payment.way", "缴费方式", value=lambda row: row.payment.get_way_display()),
            Column("amount_fen", "金额", "money", sortable=True),
            Column("reason", "原因", value=lambda row: row.get_reason_display()),
            Column("due_at", "应退", "datetime", sortable=True),
            Column("done_at", "已退", "datetime"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, RefundState, REFUND_TONES)),
        ),
        filters=(
            Filter("who", "准考证号", lookup="payment__candidate__admission_number"),
            Filter("way", "缴费方式", "choice", PaymentWay.choices, lookup="payment__way"),
            Filter("state", "状态", "choice", RefundState.choices),
        ),
        link=lambda row: reverse("entries:order-of", args=[row.payment.order.number]) if row.payment.order else "",
        order="-due_at",
        empty="没有符合条件的退款。",
        row_actions=_refund_acts,
    )
    return table_page(request, title="退款", table=table, back=Link("报考", reverse("entries:overview")))


def _refund_acts(row: object) -> list[Action]:
    assert isinstance(row, Refund)
    here, is_stuck = {"refund_id": row.pk}, row.state == RefundState.STUCK
    at_counter = row.payment.way != PaymentWay.GATEWAY and row.state != RefundState.DONE
    acts = [Action("重新申请", "entries:retry-refund", here)] if is_stuck else []
    return [*acts, Action("登记窗口退款", "entries:hand-out-refund", here)] if at_counter or is_stuck else acts


@staff_page(posts=policies.MONEY_KEEPERS)
def notice_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The call-backs of the gateway and what was made of each; those refused changed nothing."""
    table = Table(
        queries.notices(),
        (
            Column("at", "收到", "datetime", sortable=True),
            Column("order_number", "订单号", "code", value=lambda row: row.order_number or "（没有读取）"),
            Column("verdict", "处理", "pill", value=lambda row: Pill.of(row.verdict, NoticeVerdict, NOTICE_TONES)),
            Column("address", "来源地址", "code"),
            Column("nonce", "通知编号", "code"),
            Column("digest", "内容摘要（SM3）", "code", value=lambda row: row.digest[:16]),
        ),
        filters=(
            Filter("order", "订单号", lookup="order_number"),
            Filter("verdict", "处理", "choice", NoticeVerdict.choices),
        ),
        order="-at",
        empty="没有符合条件的支付通知。",
    )
    back = Link("报考", reverse("entries:overview"))
    intro = "签名不符、重放、过期、格式不符的通知不改变任何订单和款项，只在这里留下记录；反复出现的，请排查来源地址。"
    return table_page(request, title="支付通知", table=table, back=back, intro=intro)


PLACE_FILTERS = (
    Filter("area", "考区", lookup="area_code__startswith"),
    Filter("site", "考点", lookup="site_code"),
    Filter("unit", "单元", lookup="unit__number"),
)


@staff_page(posts=policies.READERS)
def place_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """What is left, by area, site and unit."""
    window = queries.window_of(sitting_code)
    table = Table(
        queries.places_of(sitting_code),
        (
            Column("area_code", "考区", "code", sortable=True),
            Column("site_code", "考点", "code", value=lambda row: row.site_code or "（合计）"),
            Column("unit.number", "单元", "number"),
            Column("seats", "实有座位", "number"),
            Column("capacity", "开放名额", "number", sortable=True),
            Column("held", "保留中", "number", sortable=True),
            Column("paid", "已缴费", "number", sortable=True),
            Column("left", "剩余", "number"),
            Column("state", "情况", "pill", value=_fullness),
        ),
        filters=PLACE_FILTERS,
        empty="没有设定名额：各考区不限制。",
    )
    off = len(queries.counters_off(sitting_code))
    return table_page(
        request,
        title=f"{window.sitting}考试名额",
        table=table,
        back=Link("报考", reverse("entries:window", args=[sitting_code])),
        intro=f"与报考名单逐条核对：{'一致' if not off else f'{off} 处不一致，请联系系统管理员'}。",
    )


def _fullness(row: object) -> Pill:
    capacity, seats, left = (getattr(row, name) for name in ("capacity", "seats", "left"))
    if capacity > seats:
        return Pill("座位不足", "danger")
    return Pill("已满", "due") if left <= 0 else Pill("有余", "done")


refund_reviewed = action(
    commands.refund_reviewed, forms.ReviewForm, title="核对后退款", clause="EA-13.2", button="退款",
    what="金额与订单不符的到款全部原路退回；考生的名额按保留时间处理，可以重新支付。", done="已列入退款。",
    back=lambda receipt, order_number: reverse("entries:order-of", args=[order_number]),
)  # fmt: skip
retry_refund = action(
    commands.retry_refund, title="重新申请退款", clause="EA-13.2", button="重新申请",
    what="以同一退款号再向支付渠道申请；支付渠道按退款号只退一次。", done="已重新申请。", back="entries:refunds",
)  # fmt: skip
hand_out_refund = action(
    commands.hand_out_refund, forms.VoucherForm, title="登记窗口退款", clause="EA-13.2", button="登记",
    what="登记已在窗口退还考生的款项和凭证号。", done="已登记。", back="entries:refunds", posts=policies.COUNTER,
)  # fmt: skip


@waits_for(policies.COUNTER, "待在窗口退还的考试费", "EA-13.2", stage="entries")
def money_to_hand_out(actor: Actor) -> Asked:
    """What was taken at the counter and is due back."""
    rows = queries.refunds_to_hand_out(actor)
    yield rows
    count, found = few(rows, 1)
    return Waiting(count, reverse("entries:refunds") + "?state=due", found[0].due_at if found else None)


@waits_for(policies.MONEY_KEEPERS, "网上支付有需人工核对的订单", "EA-13.2", stage="entries")
def orders_to_review(actor: Actor) -> Asked:
    """Orders with money that does not fit."""
    rows = queries.in_review(actor)
    yield rows
    return Waiting(rows.count(), url=reverse("entries:orders") + "?state=review")


@waits_for(policies.MONEY_KEEPERS, "网上支付有需人工核对的退款", "EA-13.2", stage="entries")
def refunds_to_review(actor: Actor) -> Asked:
    """Refunds without an end."""
    rows = Refund.objects.filter(state=RefundState.STUCK)
    yield rows
    return Waiting(rows.count(), url=reverse("entries:refunds") + "?state=stuck")
