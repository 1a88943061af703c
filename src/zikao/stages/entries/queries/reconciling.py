"""Our side of a day with the gateway: payments and refunds, as its statement writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection

from zikao.foundation.clock import LOCAL
from zikao.stages.entries.gateway.statements import StatedLine
from zikao.stages.entries.models import Payment, Refund
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
    first, last = today - timedelta(days=LOOKED_BACK_DAYS), today - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, (first, last, LOCAL.key, LOCAL.key, most))
        return [day for (day,) in cursor.fetchall()]


_DAYS = """
SELECT d::date FROM generate_series(%s::timestamp, %s::timestamp, interval '1 day') d
CROSS JOIN LATERAL (SELECT d AT TIME ZONE %s AS lo, (d + interval '1 day') AT TIME ZONE %s AS hi) x
WHERE NOT EXISTS (SELECT FROM entries_reconciliation r WHERE r."on" = d::date) AND (
    EXISTS (SELECT FROM entries_order o WHERE o.started_at >= lo AND o.started_at < hi)
    OR EXISTS (SELECT FROM entries_payment p WHERE p.way = 'gateway' AND p.paid_at >= lo AND p.paid_at < hi)
    OR EXISTS (
        SELECT FROM entries_refund b JOIN entries_payment p ON p.id = b.payment_id
        WHERE b.state = 'done' AND p.way = 'gateway' AND b.done_at >= lo AND b.done_at < hi
    )
)
ORDER BY 1 LIMIT %s
"""
