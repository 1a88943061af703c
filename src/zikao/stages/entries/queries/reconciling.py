"""Our side of a day with the gateway: payments and refunds, as its statement writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice

from zikao.foundation.clock import LOCAL
from zikao.stages.entries.gateway.statements import StatedLine
from zikao.stages.entries.models import Order, Payment, Reconciliation, Refund
from zikao.stages.entries.states import PaymentWay, RefundState

LOOKED_BACK_DAYS = 60


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
    """The days before today on which the gateway's money may have moved and that were not compared, the oldest first.

    Those on which somebody went to pay count, too: their call-backs may all have been lost.
    """
    days = [today - timedelta(days=n) for n in range(LOOKED_BACK_DAYS, 0, -1)]
    done = set(Reconciliation.objects.filter(on__in=days).values_list("on", flat=True))
    return list(islice((day for day in days if day not in done and _money_may_have_moved(day)), most))


def _money_may_have_moved(on: date) -> bool:
    begin = datetime.combine(on, time.min, tzinfo=LOCAL)
    day = (begin, begin + timedelta(days=1))
    return (
        Order.objects.filter(started_at__gte=day[0], started_at__lt=day[1]).exists()
        or Payment.objects.filter(way=PaymentWay.GATEWAY, paid_at__gte=day[0], paid_at__lt=day[1]).exists()
        or Refund.objects.filter(
            state=RefundState.DONE, payment__way=PaymentWay.GATEWAY, done_at__gte=day[0], done_at__lt=day[1]
        ).exists()
    )
