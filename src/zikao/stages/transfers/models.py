"""Transfers of a candidate between provinces, seen from this one, and the courses that move."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.transfers.states import Direction, MoveState, TransferState, Way


class Transfer(models.Model):
    """One transfer (转考), out of this province or into it."""

    number = models.CharField("转考编号", max_length=30, db_collation="C")
    direction = models.CharField("方向", max_length=3, choices=Direction.choices)
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="transfers")
    state = models.CharField("状态", max_length=10, choices=TransferState.choices)
    counterpart = models.CharField("对方省份", max_length=2, db_collation="C")
    counterpart_admission_number = models.CharField("对方准考证号", max_length=12)
    counterpart_major = models.CharField("对方专业代码", max_length=7)
    reason = models.CharField("转考原因", max_length=100, blank=True)
    passes_at_destination = models.PositiveSmallIntegerField("转入地合格课程门数", default=0)
    integrity = models.JSONField("奖惩情况", default=list)
    file_digest = models.CharField("电子档案摘要", max_length=64, blank=True)
    refusal_code = models.CharField("不予转考的代码", max_length=40, blank=True)
    refusal_reason = models.CharField("不予转考的理由", max_length=300, blank=True)
    applied_at = models.DateTimeField("申请（接收）时间")
    confirmed_at = models.DateTimeField("现场确认时间", null=True)
    uploaded_at = models.DateTimeField("上传时间", null=True)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    completed_at = models.DateTimeField("办结时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        verbose_name = "转考"
        ordering = ["-applied_at", "number"]
        constraints = [
            models.UniqueConstraint(fields=["number", "direction"], name="transfer_number_once"),
            models.UniqueConstraint(
                fields=["candidate", "counterpart", "direction"],
                condition=~Q(state__in=["completed", "refused", "withdrawn"]),
                name="one_open_transfer_to_a_province",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal_code=""), name="refused_transfer_names_its_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{Direction(self.direction).label} {self.number}"


class TransferCourse(models.Model):
    """A passing score in the file: what it is there, and as what it counts here."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="courses")
    course_code = models.CharField("课程代码", max_length=5, db_collation="C")
    course_name = models.CharField("课程名称", max_length=60)
    credits = models.PositiveSmallIntegerField("学分")
    sitting_label = models.CharField("合格时间", max_length=7)
    value = models.PositiveSmallIntegerField("成绩", null=True)
    grade = models.CharField("等第", max_length=8, blank=True)
    way = models.CharField("转入方式", max_length=12, choices=Way.choices, blank=True)
    counts_as = models.ForeignKey("programmes.Course", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "转考课程"
        ordering = ["transfer_id", "course_code"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "course_code"], name="transfer_course_once"),
            models.CheckConstraint(
                condition=Q(way__in=["", "none"]) | Q(counts_as__isnull=False), name="moved_course_counts_as_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_code} {self.way}"


class Move(models.Model):
    """A candidate's move to another prefecture of the province, where the province asks for one (SR-16)."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="moves")
    from_area = models.CharField("转出地（市）", max_length=4, db_collation="C")
    to_area = models.CharField("转入地（市）", max_length=4, db_collation="C")
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=MoveState.choices, default=MoveState.APPLIED)
    answer = models.CharField("答复", max_length=200, blank=True)
    applied_at = models.DateTimeField("受理时间")
    applied_by = models.BigIntegerField("受理人", null=True)
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["-applied_at", "-id"]
        verbose_name = "省内转考"
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "to_area"], condition=Q(state__in=["applied", "accepted"]), name="move_once"
            ),
            models.CheckConstraint(condition=~Q(from_area=models.F("to_area")), name="move_elsewhere"),
            models.CheckConstraint(condition=Q(state="applied") | Q(decided_at__isnull=False), name="move_decided"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="move_refused_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.from_area} → {self.to_area} {self.get_state_display()}"


class Substitution(models.Model):
    """A published rule of this province: a course of elsewhere counts as one of ours, from a day until a day."""

    from_course_code = models.CharField("原课程代码", max_length=5, db_collation="C")
    to_course = models.ForeignKey("programmes.Course", on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True)
    document = models.CharField("公布文号", max_length=60)

    class Meta:
        verbose_name = "课程顶替"
        ordering = ["from_course_code", "since_on"]
        constraints = [
            models.UniqueConstraint(fields=["from_course_code", "to_course", "since_on"], name="substitution_once")
        ]

    def __str__(self) -> str:
        return f"{self.from_course_code} → {self.to_course_id}"
