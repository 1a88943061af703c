"""Entry windows with their periods and changes, entries, and the list that is frozen when a window closes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zikao.foundation.regulation import in_chinese
from zikao.stages.entries.models.paying import Order, Payment
from zikao.stages.entries.states import LIST_VERSION, Category, EntryState, WindowState, ways


class EntryWindow(models.Model):
    """When candidates may enter for a sitting: from an instant until an instant (exclusive)."""

    sitting = models.OneToOneField("programmes.Sitting", on_delete=models.PROTECT, related_name="entry_window")
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    online = models.BooleanField("网上报考", default=True)
    on_site = models.BooleanField("现场报考", default=True)
    waiting_room = models.BooleanField("启用候场排队", db_default=False, default=False)
    state = models.CharField("状态", max_length=10, choices=WindowState.choices, default=WindowState.OPEN)

    class Meta:
        verbose_name = "报考时间"
        ordering = ["-opens_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="window_closes_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.get_state_display()}"


class EntryPeriod(models.Model):
    """A part of a window for some categories of candidates, in some ways; a window without periods is for all."""

    window = models.ForeignKey(EntryWindow, on_delete=models.PROTECT, related_name="periods")
    title = models.CharField("名称", max_length=40)
    categories = ArrayField(models.CharField(max_length=12), verbose_name="考生类别")
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    online = models.BooleanField("网上报考", default=True)
    on_site = models.BooleanField("现场报考", default=True)

    class Meta:
        verbose_name = "报考时段"
        ordering = ["opens_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="period_closes_after_opening"),
            models.CheckConstraint(condition=Q(online=True) | Q(on_site=True), name="period_has_a_way"),
            models.UniqueConstraint(fields=["window", "title"], name="period_title_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def for_whom(self) -> str:
        """Categories and ways, in words."""
        who = [each.label for each in Category if each.value in self.categories] or ["全部考生"]
        return f"{in_chinese(who)}，{in_chinese(sorted(ways(online=self.online, on_site=self.on_site)))}"


class WindowChange(models.Model):
    """A change of a window's times after it was announced, with the reason that candidates read."""

    window = models.ForeignKey(EntryWindow, on_delete=models.PROTECT, related_name="changes")
    opened_at = models.DateTimeField("原开始时间")
    closed_at = models.DateTimeField("原截止时间")
    opens_at = models.DateTimeField("现开始时间")
    closes_at = models.DateTimeField("现截止时间")
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("调整时间")

    class Meta:
        verbose_name = "报考时间变更"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.reason


class Places(models.Model):
    """How many may sit in a unit, in an area or at one of its sites, and how many places are held and paid.

    Triggers on the entries keep `held` and `paid` (migration 0005): whoever enters, pays or leaves, by whichever way,
    and the database refuses the entry that would be one too many. Without a row an area is not limited.
    """

    unit = models.ForeignKey("programmes.Unit", on_delete=models.PROTECT, related_name="places")
    area_code = models.CharField("考区", max_length=12, db_collation="C")
    site_code = models.CharField("考点", max_length=12, db_collation="C", blank=True)
    capacity = models.IntegerField("可报座位")
    seats = models.IntegerField("考点实有座位")
    held = models.IntegerField("保留中", default=0)
    paid = models.IntegerField("已缴费", default=0)

    class Meta:
        verbose_name = "报考名额"
        ordering = ["unit_id", "area_code", "site_code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "area_code", "site_code"], name="places_once"),
            models.CheckConstraint(condition=Q(held__gte=0, paid__gte=0), name="places_not_negative"),
            models.CheckConstraint(condition=Q(capacity__gte=F("held") + F("paid")), name="places_not_oversold"),
        ]

    def __str__(self) -> str:
        return f"{self.area_code}{self.site_code and '/'}{self.site_code} {self.unit_id}"

    @property
    def left(self) -> int:
        """How many places are still to be had."""
        return self.capacity - self.held - self.paid


class Entry(models.Model):
    """One course of one candidate in one sitting (报考科次).

    `was_at`: when it was to be sat before a correction of the timetable, in words, or that a correction ended it
    (`TAKEN_BACK`); `clashing`: since then the candidate has another course in the same unit, which was there first.
    """

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="entries")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="entries")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="entries")
    unit = models.ForeignKey("programmes.Unit", on_delete=models.PROTECT, related_name="entries")
    area_code = models.CharField("考区", max_length=12, db_collation="C")
    site_code = models.CharField("意向考点", max_length=12, db_collation="C", blank=True, db_default="")
    separate_room = models.BooleanField("单独考场（封存时）", default=False, db_default=False)
    tutoring_code = models.CharField(
        "助学机构（封存时，考区内有其场地的）", max_length=20, db_collation="C", blank=True, default="", db_default=""
    )
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C")
    state = models.CharField("状态", max_length=10, choices=EntryState.choices, default=EntryState.ENTERED)
    fee_fen = models.IntegerField("考试费（分）")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entries", null=True, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="entries", null=True, blank=True)
    held_until = models.DateTimeField("名额保留至", null=True, blank=True)
    refund_fen = models.IntegerField("退报应退（分）", db_default=0, default=0)
    was_at = models.CharField("更正前的考试时间", max_length=60, blank=True, default="", db_default="")
    clashing = models.BooleanField("更正后时间冲突", default=False, db_default=False)
    entered_at = models.DateTimeField("报考时间")
    withdrawn_at = models.DateTimeField("退报时间", null=True, blank=True)

    class Meta:
        verbose_name = "报考"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "unit"],
                condition=~Q(state="withdrawn") & Q(clashing=False),
                name="entry_one_course_a_unit",
            ),
            models.CheckConstraint(condition=Q(fee_fen__gte=0), name="entry_fee_not_negative"),
            models.CheckConstraint(
                condition=Q(refund_fen__gte=0, refund_fen__lte=F("fee_fen")), name="entry_refund_within_fee"
            ),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True) | Q(state="entered"), name="entry_holds_only_while_unpaid"
            ),
            models.CheckConstraint(condition=~Q(state="paid") | Q(payment__isnull=False), name="entry_paid_by_payment"),
        ]
        indexes = [
            models.Index(fields=["sitting", "state", "agency_code"], name="entry_sitting_state_place"),
            models.Index(fields=["agency_code", "id"], include=["area_code"], name="entry_by_agency"),
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="entry_held_until"),
            models.Index(fields=["sitting", "agency_code"], condition=~Q(was_at=""), name="entry_corrected"),
            models.Index(fields=["agency_code", "id"], condition=Q(clashing=True), name="entry_clashing"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.paper_id} {self.get_state_display()}"


class EntryList(models.Model):
    """The frozen list of a sitting: paid entries only, its digest published before the draw."""

    sitting = models.OneToOneField("programmes.Sitting", on_delete=models.PROTECT, related_name="entry_list")
    version = models.PositiveSmallIntegerField("名册格式", default=LIST_VERSION, db_default=1)
    digest = models.CharField("名册摘要（SM3）", max_length=64)
    count = models.IntegerField("列入科次")
    candidates = models.IntegerField("列入人数")
    unpaid = models.IntegerField("未缴费科次")
    withdrawn = models.IntegerField("退报科次")
    fee_fen = models.BigIntegerField("考试费合计（分）")
    closed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "报考名册"
        ordering = ["-closed_at", "id"]

    def __str__(self) -> str:
        return f"{self.sitting} {self.count} 科次"
