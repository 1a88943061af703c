"""What provinces ask of national courses, and the centre's answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.programmes.states import PermissionKind, PermissionState


class PermissionRequest(models.Model):
    """A province's request for one national course in one sitting (`reference` is its own number)."""

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    reference = models.PositiveBigIntegerField("省内编号")
    kind = models.CharField("事项", max_length=12, choices=PermissionKind.choices)
    course_code = models.CharField("课程代码", max_length=5, db_collation="C")
    course_name = models.CharField("课程名称", max_length=60)
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    unit_number = models.PositiveSmallIntegerField("考试单元", null=True, blank=True)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=10, choices=PermissionState.choices, default=PermissionState.REQUESTED)
    number = models.CharField("批准文号", max_length=40, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    received_at = models.DateTimeField("收到时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "统考课程专项申请"
        indexes = [models.Index(fields=["-received_at", "-id"], name="permission_request_newest")]
        constraints = [
            models.UniqueConstraint(fields=["province", "reference"], name="permission_request_once"),
            models.CheckConstraint(
                condition=Q(state="requested") | Q(answered_at__isnull=False), name="permission_request_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.sitting_code} {self.course_code} {self.get_kind_display()}"
