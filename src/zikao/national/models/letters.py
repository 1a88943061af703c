"""The letters of the provinces about premises of tutoring institutions (EA-A3.1)."""

from __future__ import annotations

from django.db import models


class ReceivedLetter(models.Model):
    """A province's letter about one site and session, as it was signed; answered with a receipt number."""

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    number = models.CharField("函号", max_length=40)
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    site_code = models.CharField("考点代码", max_length=12, db_collation="C")
    body = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    receipt_number = models.CharField("收文号", max_length=40, unique=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "使用助学机构场地专函"
        indexes = [models.Index(fields=["sitting_code", "province"], name="letter_sitting_province")]
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="received_letter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.number}"
