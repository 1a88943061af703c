"""The centre's timetables of national courses, and what the provinces file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.national.states import FilingState, IssuedCorrectionState


class IssuedTimetable(models.Model):
    """The centre's timetable of national courses for a sitting; `body` is what the provinces receive."""

    sitting_code = models.CharField("考次", max_length=7, unique=True, db_collation="C")
    body = models.JSONField("考试安排")
    digest = models.CharField("摘要", max_length=64)
    issued_at = models.DateTimeField("发布时间")

    class Meta:
        ordering = ["sitting_code"]
        verbose_name = "全国统考安排"

    def __str__(self) -> str:
        return self.sitting_code


class IssuedCorrection(models.Model):
    """A correction of an issued timetable: looked at first, then sent to all; `body` is the whole as it is then."""

    issued = models.ForeignKey(IssuedTimetable, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField("更正号")
    reason = models.CharField("更正原因", max_length=500)
    body = models.JSONField("更正后的考试安排")
    changes = models.JSONField("改动")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField(
        "状态", max_length=10, choices=IssuedCorrectionState.choices, default=IssuedCorrectionState.STAGED
    )
    staged_at = models.DateTimeField("预演时间")
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["issued_id", "number", "id"]
        verbose_name = "全国统考安排更正"
        constraints = [
            models.UniqueConstraint(
                fields=["issued", "number"],
                condition=Q(state__in=["staged", "issued"]),
                name="issued_correction_number_once",
            ),
            models.CheckConstraint(condition=Q(number__gt=0) & ~Q(reason=""), name="issued_correction_says_why"),
            models.CheckConstraint(condition=Q(state="staged") | Q(ended_at__isnull=False), name="correction_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.issued_id} 第{self.number}号更正"


class CourseNotice(models.Model):
    """What the centre says of a course from a day on: national, or no longer; sent to every node."""

    course_code = models.CharField("课程代码", max_length=5, db_collation="C")
    course_name = models.CharField("课程名称", max_length=60)
    national = models.BooleanField("全国统考")
    since = models.DateField("起")
    document = models.CharField("文号", max_length=60)
    announced_at = models.DateTimeField("发布时间")

    class Meta:
        ordering = ["-announced_at", "-id"]
        verbose_name = "统考课程调整"
        constraints = [
            models.UniqueConstraint(fields=["course_code", "since"], name="course_notice_once_a_day"),
            models.CheckConstraint(condition=Q(course_code__regex=r"^[0-9]{5}$"), name="course_notice_code"),
        ]

    def __str__(self) -> str:
        return f"{self.course_code} {self.course_name}"


class TimetableFiling(models.Model):
    """A province's timetable as filed (备案), acknowledged with a number or returned with reasons.

    `correction`: the province's own number of a correction that is filed (0: the timetable itself), with its changes.
    """

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    body = models.JSONField("考试安排")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=12, choices=FilingState.choices)
    number = models.CharField("备案号", max_length=30, blank=True)
    reason = models.CharField("退回原因", max_length=500, blank=True)
    correction = models.PositiveBigIntegerField("更正", default=0, db_default=0)
    corrected_for = models.CharField("更正原因", max_length=500, blank=True, default="", db_default="")
    changes = models.JSONField("改动", default=list)
    filed_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-filed_at", "-id"]
        verbose_name = "考试安排备案"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "sitting_code", "correction"],
                condition=Q(state="acknowledged"),
                name="timetable_filing_acknowledged_once",
            ),
            models.CheckConstraint(
                condition=Q(state="acknowledged", reason="") & ~Q(number="")
                | Q(state="returned", number="") & ~Q(reason=""),
                name="timetable_filing_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.sitting_code}"
