"""Examining schools and their clerks, tutoring institutions, schools that support the examination."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field

SCHOOL_PHONE = sealed_field("agencies.SupportingSchool", "phone_sealed", title="支持学校联系电话")


class School(models.Model):
    """An examining school (主考学校)."""

    code = models.CharField("代码", max_length=10, unique=True, db_collation="C")
    name = models.CharField("名称", max_length=60, unique=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["code"]
        verbose_name = "主考学校"

    def __str__(self) -> str:
        return self.name


class SchoolClerk(models.Model):
    """The account that acts for an examining school: it sees the results of that school's majors only (SR-A1.13)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="clerks")
    account_id = models.BigIntegerField("账号")
    name = models.CharField("经办人", max_length=60)
    since_at = models.DateTimeField("登记时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        ordering = ["school_id", "id"]
        verbose_name = "主考学校经办"
        constraints = [
            models.UniqueConstraint(
                fields=["account_id"], condition=models.Q(ended_at__isnull=True), name="school_clerk_of_one_school"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.name}"


class TutoringInstitution(models.Model):
    """An institution that tutors candidates (助学机构)."""

    code = models.CharField("代码", max_length=10, unique=True, db_collation="C")
    name = models.CharField("名称", max_length=60)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["code"]
        verbose_name = "助学机构"

    def __str__(self) -> str:
        return self.name


class SupportingSchool(models.Model):
    """A school set up by the state that supports the examination: what it can supply, and since when (EA-7.1)."""

    code = models.CharField("学校代码", max_length=12, db_collation="C")
    name = models.CharField("学校名称", max_length=60)
    area = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="supporting_schools")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    rooms = models.PositiveSmallIntegerField("可提供考场", default=0)
    invigilators = models.PositiveSmallIntegerField("可委派监考员", default=0)
    markers = models.PositiveSmallIntegerField("可委派评卷员", default=0)
    question_setters = models.PositiveSmallIntegerField("可委派命（译）题教师", default=0)
    contact = models.CharField("联系人", max_length=60)
    phone_sealed = models.BinaryField("联系电话（密封）")
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["code", "id"]
        verbose_name = "支持学校"
        indexes = [models.Index(fields=["agency_code"], name="supporting_school_agency")]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(until_on__isnull=True), name="supporting_school_once"),
            models.CheckConstraint(
                condition=Q(rooms__gt=0) | Q(invigilators__gt=0) | Q(markers__gt=0) | Q(question_setters__gt=0),
                name="supporting_school_supplies_something",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="supporting_school_ordered"
            ),
        ]

    def __str__(self) -> str:
        return self.name
