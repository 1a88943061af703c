"""The province's detailed rules (实施细则): its own values of the parameters that the regulations leave to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.programmes.states import RulesState


class DetailedRules(models.Model):
    """A document of own values, in force from a day once approved, filed with the centre."""

    title = models.CharField("名称", max_length=80)
    document = models.CharField("文号", max_length=60, unique=True)
    since = models.DateField("施行日期")
    state = models.CharField("状态", max_length=14, choices=RulesState.choices, default=RulesState.DRAFTED)
    approval_id = models.BigIntegerField("审批", null=True, blank=True)
    number = models.CharField("备案号", max_length=40, blank=True)
    answer = models.CharField("备案答复", max_length=500, blank=True)
    drafted_at = models.DateTimeField("拟定时间")
    proposed_at = models.DateTimeField("送审时间", null=True, blank=True)
    approved_at = models.DateTimeField("批准并报备时间", null=True, blank=True)
    answered_at = models.DateTimeField("备案答复时间", null=True, blank=True)

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = "实施细则"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["drafted", "proposed"]) | Q(approved_at__isnull=False),
                name="detailed_rules_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged") | ~Q(number=""), name="detailed_rules_acknowledged_has_number"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(answer=""), name="detailed_rules_returned_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.document}）"


class DetailedSetting(models.Model):
    """One own value of a document; `name` is the parameter's."""

    rules = models.ForeignKey(DetailedRules, on_delete=models.PROTECT, related_name="settings")
    name = models.CharField("参数", max_length=60, db_collation="C")
    value = models.JSONField("取值")

    class Meta:
        ordering = ["rules_id", "name"]
        verbose_name = "细则取值"
        constraints = [models.UniqueConstraint(fields=["rules", "name"], name="detailed_setting_once")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
