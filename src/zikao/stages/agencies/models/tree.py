"""Agencies in their tree, the codes and names they bore from day to day, and who followed whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.agencies.states import AgencyKind, CommitteeRole, SuccessionKind


class Agency(models.Model):
    """An education examinations agency; its code begins with its parent's."""

    code = models.CharField("代码", max_length=12, unique=True, db_collation="C")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=12, choices=AgencyKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    is_seat = models.BooleanField("地级人民政府所在地", default=False)
    opened_at = models.DateTimeField("设立时间")
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    does_records = models.BooleanField("承担考籍管理工作", default=False)

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

    @property
    def is_open(self) -> bool:
        """Whether the agency still acts."""
        return self.closed_on is None


class AgencyPeriod(models.Model):
    """What an agency was called, under which code and parent, from a day until a day (exclusive)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="periods")
    code = models.CharField("代码", max_length=12, db_collation="C")
    name = models.CharField("名称", max_length=60)
    parent_code = models.CharField("上级代码", max_length=12, db_collation="C", blank=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)
    document_number = models.CharField("依据文号", max_length=60, blank=True)

    class Meta:
        ordering = ["agency_id", "since_on", "id"]
        verbose_name = "机构沿革"
        indexes = [models.Index(fields=["code", "since_on"], name="agency_period_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="agency_period_ordered"
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(until_on__isnull=True), name="agency_has_one_present_period"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(until_on__isnull=True), name="agency_code_stands_for_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Succession(models.Model):
    """One code followed by another from a day on: merged into it, split off from it, given another code."""

    old_code = models.CharField("原代码", max_length=12, db_collation="C")
    new_code = models.CharField("承接代码", max_length=12, db_collation="C")
    kind = models.CharField("缘由", max_length=10, choices=SuccessionKind.choices)
    takes_over = models.BooleanField("承接考生与人员", default=True)
    on = models.DateField("日期")
    document_number = models.CharField("依据文号", max_length=60)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = "机构承接"
        indexes = [models.Index(fields=["new_code"], name="succession_new_code")]
        constraints = [
            models.UniqueConstraint(fields=["old_code", "new_code", "on"], name="succession_once"),
            models.UniqueConstraint(
                fields=["old_code", "on"], condition=Q(takes_over=True), name="succession_taken_over_by_one"
            ),
            models.CheckConstraint(condition=~Q(old_code=F("new_code")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} {self.get_kind_display()} {self.new_code}"


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
