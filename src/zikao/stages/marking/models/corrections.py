"""Technical corrections of what is not an answer: registered before and after, confirmed by two, then applied."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.marking.models.cards import Card
from zikao.stages.marking.states import CorrectedField, DataCorrectionState


class DataCorrection(models.Model):
    """A technical change to a card's data other than its answers (EA-A9.2.1.2): from what to what, and why."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField("修改项", max_length=10, choices=CorrectedField.choices)
    before = models.CharField("修改前", max_length=60, blank=True)
    after = models.CharField("修改后", max_length=60, blank=True)
    seat_before = models.ForeignKey("seating.Seat", on_delete=models.PROTECT, related_name="+", verbose_name="原座位")
    seat_after = models.ForeignKey("seating.Seat", on_delete=models.PROTECT, related_name="+", verbose_name="改后座位")
    reason = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=DataCorrectionState.choices)
    proposed_by = models.BigIntegerField("提出人账号")
    proposer = models.CharField("提出人", max_length=60)
    proposed_at = models.DateTimeField("提出时间")
    applied_at = models.DateTimeField("生效时间", null=True, blank=True)
    refused_why = models.CharField("不予修改的理由", max_length=200, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["-id"]
        verbose_name = "非作答数据修改"
        constraints = [
            models.UniqueConstraint(
                fields=["card", "field"], condition=Q(state="proposed"), name="data_correction_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="data_correction_changes_something"),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False) | (~Q(state="applied") & Q(applied_at=None)),
                name="data_correction_applied_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"非作答数据修改 {self.pk}"


class DataConfirmation(models.Model):
    """One full-time person's confirmation (append-only); never the proposer, never the same person twice."""

    correction = models.ForeignKey(DataCorrection, on_delete=models.PROTECT, related_name="confirmations")
    account_id = models.BigIntegerField("确认人账号")
    person_id = models.BigIntegerField("确认人")
    name = models.CharField("姓名", max_length=60)
    confirmed_at = models.DateTimeField("确认时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["correction_id", "id"]
        verbose_name = "非作答数据修改确认"
        constraints = [
            models.UniqueConstraint(fields=["correction", "account_id"], name="data_confirmation_once_an_account"),
            models.UniqueConstraint(fields=["correction", "person_id"], name="data_confirmation_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.correction_id}"
