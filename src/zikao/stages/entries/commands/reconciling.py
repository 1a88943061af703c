"""The daily reconciliation, and each difference settled by two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.hearing import take_money
from zikao.stages.entries.commands.holding import owe_back
from zikao.stages.entries.gateway.statements import BadStatement, StatedLine, read
from zikao.stages.entries.models import Difference, Payment, ReconciledLine, Reconciliation
from zikao.stages.entries.rules import TWO_PEOPLE
from zikao.stages.entries.states import (
    DifferenceKind,
    DifferenceState,
    LineOutcome,
    Money,
    NoticeVerdict,
    PaymentState,
    RefundReason,
    Settlement,
)

BATCH = 5_000


@command(writes="entries.reconciled", clauses=("EA-13.2",), posts=policies.RECONCILERS)
def reconcile(*, on: date, statement: bytes, by: Actor, at: datetime) -> Outcome[Reconciliation]:
    """Compare a day's statement with our payments and refunds of the gateway; what differs becomes a case each.

    Source:  EA-13.2
    Writes:  entries.reconciled
    Raises:  NotPermitted, BadInput (not genuine, not whole, day not over), Conflict (done before)
    """
    if on >= local_day(at):
        raise BadInput("day-not-over", field_errors={"on": "当日还没有结束。"}, message="只能对已经结束的日子对账。")
    if Reconciliation.objects.filter(on=on).exists():
        raise Conflict("reconciled-already", message="这一天已经对过账。", remedy="请查看当日的对账结果。")
    try:
        theirs = {line.transaction: line for line in read(statement, on)}
    except BadStatement as error:
        raise BadInput("statement-unusable", field_errors={"file": str(error)}, message=str(error)) from None
    ours = queries.gateway_lines(on)
    digest = storage.put(statement, media_type="text/csv", at=at)
    made = Reconciliation.objects.create(on=on, statement=digest, at=at, **_sums(ours, theirs))
    lines = _lines(made, ours, theirs)
    ReconciledLine.objects.bulk_create(lines, batch_size=BATCH)
    found = [_difference(line) for line in lines if line.outcome != LineOutcome.MATCHED]
    Difference.objects.bulk_create(found)
    facts = {"on": on, "ours_fen": made.ours_fen, "theirs_fen": made.theirs_fen, "differences": len(found)}
    return Outcome(made, facts={**facts, "matched": made.matched, "statement": digest})


def _sums(ours: Mapping[str, StatedLine], theirs: Mapping[str, StatedLine]) -> dict[str, int]:
    both = ours.keys() & theirs.keys()
    same = {name for name in both if ours[name].fen == theirs[name].fen}
    only_ours, only_theirs, differ = ours.keys() - both, theirs.keys() - both, both - same
    return {
        "matched": len(same),
        "matched_fen": sum(ours[name].fen for name in same),
        "only_ours": len(only_ours),
        "only_ours_fen": sum(ours[name].fen for name in only_ours),
        "only_theirs": len(only_theirs),
        "only_theirs_fen": sum(theirs[name].fen for name in only_theirs),
        "differ": len(differ),
        "differ_ours_fen": sum(ours[name].fen for name in differ),
        "differ_theirs_fen": sum(theirs[name].fen for name in differ),
        "ours_fen": sum(line.fen for line in ours.values()),
        "theirs_fen": sum(line.fen for line in theirs.values()),
    }


def _lines(
    of: Reconciliation, ours: Mapping[str, StatedLine], theirs: Mapping[str, StatedLine]
) -> list[ReconciledLine]:
    found = []
    for name in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(name), theirs.get(name)
        told = other or mine
        assert told is not None
        found.append(
            ReconciledLine(
                reconciliation=of,
                transaction=name,
                order_number=told.order_number,
                ours_fen=mine.fen if mine else None,
                theirs_fen=other.fen if other else None,
                moved_at=told.at,
                outcome=_outcome(mine, other),
            )
        )
    return found


def _outcome(mine: StatedLine | None, other: StatedLine | None) -> LineOutcome:
    if mine is None:
        return LineOutcome.ONLY_THEIRS
    if other is None:
        return LineOutcome.ONLY_OURS
    return LineOutcome.MATCHED if mine.fen == other.fen else LineOutcome.AMOUNT


def _difference(line: ReconciledLine) -> Difference:
    return Difference(
        reconciliation=line.reconciliation,
        kind=DifferenceKind(str(line.outcome)),
        transaction=line.transaction,
        order_number=line.order_number,
        ours_fen=line.ours_fen,
        theirs_fen=line.theirs_fen,
        moved_at=line.moved_at,
    )


@command(writes="entries.settlement-proposed", clauses=("EA-13.2",), posts=policies.MONEY_KEEPERS)
def propose_settlement(
    *, difference_id: int, settlement: Settlement, reason: str, by: Actor, at: datetime
) -> Outcome[Difference]:
    """Say what a difference comes from and what is to be done; another person confirms it.

    Source:  EA-13.2
    Writes:  entries.settlement-proposed
    Raises:  NotPermitted, NotFound, WrongState (settled), BadInput (does not fit the kind of difference)
    """
    difference = _open(difference_id)
    before = snapshot(difference)
    _check_fits(difference, Settlement(settlement))
    difference.state, difference.settlement = DifferenceState.PROPOSED, settlement
    difference.reason, difference.proposed_by_id = reason, by.account_id
    difference.save()
    facts = {"transaction": difference.transaction, "settlement": str(settlement)}
    return Outcome(difference, before=before, facts=facts)


@command(writes="entries.settlement-confirmed", clauses=("EA-13.2",), posts=policies.MONEY_KEEPERS)
def confirm_settlement(*, difference_id: int, by: Actor, at: datetime) -> Outcome[Difference]:
    """Confirm what another proposed, and do it: record the money, send it back, or leave it explained.

    Source:  EA-13.2
    Writes:  entries.settlement-confirmed
    Raises:  NotPermitted, NotFound, WrongState (not proposed), Refused (the same person)
    """
    difference = _open(difference_id)
    if difference.state != DifferenceState.PROPOSED:
        raise WrongState("not-proposed", message="还没有提出处理意见。", remedy="请先由一人提出处理意见。")
    TWO_PEOPLE(on=local_day(at), proposer=difference.proposed_by_id, confirmer=by.account_id).require()
    before = snapshot(difference)
    if difference.settlement == Settlement.RECORD:
        _record(difference, by, at)
    elif difference.settlement == Settlement.REFUND:
        _send_back(difference, by, at)
    difference.state, difference.confirmed_by_id = DifferenceState.SETTLED, by.account_id
    difference.settled_at = at
    difference.save()
    facts = {"transaction": difference.transaction, "settlement": difference.settlement}
    return Outcome(difference, before=before, facts=facts)


def _open(difference_id: int) -> Difference:
    found = Difference.objects.select_for_update().filter(pk=difference_id).first()
    if found is None:
        raise NotFound("difference-not-found", facts={"difference": difference_id})
    if found.state == DifferenceState.SETTLED:
        raise WrongState("settled-already", message="这一差异已经处理。")
    return found


def _check_fits(difference: Difference, settlement: Settlement) -> None:
    came = difference.kind == DifferenceKind.ONLY_THEIRS and (difference.theirs_fen or 0) > 0
    is_ours = difference.kind != DifferenceKind.ONLY_THEIRS and (difference.ours_fen or 0) > 0
    fits = {Settlement.EXPLAINED: True, Settlement.RECORD: came, Settlement.REFUND: is_ours}
    if not fits[settlement]:
        text = "“补记到款”只用于仅支付方有的到款，“原路退款”只用于我方已记的到款。"
        raise BadInput("settlement-does-not-fit", field_errors={"settlement": text}, message=text)


def _record(difference: Difference, by: Actor, at: datetime) -> None:
    """Take in money that only the gateway has; what becomes of it is the same law as for a call-back.

    It counts for the day on which the gateway took it, which is compared already.
    """
    fen, came_at = difference.theirs_fen or 0, difference.moved_at or at
    verdict = take_money(Money(difference.order_number, difference.transaction, fen, came_at), by, at)
    if verdict == NoticeVerdict.UNKNOWN:
        raise WrongState(
            "order-not-ours",
            facts={"order": difference.order_number},
            message="这一订单号不是本系统的，不能补记。",
            remedy="请与支付渠道核对商户号；由支付渠道退回的，选“已查明”。",
        )


def _send_back(difference: Difference, by: Actor, at: datetime) -> None:
    found = Payment.objects.filter(order_number=difference.transaction).first()
    if found is None:
        raise NotFound("payment-not-found", facts={"transaction": difference.transaction})
    access_candidate(by, found.candidate_id, lock=True)
    payment = Payment.objects.select_for_update().get(pk=found.pk)
    if payment.state != PaymentState.REVIEW:
        raise WrongState(
            "payment-applied",
            message="这一笔到款已经用于报考，不能直接退款。",
            remedy="请先由考生退报，款项随之退回；或选“已查明”。",
        )
    owe_back(payment, payment.amount_fen - payment.refund_fen, RefundReason.SETTLED, at)
