"""Packs of papers in sealed boxes, one box a site and unit, and the unbroken chain of their hand-overs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.papers.states import BoxState, HandOverKind


class Box(models.Model):
    """The papers of one site for one unit, under one seal."""

    code = models.CharField("箱号", max_length=24, unique=True, db_collation="C")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="boxes")
    unit = models.ForeignKey("programmes.Unit", on_delete=models.PROTECT, related_name="boxes")
    site = models.ForeignKey("agencies.Site", on_delete=models.PROTECT, related_name="boxes")
    seal_number = models.CharField("封签号", max_length=24)
    state = models.CharField("状态", max_length=16, choices=BoxState.choices, default=BoxState.PACKED)
    holder = models.CharField("保管人", max_length=60)
    secure_room = models.ForeignKey("agencies.SecureRoom", on_delete=models.PROTECT, null=True, related_name="boxes")
    packed_at = models.DateTimeField("装箱时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["unit_id", "site_id"]
        verbose_name = "试卷箱"
        verbose_name_plural = "boxes"
        constraints = [models.UniqueConstraint(fields=["unit", "site"], name="box_once_a_site_and_unit")]

    def __str__(self) -> str:
        return self.code


class Pack(models.Model):
    """A bag of papers of one course for one room, sealed, inside its site's box."""

    code = models.CharField("袋号", max_length=32, unique=True, db_collation="C")
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="packs")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, related_name="packs")
    room = models.ForeignKey("agencies.Room", on_delete=models.PROTECT, related_name="packs")
    copies = models.PositiveSmallIntegerField("份数")
    spare = models.PositiveSmallIntegerField("备用份数", default=0)

    class Meta:
        ordering = ["box_id", "room_id", "paper_id"]
        verbose_name = "试卷袋"
        constraints = [
            models.UniqueConstraint(fields=["paper", "room"], name="pack_once_a_room_and_paper"),
            models.CheckConstraint(condition=Q(copies__gt=0), name="pack_not_empty"),
        ]

    def __str__(self) -> str:
        return self.code


class HandOver(models.Model):
    """One hand-over of one box: from whom, to whom, under which seal; the next begins where it ended.

    Boxes handed over together share a `batch`, the first one's code: the ledger's line is about kind and batch.
    """

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="hand_overs")
    number = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("环节", max_length=10, choices=HandOverKind.choices)
    giver = models.CharField("交出人", max_length=60)
    taker = models.CharField("接收人", max_length=60)
    taker_person = models.ForeignKey(
        "personnel.Person", on_delete=models.PROTECT, null=True, related_name="boxes_taken", verbose_name="接收人员"
    )
    seal_number = models.CharField("封签号", max_length=24)
    seal_intact = models.BooleanField("密封完好")
    packs_counted = models.PositiveSmallIntegerField("清点袋数", null=True)
    recorded_by = models.BigIntegerField("登记人账号", null=True)
    batch = models.CharField("批次", max_length=24, db_collation="C")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["box_id", "number"]
        verbose_name = "试卷箱交接"
        constraints = [
            models.UniqueConstraint(fields=["box", "number"], name="hand_over_numbered"),
            models.UniqueConstraint(fields=["box", "kind"], name="hand_over_once_a_kind"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="hand_over_two_sides"),
        ]

    def __str__(self) -> str:
        return f"{self.box_id}-{self.number} {HandOverKind(self.kind).label}"
