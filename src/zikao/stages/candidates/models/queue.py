"""Pre-registrations: what a person answered on a phone, until a clerk has seen them and their document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.candidates.states import QueueState

APPLICANT_NUMBER = sealed_field(
    "candidates.PreRegistration", "id_number_sealed", title="网上预报名人身份证件号码", index="id_number_index"
)
ANSWERS = sealed_field("candidates.PreRegistration", "answers_sealed", title="网上预报名填报内容")


class PreRegistration(models.Model):
    """A registration begun online; `code` and the ID number together bring its owner back to it."""

    code = models.CharField("预约号", max_length=10, unique=True, db_collation="C")
    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", max_length=32, db_index=True)
    answers_sealed = models.BinaryField("填报内容（密文）")
    answered = models.JSONField("已答部分", default=list)
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", blank=True, default="")
    major = models.ForeignKey("programmes.Major", on_delete=models.PROTECT, null=True, related_name="+")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, null=True, related_name="+")
    portrait = models.CharField("照片", max_length=64, blank=True)
    rules_accepted_at = models.DateTimeField("接受《考场规则》和违规处理办法时间", null=True)
    pledged_at = models.DateTimeField("签署承诺书时间", null=True)
    pledge_digest = models.CharField("承诺书摘要", max_length=64, blank=True)
    state = models.CharField("状态", max_length=12, choices=QueueState.choices, default=QueueState.DRAFT)
    begun_at = models.DateTimeField("开始时间")
    changed_at = models.DateTimeField("最近填报时间")
    submitted_at = models.DateTimeField("提交时间", null=True)
    called_at = models.DateTimeField("叫号时间", null=True)
    called_by = models.BigIntegerField("办理人", null=True)
    ended_at = models.DateTimeField("办结时间", null=True)
    why = models.CharField("退回或停止的原因", max_length=300, blank=True)
    wrong_tries = models.PositiveSmallIntegerField("续填核对失败次数", default=0)
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["submitted_at", "id"]
        verbose_name = "网上预报名"
        indexes = [
            models.Index(
                fields=["agency_code", "submitted_at"],
                condition=Q(state__in=["queued", "called"]),
                name="queue_waiting",
            ),
            models.Index(fields=["state", "changed_at"], name="queue_lapsing"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"], condition=Q(state__in=["queued", "called"]), name="queue_once_a_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | Q(candidate__isnull=False), name="queue_registered_has_candidate"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "stopped", "withdrawn", "lapsed"]) | Q(submitted_at__isnull=False),
                name="queue_submitted_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.code
