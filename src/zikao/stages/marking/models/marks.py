"""Markers, anonymous scripts, what waits to be marked, marks and totals."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from zikao.stages.marking.models.cards import Card
from zikao.stages.marking.models.keys import AnswerKey, Question
from zikao.stages.marking.states import TaskState


class Marker(models.Model):
    """A teacher appointed to mark a paper's written questions."""

    account_id = models.BigIntegerField("账号")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="markers")
    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职称", max_length=20)
    secrecy_signed_on = models.DateField("保密教育签字日期")
    appointed_at = models.DateTimeField("聘任时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["paper_id", "id"]
        verbose_name = "评卷员"
        constraints = [models.UniqueConstraint(fields=["account_id", "paper"], name="marker_once_a_paper")]

    def __str__(self) -> str:
        return f"{self.name}（{self.title}）"


class Script(models.Model):
    """The written answers of one seat under an anonymous code: all that a marker ever sees of its author."""

    seat = models.OneToOneField("seating.Seat", on_delete=models.PROTECT, related_name="script")
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="script")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="scripts")
    code = models.CharField("密号", max_length=10, unique=True, db_collation="C")
    opened_at = models.DateTimeField("建立时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["paper_id", "code"]
        verbose_name = "答卷"

    def __str__(self) -> str:
        return f"答卷 {self.code}"


class MarkingTask(models.Model):
    """One question of one script to be marked in one round; the queue that marking desks take from."""

    script = models.ForeignKey(Script, on_delete=models.PROTECT, related_name="tasks")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="tasks")
    round = models.PositiveSmallIntegerField("评次")
    state = models.CharField("状态", max_length=5, choices=TaskState.choices, default=TaskState.OPEN)
    account_id = models.BigIntegerField("评卷员账号", null=True, blank=True)
    taken_at = models.DateTimeField("领取时间", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["question_id", "round", "id"]
        verbose_name = "评卷任务"
        constraints = [
            models.UniqueConstraint(fields=["script", "question", "round"], name="task_once_a_round"),
            models.UniqueConstraint(
                fields=["script", "question", "account_id"],
                condition=Q(account_id__isnull=False),
                name="task_once_a_marker",
            ),
            models.UniqueConstraint(fields=["account_id"], condition=Q(state="taken"), name="task_one_taken_a_marker"),
            models.CheckConstraint(
                condition=Q(state="open", account_id__isnull=True) | (~Q(state="open") & Q(account_id__isnull=False)),
                name="task_taken_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["question", "round", "id"], condition=Q(state="open"), name="task_open")]

    def __str__(self) -> str:
        return f"{self.script_id} 第{self.question_id}题 {self.round}评"


class Mark(models.Model):
    """Points earned, by one marker in one round (append-only)."""

    script = models.ForeignKey(Script, on_delete=models.PROTECT, related_name="marks")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="marks")
    marker_account_id = models.BigIntegerField("评卷员账号")
    round = models.PositiveSmallIntegerField("评次")
    points = models.DecimalField("得分", max_digits=4, decimal_places=1)
    marked_at = models.DateTimeField("评阅时间")
    seconds = models.PositiveIntegerField("用时（秒）")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["script_id", "question_id", "round"]
        verbose_name = "评分"
        constraints = [
            models.UniqueConstraint(fields=["script", "question", "round"], name="mark_once_a_round"),
            models.UniqueConstraint(fields=["script", "question", "marker_account_id"], name="mark_once_a_marker"),
            models.CheckConstraint(condition=Q(points__gte=0), name="mark_points_earned"),
            models.CheckConstraint(condition=Q(round__in=[1, 2, 3]), name="mark_round_known"),
        ]

    def __str__(self) -> str:
        return f"{self.points} 分（{self.round}评）"


class QuestionScore(models.Model):
    """A written question's score, set when its marks suffice; two places, because means are not rounded."""

    script = models.ForeignKey(Script, on_delete=models.PROTECT, related_name="question_scores")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="scores")
    points = models.DecimalField("得分", max_digits=5, decimal_places=2)
    rounds = models.PositiveSmallIntegerField("评次数")
    scored_at = models.DateTimeField("得分时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["script_id", "question_id"]
        verbose_name = "题目得分"
        constraints = [
            models.UniqueConstraint(fields=["script", "question"], name="question_score_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="question_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.points} 分"


class ObjectiveScore(models.Model):
    """The objective part of a script against one signed key."""

    script = models.OneToOneField(Script, on_delete=models.PROTECT, related_name="objective_score")
    key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, related_name="scores", null=True)
    points = models.DecimalField("得分", max_digits=5, decimal_places=1)
    correct = models.PositiveSmallIntegerField("答对题数")
    scored_at = models.DateTimeField("评分时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["script_id"]
        verbose_name = "选择题得分"
        constraints = [models.CheckConstraint(condition=Q(points__gte=0), name="objective_score_not_negative")]

    def __str__(self) -> str:
        return f"{self.points} 分"


class Total(models.Model):
    """A seat's course total: the only place where marks are rounded, half up (append-only)."""

    seat = models.OneToOneField("seating.Seat", on_delete=models.PROTECT, related_name="total")
    script = models.OneToOneField(Script, on_delete=models.PROTECT, related_name="total")
    objective = models.DecimalField("选择题", max_digits=5, decimal_places=1)
    subjective = models.DecimalField("非选择题", max_digits=5, decimal_places=2)
    total = models.PositiveSmallIntegerField("总分")
    totalled_at = models.DateTimeField("合分时间")
    totalled_by = models.BigIntegerField("合分人账号")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["seat_id"]
        verbose_name = "总分"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total__lte=F("objective") + F("subjective") + Decimal("0.5"),
                    total__gt=F("objective") + F("subjective") - Decimal("0.5"),
                ),
                name="total_is_rounded_sum",
            ),
            models.CheckConstraint(condition=Q(objective__gte=0, subjective__gte=0), name="total_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.total} 分"
