"""The student record: opened with the first pass, kept for ever; certificates of passed courses."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.candidates.models import Candidate
from zikao.stages.records.states import ConsultationState, Part, RecordState
from zikao.stages.results.models import Score


class Record(models.Model):
    """A candidate's record; its contents are the candidate, the scores, the cases, the transfers, the graduation."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="record")
    state = models.CharField("在籍状态", max_length=12, choices=RecordState.choices, default=RecordState.HELD)
    opened_at = models.DateTimeField("建档时间")
    opened_by_score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="+", verbose_name="建档依据成绩")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "考籍档案"
        ordering = ["candidate__admission_number"]
        indexes = [models.Index(fields=["agency_code", "opened_at"], name="record_by_agency")]

    def __str__(self) -> str:
        return f"考籍档案 {self.candidate_id}"


class PassCertificate(models.Model):
    """课程合格证: one a passed course; a lost one is answered by a statement, not by a second certificate."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="certificates")
    score = models.OneToOneField(Score, on_delete=models.PROTECT, related_name="pass_certificate")
    number = models.CharField("编号", max_length=24, unique=True)
    issued_at = models.DateTimeField("签发时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "合格证"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Consultation(models.Model):
    """查阅: a person who is not of the record staff reads parts of one record, at a set place, in a set time."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="consultations")
    reader_name = models.CharField("查阅人", max_length=60)
    reader_unit = models.CharField("单位", max_length=100)
    reader_account_id = models.BigIntegerField("查阅人账号", null=True, blank=True)
    letter = models.CharField("介绍信", max_length=64, blank=True, db_collation="C")
    purpose = models.CharField("事由", max_length=300)
    parts = models.JSONField("查阅内容", default=list)
    place = models.CharField("指定地点", max_length=100)
    opens_at = models.DateTimeField("起")
    closes_at = models.DateTimeField("止")
    state = models.CharField("状态", max_length=10, choices=ConsultationState.choices)
    requested_by = models.BigIntegerField("申请人账号")
    requested_at = models.DateTimeField("申请时间")
    approval_id = models.BigIntegerField("签批", null=True, blank=True)
    attended_by = models.BigIntegerField("接待人账号", null=True, blank=True)
    attendant_name = models.CharField("接待人", max_length=60, blank=True)
    began_at = models.DateTimeField("到场时间", null=True, blank=True)
    ended_at = models.DateTimeField("离场时间", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "档案查阅"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency_code", "id"], name="consultation_by_agency"),
            models.Index(fields=["reader_account_id", "id"], name="consultation_by_reader"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="consultation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(reader_account_id__isnull=False) | ~Q(letter=""), name="consultation_visitor_has_letter"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reading", "ended"]) | Q(attended_by__isnull=False, began_at__isnull=False),
                name="consultation_is_attended",
            ),
            models.CheckConstraint(
                condition=Q(attended_by__isnull=True)
                | Q(reader_account_id__isnull=True)
                | ~Q(attended_by=F("reader_account_id")),
                name="consultation_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"查阅第 {self.pk} 号"


class ConsultationView(models.Model):
    """One look at one part; the table only grows (migration 0004)."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="views")
    part = models.CharField("内容", max_length=10, choices=Part.choices)
    viewed_at = models.DateTimeField("时间")
    account_id = models.BigIntegerField("账号")

    class Meta:
        verbose_name = "档案查阅内容"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.part}"
