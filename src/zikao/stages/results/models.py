"""Scores, kept for ever: a row is never changed, a correction is a new version that names the one it replaces."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.candidates.models import Candidate
from zikao.stages.programmes.models import Course, Sitting
from zikao.stages.results.states import HowObtained, PublicationState, Standing


class Publication(models.Model):
    """The results of one sitting on their way to the candidates."""

    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="publication")
    state = models.CharField("状态", max_length=12, choices=PublicationState.choices)
    count = models.PositiveIntegerField("成绩条数")
    digest = models.CharField("成绩清单摘要", max_length=64)
    collected_at = models.DateTimeField("采集时间")
    collected_by = models.BigIntegerField("采集人账号", null=True)
    approved_at = models.DateTimeField("审核签字时间", null=True)
    approved_by = models.BigIntegerField("审核人账号", null=True)
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        ordering = ["-sitting__code"]

    def __str__(self) -> str:
        return f"{self.sitting} 成绩（{PublicationState(self.state).label}）"


class Score(models.Model):
    """One score of one candidate in one course: what, when, how obtained, on which evidence."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="scores")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, related_name="scores")
    sitting_label = models.CharField("取得考次", max_length=7)
    how = models.CharField("取得方式", max_length=12, choices=HowObtained.choices)
    standing = models.CharField("效力", max_length=8, choices=Standing.choices)
    value = models.PositiveSmallIntegerField("成绩", null=True)
    grade = models.CharField("等第", max_length=8, blank=True)
    passed = models.BooleanField("合格")
    source = models.CharField("来源说明", max_length=120)
    evidence = models.CharField("依据材料摘要", max_length=64, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by", verbose_name="更正的版本"
    )
    recorded_at = models.DateTimeField("归档时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["candidate_id", "course_id", "sitting_label", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "course", "sitting_label", "how", "version"], name="score_once_a_version"
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__lte=100), name="score_at_most_100"),
            models.CheckConstraint(
                condition=~Q(standing="valid") | Q(value__isnull=False) | ~Q(grade=""), name="valid_score_says_what"
            ),
            models.CheckConstraint(condition=Q(standing="valid") | Q(passed=False), name="only_valid_scores_pass"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True) | Q(version__gt=1, supersedes__isnull=False),
                name="later_versions_name_the_earlier",
            ),
        ]
        indexes = [models.Index(fields=["agency_code", "sitting"], name="score_by_agency")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.shown} ({self.sitting_label})"

    @property
    def shown(self) -> str:
        """The score as a candidate reads it: a mark, a word, 缺考 or 取消."""
        if self.standing == Standing.ABSENT:
            return "缺考"
        if self.standing == Standing.VOID:
            return "成绩取消"
        return str(self.value) if self.value is not None else self.grade
