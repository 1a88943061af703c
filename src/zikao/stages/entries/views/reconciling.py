"""The daily reconciliation: the days with sums that add up, and each difference as a case of two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound, WrongState
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
    exportable,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.pages.formats import day_text, money_text
from zikao.foundation.pages.parts import Tone
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.gateway import GatewayAway, current
from zikao.stages.entries.models import Difference, ReconciledLine, Reconciliation
from zikao.stages.entries.states import DifferenceKind, DifferenceState, LineOutcome

LINE_TONES: dict[str, Tone] = {"matched": "done", "only-ours": "due", "only-theirs": "due", "amount": "danger"}
TONES = {"open": "due", "proposed": "info", "settled": "done"}


def _pill(row: Difference) -> Pill:
    return Pill.of(row.state, DifferenceState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.MONEY_KEEPERS)
def days(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The days compared."""
    table = Table(
        Reconciliation.objects.all(),
        (
            Column("on", "对账日", "date", sortable=True),
            Column("ours_fen", "我方净额", "money"),
            Column("theirs_fen", "支付方净额", "money"),
            Column("matched", "一致", "number"),
            Column("only_ours", "仅我方", "number"),
            Column("only_theirs", "仅支付方", "number"),
            Column("differ", "金额不一致", "number"),
        ),
        link=lambda row: reverse("entries:reconciliation", args=[row.pk]),
        order="-on",
        empty="还没有对过账。",
    )
    acts = [Action("对账", "entries:reconcile"), Action("差异", "entries:differences")]
    back = Link("报考", reverse("entries:overview"))
    left = "、".join(day_text(each) for each in queries.days_to_reconcile(clock.today()))
    intro = f"还没有对账的日子：{left}。支付渠道没有应答的，请上传对账单文件。" if left else "有款项的日子都已对账。"
    return table_page(request, title="每日对账", table=table, actions=acts, back=back, intro=intro)


@staff_page(posts=policies.MONEY_KEEPERS)
def day(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One day's sums: each side is matched, one-sided and differing, to the fen."""
    found = _found(pk)
    waiting = found.differences.exclude(state=DifferenceState.SETTLED).count()
    settle = Action(f"处理差异（{waiting}）", "entries:differences", {}, "逐条提出处理意见，由另一人确认。")
    ours = ("仅我方有", found.only_ours_fen, found.only_ours, found.differ_ours_fen, found.ours_fen)
    theirs = ("仅支付方有", found.only_theirs_fen, found.only_theirs, found.differ_theirs_fen, found.theirs_fen)
    return object_page(
        request,
        kicker="每日对账",
        title=str(found),
        pill=Pill("差异待处理", "due") if waiting else Pill("已平", "done"),
        back=Link("每日对账", reverse("entries:reconciliations")),
        facts={
            "我方": _side(found, *ours),
            "支付方": _side(found, *theirs),
            "明细与依据": [
                Fact("逐笔明细", f"{found.lines.count()} 笔", "link", reverse("entries:reconciled-lines", args=[pk])),
                Fact("差异", f"{found.differences.count()} 笔，待处理 {waiting} 笔", "link", _differences_of(found)),
                Fact("对账单", found.statement, "code", note="签名已核，原件加密存档"),
            ],
        },
        actions=[settle.open_if(waiting > 0, "没有待处理的差异。", "EA-13.2")],
        history=f"entries.reconciliation:{found.pk}",
    )


def _differences_of(found: Reconciliation) -> str:
    return f"{reverse('entries:differences')}?on={found.on.isoformat()}"


@exportable("entries.reconciled-lines", "对账明细", posts=policies.MONEY_KEEPERS)
def line_table(actor: Actor, pk: object) -> Table:
    """The movements of a compared day, as each side has them."""
    return Table(
        ReconciledLine.objects.filter(reconciliation_id=int(str(pk))),
        (
            Column("transaction", "收款号或退款号", "code", sortable=True),
            Column("order_number", "订单号", "code"),
            Column("moved_at", "时间", "datetime"),
            Column("ours_fen", "我方", "money"),
            Column("theirs_fen", "支付方", "money"),
            Column("outcome", "结果", "pill", value=lambda row: Pill.of(row.outcome, LineOutcome, LINE_TONES)),
        ),
        filters=(
            Filter("transaction", "收款号", lookup="transaction"),
            Filter("order", "订单号", lookup="order_number"),
            Filter("outcome", "结果", "choice", LineOutcome.choices),
        ),
        order="transaction",
        empty="没有符合条件的明细。",
    )


@staff_page(posts=policies.MONEY_KEEPERS)
def lines(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One day's movements, with the sums to which they add up."""
    found = _found(pk)
    back = Link(str(found), reverse("entries:reconciliation", args=[pk]))
    sums = f"我方合计 {money_text(found.ours_fen)}，支付方合计 {money_text(found.theirs_fen)}"
    intro = f"退款为负。{sums}，等于以下各笔之和。"
    return table_page(request, title=f"{found}明细", table=line_table(actor, pk=pk), back=back, intro=intro)


def _found(pk: int) -> Reconciliation:
    found = Reconciliation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("reconciliation-not-found", facts={"reconciliation": pk})
    return found


def _side(found: Reconciliation, label: str, only_fen: int, only: int, differ_fen: int, whole_fen: int) -> list[Fact]:
    return [
        Fact("一致", found.matched_fen, "money", note=f"{found.matched} 笔"),
        Fact(label, only_fen, "money", note=f"{only} 笔"),
        Fact("金额不一致", differ_fen, "money", note=f"{found.differ} 笔"),
        Fact("合计", whole_fen, "money", note="以上三项之和"),
    ]


@staff_page(posts=policies.MONEY_KEEPERS)
def differences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every difference, those to settle first."""
    table = Table(
        Difference.objects.select_related("reconciliation"),
        (
            Column("reconciliation.on", "对账日", "date"),
            Column("transaction", "收款号或退款号", "code"),
            Column("order_number", "订单号", "code"),
            Column("kind", "类别", value=lambda row: row.get_kind_display()),
            Column("ours_fen", "我方", "money"),
            Column("theirs_fen", "支付方", "money"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("state", "状态", "choice", DifferenceState.choices),
            Filter("kind", "类别", "choice", DifferenceKind.choices),
            Filter("on", "对账日", "date", lookup="reconciliation__on"),
            Filter("transaction", "收款号", lookup="transaction"),
        ),
        link=lambda row: reverse("entries:difference", args=[row.pk]),
        empty="没有符合条件的差异。",
    )
    return table_page(request, title="对账差异", table=table, back=Link("每日对账", reverse("entries:reconciliations")))


@staff_page(posts=policies.MONEY_KEEPERS)
def difference(request: HttpRequest, actor: Actor, difference_id: int) -> HttpResponse:
    """One difference: what each side says, who proposed, who confirmed."""
    found = Difference.objects.select_related("reconciliation").filter(pk=difference_id).first()
    if found is None:
        raise NotFound("difference-not-found", facts={"difference": difference_id})
    return object_page(
        request,
        kicker="对账差异",
        title=found.transaction,
        pill=_pill(found),
        back=Link("对账差异", reverse("entries:differences")),
        facts=[
            Fact("对账日", found.reconciliation.on, "date"),
            Fact("类别", found.get_kind_display()),
            Fact("订单号", found.order_number or "（无）", "code"),
            Fact("到款或退款时间", found.moved_at, "datetime"),
            Fact("我方", found.ours_fen if found.ours_fen is not None else "没有", _money(found.ours_fen)),
            Fact("支付方", found.theirs_fen if found.theirs_fen is not None else "没有", _money(found.theirs_fen)),
            Fact("处理意见", f"{found.get_settlement_display()}：{found.reason}" if found.settlement else "尚未提出"),
        ],
        steps=steps_of(DifferenceState, found.state),
        actions=_acts(found, actor),
        history=f"entries.difference:{found.pk}",
    )


def _acts(found: Difference, actor: Actor) -> list[Action]:
    here = {"difference_id": found.pk}
    is_open, is_proposed = found.state != DifferenceState.SETTLED, found.state == DifferenceState.PROPOSED
    propose_it = Action("提出处理意见", "entries:propose-settlement", here, "说明原因，提出补记、退款或不需动账。")
    confirm_it = Action("确认处理意见", "entries:confirm-settlement", here, "由另一人核对后确认，立即执行。")
    return [
        propose_it.open_if(is_open, "这一差异已经处理。", "EA-13.2"),
        confirm_it.open_if(is_proposed, "还没有处理意见，或者已经处理。", "EA-13.2").open_if(
            found.proposed_by_id != actor.account_id, "提出处理意见的人不能自己确认。", "EA-13.2"
        ),
    ]


def _money(fen: int | None) -> Any:
    return "money" if fen is not None else "text"


def _statement(data: dict[str, Any]) -> Mapping[str, Any]:
    if data.get("file"):
        return {"on": data["on"], "statement": data["file"].read()}
    gateway = current()
    if gateway is None:
        raise WrongState("no-gateway", message="没有接通支付渠道，请上传对账单文件。")
    try:
        return {"on": data["on"], "statement": gateway.statement(data["on"])}
    except GatewayAway:
        raise WrongState(
            "gateway-away", message="支付渠道现在没有应答。", remedy="请过一会儿再试，或上传文件。"
        ) from None


reconcile = action(
    commands.reconcile, forms.StatementForm, title="对账", clause="EA-13.2", button="对账",
    what="核验对账单的签名，与我方当日的到款和退款逐笔比较；每处差异生成一件待办，由两人处理。",
    done="已对账。", back=lambda receipt: reverse("entries:reconciliation", args=[receipt.value.pk]),
    arguments=_statement, posts=policies.MONEY_KEEPERS,
)  # fmt: skip
propose = action(
    commands.propose_settlement, forms.SettlementForm, title="提出处理意见", clause="EA-13.2", button="提出",
    what="说明差异的原因和处理办法；由另一人确认后执行。", done="已提出，等待另一人确认。", back="entries:difference",
)  # fmt: skip
confirm = action(
    commands.confirm_settlement, title="确认处理意见", clause="EA-13.2", button="确认并执行", danger=True,
    what="核对无误后确认；补记的到款按规定记入订单，退款列入退款清单。", done="已处理。", back="entries:difference",
)  # fmt: skip


@waits_for(policies.MONEY_KEEPERS, "还没有对账的日子", "EA-13.2", stage="entries")
def days_left(actor: Actor) -> Waiting:
    """Days that are over, on which money moved, and that nobody compared."""
    days = queries.days_to_reconcile(clock.today())
    items = tuple(Item(day_text(each), reverse("entries:reconcile")) for each in days[:5])
    return Waiting(len(days), reverse("entries:reconciliations"), items=items)


@waits_for(policies.MONEY_KEEPERS, "对账差异待处理", "EA-13.2", stage="entries")
def differences_to_settle(actor: Actor) -> Asked:
    """Differences that are not settled."""
    rows = Difference.objects.exclude(state=DifferenceState.SETTLED)
    yield rows
    return Waiting(rows.count(), url=reverse("entries:differences") + "?state=open")
