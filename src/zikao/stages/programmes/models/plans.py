"""Majors and their plans: courses, choice groups, what comes first, what stands for what, which school examines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.agencies.models import School
from zikao.stages.programmes.states import Assess, Evidence, Level, Side


class Course(models.Model):
    """A course; its code of five digits keeps its leading zeros.

    `national`: the centre sets its paper, as long as no `CourseKind` says otherwise from a day on (`queries.kinds_on`).
    """

    code = models.CharField("课程代码", max_length=5, unique=True, db_collation="C")
    name = models.CharField("课程名称", max_length=60)
    national = models.BooleanField("全国统考", default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = "课程"
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{5}$"), name="course_code_five_digits")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CourseKind(models.Model):
    """What the centre says of a course from a day on: national, or no longer; earlier sittings stay as they were."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="kinds")
    national = models.BooleanField("全国统考")
    since = models.DateField("起")
    document = models.CharField("文号", max_length=60)
    reference = models.PositiveBigIntegerField("教育部考试中心的编号", unique=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-since", "course__code"]
        verbose_name = "统考课程调整"
        constraints = [models.UniqueConstraint(fields=["course", "since"], name="course_kind_once_a_day")]

    def __str__(self) -> str:
        return f"{self.course} 自 {self.since} 起{'为全国统考' if self.national else '不再是全国统考'}"


class Major(models.Model):
    """A major of a level; six digits, with K or T where it is a controlled or special one."""

    code = models.CharField("专业代码", max_length=7, unique=True, db_collation="C")
    level = models.CharField("层次", max_length=10, choices=Level.choices)
    name = models.CharField("专业名称", max_length=60)

    class Meta:
        ordering = ["code"]
        verbose_name = "专业"
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}[KT]?$"), name="major_code_shape")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}（{self.get_level_display()}）"


class Plan(models.Model):
    """An examination plan of a major, in force from `since` until `until` (exclusive)."""

    major = models.ForeignKey(Major, on_delete=models.PROTECT, related_name="plans")
    version = models.CharField("版本", max_length=40)
    examining_school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="plans")
    min_credits = models.PositiveSmallIntegerField("最低学分")
    min_courses = models.PositiveSmallIntegerField("最少课程门数", null=True, blank=True)
    entry_condition = models.CharField("报考条件", max_length=200, blank=True)
    entry_evidence = models.CharField("报考须出示", max_length=20, choices=Evidence.choices, blank=True)
    since = models.DateField("启用日期")
    until = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        ordering = ["major__code", "since"]
        verbose_name = "专业考试计划"
        constraints = [
            models.UniqueConstraint(fields=["major", "version"], name="plan_version_once"),
            models.UniqueConstraint(fields=["major", "since"], name="plan_since_once"),
            models.UniqueConstraint(fields=["major"], condition=Q(until__isnull=True), name="plan_one_open_a_major"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="plan_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(entry_evidence="") | ~Q(entry_condition=""), name="plan_evidence_needs_condition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.major} {self.version}"


class ChoiceGroup(models.Model):
    """A group of a plan's courses of which some are chosen; its rule is data (see `programmes.rules.groups`)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="groups")
    code = models.CharField("组号", max_length=10)
    rule = models.JSONField("选考规则")

    class Meta:
        ordering = ["plan_id", "code"]
        verbose_name = "选考组"
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="group_once_a_plan")]

    def __str__(self) -> str:
        return self.code


class PlanCourse(models.Model):
    """A course in a plan: credits, how it is assessed, its group, and what must be passed before it.

    `after`: its theory part, or the one course that comes first; `requires`: more of them; `min_passed`: so many of
    the plan's courses; `last`: everything else (the thesis). `replaceable`: another course may stand for it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="courses")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="in_plans")
    credits = models.PositiveSmallIntegerField("学分")
    assess = models.CharField("考核方式", max_length=10, choices=Assess.choices)
    group = models.ForeignKey(ChoiceGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="courses")
    after = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requires = models.ManyToManyField(Course, through="Prerequisite", related_name="required_by")
    min_passed = models.PositiveSmallIntegerField("先合格门数", null=True, blank=True)
    last = models.BooleanField("在其他课程合格之后", default=False)
    replaceable = models.BooleanField("可以顶替", default=True)

    class Meta:
        ordering = ["plan_id", "id"]
        verbose_name = "计划课程"
        constraints = [
            models.UniqueConstraint(fields=["plan", "course"], name="course_once_a_plan"),
            models.CheckConstraint(condition=~Q(after=F("course")), name="course_not_after_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.credits}"


class Prerequisite(models.Model):
    """A further course that must be passed before a course of a plan, beside `PlanCourse.after`."""

    plan_course = models.ForeignKey(PlanCourse, on_delete=models.PROTECT, related_name="prerequisites")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plan_course_id", "course__code"]
        verbose_name = "先修课程"
        constraints = [models.UniqueConstraint(fields=["plan_course", "course"], name="prerequisite_once")]

    def __str__(self) -> str:
        return f"{self.course_id} → {self.plan_course_id}"


class PlanSchool(models.Model):
    """The examining school of a plan in one prefecture, where the major has two schools; others: the plan's own."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="schools")
    agency_code = models.CharField("考区", max_length=4, db_collation="C")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plan_id", "agency_code"]
        verbose_name = "分地区主考学校"
        constraints = [
            models.UniqueConstraint(fields=["plan", "agency_code"], name="plan_school_once_a_prefecture"),
            models.CheckConstraint(condition=Q(agency_code__regex=r"^[0-9]{4}$"), name="plan_school_prefecture"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.school}"


class Replacement(models.Model):
    """Courses that stand for others of a major's plans: n for m, from a day until a day, one way or both."""

    major = models.ForeignKey(Major, on_delete=models.PROTECT, related_name="replacements")
    document = models.CharField("公布文号", max_length=60)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    both_ways = models.BooleanField("双向", default=False)
    key = models.CharField("课程", max_length=200, db_collation="C")

    class Meta:
        ordering = ["major__code", "since", "id"]
        verbose_name = "课程顶替"
        constraints = [
            models.UniqueConstraint(fields=["major", "key", "since"], name="replacement_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="replacement_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ReplacementCourse(models.Model):
    """A course of a replacement: one that stands (from), or one that it stands for (to)."""

    replacement = models.ForeignKey(Replacement, on_delete=models.PROTECT, related_name="courses")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    side = models.CharField("一侧", max_length=4, choices=Side.choices)

    class Meta:
        ordering = ["replacement_id", "side", "course__code"]
        verbose_name = "顶替课程"
        constraints = [models.UniqueConstraint(fields=["replacement", "course"], name="replacement_course_once")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.side}"
