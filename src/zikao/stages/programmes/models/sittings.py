"""Sittings with units, papers and their timetable."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.programmes.models.plans import Course, Major
from zikao.stages.programmes.states import TimetableState


class Sitting(models.Model):
    """A sitting (考次), named by year and month: "2026-10"; `digit` is its mark in admission numbers."""

    code = models.CharField("考次", max_length=7, unique=True, db_collation="C")
    year = models.PositiveSmallIntegerField("年")
    month = models.PositiveSmallIntegerField("月")
    digit = models.PositiveSmallIntegerField("准考证考次号")
    opened_at = models.DateTimeField("设立时间")

    class Meta:
        ordering = ["code"]
        verbose_name = "考次"
        constraints = [
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="sitting_month_of_the_year"),
            models.UniqueConstraint(fields=["year", "month"], name="sitting_once_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月"


class Unit(models.Model):
    """An examination unit (考试单元) of a sitting: what is sat at one time."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="units")
    number = models.PositiveSmallIntegerField("单元号")
    starts_at = models.DateTimeField("开考时间")
    ends_at = models.DateTimeField("结束时间")

    class Meta:
        ordering = ["sitting__code", "number"]
        verbose_name = "考试单元"
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="unit_number_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="unit_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}单元"


class Paper(models.Model):
    """A row of the timetable: a course sat in a unit of a sitting.

    `national`: whether the course is national in this sitting, whatever it is later. `issued_unit`: where the centre
    put it, for its own courses. `own_paper`: a national course whose paper the province sets with the centre's leave.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="papers")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="papers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="papers")
    national = models.BooleanField("全国统考", default=False, db_default=False)
    issued_unit = models.PositiveSmallIntegerField("全国统考安排的单元", null=True, blank=True)
    own_paper = models.BooleanField("本省命题", default=False, db_default=False)

    class Meta:
        ordering = ["sitting__code", "unit__number", "course__code"]
        verbose_name = "考试科目安排"
        constraints = [models.UniqueConstraint(fields=["sitting", "course"], name="paper_once_a_sitting")]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.course_id}"


class PaperMajor(models.Model):
    """A major that offers the paper."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="majors")
    major = models.ForeignKey(Major, on_delete=models.PROTECT, related_name="papers")

    class Meta:
        ordering = ["paper_id", "major__code"]
        verbose_name = "开考专业"
        constraints = [models.UniqueConstraint(fields=["paper", "major"], name="paper_major_once")]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.major_id}"


class Timetable(models.Model):
    """The province's timetable of a sitting, from draft over filing with the centre to publication."""

    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="timetable")
    state = models.CharField("状态", max_length=12, choices=TimetableState.choices, default=TimetableState.DRAFTED)
    national_digest = models.CharField("全国统考安排摘要", max_length=64, blank=True)
    digest = models.CharField("报备内容摘要", max_length=64, blank=True)
    filing_number = models.CharField("备案号", max_length=30, blank=True)
    returned_reason = models.CharField("退回原因", max_length=500, blank=True)
    drafted_at = models.DateTimeField("拟定时间")
    filed_at = models.DateTimeField("报备时间", null=True, blank=True)
    acknowledged_at = models.DateTimeField("备案时间", null=True, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)

    class Meta:
        ordering = ["sitting__code"]
        verbose_name = "考试安排"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["acknowledged", "published"])
                | Q(acknowledged_at__isnull=False) & ~Q(filing_number=""),
                name="timetable_acknowledged_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="timetable_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.get_state_display()}"
