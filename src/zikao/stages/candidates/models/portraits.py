"""What was measured of a picture, by its digest: so that the same picture is not looked at twice."""

from __future__ import annotations

from django.db import models


class MeasuredPortrait(models.Model):
    """The facts that one checker found in one picture. Not the picture, and not a verdict: the law is asked anew.

    Whose picture it is stands nowhere here. A row that is gone costs another look, nothing else.
    """

    digest = models.BinaryField("照片摘要（SM3）", max_length=32)
    checker = models.CharField("检测程序", max_length=32, db_collation="C")
    facts = models.JSONField("检测结果")
    measured_at = models.DateTimeField("检测时间")

    class Meta:
        ordering = ["id"]
        verbose_name = "照片检测结果"
        indexes = [models.Index(fields=["measured_at"], name="measured_portrait_age")]
        constraints = [models.UniqueConstraint(fields=["digest", "checker"], name="portrait_measured_once")]

    def __str__(self) -> str:
        return f"{bytes(self.digest).hex()[:12]} {self.checker[:6]}"
