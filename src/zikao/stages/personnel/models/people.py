"""Exam staff: persons, the posts they hold over time, and their certificates."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.personnel.models.training import TrainingCourse
from zikao.stages.personnel.states import PersonKind, PostKind, Sex

ID_NUMBER = sealed_field("personnel.Person", "id_number_sealed", title="工作人员证件号码", index="id_number_index")
PHONE = sealed_field("personnel.Person", "phone_sealed", title="工作人员联系电话", index="phone_index")
ADDRESS = sealed_field("personnel.Person", "address_sealed", title="工作人员通信地址", index="address_index")


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
    phone_sealed = models.BinaryField("联系电话（密文）", null=True)
    phone_index = models.BinaryField("联系电话索引", null=True, db_index=True)
    address_sealed = models.BinaryField("通信地址（密文）", null=True)
    address_index = models.BinaryField("通信地址索引", null=True, db_index=True)
    conditions_confirmed_on = models.DateField("基本条件确认日期")
    conditions_lapsed = models.JSONField("已不具备的基本条件", default=list)
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
    course = models.ForeignKey(
        TrainingCourse, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    trained_on = models.DateField("培训日期")
    training_hours = models.PositiveSmallIntegerField("培训学时")
    assessed_on = models.DateField("考核日期")
    valid_from_on = models.DateField("有效期起")
    valid_until = models.DateField("有效期至")
    issued_at = models.DateTimeField("发证时间")
    withdrawn_at = models.DateTimeField("注销时间", null=True, blank=True)
    withdrawal_reason = models.CharField("注销原因", max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["person_id", "-valid_from_on", "id"]
        verbose_name = "上岗证"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from_on"))
                | Q(withdrawn_at__isnull=False, valid_until=F("valid_from_on")),
                name="certificate_validity_ordered",
            ),
            models.CheckConstraint(
                condition=Q(trained_on__lte=F("assessed_on"), assessed_on__lte=F("valid_from_on")),
                name="certificate_after_training_and_assessment",
            ),
            models.UniqueConstraint(fields=["person", "post_kind", "course"], name="certificate_once_a_course"),
        ]
        indexes = [models.Index(fields=["post_kind", "valid_until"], name="certificate_ends")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_post_kind_display()}"

    @property
    def last_day(self) -> date:
        """The last day on which it is valid, as the paper says it."""
        return self.valid_until - timedelta(days=1)


class Posting(models.Model):
    """A post that a person is appointed to, from a day until a day (exclusive; None while it lasts)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    agency_code = models.CharField("聘任机构", max_length=12, db_collation="C")
    since_on = models.DateField("聘期起")
    until_on = models.DateField("聘期止", null=True, blank=True)
    end_reason = models.CharField("解聘原因", max_length=200, blank=True)
    appointed_at = models.DateTimeField("聘任时间")

    class Meta:
        ordering = ["person_id", "-since_on", "id"]
        verbose_name = "岗位聘任"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="posting_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "post_kind"], condition=Q(until_on__isnull=True), name="posting_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_kind_display()}（{self.since_on} 起）"
