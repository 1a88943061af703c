"""Agencies in their tree, exam areas' committees, sites with rooms, schools, tutoring institutions, secure rooms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.regulation import parameter
from zikao.stages.agencies.states import AgencyKind, ApprovalKind, CommitteeRole, SiteState


class Agency(models.Model):
    """An education examinations agency; its code begins with its parent's."""

    code = models.CharField("代码", max_length=12, unique=True, db_collation="C")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=12, choices=AgencyKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    is_seat = models.BooleanField("地级人民政府所在地", default=False)
    opened_at = models.DateTimeField("设立时间")

    class Meta:
        ordering = ["code"]
        verbose_name = "机构"
        constraints = [
            models.CheckConstraint(condition=Q(is_seat=False) | Q(kind="county"), name="agency_seat_is_county"),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(kind__in=["province", "military"]),
                name="agency_below_province_has_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class CommitteeMember(models.Model):
    """A member of an exam area's committee."""

    area = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="committee")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    role = models.CharField("职务", max_length=10, choices=CommitteeRole.choices)
    department = models.CharField("部门", max_length=30)
    name = models.CharField("姓名", max_length=60)
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["area_id", "id"]
        verbose_name = "考区委员会成员"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="member_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(role="director", until_on__isnull=True),
                name="area_has_one_director",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.get_role_display()}"


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


class Site(models.Model):
    """An exam site (考点) of an area; `agency_code` is the area's code."""

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
    proposed_at = models.DateTimeField("申报时间")

    class Meta:
        ordering = ["code"]
        verbose_name = "考点"
        indexes = [models.Index(fields=["agency_code"], name="site_agency")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(accepted_on__isnull=False, accepted_until__gt=F("accepted_on")) & ~Q(filing_number=""),
                name="site_accepted_has_validity",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SiteApproval(models.Model):
    """The province's approval of an exception: a site away from the seat, or on a tutoring institution's grounds."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField("事项", max_length=10, choices=ApprovalKind.choices)
    document_number = models.CharField("批文号", max_length=40)
    approved_on = models.DateField("批准日期")

    class Meta:
        ordering = ["site_id", "kind"]
        verbose_name = "设点批准"
        constraints = [models.UniqueConstraint(fields=["site", "kind"], name="site_approval_once")]

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


class SecureRoom(models.Model):
    """A secure room (保密室) of an agency, accepted by the secrecy department until a day (exclusive)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="secure_rooms")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    name = models.CharField("名称", max_length=60)
    cameras = models.PositiveSmallIntegerField("摄像头数")
    acceptance_number = models.CharField("验收文号", max_length=40)
    accepted_on = models.DateField("验收日期")
    accepted_until = models.DateField("验收有效期至")

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
