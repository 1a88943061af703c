"""Scanned cards, what each reader saw, what was unclear and who ruled on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.marking.states import CardState


class ScanBatch(models.Model):
    """A stack of cards of one paper as it came from the scanner; `count` pictures, none is ever dropped."""

    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="scan_batches")
    number = models.PositiveIntegerField("批号")
    count = models.PositiveIntegerField("张数")
    digest = models.CharField("清单摘要", max_length=64)
    received_by = models.BigIntegerField("扫描人账号")
    received_at = models.DateTimeField("扫描时间")
    compared_at = models.DateTimeField("比对时间", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["paper_id", "number"]
        verbose_name = "扫描批次"
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="scan_batch_number_once")]

    def __str__(self) -> str:
        return f"第{self.number}批（{self.count}张）"


class Card(models.Model):
    """One scanned answer card. `answers`: one character an item, A to D, "-" blank, "*" several, "?" unsettled."""

    batch = models.ForeignKey(ScanBatch, on_delete=models.PROTECT, related_name="cards")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="cards")
    number = models.PositiveIntegerField("批内序号")
    image = models.CharField("图像摘要", max_length=64, db_index=True)
    barcode = models.CharField("条形码", max_length=17, blank=True, db_collation="C")
    seat = models.ForeignKey("seating.Seat", on_delete=models.PROTECT, null=True, blank=True, related_name="cards")
    state = models.CharField("状态", max_length=10, choices=CardState.choices, default=CardState.RECEIVED)
    reason = models.CharField("搁置原因", max_length=20, blank=True)
    answers = models.CharField("填涂选项", max_length=60, blank=True)
    absent = models.BooleanField("缺考标记", default=False)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["batch_id", "number"]
        verbose_name = "答题卡"
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="card_number_once"),
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(state__in=["read", "doubtful", "resolved"]),
                name="card_one_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=False) | ~Q(state__in=["read", "doubtful", "resolved"]),
                name="card_counted_has_seat",
            ),
            models.CheckConstraint(condition=~Q(state="set-aside") | ~Q(reason=""), name="card_set_aside_has_reason"),
        ]
        indexes = [models.Index(fields=["paper", "state"], name="card_paper_state")]

    def __str__(self) -> str:
        return f"答题卡 {self.batch_id}-{self.number}"


class Reading(models.Model):
    """What one reader saw on one machine (append-only). `matrix` maps millimetres on the card to pixels."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="readings")
    reader = models.PositiveSmallIntegerField("识读次序")
    machine = models.CharField("机器", max_length=40)
    barcode = models.CharField("条形码", max_length=17, blank=True)
    answers = models.CharField("填涂选项", max_length=60, blank=True)
    doubts = models.JSONField("存疑项")
    absent = models.BooleanField("缺考标记", null=True)
    turned = models.BooleanField("倒置")
    reason = models.CharField("不能识读的原因", max_length=20, blank=True)
    matrix = models.JSONField("定位")
    read_at = models.DateTimeField("识读时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["card_id", "reader"]
        verbose_name = "识读结果"
        constraints = [
            models.UniqueConstraint(fields=["card", "reader"], name="reading_once_a_reader"),
            models.UniqueConstraint(fields=["card", "machine"], name="reading_on_different_machines"),
            models.CheckConstraint(condition=Q(reader__in=[1, 2]), name="reading_first_or_second"),
        ]

    def __str__(self) -> str:
        return f"第{self.reader}次识读 {self.answers}"


class Doubt(models.Model):
    """An item of a card that people have to look at; item 0 is the absent mark. Settled when `answer` stands."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="doubts")
    item = models.PositiveSmallIntegerField("题号")
    reason = models.CharField("原因", max_length=20)
    first = models.CharField("第一次识读", max_length=1)
    second = models.CharField("第二次识读", max_length=1)
    answer = models.CharField("裁定", max_length=1, blank=True)
    settled_at = models.DateTimeField("裁定时间", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["card_id", "item"]
        verbose_name = "存疑"
        constraints = [
            models.UniqueConstraint(fields=["card", "item"], name="doubt_once_an_item"),
            models.CheckConstraint(
                condition=Q(answer="", settled_at__isnull=True) | (~Q(answer="") & Q(settled_at__isnull=False)),
                name="doubt_settled_has_time",
            ),
        ]
        indexes = [models.Index(fields=["card"], condition=Q(answer=""), name="doubt_open")]

    def __str__(self) -> str:
        return f"第{self.item}题存疑" if self.item else "缺考标记存疑"


class DoubtRuling(models.Model):
    """What one person saw in a doubtful item (append-only); two who agree settle it (EA-A9.2.1.5)."""

    doubt = models.ForeignKey(Doubt, on_delete=models.PROTECT, related_name="rulings")
    account_id = models.BigIntegerField("裁定人账号")
    name = models.CharField("裁定人", max_length=60)
    answer = models.CharField("裁定", max_length=1)
    ruled_at = models.DateTimeField("时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["doubt_id", "id"]
        verbose_name = "存疑裁定"
        constraints = [models.UniqueConstraint(fields=["doubt", "account_id"], name="doubt_ruling_once_a_person")]

    def __str__(self) -> str:
        return f"{self.name}：{self.answer}"


class CardRuling(models.Model):
    """What one person says of a card set aside (append-only): whose it is with what filled, or no card."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="rulings")
    account_id = models.BigIntegerField("认定人账号")
    name = models.CharField("认定人", max_length=60)
    seat = models.ForeignKey("seating.Seat", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.CharField("填涂选项", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200)
    ruled_at = models.DateTimeField("时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["card_id", "id"]
        verbose_name = "搁置答题卡认定"
        constraints = [models.UniqueConstraint(fields=["card", "account_id"], name="card_ruling_once_a_person")]

    def __str__(self) -> str:
        return f"{self.name}：{self.view}"

    @property
    def view(self) -> str:
        """The ruling as one text, so that two can be compared."""
        return f"{self.seat_id}:{self.answers}" if self.seat_id else "dismiss"
