"""The questions of a paper and its reference key with the signatures under it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.clock import LOCAL
from zikao.foundation.secrecy import sealed_field
from zikao.stages.marking.states import KeyState, QuestionKind

ANSWERS = sealed_field(
    "marking.AnswerKey", "answers_sealed", title="标准答案（正确选项）", bound_to=("paper_id", "version")
)


class Question(models.Model):
    """A question of a paper: objective ones are the items of the card, numbered from 1, then the written ones."""

    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField("题号")
    kind = models.CharField("题型", max_length=10, choices=QuestionKind.choices)
    max_points = models.DecimalField("满分", max_digits=4, decimal_places=1)
    double = models.BooleanField("双评", default=False)
    threshold = models.DecimalField("双评差值阈限", max_digits=4, decimal_places=1, default=0)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["paper_id", "number"]
        verbose_name = "试题"
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="question_number_once"),
            models.CheckConstraint(condition=Q(max_points__gt=0, threshold__gte=0), name="question_points_positive"),
            models.CheckConstraint(condition=Q(kind="subjective") | Q(double=False), name="question_objective_single"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}题"


class AnswerKey(models.Model):
    """The reference key of a paper's objective questions; the answers stand sealed, the digest is keyed."""

    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="answer_keys")
    version = models.PositiveSmallIntegerField("版本")
    answers_sealed = models.BinaryField("正确选项（密文）")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=KeyState.choices, default=KeyState.ENTERED)
    entered_by = models.BigIntegerField("录入人账号")
    entered_by_name = models.CharField("录入人", max_length=60)
    entered_at = models.DateTimeField("录入时间")
    signed_at = models.DateTimeField("签字完成时间", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["paper_id", "-version"]
        verbose_name = "正确选项"
        constraints = [
            models.UniqueConstraint(fields=["paper", "version"], name="key_version_once"),
            models.UniqueConstraint(fields=["paper"], condition=~Q(state="replaced"), name="key_one_in_force_a_paper"),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False), name="key_signed_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"正确选项 第{self.version}版"


class KeySignature(models.Model):
    """One reviewer's signature under one key, over the digest that the reviewer saw (append-only)."""

    key = models.ForeignKey(AnswerKey, on_delete=models.PROTECT, related_name="signatures")
    account_id = models.BigIntegerField("审核人账号")
    name = models.CharField("审核人", max_length=60)
    post = models.CharField("岗位", max_length=30)
    digest = models.CharField("所见摘要", max_length=64)
    signed_at = models.DateTimeField("签字时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["key_id", "signed_at", "id"]
        verbose_name = "审核签字"
        constraints = [models.UniqueConstraint(fields=["key", "account_id"], name="key_signature_once_a_person")]

    def __str__(self) -> str:
        return f"{self.name} {self.signed_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
