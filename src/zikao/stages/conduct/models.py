"""A room checked before use; what happened there in one unit: who came, whose handwriting was taken, who signed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.conduct.states import RoomState


class RoomSession(models.Model):
    """One room in one unit (考场情况记录)."""

    room = models.ForeignKey("agencies.Room", on_delete=models.PROTECT, related_name="sessions")
    unit = models.ForeignKey("programmes.Unit", on_delete=models.PROTECT, related_name="room_sessions")
    state = models.CharField("状态", max_length=10, choices=RoomState.choices, default=RoomState.OPEN)
    expected = models.PositiveSmallIntegerField("应到")
    present = models.PositiveSmallIntegerField("实到", null=True)
    absent = models.PositiveSmallIntegerField("缺考", null=True)
    remarks = models.CharField("考场情况", max_length=500, blank=True)
    first_invigilator = models.ForeignKey("personnel.Person", on_delete=models.PROTECT, null=True, related_name="+")
    second_invigilator = models.ForeignKey("personnel.Person", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("建立时间")
    signed_at = models.DateTimeField("签字时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["unit_id", "room_id"]
        verbose_name = "考场情况记录"
        constraints = [
            models.UniqueConstraint(fields=["room", "unit"], name="room_session_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(expected=F("present") + F("absent")), name="room_session_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(first_invigilator=F("second_invigilator")),
                name="room_session_two_invigilators",
            ),
        ]

    def __str__(self) -> str:
        return f"考场 {self.room_id} 单元 {self.unit_id}"


class Attendance(models.Model):
    """Whether the candidate of a seat came, and whether the handwriting sample was taken."""

    seat = models.OneToOneField("seating.Seat", on_delete=models.PROTECT, related_name="attendance")
    session = models.ForeignKey(RoomSession, on_delete=models.PROTECT, related_name="attendance")
    present = models.BooleanField("到考")
    handwriting_taken = models.BooleanField("已采集笔迹")
    arrived_at = models.DateTimeField("进入考点时间", null=True)
    handed_in_at = models.DateTimeField("交卷时间", null=True)
    recorded_at = models.DateTimeField("登记时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["session_id", "seat__number"]
        verbose_name = "到考登记"
        constraints = [
            models.CheckConstraint(
                condition=Q(present=True) | Q(handwriting_taken=False), name="absent_gave_no_handwriting"
            ),
        ]

    def __str__(self) -> str:
        return f"座位 {self.seat_id} {'到考' if self.present else '缺考'}"


class RoomCheck(models.Model):
    """A room checked before it is used in a sitting (考场条件检查); only added: what was put right is checked again."""

    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="room_checks")
    room = models.ForeignKey("agencies.Room", on_delete=models.PROTECT, related_name="checks")
    number = models.PositiveSmallIntegerField("第几次")
    conditions = models.JSONField("检查项目")
    failed = models.JSONField("不合格项目", default=list)
    note = models.CharField("情况说明", max_length=200, blank=True)
    checked_at = models.DateTimeField("检查时间")
    checker = models.ForeignKey("personnel.Person", on_delete=models.PROTECT, related_name="room_checks")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.BigIntegerField("登记账号", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["sitting_id", "room_id", "number"]
        verbose_name = "考场条件检查"
        indexes = [models.Index(fields=["sitting", "agency_code"], name="room_check_agency")]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "room", "number"], name="room_check_numbered"),
            models.CheckConstraint(condition=Q(failed=[]) | ~Q(note=""), name="room_check_failed_says_what"),
            models.CheckConstraint(condition=Q(checked_at__lte=F("recorded_at")), name="room_check_before_recorded"),
        ]

    def __str__(self) -> str:
        return f"考场 {self.room_id} 第 {self.number} 次检查"
