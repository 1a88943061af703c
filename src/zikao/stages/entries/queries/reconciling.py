"""Our side of a day with the gateway: payments and refunds, as its statement writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from zikao.foundation.clock import LOCAL
from zikao.stages.entries.gateway.statements import StatedLine
from zikao.stages.entries.models import Payment, Reconciliation, Refund
from zikao.stages.entries.states import PaymentWay, RefundState


def gateway_lines(on: date) -> dict[str, StatedLine]:
    """What we have of a local day, by transaction or refund number; refunds are negative."""
    begin = datetime.combine(on, time.min, tzinfo=LOCAL)
    end = begin + timedelta(days=1)
    paid = Payment.objects.filter(way=PaymentWay.GATEWAY, paid_at__gte=begin, paid_at__lt=end)
    rows = paid.values_list("order_number", "order__number", "amount_fen", "paid_at")
    lines = [StatedLine("paid", transaction, order or "", fen, at) for transaction, order, fen, at in rows]
    back = Refund.objects.filter(payment__way=PaymentWay.GATEWAY, state=RefundState.DONE, voucher="")
    told = back.filter(done_at__gte=begin, done_at__lt=end)
    for refund in told.select_related("payment__order"):
        order_number = refund.payment.order.number if refund.payment.order else ""
        at = refund.done_at or refund.due_at
        lines.append(StatedLine("refunded", refund.number, order_number, -refund.amount_fen, at))
    return {line.transaction: line for line in lines}


def days_to_reconcile(today: date, most: int = 10) -> list[date]:
    """The days before today on which the gateway's money moved and that were not compared, the oldest first."""
    since = datetime.combine(today - timedelta(days=60), time.min, tzinfo=LOCAL)
    until = datetime.combine(today, time.min, tzinfo=LOCAL)
    paid = Payment.objects.filter(way=PaymentWay.GATEWAY, paid_at__gte=since, paid_at__lt=until)
    days = {moment.astimezone(LOCAL).date() for moment in paid.datetimes("paid_at", "day", tzinfo=LOCAL)}
    done = set(Reconciliation.objects.filter(on__in=days).values_list("on", flat=True))
    return sorted(days - done)[:most]
