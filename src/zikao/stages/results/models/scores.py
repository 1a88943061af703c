"""Scores, kept for ever: a row is never changed, a correction is a new version that names the one it replaces.

Score, StagedScore, FilingWindow and Segment are the archive's own tables (schema "archive"): read here, written only by
the archive's functions in the database (see archive/ and ADR 0013).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.candidates.models import Candidate
from zikao.stages.programmes.models import Course, Sitting
from zikao.stages.results.states import (
    CorrectionState,
    HowObtained,
    ListKind,
    ListState,
    PublicationState,
    RequestState,
    Standing,
)


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
        verbose_name = "成绩发布"
        ordering = ["-sitting__code"]

    def __str__(self) -> str:
        return f"{self.sitting} 成绩（{PublicationState(self.state).label}）"


class ChangeList(models.Model):
    """Scores to be filed, or one correction: staged, approved by its digest, filed in a window of the archive.

    `digest` is the SHA-256 that the database computes over the staged rows, `root` the SM3 Merkle root over the same
    bytes; `subject` names what the list is about ("sitting:2026-10", "transfer:12").
    """

    kind = models.CharField("种类", max_length=12, choices=ListKind.choices)
    subject = models.CharField("对象", max_length=60, db_collation="C")
    title = models.CharField("内容", max_length=120)
    state = models.CharField("状态", max_length=10, choices=ListState.choices)
    count = models.PositiveIntegerField("条数")
    digest = models.BinaryField("清单摘要（SHA-256）", max_length=32)
    root = models.BinaryField("清单摘要（SM3）", max_length=32)
    staged_at = models.DateTimeField("形成时间")
    staged_by = models.BigIntegerField("经办人账号", null=True)
    approved_at = models.DateTimeField("审核签字时间", null=True)
    approved_by = models.BigIntegerField("审核人账号", null=True)
    filed_at = models.DateTimeField("归档时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "成绩变动清单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=~Q(state="withdrawn"), name="one_list_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("staged_by")), name="list_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ScoreColumns(models.Model):
    """What a version of a score says; staged and filed rows have the same columns."""

    line = models.PositiveIntegerField("行")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    sitting_label = models.CharField("取得考次", max_length=7)
    how = models.CharField("取得方式", max_length=12, choices=HowObtained.choices)
    standing = models.CharField("效力", max_length=8, choices=Standing.choices)
    value = models.PositiveSmallIntegerField("成绩", null=True)
    grade = models.CharField("等第", max_length=8, blank=True)
    passed = models.BooleanField("合格")
    source = models.CharField("来源说明", max_length=120)
    evidence = models.CharField("依据材料摘要", max_length=64, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    previous = models.BinaryField("前一版本的摘要", null=True)
    recorded_at = models.DateTimeField("归档时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        abstract = True

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


class StagedScore(ScoreColumns):
    """A row of a change list; its id becomes the score's."""

    candidate = models.ForeignKey(Candidate, on_delete=models.DO_NOTHING, related_name="+")
    sitting = models.ForeignKey(Sitting, on_delete=models.DO_NOTHING, null=True, related_name="+")
    list = models.ForeignKey(ChangeList, on_delete=models.DO_NOTHING, related_name="rows")
    supersedes = models.ForeignKey("Score", on_delete=models.DO_NOTHING, null=True, related_name="+")

    class Meta:
        verbose_name = "待归档成绩"
        managed = False
        db_table = '"archive"."staged"'
        ordering = ["list_id", "line"]


class Score(ScoreColumns):
    """One score of one candidate in one course: what, when, how obtained, on which evidence."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="scores")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, related_name="scores")
    window = models.ForeignKey("FilingWindow", on_delete=models.PROTECT, related_name="scores")
    list = models.ForeignKey(ChangeList, on_delete=models.PROTECT, related_name="scores")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by", verbose_name="更正的版本"
    )
    leaf = models.BinaryField("摘要")

    class Meta:
        verbose_name = "成绩"
        managed = False
        db_table = '"archive"."score"'
        ordering = ["candidate_id", "course_id", "sitting_label", "version"]


class FilingWindow(models.Model):
    """The only time in which scores can be written, for one list; times are the database's own clock."""

    kind = models.CharField(max_length=8)
    list_id = models.BigIntegerField()
    post = models.CharField(max_length=20)
    digest = models.BinaryField()
    root = models.BinaryField()
    nonce = models.UUIDField()
    minutes = models.PositiveSmallIntegerField("开放分钟数")
    requested_by = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField("申请时间")
    expires_at = models.DateTimeField("到齐截止时间")
    opened_at = models.DateTimeField("开启时间", null=True)
    closes_at = models.DateTimeField("到时关闭时间", null=True)
    filed_at = models.DateTimeField("写入时间", null=True)
    rows = models.BigIntegerField("写入条数", null=True)
    number = models.BigIntegerField("归档序号", null=True)
    head = models.BinaryField("链首摘要", null=True)
    closed_at = models.DateTimeField("关闭时间", null=True)
    closing = models.CharField(max_length=10, null=True)

    class Meta:
        verbose_name = "归档时段"
        managed = False
        db_table = '"archive"."filing_window"'
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"归档窗口 {self.pk}"


class Segment(models.Model):
    """Who holds which segment, and with what salt; the key that verifies it is readable by the archive's role only."""

    post = models.CharField(max_length=20)
    account_id = models.BigIntegerField()
    salt = models.BinaryField()
    cost = models.CharField(max_length=60)
    set_as = models.CharField(max_length=8)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "成绩档案段"
        managed = False
        db_table = '"archive"."segment"'
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.post} {self.set_at}"


class ArchiveBackup(models.Model):
    """A backup of the archive right before or right after a window, read back and compared before this row was written.

    `sealed` is the copy that only the two custodies can open, empty where their keys are not set up.
    """

    window_id = models.BigIntegerField("窗口")
    moment = models.CharField("时点", max_length=6, choices=[("before", "变更前"), ("after", "变更后")])
    first_number = models.BigIntegerField("起始归档序号")
    last_number = models.BigIntegerField("截止归档序号")
    count = models.BigIntegerField("条数")
    head = models.BinaryField("链首摘要", max_length=32)
    file = models.CharField("备份文件", max_length=64)
    sealed = models.CharField("双钥封存件", max_length=64, blank=True)
    taken_at = models.DateTimeField("备份时间")

    class Meta:
        verbose_name = "成绩档案备份"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["window_id", "moment"], name="one_backup_a_moment")]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}备份 {self.window_id}"


class Correction(models.Model):
    """A filed score to be changed or cancelled (SR-A1.8): proposed with evidence, signed level by level, then filed.

    `list` is the change list of one row, version n+1; the approval's digest is that list's.
    """

    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="corrections", verbose_name="原成绩")
    list = models.OneToOneField(ChangeList, on_delete=models.PROTECT, related_name="correction")
    standing = models.CharField("更正后效力", max_length=8, choices=Standing.choices)
    value = models.PositiveSmallIntegerField("更正后成绩", null=True)
    grade = models.CharField("更正后等第", max_length=8, blank=True)
    crosses_pass = models.BooleanField("跨及格线")
    reason = models.TextField("更正理由")
    evidence = models.CharField("依据材料摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=CorrectionState.choices)
    proposed_by = models.BigIntegerField("提出人账号")
    proposed_at = models.DateTimeField("提出时间")
    approval_id = models.BigIntegerField("审批", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "成绩更正"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["score"], condition=Q(state__in=["proposed", "approved"]), name="one_correction_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"成绩更正 {self.pk}"


class SegmentRequest(models.Model):
    """A segment asked for anew because it was lost or its holder changed; `staged_id` is the archive's staged row."""

    staged_id = models.BigIntegerField("待启用的密码段", unique=True)
    post = models.CharField("岗位", max_length=20)
    account_id = models.BigIntegerField("领取人账号")
    reason = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=RequestState.choices)
    approval_id = models.BigIntegerField("审批", null=True)
    asked_at = models.DateTimeField("申请时间")

    class Meta:
        verbose_name = "成绩档案封段申请"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"密码段补发 {self.pk}"


class Comparison(models.Model):
    """All that pages show of scores, compared with the record (SR-A1.14): by whom, with which digests and verdict.

    `sources`: name, title, rows, shown_digest, record_digest each; `differences`: the first ones, by score or filing.
    """

    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("完成时间")
    holds = models.BooleanField("一致")
    rows = models.BigIntegerField("对照条数")
    sources = models.JSONField("对照的页面")
    difference_count = models.BigIntegerField("不一致")
    differences = models.JSONField("不一致之处")
    account_id = models.BigIntegerField("提出人账号", null=True)
    work_id = models.BigIntegerField("任务", null=True, unique=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "成绩一致性对照"

    def __str__(self) -> str:
        return f"第 {self.pk} 次对照"
