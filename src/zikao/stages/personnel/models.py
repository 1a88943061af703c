"""Exam staff: persons, their certificates, what they declare, and the duties they are put on."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.agencies.models import Room, Site, TutoringInstitution
from zikao.stages.personnel.states import InterestKind, PersonKind, PostKind, Sex

ID_NUMBER = sealed_field("personnel.Person", "id_number_sealed", title="工作人员证件号码", index="id_number_index")


class Person(models.Model):
    """A member of the exam staff, full-time or part-time, belonging to an agency."""

    name = models.CharField("姓名", max_length=60)
    unit = models.CharField("工作单位", max_length=60)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    id_number_sealed = models.BinaryField("证件号码（密文）")
    id_number_index = models.BinaryField("证件号码索引", unique=True)
    kind = models.CharField("类别", max_length=4, choices=PersonKind.choices)
    title = models.CharField("职称或职务", max_length=30, blank=True)
    tutoring_institution = models.ForeignKey(
        TutoringInstitution, on_delete=models.PROTECT, null=True, blank=True, related_name="teachers"
    )
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    conditions_confirmed_on = models.DateField("基本条件确认日期")
    account_id = models.BigIntegerField("登录账户", null=True, blank=True, unique=True)
    registered_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["agency_code", "id"]
        verbose_name = "考试工作人员"
        indexes = [models.Index(fields=["agency_code", "id"], name="person_agency")]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"


class Certificate(models.Model):
    """The right to hold a kind of post (上岗证), from a day until a day (exclusive), after training and assessment."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField("证号", max_length=30, unique=True)
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    trained_on = models.DateField("培训日期")
    training_hours = models.PositiveSmallIntegerField("培训学时")
    assessed_on = models.DateField("考核日期")
    valid_from_on = models.DateField("有效期起")
    valid_until = models.DateField("有效期至")
    issued_at = models.DateTimeField("发证时间")

    class Meta:
        ordering = ["person_id", "-valid_from_on", "id"]
        verbose_name = "上岗证"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from_on")), name="certificate_validity_ordered"
            ),
            models.CheckConstraint(
                condition=Q(trained_on__lte=F("assessed_on"), assessed_on__lte=F("valid_from_on")),
                name="certificate_after_training_and_assessment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_post_kind_display()}"

    @property
    def last_day(self) -> date:
        """The last day on which it is valid, as the paper says it."""
        return self.valid_until - timedelta(days=1)


class Declaration(models.Model):
    """A relative among the candidates of a sitting, or another interest, as the person declares it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="declarations")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    kind = models.CharField("事项", max_length=10, choices=InterestKind.choices)
    declared_at = models.DateTimeField("申报时间")

    class Meta:
        ordering = ["person_id", "sitting_code", "id"]
        verbose_name = "回避申报"
        constraints = [models.UniqueConstraint(fields=["person", "sitting_code", "kind"], name="declaration_once")]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_kind_display()}"


class Duty(models.Model):
    """A person on duty in a sitting: at a site (chief, deputies) or in a unit, in a room or roving."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="duties")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    unit_number = models.PositiveSmallIntegerField("考试单元", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    assigned_at = models.DateTimeField("聘任时间")

    class Meta:
        ordering = ["sitting_code", "site_id", "unit_number", "room_id", "id"]
        verbose_name = "考务聘任"
        indexes = [models.Index(fields=["site", "sitting_code", "unit_number"], name="duty_site_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sitting_code", "unit_number"],
                condition=Q(unit_number__isnull=False),
                name="duty_one_place_a_unit",
            ),
            models.UniqueConstraint(
                fields=["person", "sitting_code"],
                condition=Q(unit_number__isnull=True),
                name="duty_one_post_a_sitting",
            ),
            models.UniqueConstraint(
                fields=["site", "sitting_code"], condition=Q(post_kind="chief"), name="duty_one_chief_a_site"
            ),
            models.CheckConstraint(
                condition=~Q(post_kind="invigilator") | Q(room__isnull=False, unit_number__isnull=False),
                name="duty_invigilator_has_room_and_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_post_kind_display()}"
