"""Duties of a sitting, the rosters they were drawn in, and people dispatched by the province."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.agencies.models import Room, Site
from zikao.stages.personnel.models.people import Person
from zikao.stages.personnel.states import PostKind


class Dispatch(models.Model):
    """One central draw of a province over a pool, for several sites."""

    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    number = models.CharField("调派文号", max_length=40, unique=True)
    first_on = models.DateField("首个考试日")
    last_on = models.DateField("最后考试日")
    seed = models.CharField("抽签种子", max_length=60)
    digest = models.CharField("名单摘要（SM3）", max_length=64)
    pool = models.PositiveIntegerField("人员库人数")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    drawn_at = models.DateTimeField("抽签时间")

    class Meta:
        ordering = ["-drawn_at", "id"]
        verbose_name = "统一调派"

    def __str__(self) -> str:
        return f"{self.number}（{self.sitting_code}）"


class StandingPlaces(models.Manager["DispatchPlace"]):
    """Those who are still sent."""

    def get_queryset(self) -> models.QuerySet[DispatchPlace]:
        """Whoever was called back is bound to no site any more."""
        return super().get_queryset().filter(recalled_at__isnull=True)


class DispatchPlace(models.Model):
    """A person dispatched to a site in a post, for the whole sitting, unless called back."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dispatches")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="dispatched")
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    recalled_at = models.DateTimeField("撤回时间", null=True, blank=True)
    recall_reason = models.CharField("撤回原因", max_length=200, blank=True, db_default="")

    objects = StandingPlaces()
    all_places = models.Manager["DispatchPlace"]()

    class Meta:
        ordering = ["site__code", "post_kind", "person_id"]
        default_manager_name = "objects"
        verbose_name = "调派人员"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sitting_code"],
                condition=Q(recalled_at__isnull=True),
                name="dispatched_once_a_sitting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_post_kind_display()}"


class Roster(models.Model):
    """A draw of invigilators for a site's units: seed, solver and inputs, so that anyone can draw it again."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rosters")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    units = models.JSONField("考试单元")
    seed = models.CharField("抽签种子", max_length=60)
    solver = models.CharField("求解器", max_length=60)
    inputs = models.JSONField("输入")
    digest = models.CharField("结果摘要（SM3）", max_length=64)
    placed = models.PositiveIntegerField("场次")
    unmet = models.JSONField("未满足的愿望", default=dict)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    drawn_at = models.DateTimeField("编排时间")

    class Meta:
        ordering = ["-drawn_at", "-id"]
        verbose_name = "监考编排"
        indexes = [models.Index(fields=["site", "sitting_code"], name="roster_site")]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.site_id}"


class StandingDuties(models.Manager["Duty"]):
    """Duties that nobody ended."""

    def get_queryset(self) -> models.QuerySet[Duty]:
        """Only those that stand: whoever asks who is on duty does not meet the others."""
        return super().get_queryset().filter(ended_at__isnull=True)


class Duty(models.Model):
    """A person on duty in a sitting: at a site (chief, deputies) or in a unit, in a room or roving.

    A post for the whole sitting that changed hands was held `since_unit` and `until_unit` (exclusive).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    post_kind = models.CharField("岗位", max_length=12, choices=PostKind.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="duties")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    unit_number = models.PositiveSmallIntegerField("考试单元", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    assigned_at = models.DateTimeField("聘任时间")
    held_on = models.DateField("日期", null=True, blank=True)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    since_unit = models.PositiveSmallIntegerField("自第几单元接替", null=True, blank=True)
    until_unit = models.PositiveSmallIntegerField("到第几单元为止（不含）", null=True, blank=True)
    done_at = models.DateTimeField("履职登记时间", null=True, blank=True)
    ended_at = models.DateTimeField("停止时间", null=True, blank=True)
    end_reason = models.CharField("停止原因", max_length=200, blank=True)

    objects = StandingDuties()
    all_duties = models.Manager["Duty"]()

    class Meta:
        ordering = ["sitting_code", "site_id", "unit_number", "room_id", "id"]
        default_manager_name = "objects"
        verbose_name = "考务聘任"
        indexes = [models.Index(fields=["site", "sitting_code", "unit_number"], name="duty_site_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sitting_code", "unit_number"],
                condition=Q(unit_number__isnull=False, ended_at__isnull=True),
                name="duty_one_place_a_unit",
            ),
            models.UniqueConstraint(
                fields=["person", "sitting_code"],
                condition=Q(unit_number__isnull=True, ended_at__isnull=True),
                name="duty_one_post_a_sitting",
            ),
            models.UniqueConstraint(
                fields=["site", "sitting_code"],
                condition=Q(post_kind="chief", ended_at__isnull=True),
                name="duty_one_chief_a_site",
            ),
            models.CheckConstraint(
                condition=~Q(post_kind="invigilator") | Q(room__isnull=False, unit_number__isnull=False),
                name="duty_invigilator_has_room_and_unit",
            ),
            models.CheckConstraint(
                condition=Q(since_unit__isnull=True, until_unit__isnull=True) | Q(unit_number__isnull=True),
                name="duty_in_part_of_a_sitting",
            ),
            models.CheckConstraint(
                condition=Q(since_unit__isnull=True) | Q(until_unit__isnull=True) | Q(until_unit__gt=F("since_unit")),
                name="duty_in_part_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_post_kind_display()}"

    @property
    def span(self) -> str:
        """For which units the duty is held, in words."""
        if self.unit_number is not None:
            return f"第{self.unit_number}单元"
        since = f"第{self.since_unit}单元起" if self.since_unit else ""
        until = f"到第{self.until_unit}单元前为止" if self.until_unit else ""
        return "，".join(filter(None, (since, until))) or "全程"
