"""What the answers to written questions are worth (评分细则): secret, sealed, kept in versions."""

from __future__ import annotations

from django.db import models

from zikao.foundation.secrecy import sealed_field

RUBRIC_TEXT = sealed_field("marking.Rubric", "text_sealed", title="评分细则", bound_to=("paper_id", "version"))


class Rubric(models.Model):
    """One version of a paper's rubric; the newest is marked by."""

    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="rubrics")
    version = models.PositiveSmallIntegerField("版本")
    text_sealed = models.BinaryField("内容（密文）")
    digest = models.CharField("摘要", max_length=64)
    made_by = models.BigIntegerField("制定人账号")
    made_by_name = models.CharField("制定人", max_length=60)
    made_at = models.DateTimeField("制定时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["paper_id", "-version"]
        verbose_name = "评分细则"
        constraints = [models.UniqueConstraint(fields=["paper", "version"], name="rubric_version_once")]

    def __str__(self) -> str:
        return f"评分细则 第{self.version}版"
