"""The centre's timetables of national courses, and what the provinces file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.national.states import FilingState


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


class TimetableFiling(models.Model):
    """A province's timetable as filed (备案), acknowledged with a number or returned with reasons."""

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    body = models.JSONField("考试安排")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=12, choices=FilingState.choices)
    number = models.CharField("备案号", max_length=30, blank=True)
    reason = models.CharField("退回原因", max_length=500, blank=True)
    filed_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-filed_at", "-id"]
        verbose_name = "考试安排备案"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "sitting_code"],
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
