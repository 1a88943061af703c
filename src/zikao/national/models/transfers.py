"""The files of the transfer platform (转考平台)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.national.states import FileState

FILE = sealed_field("national.TransferFile", "file_sealed", title="转考电子档案", bound_to=("number",))


class TransferFile(models.Model):
    """A candidate's electronic file on its way from one province to another, and its outcome."""

    number = models.CharField("转考编号", max_length=30, unique=True, db_collation="C")
    origin = models.CharField("转出地", max_length=2, db_collation="C")
    destination = models.CharField("转入地", max_length=2, db_collation="C")
    state = models.CharField("状态", max_length=12, choices=FileState.choices, default=FileState.UPLOADED)
    file_sealed = models.BinaryField("电子档案（密文）")
    digest = models.CharField("电子档案摘要", max_length=64)
    courses = models.PositiveSmallIntegerField("合格课程门数")
    uploaded_at = models.DateTimeField("上传时间")
    outcome_at = models.DateTimeField("结果上传时间", null=True)
    outcome_code = models.CharField("结果代码", max_length=40, blank=True)
    outcome_reason = models.CharField("结果说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "转考档案"
        ordering = ["-uploaded_at", "number"]
        constraints = [
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="transfer_between_two_provinces")
        ]

    def __str__(self) -> str:
        return self.number
