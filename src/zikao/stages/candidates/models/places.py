"""When and where people register for the first time: the province says when, the counties where (EA-12.1)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q


class RegistrationPeriod(models.Model):
    """From when until when people register who sit for the first time in a sitting; without one, at any time."""

    sitting = models.OneToOneField("programmes.Sitting", on_delete=models.PROTECT, related_name="registration_period")
    opens_at = models.DateTimeField("报名开始")
    closes_at = models.DateTimeField("报名截止（不含）")

    class Meta:
        ordering = ["-sitting__code"]
        verbose_name = "报名时间"
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="registration_period_ends_later")
        ]

    def __str__(self) -> str:
        return f"{self.sitting}报名时间"


class RegistrationPlace(models.Model):
    """A counter where people of a county come with their document; it ends with its county at the latest.

    `taken_from` is the counter of a county that went into this one, of which this goes on.
    """

    county = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=120)
    hours = models.CharField("办理时间", max_length=80)
    phone = models.CharField("咨询电话", max_length=20)
    since_on = models.DateField("起")
    until_on = models.DateField("止（不含）", null=True, blank=True)
    taken_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_on_as", verbose_name="承接自"
    )

    class Meta:
        ordering = ["county__code", "id"]
        verbose_name = "报名点"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "name"], condition=Q(until_on__isnull=True), name="registration_place_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="registration_place_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ends_on(self) -> date | None:
        """From which day it is no longer there: closed by hand, or with its county; None while it stands."""
        return self.until_on or self.county.closed_on
