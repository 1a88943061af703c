"""What a candidate's file holds: suspensions, pledges, the integrity file (诚信档案)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.candidates.states import IntegrityKind, SuspensionSource

SUSPENDED_NUMBER = sealed_field(
    "candidates.Suspension", "id_number_sealed", title="停考人员身份证件号码", index="id_number_index"
)


class Suspension(models.Model):
    """A person may neither register nor enter from a day until a day (exclusive), wherever it was ordered."""

    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", max_length=32, db_index=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止")
    source = models.CharField("来源", max_length=10, choices=SuspensionSource.choices)
    reference = models.CharField("决定文号", max_length=80)
    agency_code = models.CharField("作出机构", max_length=12, db_collation="C", blank=True)
    recorded_at = models.DateTimeField("登记时间")
    ordered_until_on = models.DateField("原定止期", null=True)
    lifted_by = models.CharField("提前解除的依据", max_length=80, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "停考"
        ordering = ["-until_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("since_on")), name="suspension_ends_after_start"),
            models.UniqueConstraint(fields=["id_number_index", "reference"], name="suspension_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}（{self.since_on}—{self.until_on}）"


class Pledge(models.Model):
    """The integrity pledge (诚信考试承诺书) that a candidate signed for a sitting."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="pledges")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="pledges")
    text_digest = models.CharField("承诺书摘要", max_length=64)
    accepted_at = models.DateTimeField("承诺时间")

    class Meta:
        verbose_name = "诚信承诺"
        ordering = ["-accepted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "sitting"], name="pledge_once_a_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.sitting_id}"


class IntegrityEntry(models.Model):
    """A line of the integrity file (诚信档案): the database refuses to change or delete it."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="integrity_entries")
    kind = models.CharField("类别", max_length=12, choices=IntegrityKind.choices)
    code = models.CharField("代码", max_length=20)
    text = models.CharField("内容", max_length=400)
    at = models.DateTimeField("记入时间")

    class Meta:
        verbose_name = "诚信档案条目"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"
