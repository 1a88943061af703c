"""Identity data corrected by strict review; the old values stay, sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.candidates.states import IdentityState

VALUES = sealed_field("candidates.IdentityCorrection", "values_sealed", title="身份信息更正前后的内容")


class IdentityCorrection(models.Model):
    """A change of name, document, sex, birth or portrait: proposed with evidence, signed level by level."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="identity_corrections")
    fields = models.JSONField("更正的项目")
    values_sealed = models.BinaryField("更正前后的内容（密文）")
    digest = models.BinaryField("内容摘要", max_length=32)
    reason = models.CharField("理由", max_length=300)
    evidence = models.CharField("证明材料", max_length=64)
    evidence_type = models.CharField("证明材料格式", max_length=60)
    state = models.CharField("状态", max_length=10, choices=IdentityState.choices, default=IdentityState.PROPOSED)
    approval_id = models.BigIntegerField("审批", null=True)
    proposed_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        verbose_name = "身份信息更正"
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(state="proposed"), name="identity_correction_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"身份信息更正 {self.pk}"


class GatheredBatch(models.Model):
    """Base record information sent to the centre (SR-5.2): how many candidates, and how many it took."""

    kind = models.CharField("内容", max_length=14)
    count = models.PositiveIntegerField("人数")
    on_record = models.PositiveIntegerField("当时在籍人数")
    sent_at = models.DateTimeField("报送时间")
    taken = models.PositiveIntegerField("中心收下人数", null=True)
    taken_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["-sent_at", "-id"]
        verbose_name = "考籍管理基础信息报送"
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="gathered_batch_not_empty"),
            models.CheckConstraint(
                condition=Q(taken__isnull=True) | Q(taken=models.F("count")), name="gathered_batch_taken_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
