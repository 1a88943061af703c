"""The draw of a sitting, the officials' commitments, and everybody's seat."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from zikao.stages.seating.states import ALGORITHM, DrawState

HEX_32_BYTES = r"^[0-9a-f]{64}$"


class Draw(models.Model):
    """The draw of a sitting's seats; digests, seed and secrets are written in hexadecimal."""

    sitting = models.OneToOneField("programmes.Sitting", on_delete=models.PROTECT, related_name="draw")
    algorithm = models.CharField("算法", max_length=30, default=ALGORITHM)
    state = models.CharField("状态", max_length=10, choices=DrawState.choices, default=DrawState.COMMITTED)
    entry_digest = models.CharField("名册摘要", max_length=64, blank=True)
    seed = models.CharField("随机种子", max_length=64, blank=True)
    digest = models.CharField("编排摘要", max_length=64, blank=True)
    seated = models.PositiveIntegerField("已编排科次", default=0)
    rooms = models.PositiveIntegerField("使用考场单元次", default=0)
    opened_at = models.DateTimeField("首个承诺时间")
    revealed_at = models.DateTimeField("密数全部公开时间", null=True, blank=True)
    drawn_at = models.DateTimeField("编排时间", null=True, blank=True)
    issued_at = models.DateTimeField("通知单发放时间", null=True, blank=True)

    class Meta:
        ordering = ["sitting__code"]
        verbose_name = "随机编排"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="committed") | Q(seed__regex=HEX_32_BYTES, entry_digest__regex=HEX_32_BYTES),
                name="draw_revealed_has_seed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["drawn", "issued"]) | Q(digest__regex=HEX_32_BYTES, drawn_at__isnull=False),
                name="draw_drawn_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.get_state_display()}"


class Commitment(models.Model):
    """An official's commitment to a secret number, and the secret once it is revealed."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="commitments")
    order = models.PositiveSmallIntegerField("次序")
    official_account_id = models.BigIntegerField("人员账户")
    official = models.CharField("人员", max_length=60)
    post = models.CharField("岗位", max_length=30)
    digest = models.CharField("承诺（SM3）", max_length=64)
    committed_at = models.DateTimeField("承诺时间")
    secret = models.CharField("密数", max_length=64, null=True, blank=True)
    revealed_at = models.DateTimeField("公开时间", null=True, blank=True)

    class Meta:
        ordering = ["draw_id", "order"]
        verbose_name = "密数承诺"
        constraints = [
            models.UniqueConstraint(fields=["draw", "order"], name="commitment_order_once"),
            models.UniqueConstraint(fields=["draw", "official_account_id"], name="commitment_once_an_official"),
            models.CheckConstraint(condition=Q(digest__regex=HEX_32_BYTES), name="commitment_is_digest"),
            models.CheckConstraint(
                condition=Q(secret__isnull=True, revealed_at__isnull=True)
                | Q(secret__regex=HEX_32_BYTES, revealed_at__isnull=False),
                name="commitment_secret_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.official}"


class Seat(models.Model):
    """The seat of an entry; its id is the entry's, its agency code the site's.

    A million rows come at once, and a foreign key asked row by row would take four times as long as the draw: the
    migration 0002 checks entry, room and draw for all new rows together, and lets no referenced room go.
    """

    id = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("entries.Entry", on_delete=models.PROTECT, db_constraint=False, related_name="seat")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="seats")
    paper = models.ForeignKey("programmes.Paper", on_delete=models.PROTECT, db_constraint=False, related_name="seats")
    unit = models.ForeignKey(
        "programmes.Unit", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="seats"
    )
    room = models.ForeignKey(
        "agencies.Room", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="seats_taken"
    )
    number = models.PositiveSmallIntegerField("座位号")
    agency_code = models.CharField("考点机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["unit_id", "room_id", "number"]
        verbose_name = "座位"
        constraints = [
            models.UniqueConstraint(fields=["room", "unit", "number"], name="seat_taken_once"),
            models.CheckConstraint(condition=Q(id=F("entry")), name="seat_has_entry_id"),
            models.CheckConstraint(condition=Q(number__gte=1), name="seat_number_positive"),
        ]
        indexes = [BrinIndex(fields=["draw"], name="seat_draw")]

    def __str__(self) -> str:
        return f"座位 {self.number:02d}"
