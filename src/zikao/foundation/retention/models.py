"""What is kept, since when its time runs, what holds it longer, and how it was destroyed (see migration 0002)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.ledger.models import ClockTimestamp
from zikao.foundation.regulation import retention_schedule
from zikao.foundation.retention.states import DestructionState, Method


class Term(models.Model):
    """The least time of a kind, as the database knows it: written by the owner's migrations from the law's files."""

    kind = models.CharField(max_length=30, primary_key=True)
    clause = models.CharField(max_length=12)
    event = models.CharField(max_length=12)
    months = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = "保存期"
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"


class Clock(models.Model):
    """The day on which the time of a matter's things began; entered once, never changed."""

    matter = models.CharField("事项", max_length=60, db_collation="C")
    event = models.CharField("起算事由", max_length=12)
    started_on = models.DateField("起算日")
    recorded_at = models.DateTimeField("登记时间", db_default=ClockTimestamp(), editable=False)

    class Meta:
        verbose_name = "保存期起算"
        ordering = ["matter", "event"]
        constraints = [models.UniqueConstraint(fields=["matter", "event"], name="clock_starts_once")]

    def __str__(self) -> str:
        return f"{self.matter} {self.started_on}"


class Holding(models.Model):
    """Things of one kind and one matter (a sitting's code, or an approval), in one place."""

    kind = models.CharField("种类", max_length=30, db_collation="C")
    matter = models.CharField("考次或事项", max_length=60, db_collation="C")
    title = models.CharField("名称", max_length=80)
    place = models.CharField("存放地点", max_length=80)
    keeper = models.CharField("保管人", max_length=60)
    quantity = models.PositiveIntegerField("数量")
    unit = models.CharField("计量单位", max_length=8)
    contents = models.CharField("清单摘要", max_length=64, blank=True)
    registered_at = models.DateTimeField("登记时间")
    registered_by = models.BigIntegerField("登记人账号", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        verbose_name = "保存物"
        ordering = ["matter", "kind", "agency_code", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="holding_not_empty"),
            models.UniqueConstraint(fields=["kind", "matter", "title", "agency_code"], name="holding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.title}"

    @property
    def kind_title(self) -> str:
        """The kind's Chinese name."""
        return retention_schedule()[self.kind].title


class Hold(models.Model):
    """A reason to keep things longer: a set of cases, and the things that they need."""

    title = models.CharField("事由", max_length=80)
    reason = models.CharField("理由", max_length=300)
    cases = models.JSONField("案件", default=list)
    placed_at = models.DateTimeField("提出时间")
    placed_by = models.BigIntegerField("提出人账号", null=True)
    released_at = models.DateTimeField("解除时间", null=True)
    released_by = models.BigIntegerField("解除人账号", null=True)
    release_reason = models.CharField("解除理由", max_length=300, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "暂缓销毁"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, release_reason="")
                | Q(released_at__isnull=False) & ~Q(release_reason=""),
                name="hold_released_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("placed_by")), name="hold_released_by_another"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class HeldThing(models.Model):
    """A thing that a hold keeps."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="things")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="held_by")

    class Meta:
        verbose_name = "暂缓销毁的物品"
        ordering = ["hold_id", "holding_id"]
        constraints = [models.UniqueConstraint(fields=["hold", "holding"], name="held_once_a_hold")]

    def __str__(self) -> str:
        return f"{self.hold_id}: {self.holding_id}"


class Destruction(models.Model):
    """A list of things to be destroyed: proposed, approved, carried out by one and witnessed by another."""

    number = models.CharField("编号", max_length=20, unique=True, db_collation="C")
    state = models.CharField("状态", max_length=12, choices=DestructionState.choices, db_collation="C")
    method = models.CharField("方式", max_length=10, choices=Method.choices)
    place = models.CharField("地点", max_length=80)
    reason = models.CharField("理由", max_length=300)
    digest = models.CharField("清单摘要", max_length=64)
    approval_id = models.BigIntegerField("审批", null=True)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.BigIntegerField("提出人账号", null=True)
    carried_out_at = models.DateTimeField("执行时间", null=True)
    carried_out_by = models.BigIntegerField("执行人账号", null=True)
    carried_out_post = models.CharField("执行人岗位", max_length=30, blank=True)
    witnessed_at = models.DateTimeField("见证时间", null=True)
    witnessed_by = models.BigIntegerField("见证人账号", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "销毁"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["carried-out", "destroyed"]) | Q(carried_out_by__isnull=False),
                name="destruction_carried_out_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | Q(witnessed_by__isnull=False) & ~Q(witnessed_by=F("carried_out_by")),
                name="destruction_witnessed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DestructionItem(models.Model):
    """One thing on the list; it stands on one living list only."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="items")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="destructions")
    is_live = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = "销毁物品"
        ordering = ["destruction_id", "holding_id"]
        constraints = [
            models.UniqueConstraint(fields=["holding"], condition=Q(is_live=True), name="destroyed_once"),
            models.UniqueConstraint(fields=["destruction", "holding"], name="listed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.destruction_id}: {self.holding_id}"
