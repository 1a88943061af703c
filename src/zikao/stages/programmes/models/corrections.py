"""Editions of a timetable: the centre's as they came, the province's corrections, and what was public from when on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.programmes.models.sittings import Sitting
from zikao.stages.programmes.states import CorrectionState, EditionKind, NationalState


class NationalEdition(models.Model):
    """The centre's timetable of a sitting as it was issued (number 0), or as a correction (1, 2, ...) leaves it.

    One that comes before its turn waits; `trouble` says why one whose turn has come could not take effect.
    """

    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    number = models.PositiveSmallIntegerField("更正号")
    body = models.JSONField("全国统考安排")
    digest = models.CharField("内容摘要", max_length=64)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=NationalState.choices, default=NationalState.WAITING)
    trouble = models.CharField("没有生效的原因", max_length=500, blank=True)
    received_at = models.DateTimeField("收到时间")
    taken_at = models.DateTimeField("生效时间", null=True, blank=True)

    class Meta:
        ordering = ["sitting_code", "number"]
        verbose_name = "全国统考安排（各版）"
        constraints = [
            models.UniqueConstraint(fields=["sitting_code", "number"], name="national_edition_once"),
            models.CheckConstraint(condition=Q(number=0) | ~Q(reason=""), name="national_correction_has_reason"),
            models.CheckConstraint(
                condition=Q(state="waiting", taken_at__isnull=True) | Q(state="taken", taken_at__isnull=False),
                name="national_edition_taken_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} 第{self.number}号更正" if self.number else f"{self.sitting_code} 全国统考安排"


class TimetableCorrection(models.Model):
    """A correction of the province's own published timetable; `base` is the edition that it was compared with."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="corrections")
    reason = models.CharField("更正原因", max_length=500)
    body = models.JSONField("更正后的考试安排")
    changes = models.JSONField("改动")
    base = models.CharField("原考试安排摘要", max_length=64)
    digest = models.CharField("内容摘要", max_length=64)
    state = models.CharField("状态", max_length=12, choices=CorrectionState.choices, default=CorrectionState.STAGED)
    filing_number = models.CharField("备案号", max_length=30, blank=True)
    answer = models.CharField("退回原因", max_length=500, blank=True)
    staged_at = models.DateTimeField("预演时间")
    filed_at = models.DateTimeField("报备时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["-staged_at", "-id"]
        verbose_name = "考试安排更正"
        indexes = [models.Index(fields=["-staged_at", "-id"], name="timetable_correction_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"],
                condition=Q(state__in=["staged", "filed", "acknowledged"]),
                name="timetable_correction_one_open",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(changes=[]), name="timetable_correction_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["acknowledged", "published"]) | ~Q(filing_number=""),
                name="timetable_correction_filed_before_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} 更正（{self.get_state_display()}）"


class TimetableEdition(models.Model):
    """A timetable as the public read it from an instant on; each later edition says what it changed and why."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField("版次")
    kind = models.CharField("来由", max_length=10, choices=EditionKind.choices)
    document = models.CharField("更正号或备案号", max_length=40)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    changes = models.JSONField("改动")
    effects = models.JSONField("对已报考的影响")
    body = models.JSONField("考试安排")
    digest = models.CharField("内容摘要", max_length=64)
    published_at = models.DateTimeField("公布时间")

    class Meta:
        ordering = ["sitting_id", "number"]
        verbose_name = "考试安排版次"
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="timetable_edition_once"),
            models.CheckConstraint(
                condition=Q(number=1, kind="first") | Q(number__gt=1) & ~Q(kind="first") & ~Q(reason=""),
                name="timetable_edition_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} 第{self.number}版"
