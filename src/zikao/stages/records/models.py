"""The student record: opened with the first pass, kept for ever; certificates of passed courses."""

from __future__ import annotations

from django.db import models

from zikao.stages.candidates.models import Candidate
from zikao.stages.records.states import RecordState
from zikao.stages.results.models import Score


class Record(models.Model):
    """A candidate's record; its contents are the candidate, the scores, the cases, the transfers, the graduation."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="record")
    state = models.CharField("在籍状态", max_length=12, choices=RecordState.choices, default=RecordState.HELD)
    opened_at = models.DateTimeField("建档时间")
    opened_by_score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="+", verbose_name="建档依据成绩")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
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
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
