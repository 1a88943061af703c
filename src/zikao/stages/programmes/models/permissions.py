"""What the centre has approved of national courses: another time, a paper of one's own, a change to the paper."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.programmes.models.plans import Course
from zikao.stages.programmes.models.sittings import Paper
from zikao.stages.programmes.states import PermissionKind, PermissionState


class Permission(models.Model):
    """A request of this province for one national course in one sitting, and the centre's answer."""

    kind = models.CharField("事项", max_length=12, choices=PermissionKind.choices)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="permissions")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    unit_number = models.PositiveSmallIntegerField("考试单元", null=True, blank=True)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=10, choices=PermissionState.choices, default=PermissionState.REQUESTED)
    number = models.CharField("批准文号", max_length=40, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    requested_at = models.DateTimeField("申请时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = "统考课程专项申请"
        indexes = [models.Index(fields=["-requested_at", "-id"], name="permission_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "course", "sitting_code"],
                condition=Q(state__in=["requested", "approved"]),
                name="permission_once_a_course",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", number="")
                | Q(state="approved", answered_at__isnull=False) & ~Q(number="")
                | Q(state="refused", answered_at__isnull=False) & ~Q(answer=""),
                name="permission_answered",
            ),
            models.CheckConstraint(
                condition=~Q(kind="schedule") | Q(unit_number__isnull=False), name="permission_for_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.course} {self.get_kind_display()}"


class PaperChange(models.Model):
    """A change to a national course's paper, made with the centre's approval."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="changes")
    permission = models.ForeignKey(Permission, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField("修改内容", max_length=500)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = "统考试题修改"

    def __str__(self) -> str:
        return f"{self.paper_id} {self.what[:20]}"
