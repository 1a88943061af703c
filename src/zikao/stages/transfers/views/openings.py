"""Which acts are open on a transfer now, and why the others are not."""

from __future__ import annotations

from datetime import date

from zikao.foundation.pages import Action
from zikao.stages.transfers import policies, queries, rules
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import CLOSED, Direction, TransferState


def actions_of(found: Transfer, today: date) -> list[Action]:
    """The acts on a transfer, open and closed; none once it is closed."""
    if found.state in CLOSED:
        return [_form(found)]
    return _leaving(found, today) if found.direction == Direction.OUT else _arriving(found)


def _leaving(found: Transfer, today: date) -> list[Action]:
    here, state = {"transfer_id": found.pk}, TransferState(found.state)
    uploaded = "电子档案已经上传，等待转入地的办理结果。"
    facts = queries.out_facts(found.candidate, found.passes_at_destination, today, beside=found.pk)
    return [
        Action("登记现场确认", "transfers:confirm", here, "考生核对成绩并签字后登记，要转出的成绩随之固定。",
               clause="SR-A2.3.1")
        .open_if(state != TransferState.UPLOADED, uploaded, "SR-A2.3.7")
        .open_if(state == TransferState.APPLIED, "考生已经签字确认。", "SR-A2.3.1"),
        Action("上传电子档案", "transfers:upload", here, "生成电子档案，签名后送上转考平台。", clause="SR-A2.2")
        .open_if(state != TransferState.UPLOADED, uploaded, "SR-A2.3.7")
        .open_if(state == TransferState.CONFIRMED, "考生还没有现场确认签字。", "SR-A2.3.1")
        .given(rules.EXCHANGE_MONTH(on=today))
        .given(rules.OUT(on=today, facts=facts)),
        _form(found),
        Action("撤回申请", "transfers:withdraw", here, "考生不再转考；上传以前可以撤回。", clause="SR-15", danger=True)
        .open_if(state != TransferState.UPLOADED, uploaded, "SR-A2.3.7"),
    ]  # fmt: skip


def _arriving(found: Transfer) -> list[Action]:
    here, state = {"transfer_id": found.pk}, TransferState(found.state)
    reviewed, signed = state == TransferState.REVIEWED, state == TransferState.SIGNED
    return [
        Action("审核档案", "transfers:review", here, "按本省计划和公布的替换确定每门课程的转入方式。",
               clause="SR-A2.4.2")
        .open_if(not reviewed and not signed, "档案已经审核。", "SR-A2.4.2"),
        Action("登记现场确认", "transfers:complete", here, "考生签字后，成绩送审归档，归档后结果上传转考平台。",
               clause="SR-A2.4.4")
        .open_if(not signed, "考生已经签字，成绩等待审核签字和归档。", "SR-A1.6")
        .open_if(reviewed, "档案还没有审核。", "SR-A2.2"),
        _form(found).open_if(reviewed or signed, "审核之后才能打印。", "SR-A2.4.4"),
        Action("退回档案", "transfers:refuse", here, "指明违反的规定，退回转出地。符合规定的档案不得退回。",
               clause="SR-A2.4.5", danger=True)
        .open_if(not signed, "考生已经签字，不能再退回。", "SR-A2.4.4"),
    ]  # fmt: skip


def _form(found: Transfer) -> Action:
    leaving = found.direction == Direction.OUT
    return Action(
        "打印转出登记表" if leaving else "打印转入登记表",
        "transfers:form",
        {"transfer_id": found.pk},
        "载明完整身份证号，打印记入账本。",
        clause="SR-A2.3.1" if leaving else "SR-A2.4.4",
        posts=policies.CLERKS,
    )
