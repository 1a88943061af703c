"""Entry windows, entries, payments, and the list that is frozen when a window closes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.entries.states import EntryState, PaymentState, WindowState


class EntryWindow(models.Model):
    """When candidates may enter for a sitting: from an instant until an instant (exclusive)."""

    sitting = models.OneToOneField("programmes.Sitting", on_delete=models.PROTECT, related_name="entry_window")
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    online = models.BooleanField("网上报考", default=True)
    on_site = models.BooleanField("现场报考", default=True)
    state = models.CharField("状态", max_length=10, choices=WindowState.choices, default=WindowState.OPEN)

    class Meta:
        ordering = ["-opens_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="window_closes_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.get_state_display()}"


class Payment(models.Model):
    """One order of a candidate for a sitting; the order number makes a repeated notice harmless."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="payments")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="payments")
    order_number = models.CharField("订单号", max_length=40, unique=True, db_collation="C")
    amount_fen = models.IntegerField("金额（分）")
    refund_fen = models.IntegerField("应退（分）", default=0)
    state = models.CharField("状态", max_length=10, choices=PaymentState.choices, default=PaymentState.PAID)
    paid_at = models.DateTimeField("缴费时间")

    class Meta:
        ordering = ["-paid_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="payment_not_negative"),
            models.CheckConstraint(
                condition=Q(refund_fen__gte=0, refund_fen__lte=F("amount_fen")), name="refund_within_payment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.amount_fen / 100:.2f} 元"


class Entry(models.Model):
    """One course of one candidate in one sitting (报考科次)."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="entries")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="entries")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="entries")
    unit = models.ForeignKey("programmes.Unit", on_delete=models.PROTECT, related_name="entries")
    area_code = models.CharField("考区", max_length=12, db_collation="C")
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)
    state = models.CharField("状态", max_length=10, choices=EntryState.choices, default=EntryState.ENTERED)
    fee_fen = models.IntegerField("考试费（分）")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entries", null=True, blank=True)
    entered_at = models.DateTimeField("报考时间")
    withdrawn_at = models.DateTimeField("退报时间", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "unit"],
                condition=~Q(state="withdrawn"),
                name="entry_one_course_a_unit",
            ),
            models.CheckConstraint(condition=Q(fee_fen__gte=0), name="entry_fee_not_negative"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(payment__isnull=False), name="entry_paid_by_payment"),
        ]
        indexes = [models.Index(fields=["sitting", "state"], name="entry_sitting_state")]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.paper_id} {self.get_state_display()}"


class EntryList(models.Model):
    """The frozen list of a sitting: paid entries only, its digest published before the draw."""

    sitting = models.OneToOneField("programmes.Sitting", on_delete=models.PROTECT, related_name="entry_list")
    digest = models.CharField("名册摘要（SM3）", max_length=64)
    count = models.IntegerField("列入科次")
    candidates = models.IntegerField("列入人数")
    unpaid = models.IntegerField("未缴费科次")
    withdrawn = models.IntegerField("退报科次")
    fee_fen = models.BigIntegerField("考试费合计（分）")
    closed_at = models.DateTimeField("封存时间")

    class Meta:
        ordering = ["-closed_at", "id"]

    def __str__(self) -> str:
        return f"{self.sitting} {self.count} 科次"
