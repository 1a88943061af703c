"""The letter to the centre about premises of a tutoring institution, a session at a time (EA-A3.1)."""

from __future__ import annotations

from django.db import models

from zikao.stages.agencies.models.sites import Site
from zikao.stages.agencies.states import LetterState


class PremisesLetter(models.Model):
    """One letter for a site and a session; `body` is what was sent, signed by `digest`."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="letters")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    number = models.CharField("函号", max_length=40)
    state = models.CharField("状态", max_length=12, choices=LetterState.choices)
    body = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    document = models.CharField("函件", max_length=64)
    sent_at = models.DateTimeField("报送时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)

    class Meta:
        ordering = ["-sent_at", "-id"]
        verbose_name = "使用助学机构场地专函"
        indexes = [models.Index(fields=["agency_code", "sitting_code"], name="letter_agency_sitting")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "sitting_code"],
                condition=~models.Q(state="returned"),
                name="premises_letter_once_a_sitting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.sitting_code}"
