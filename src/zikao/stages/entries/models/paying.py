"""Orders, the money that came for them, what goes back, and every notice of the payment gateway."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.entries.states import (
    NoticeVerdict,
    OrderState,
    PaymentState,
    PaymentWay,
    RefundReason,
    RefundState,
)


class Order(models.Model):
    """What a candidate is asked to pay: the unpaid entries of a sitting at one moment, under a number of ours."""

    number = models.CharField("订单号", max_length=32, unique=True, db_collation="C")
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="orders")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="orders")
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)
    amount_fen = models.IntegerField("金额（分）")
    state = models.CharField("状态", max_length=12, choices=OrderState.choices, default=OrderState.PENDING)
    placed_at = models.DateTimeField("下单时间")
    expires_at = models.DateTimeField("名额保留至")
    started_at = models.DateTimeField("去支付时间", null=True, blank=True)
    asked_at = models.DateTimeField("最近查询时间", null=True, blank=True)
    asked_times = models.IntegerField("查询次数", default=0)
    trouble = models.CharField("需核对的原因", max_length=40, blank=True)

    class Meta:
        verbose_name = "缴费订单"
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="order_of_something"),
            models.UniqueConstraint(
                fields=["candidate", "sitting"],
                condition=Q(state__in=["pending", "confirming"]),
                name="order_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"], condition=Q(state__in=["pending", "confirming"]), name="order_open_asked"
            ),
            models.Index(fields=["started_at"], condition=Q(started_at__isnull=False), name="order_started"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.amount_fen / 100:.2f} 元"


class Payment(models.Model):
    """Money that came, once: by the gateway, at the counter, or in a list; the number makes a repeated notice harmless.

    `order_number` is the number under which the money came: the gateway's transaction, the voucher, the list's order.
    """

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="payments")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="payments")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments", null=True, blank=True)
    way = models.CharField("方式", max_length=10, choices=PaymentWay.choices, db_default="list")
    order_number = models.CharField("收款号", max_length=40, unique=True, db_collation="C")
    amount_fen = models.IntegerField("金额（分）")
    refund_fen = models.IntegerField("应退（分）", default=0)
    state = models.CharField("状态", max_length=10, choices=PaymentState.choices, default=PaymentState.PAID)
    paid_at = models.DateTimeField("缴费时间")

    class Meta:
        verbose_name = "缴费"
        ordering = ["-paid_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="payment_not_negative"),
            models.CheckConstraint(
                condition=Q(refund_fen__gte=0, refund_fen__lte=F("amount_fen")), name="refund_within_payment"
            ),
        ]
        indexes = [models.Index(fields=["paid_at"], condition=Q(way="gateway"), name="payment_by_gateway_at")]

    def __str__(self) -> str:
        return f"{self.order_number} {self.amount_fen / 100:.2f} 元"


class Refund(models.Model):
    """Money that goes back: asked of the gateway under a number of ours, so that asking twice pays once."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField("退款号", max_length=40, unique=True, db_collation="C")
    amount_fen = models.IntegerField("金额（分）")
    reason = models.CharField("原因", max_length=16, choices=RefundReason.choices)
    state = models.CharField("状态", max_length=10, choices=RefundState.choices, default=RefundState.DUE)
    due_at = models.DateTimeField("应退时间")
    asked_at = models.DateTimeField("最近申请时间", null=True, blank=True)
    asked_times = models.IntegerField("申请次数", default=0)
    done_at = models.DateTimeField("退款时间", null=True, blank=True)
    voucher = models.CharField("退款凭证", max_length=40, blank=True)

    class Meta:
        verbose_name = "退费"
        ordering = ["-due_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_of_something"),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_at__isnull=False), name="refund_done_when"),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], condition=Q(state__in=["due", "sent"]), name="refund_open_asked"),
            models.Index(fields=["done_at"], condition=Q(state="done"), name="refund_done_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.amount_fen / 100:.2f} 元"


class GatewayNotice(models.Model):
    """A call-back that came, and what was made of it; the refused ones too. Holds no more of it than its digest."""

    nonce = models.CharField("通知编号", max_length=64, db_collation="C")
    order_number = models.CharField("订单号", max_length=40, blank=True)
    verdict = models.CharField("处理", max_length=12, choices=NoticeVerdict.choices)
    digest = models.CharField("内容摘要（SM3）", max_length=64)
    address = models.CharField("来源地址", max_length=45, blank=True)
    at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "支付渠道通知"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nonce"],
                condition=Q(verdict__in=["accepted", "repeated", "unknown"]),
                name="notice_heard_once",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="notice_at"),
            models.Index(fields=["verdict", "at"], name="notice_verdict_at"),
            models.Index(fields=["order_number"], name="notice_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.get_verdict_display()}"
