"""Pay: rates, sheets, lines, corrections."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
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
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.stages.personnel import commands, forms, policies, queries, rules
from zikao.stages.personnel.models import PaySheet
from zikao.stages.personnel.states import PayState, PostKind
from zikao.stages.personnel.views import naming

TONES: dict[str, Any] = {"drawn": "due", "approved": "info", "paid": "done"}


@staff_page(posts=policies.VIEWERS)
def sheet_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The pay sheets of the subtree."""
    table = Table(
        queries.sheets(actor),
        (
            Column("sitting_code", "考次", "code"),
            Column("site.code", "考点", value=lambda row: str(row.site or "评卷")),
            Column("total_fen", "合计", "money"),
            Column("paid_fen", "已发放", "money"),
            Column("drawn_by", "编制人"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, PayState, TONES)),
        ),
        filters=(
            Filter("sitting_code", "考次", placeholder="2026-10"),
            Filter("state", "状态", kind="choice", choices=PayState.choices),
        ),
        link=lambda row: reverse("personnel:pay-sheet", args=[row.pk]),
        empty="还没有劳务报酬表。考试结束、履职登记之后，按考点编制。",
    )
    actions = [
        Action("编制评卷报酬表", "personnel:draw-up-marking-pay", clause="EA-7.2"),
        Action("劳务标准", "personnel:rates", clause="EA-7.2"),
    ]
    return table_page(request, title="劳务报酬", table=table, actions=actions)


@exportable("personnel.pay", "劳务报酬表", posts=policies.PAY_MARKERS)
def _lines(actor: Actor, sheet: str) -> Table:
    return Table(
        queries.lines_of(queries.sheet_of(actor, int(sheet))),
        (
            Column("person.name", "姓名", personal=True),
            Column("person.unit", "工作单位"),
            Column("post_kind", "岗位", value=lambda row: row.get_post_kind_display()),
            Column("quantity", "数量", "number"),
            Column("basis", "计酬单位", value=lambda row: row.get_basis_display()),
            Column("rate_fen", "标准", "money"),
            Column("amount_fen", "金额", "money"),
            Column("reason", "更正原因", value=lambda row: row.reason or ("" if row.corrects_id is None else "更正")),
        ),
        filters=(Filter("post_kind", "岗位", kind="choice", choices=PostKind.choices),),
        row_actions=lambda row: (
            [Action("更正", "personnel:correct-pay", {"line_id": row.pk})] if row.corrects_id is None else []
        ),
        empty="没有内容。",
    )


@staff_page(posts=policies.VIEWERS)
def sheet_lines(request: HttpRequest, actor: Actor, sheet_id: int) -> HttpResponse:
    """The lines of a sheet, to be filtered and exported."""
    found = queries.sheet_of(actor, sheet_id)
    back = Link(str(found), reverse("personnel:pay-sheet", args=[found.pk]))
    return table_page(request, title="劳务报酬明细", table=_lines(actor, sheet=str(found.pk)), back=back)


@staff_page(posts=policies.VIEWERS)
def sheet(request: HttpRequest, actor: Actor, sheet_id: int) -> HttpResponse:
    """One pay sheet."""
    found = queries.sheet_of(actor, sheet_id)
    lines = list(queries.lines_of(found))
    return object_page(
        request,
        kicker="劳务报酬表",
        title=f"{found.site or '评卷'}　{found.sitting_code}",
        pill=Pill.of(found.state, PayState, TONES),
        back=Link("劳务报酬", reverse("personnel:pay-sheets")),
        facts=_facts(found, len({line.person_id for line in lines})),
        steps=steps_of(PayState, found.state, reached={"drawn": found.drawn_at}),
        actions=_actions(found, actor),
        history=f"personnel.paysheet:{found.pk}",
        extra_template="personnel/_pay.html",
        context={"lines": lines[:200], "more": max(0, len(lines) - 200), "sheet": found},
    )


def _facts(found: PaySheet, people: int) -> list[Fact]:
    return [
        Fact("考次", found.sitting_code, "code"),
        Fact("合计", found.total_fen, "money", clause="EA-7.2"),
        Fact("已发放", found.paid_fen, "money"),
        Fact("待发放", found.total_fen - found.paid_fen, "money"),
        Fact("人数", people, "number"),
        Fact("编制", found.drawn_by, note=f"{local_day(found.drawn_at):%Y-%m-%d}"),
        Fact("审批", found.approved_by or "—"),
        Fact("付款凭证", found.voucher or "—"),
    ]


def _actions(found: PaySheet, actor: Actor) -> list[Action]:
    here = {"sheet_id": found.pk}
    apart = rules.PAY_APPROVAL(on=clock.today(), same_person=queries.drew_it_up(found, actor))
    return [
        Action("审批", "personnel:approve-pay", here, "审批的人不是编制的人。", clause="EA-7.2")
        .open_if(found.state == PayState.DRAWN, "已经审批。").given(apart),
        Action("标记已发放", "personnel:pay-paid", here, "登记付款凭证号。", clause="EA-7.2")
        .open_if(found.state == PayState.APPROVED, "还没有审批，或者已经发放。"),
        Action("明细、更正和导出", "personnel:pay-lines", here, "逐行更正：新增一行，不改原来的行。"),
        Action("补编", "personnel:supplement-pay", here, "补上编制以后才签字、登记的；不会重复。", clause="EA-7.2"),
        Action("打印报酬表", "personnel:pay-paper", here, "签领用。"),
    ]  # fmt: skip


@staff_page(posts=policies.VIEWERS)
def rate_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The province's rates."""
    table = Table(
        queries.rates(actor),
        (
            Column("post_kind", "岗位", value=lambda row: row.get_post_kind_display()),
            Column("rate_fen", "标准", "money"),
            Column("basis", "计酬单位", value=lambda row: row.get_basis_display()),
            Column("since_on", "起", "date", sortable=True),
            Column("document", "文号"),
        ),
        filters=(Filter("post_kind", "岗位", kind="choice", choices=PostKind.choices),),
        order="-since_on",
        empty="还没有劳务标准。请登记本省各岗位的标准。",
    )
    return table_page(
        request, title="劳务标准", table=table, actions=[Action("登记标准", "personnel:set-rate", clause="EA-7.2")],
        intro="监考、评卷、巡考等工作的劳动报酬由本省规定；按发生日适用。",
        back=Link("劳务报酬", reverse("personnel:pay-sheets")),
    )  # fmt: skip


def _to_sheet(receipt: Any, **_: Any) -> str:
    return reverse("personnel:pay-sheet", args=[receipt.value.pk])


set_rate = action(
    commands.set_rate, forms.RateForm, title="登记劳务标准", clause="EA-7.2", button="登记",
    what="从所填日期起适用；以前日期的职责仍按当时的标准。", done="标准已登记。", back="personnel:rates",
)  # fmt: skip
draw_up = action(
    commands.draw_up_pay, about=naming.site, title="编制劳务报酬表", clause="EA-7.2", button="编制",
    what="考场内的监考员按签字的考场记录、其他人员按履职登记计算，每个岗位按本省标准。", done="报酬表已编制，请审批。",
    back=_to_sheet,
)  # fmt: skip
draw_up_marking = action(
    commands.draw_up_marking_pay, forms.SittingForm, title="编制评卷报酬表", clause="EA-7.2", button="编制",
    what="按每名评卷员实际评阅的题次计算。", done="报酬表已编制，请审批。", back=_to_sheet,
    form_options=lambda actor, **url: {"sittings": queries.sittings()},
)  # fmt: skip
correct = action(
    commands.correct_pay, forms.CorrectionForm, about=naming.line, title="更正劳务报酬", clause="EA-7.2", button="更正",
    what="填写应为的数量；新增一行差额，原来的行不变；更正后重新审批。", done="已更正，请重新审批。", back=_to_sheet,
)  # fmt: skip
supplement = action(
    commands.supplement_pay, about=naming.sheet, title="补编劳务报酬", clause="EA-7.2", button="补编",
    what="按最新的签字和履职登记，补上报酬表里没有的；已经列入的、已经更正的不变，不会重复发放。补编后重新审批。",
    done="已补编，请重新审批。", back="personnel:pay-sheet",
)  # fmt: skip
approve = action(
    commands.approve_pay, about=naming.sheet, title="审批劳务报酬表", clause="EA-7.2", button="审批",
    what="审批后可以发放。", done="已审批。", back="personnel:pay-sheet",
)  # fmt: skip
paid = action(
    commands.mark_paid, forms.VoucherForm, about=naming.sheet, title="标记已发放", clause="EA-7.2", button="标记",
    what="登记付款凭证号；以后的更正另行发放差额。", done="已标记发放。", back="personnel:pay-sheet",
)  # fmt: skip


@waits_for(policies.PAY_APPROVERS, "待审批的劳务报酬表", "EA-7.2", stage="personnel")
def to_approve(actor: Actor) -> Asked:
    """Sheets that wait for approval."""
    rows = queries.sheets(actor).filter(state=PayState.DRAWN)
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("personnel:pay-sheet", args=[row.pk]), row.drawn_at) for row in first)
    return Waiting(count, url=reverse("personnel:pay-sheets"), items=items)
