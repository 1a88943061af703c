"""A batch of certificates on its way to the national register, and the answer for each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.registry.states import BatchState, RowState


class RegistrationBatch(models.Model):
    """The certificates of one issue date, reported to the centre together."""

    batch_on = models.DateField("发证日期", unique=True)
    state = models.CharField("状态", max_length=12, choices=BatchState.choices, default=BatchState.CHECKED)
    count = models.PositiveIntegerField("份数")
    digest = models.CharField("上报清单摘要", max_length=64)
    checked_at = models.DateTimeField("核对时间")
    checked_by = models.BigIntegerField("核对人账号", null=True)
    approved_at = models.DateTimeField("审批时间", null=True)
    approved_by = models.BigIntegerField("审批人账号", null=True)
    sent_at = models.DateTimeField("上报时间", null=True)
    registered_at = models.DateTimeField("注册完成时间", null=True)

    class Meta:
        verbose_name = "学历注册批次"
        ordering = ["-batch_on"]
        verbose_name_plural = "registration batches"

    def __str__(self) -> str:
        return f"电子注册 {self.batch_on}（{BatchState(self.state).label}）"


class Registration(models.Model):
    """One certificate of a batch and what the centre answered."""

    batch = models.ForeignKey(RegistrationBatch, on_delete=models.PROTECT, related_name="rows")
    certificate = models.OneToOneField(
        "graduation.GraduationCertificate", on_delete=models.PROTECT, related_name="registration"
    )
    state = models.CharField("状态", max_length=12, choices=RowState.choices, default=RowState.READY)
    reason = models.CharField("退回理由", max_length=200, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    revoked_at = models.DateTimeField("撤销注册时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        verbose_name = "学历注册"
        ordering = ["certificate__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False)
                | ~Q(state="revoked") & Q(revoked_at__isnull=True),
                name="revoked_registration_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "revoked"]) | ~Q(reason=""),
                name="registration_taken_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {RowState(self.state).label}"
