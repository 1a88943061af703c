"""What candidates with disabilities are granted, and relatives among exam staff whom candidates declare."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.candidates.states import AccommodationState

NEED = sealed_field("candidates.Accommodation", "need_sealed", title="残疾情况和所需便利的说明")
RELATIVE = sealed_field("candidates.DeclaredRelative", "name_sealed", title="考生申报的亲属姓名", index="name_index")


class Accommodation(models.Model):
    """An application for accommodations and its decision (EA-52), valid from a day until a day (exclusive)."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="accommodations")
    kinds = models.JSONField("申请的便利")
    granted_kinds = models.JSONField("同意的便利", default=list)
    extra_percent = models.PositiveSmallIntegerField("延长考试时间（百分数）", default=0)
    need_sealed = models.BinaryField("情况说明（密文）")
    evidence = models.CharField("证明材料", max_length=64)
    evidence_type = models.CharField("证明材料格式", max_length=60)
    from_on = models.DateField("起")
    until_on = models.DateField("止（不含）")
    state = models.CharField(
        "状态", max_length=10, choices=AccommodationState.choices, default=AccommodationState.APPLIED
    )
    number = models.CharField("决定文号", max_length=40, blank=True, db_collation="C")
    reason = models.CharField("决定的理由", max_length=400, blank=True)
    applied_at = models.DateTimeField("申请时间")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.CharField("作出决定的机构", max_length=12, db_collation="C", blank=True)
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["-applied_at", "-id"]
        verbose_name = "便利申请"
        indexes = [
            models.Index(
                fields=["candidate", "from_on", "until_on"], condition=Q(state="granted"), name="needs_granted"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="accommodation_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | (~Q(reason="") & ~Q(number="")),
                name="accommodation_decided_with_reasons",
            ),
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(state="applied"), name="accommodation_one_application"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="accommodation_number_once"),
        ]

    def __str__(self) -> str:
        return self.number or f"申请 {self.pk}"


class DeclaredRelative(models.Model):
    """A relative among the exam staff, declared by the candidate; whoever assigns duties keeps them apart (EA-9)."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="declared_relatives")
    name_sealed = models.BinaryField("姓名（密文）")
    name_index = models.BinaryField("姓名索引", max_length=32, db_index=True)
    relation = models.CharField("关系", max_length=20)
    unit = models.CharField("工作单位", max_length=60, blank=True)
    declared_at = models.DateTimeField("申报时间")

    class Meta:
        ordering = ["declared_at", "id"]
        verbose_name = "申报的亲属"
        constraints = [
            models.UniqueConstraint(fields=["candidate", "name_index"], name="relative_declared_once"),
        ]

    def __str__(self) -> str:
        return self.relation
