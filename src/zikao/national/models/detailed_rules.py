"""Provinces' detailed rules as filed with the centre."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.national.states import RulesFilingState


class RulesFiling(models.Model):
    """A province's detailed rules (`reference` is its own number): filed under a number, or sent back."""

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    reference = models.PositiveBigIntegerField("省内编号")
    title = models.CharField("名称", max_length=80)
    document = models.CharField("文号", max_length=60)
    since = models.DateField("施行日期")
    values = models.JSONField("取值")
    state = models.CharField("状态", max_length=14, choices=RulesFilingState.choices, default=RulesFilingState.RECEIVED)
    number = models.CharField("备案号", max_length=40, blank=True)
    reason = models.CharField("退回原因", max_length=500, blank=True)
    received_at = models.DateTimeField("收到时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "实施细则备案"
        indexes = [models.Index(fields=["-received_at", "-id"], name="rules_filing_newest")]
        constraints = [
            models.UniqueConstraint(fields=["province", "reference"], name="rules_filing_once"),
            models.CheckConstraint(
                condition=Q(state="received", number="", reason="")
                | Q(state="acknowledged", reason="") & ~Q(number="")
                | Q(state="returned", number="") & ~Q(reason=""),
                name="rules_filing_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.title}（{self.document}）"
