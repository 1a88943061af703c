"""Who is reached: emergency leading groups, record departments and their staff, duty phones."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.agencies.models.tree import Agency
from zikao.stages.agencies.states import EmergencyLevel, EmergencyRole, EndReason

EMERGENCY_PHONE = sealed_field("agencies.EmergencyMember", "phone_sealed", title="应急领导小组成员电话")
DUTY_PHONE = sealed_field("agencies.DutyPhone", "phone_sealed", title="值班电话")


class EmergencyMember(models.Model):
    """A member of the leading group for emergencies of examinations, at the ministry or in the province (EA-5.2)."""

    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    level = models.CharField("层级", max_length=10, choices=EmergencyLevel.choices)
    role = models.CharField("职务", max_length=10, choices=EmergencyRole.choices)
    name = models.CharField("姓名", max_length=60)
    unit = models.CharField("单位与职务", max_length=80)
    phone_sealed = models.BinaryField("联系电话（密封）")
    other_channel = models.CharField("其他联络渠道", max_length=80, blank=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["agency_code", "level", "id"]
        verbose_name = "应急处置工作领导小组成员"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="emergency_member_ordered"
            ),
            models.UniqueConstraint(
                fields=["agency_code", "level"],
                condition=Q(role="leader", until_on__isnull=True),
                name="emergency_group_has_one_leader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.get_role_display()}"


class RecordDepartment(models.Model):
    """The department of student records (考籍管理部门) of an agency that does such work (SR-6)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="record_departments")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    name = models.CharField("部门名称", max_length=60)
    head = models.CharField("负责人", max_length=60)
    equipment = models.CharField("软硬件设备", max_length=300)
    document_number = models.CharField("设立文号", max_length=60)
    since_on = models.DateField("设立日期")
    until_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        ordering = ["agency_code", "id"]
        verbose_name = "考籍管理部门"
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(until_on__isnull=True), name="record_department_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="record_department_ordered"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecordStaff(models.Model):
    """A worker of a record department, with the last training and assessment (SR-7)."""

    department = models.ForeignKey(RecordDepartment, on_delete=models.PROTECT, related_name="staff")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    name = models.CharField("姓名", max_length=60)
    is_full_time = models.BooleanField("专职", default=True)
    since_on = models.DateField("到岗日期")
    trained_on = models.DateField("最近培训日期", null=True, blank=True)
    assessed_as = models.CharField("考核结论", max_length=30, blank=True)
    until_on = models.DateField("离岗日期", null=True, blank=True)
    end_reason = models.CharField("离岗原因", max_length=10, choices=EndReason.choices, blank=True)

    class Meta:
        ordering = ["agency_code", "id"]
        verbose_name = "考籍管理工作人员"
        indexes = [models.Index(fields=["agency_code"], name="record_staff_agency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True, end_reason="") | Q(until_on__gte=F("since_on")) & ~Q(end_reason=""),
                name="record_staff_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class DutyPhone(models.Model):
    """A telephone of an agency that somebody answers day and night in the days of an examination (EA-30.1)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="duty_phones")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    place = models.CharField("值班室", max_length=60)
    phone_sealed = models.BinaryField("电话（密封）")
    is_day_and_night = models.BooleanField("昼夜值守", default=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["agency_code", "id"]
        verbose_name = "值班电话"
        indexes = [models.Index(fields=["agency_code"], name="duty_phone_agency")]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "place"], condition=Q(until_on__isnull=True), name="duty_phone_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="duty_phone_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.place}"
