"""Exam sites: their place, exceptions, inspections, rooms and working groups; the ministry's consents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy import sealed_field
from zikao.stages.agencies.models.institutions import TutoringInstitution
from zikao.stages.agencies.models.tree import Agency
from zikao.stages.agencies.states import (
    ApprovalKind,
    ConsentMatter,
    ExceptionState,
    GroupRole,
    SiteState,
    WorkingGroup,
)

GROUP_PHONE = sealed_field("agencies.GroupMember", "phone_sealed", title="考点工作小组成员电话")


class MinistryConsent(models.Model):
    """The ministry's consent to examine outside the province, or for another one: document, day, file (EA-22.4)."""

    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    matter = models.CharField("事项", max_length=10, choices=ConsentMatter.choices)
    place_code = models.CharField("所涉省份代码", max_length=2, db_collation="C")
    document_number = models.CharField("教育部同意函文号", max_length=60)
    consented_on = models.DateField("同意日期")
    until_on = models.DateField("有效期至")
    document = models.CharField("同意函", max_length=64)
    document_type = models.CharField("文件类型", max_length=60)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["-consented_on", "-id"]
        verbose_name = "教育部同意函"
        constraints = [
            models.UniqueConstraint(
                fields=["agency_code", "document_number", "matter", "place_code"], name="ministry_consent_once"
            ),
            models.CheckConstraint(condition=Q(until_on__gt=F("consented_on")), name="ministry_consent_ordered"),
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(document=""), name="ministry_consent_has_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_number} {self.get_matter_display()} {self.place_code}"


class Site(models.Model):
    """An exam site (考点) of an area; `agency_code` is its own code, which begins with the area's ("3201-01")."""

    code = models.CharField("代码", max_length=10, unique=True, db_collation="C")
    name = models.CharField("名称", max_length=60)
    area = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sites")
    county = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    host = models.CharField("办学机构", max_length=60)
    address = models.CharField("地址", max_length=120)
    tutoring_institution = models.ForeignKey(
        TutoringInstitution, on_delete=models.PROTECT, null=True, blank=True, related_name="sites"
    )
    exception_reason = models.CharField("特殊需要的理由", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=SiteState.choices, default=SiteState.PROPOSED)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    accepted_until = models.DateField("验收有效期至", null=True, blank=True)
    filing_number = models.CharField("备案号", max_length=30, blank=True)
    suspension_reason = models.CharField("停用原因", max_length=300, blank=True)
    barred_until = models.DateField("不得恢复使用至", null=True, blank=True)
    place_code = models.CharField("场地所在省份代码", max_length=2, db_collation="C")
    consent = models.ForeignKey(
        "agencies.MinistryConsent", on_delete=models.PROTECT, null=True, blank=True, related_name="sites"
    )
    accepted_inspection = models.ForeignKey(
        "agencies.Inspection", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    proposed_at = models.DateTimeField("申报时间")

    class Meta:
        ordering = ["code"]
        verbose_name = "考点"
        indexes = [
            models.Index(fields=["agency_code"], name="site_agency"),
            models.Index(fields=["accepted_until"], condition=Q(state="accepted"), name="site_accepted_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(accepted_on__isnull=False, accepted_until__gt=F("accepted_on")) & ~Q(filing_number=""),
                name="site_accepted_has_validity",
            ),
            models.CheckConstraint(
                condition=Q(consent__isnull=False) | Q(agency_code__startswith=F("place_code")),
                name="site_outside_needs_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SiteApproval(models.Model):
    """An exception that an area applies for: a site away from the seat, or on a tutoring institution's grounds."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField("事项", max_length=10, choices=ApprovalKind.choices)
    state = models.CharField("状态", max_length=10, choices=ExceptionState.choices)
    reason = models.CharField("特殊需要的理由", max_length=300)
    evidence = models.CharField("申请材料", max_length=64)
    evidence_type = models.CharField("文件类型", max_length=60)
    applied_at = models.DateTimeField("申请时间")
    document_number = models.CharField("批文号", max_length=40, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)

    class Meta:
        ordering = ["site_id", "kind", "id"]
        verbose_name = "特殊设点申请"
        constraints = [
            models.UniqueConstraint(fields=["site", "kind"], condition=~Q(state="refused"), name="site_exception_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_on__isnull=False) & ~Q(document_number=""),
                name="site_exception_approved_by_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_number}"


class Inspection(models.Model):
    """One standardisation inspection of a site."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField("检查日期")
    inspectors = models.CharField("检查人", max_length=120)
    passed = models.BooleanField("全部合格")

    class Meta:
        ordering = ["site_id", "id"]
        verbose_name = "考点检查"

    def __str__(self) -> str:
        return f"{self.inspected_on} {'合格' if self.passed else '不合格'}"


class InspectionItem(models.Model):
    """One item of an inspection's checklist with its evidence."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="items")
    code = models.CharField("项目", max_length=30)
    ok = models.BooleanField("合格")
    evidence = models.CharField("依据", max_length=200)
    file = models.CharField("附件", max_length=64, blank=True)
    file_type = models.CharField("附件类型", max_length=60, blank=True)

    class Meta:
        ordering = ["inspection_id", "id"]
        verbose_name = "检查项目"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "code"], name="inspection_item_once"),
            models.CheckConstraint(condition=~Q(evidence=""), name="inspection_item_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'合格' if self.ok else '不合格'}"

    @property
    def title(self) -> str:
        """The item's name in Chinese, as the checklist of that day has it."""
        titles = parameter("site-inspection-items").on(self.inspection.inspected_on)
        return str(titles.get(self.code, self.code))


class Room(models.Model):
    """An exam room (考场) of a site; the law's numbers of seats and spacing are asked when it is added."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    number = models.PositiveSmallIntegerField("考场号")
    seats = models.PositiveSmallIntegerField("座位数")
    spacing_cm = models.PositiveSmallIntegerField("座位间距（厘米）")
    place = models.CharField("位置", max_length=60, blank=True)

    class Meta:
        ordering = ["site_id", "number"]
        verbose_name = "考场"
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="room_number_once"),
            models.CheckConstraint(
                condition=Q(number__gt=0, seats__gt=0, spacing_cm__gt=0), name="room_numbers_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number:02d}考场"


class GroupMember(models.Model):
    """A member of one of a site's working groups (EA-24.5)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="group_members")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    group = models.CharField("小组", max_length=12, choices=WorkingGroup.choices)
    role = models.CharField("职务", max_length=8, choices=GroupRole.choices)
    name = models.CharField("姓名", max_length=60)
    unit = models.CharField("单位", max_length=60)
    phone_sealed = models.BinaryField("电话（密封）")
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["site_id", "id"]
        verbose_name = "考点工作小组成员"
        indexes = [models.Index(fields=["agency_code"], name="group_member_agency")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "group"],
                condition=Q(role="leader", until_on__isnull=True),
                name="working_group_has_one_leader",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="group_member_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()} {self.get_role_display()}"
