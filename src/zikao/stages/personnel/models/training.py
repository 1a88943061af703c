"""Training courses: who came, how many hours, which score."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.personnel.states import CourseState


class TrainingCourse(models.Model):
    """A course that qualifies for posts: topics, hours, day, the pass mark and the validity that held when planned."""

    title = models.CharField("名称", max_length=60)
    topics = models.JSONField("培训内容")
    hours = models.PositiveSmallIntegerField("学时")
    held_on = models.DateField("培训日期")
    place = models.CharField("地点", max_length=60)
    post_kinds = models.JSONField("适用岗位")
    pass_mark = models.PositiveSmallIntegerField("合格分数")
    validity_months = models.PositiveSmallIntegerField("证件有效月数")
    assessed_on = models.DateField("考核日期", null=True, blank=True)
    certified_at = models.DateTimeField("发证时间", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=CourseState.choices, default=CourseState.PLANNED)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    planned_at = models.DateTimeField("计划时间")

    class Meta:
        ordering = ["-held_on", "-id"]
        verbose_name = "培训班"
        indexes = [models.Index(fields=["agency_code", "held_on"], name="course_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="course_has_hours"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held"]) | Q(assessed_on__isnull=False),
                name="course_assessed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.held_on}）"


class TrainingPlace(models.Model):
    """A person on a course."""

    course = models.ForeignKey(TrainingCourse, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey("personnel.Person", on_delete=models.PROTECT, related_name="trainings")
    attended = models.BooleanField("到训", null=True)
    score = models.DecimalField("考核成绩", max_digits=4, decimal_places=1, null=True)

    class Meta:
        ordering = ["course_id", "person_id"]
        verbose_name = "培训人员"
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="place_once_a_course"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(attended=True, score__gte=0, score__lte=100),
                name="place_scored_was_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.person_id}"
