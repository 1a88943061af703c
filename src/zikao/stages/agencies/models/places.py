"""Secure rooms, printing units, vehicles and cameras: each accepted until a day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.agencies.models.tree import Agency
from zikao.stages.agencies.states import FacilityKind


class SecureRoom(models.Model):
    """A secure room (保密室) of an agency, accepted by the secrecy department until a day (exclusive)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="secure_rooms")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    name = models.CharField("名称", max_length=60)
    cameras = models.PositiveSmallIntegerField("摄像头数")
    acceptance_number = models.CharField("验收文号", max_length=40)
    accepted_on = models.DateField("验收日期")
    accepted_until = models.DateField("验收有效期至")
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        ordering = ["agency_code", "id"]
        verbose_name = "试卷保密室"
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="secure_room_name_once"),
            models.CheckConstraint(
                condition=Q(accepted_until__gt=F("accepted_on")), name="secure_room_validity_ordered"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A printing unit, a vehicle with cameras, or the cameras of a site: checked, and valid until a day (exclusive)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="facilities")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    kind = models.CharField("类别", max_length=12, choices=FacilityKind.choices)
    name = models.CharField("名称", max_length=60)
    identifier = models.CharField("编号", max_length=40, db_collation="C")
    site = models.ForeignKey("agencies.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="cameras")
    cameras = models.PositiveSmallIntegerField("摄像头数", default=0)
    has_positioning = models.BooleanField("有定位或射频识别", default=False)
    certificate_number = models.CharField("资质或验收文号", max_length=60)
    valid_from = models.DateField("有效期自")
    valid_until = models.DateField("有效期至")
    evidence = models.CharField("证明材料", max_length=64)
    evidence_type = models.CharField("文件类型", max_length=60)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        ordering = ["agency_code", "kind", "id"]
        verbose_name = "考务设施"
        indexes = [
            models.Index(fields=["agency_code", "kind"], name="facility_agency"),
            models.Index(fields=["valid_until"], condition=Q(ended_on__isnull=True), name="facility_valid_until"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "identifier"], condition=Q(ended_on__isnull=True), name="facility_once"
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="facility_validity_ordered"),
            models.CheckConstraint(
                condition=Q(kind="cameras", site__isnull=False) | ~Q(kind="cameras") & Q(site__isnull=True),
                name="facility_cameras_of_a_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
