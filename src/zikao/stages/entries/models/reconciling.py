"""The gateway's statement of a day against our payments: what agrees, and each difference as a case of two people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.entries.states import DifferenceKind, DifferenceState, LineOutcome, Settlement


class Reconciliation(models.Model):
    """One day's statement compared: each side = matched + only on that side + differing (net, in fen)."""

    on = models.DateField("对账日", unique=True)
    statement = models.CharField("对账单（文件摘要）", max_length=64)
    matched = models.IntegerField("一致笔数")
    matched_fen = models.BigIntegerField("一致净额（分）")
    only_ours = models.IntegerField("仅我方")
    only_ours_fen = models.BigIntegerField("仅我方净额（分）")
    only_theirs = models.IntegerField("仅支付方")
    only_theirs_fen = models.BigIntegerField("仅支付方净额（分）")
    differ = models.IntegerField("金额不一致")
    differ_ours_fen = models.BigIntegerField("金额不一致：我方（分）")
    differ_theirs_fen = models.BigIntegerField("金额不一致：支付方（分）")
    ours_fen = models.BigIntegerField("我方净额（分）")
    theirs_fen = models.BigIntegerField("支付方净额（分）")
    at = models.DateTimeField("对账时间")

    class Meta:
        verbose_name = "每日对账"
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ours_fen=F("matched_fen") + F("only_ours_fen") + F("differ_ours_fen")),
                name="reconciliation_ours_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(theirs_fen=F("matched_fen") + F("only_theirs_fen") + F("differ_theirs_fen")),
                name="reconciliation_theirs_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} 对账"


class ReconciledLine(models.Model):
    """One movement of a compared day, as each side has it; the sums of a day are the sums of its lines."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="lines")
    transaction = models.CharField("收款号或退款号", max_length=40, db_collation="C")
    order_number = models.CharField("订单号", max_length=40, blank=True)
    ours_fen = models.IntegerField("我方（分）", null=True)
    theirs_fen = models.IntegerField("支付方（分）", null=True)
    moved_at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=12, choices=LineOutcome.choices)

    class Meta:
        verbose_name = "对账明细"
        ordering = ["reconciliation_id", "transaction"]
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "transaction"], name="reconciled_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.transaction} {self.get_outcome_display()}"


class Difference(models.Model):
    """A transaction on one side only, or with two amounts: settled by one who proposes and another who confirms."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField("类别", max_length=12, choices=DifferenceKind.choices)
    transaction = models.CharField("收款号或退款号", max_length=40, db_collation="C")
    order_number = models.CharField("订单号", max_length=40, blank=True)
    ours_fen = models.IntegerField("我方（分）", null=True)
    theirs_fen = models.IntegerField("支付方（分）", null=True)
    moved_at = models.DateTimeField("到款或退款时间", null=True)
    state = models.CharField("状态", max_length=10, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    settlement = models.CharField("处理", max_length=12, choices=Settlement.choices, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)
    proposed_by_id = models.BigIntegerField("提出人账号", null=True, blank=True)
    confirmed_by_id = models.BigIntegerField("确认人账号", null=True, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = "对账差异"
        ordering = ["-reconciliation__on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "transaction"], name="difference_once"),
            models.CheckConstraint(
                condition=~Q(state="settled")
                | (Q(confirmed_by_id__isnull=False) & ~Q(confirmed_by_id=F("proposed_by_id"))),
                name="difference_settled_by_two",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="difference_state")]

    def __str__(self) -> str:
        return f"{self.transaction} {self.get_kind_display()}"
