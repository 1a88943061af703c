"""How scores are collected and processed: the round with its leading group and posts, its workers, its places."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.clock import LOCAL
from zikao.stages.agencies.models import School
from zikao.stages.collecting.states import CollectionDuty, MemberRole, Purpose, RoundState, Work, WorkerState
from zikao.stages.programmes.models import Sitting


class Round(models.Model):
    """The set time in which scores are collected and processed, under a leading group and a set process (SR-A1.3).

    Of a sitting: its marking, totalling and collecting. Without one: earlier and assessed scores that are handed in.
    """

    purpose = models.CharField("事由", max_length=8, choices=Purpose.choices)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="考次")
    begins_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    process = models.CharField("工作流程与管理制度摘要", max_length=64)
    process_type = models.CharField("文件类型", max_length=80)
    state = models.CharField("状态", max_length=10, choices=RoundState.choices)
    drafted_at = models.DateTimeField("拟定时间")
    drafted_by = models.BigIntegerField("拟定人账号", null=True)
    confirmed_at = models.DateTimeField("批准时间", null=True)
    confirmed_by = models.BigIntegerField("批准人账号", null=True)
    closed_at = models.DateTimeField("结束登记时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "采集安排"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="round_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="round_confirmed_at_an_instant"
            ),
            models.CheckConstraint(
                condition=Q(purpose="sitting", sitting__isnull=False) | Q(purpose="hand-in", sitting__isnull=True),
                name="round_of_a_sitting_or_of_none",
            ),
            models.UniqueConstraint(
                fields=["agency_code", "purpose", "sitting"],
                condition=Q(state__in=["drafted", "confirmed"]),
                nulls_distinct=False,
                name="one_live_round_a_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting}成绩采集" if self.sitting_id else "移交与考核成绩登记"


class GroupMember(models.Model):
    """A member of the leading group, of the province (no school) or of an examining school."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="members")
    name = models.CharField("姓名", max_length=60)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="主考学校")
    role = models.CharField("组内职务", max_length=8, choices=MemberRole.choices)

    class Meta:
        verbose_name = "采集组成员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name", "school"], name="member_once", nulls_distinct=False),
            models.UniqueConstraint(fields=["round"], condition=Q(role="leader"), name="one_leader_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.name}"


class ResponsiblePerson(models.Model):
    """Who answers for a post of the round (SR-A1.2)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="responsible")
    duty = models.CharField("责任岗位", max_length=10, choices=CollectionDuty.choices)
    account_id = models.BigIntegerField("账号")
    name = models.CharField("姓名", max_length=60)

    class Meta:
        verbose_name = "采集负责人"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "duty"], name="one_person_a_duty")]

    def __str__(self) -> str:
        return f"{self.get_duty_display()} {self.name}"


class Worker(models.Model):
    """Somebody chosen to collect or process: vetted, trained, filed; works once the own pledge is signed (SR-A1.4)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="workers", verbose_name="采集安排")
    account_id = models.BigIntegerField("账号", db_index=True)
    name = models.CharField("姓名", max_length=60)
    state = models.CharField("状态", max_length=8, choices=WorkerState.choices)
    vetting = models.CharField("审查结论与依据", max_length=200)
    vetted_on = models.DateField("资格审查日期")
    topics = models.JSONField("培训合格的内容", default=list)
    trained_on = models.DateField("培训日期", null=True)
    filed_on = models.DateField("备案日期", null=True)
    pledge = models.CharField("责任书文本摘要", max_length=64, blank=True)
    pledge_signed_at = models.DateTimeField("责任书签订时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "采集和处理人员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "account_id"], name="worker_once_a_round"),
            models.CheckConstraint(
                condition=~Q(state="pledged")
                | Q(trained_on__isnull=False, filed_on__isnull=False, pledge_signed_at__isnull=False),
                name="pledge_after_training_and_filing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """Hours of one kind of work at one filmed place without a way out for data (SR-A1.5)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sessions", verbose_name="采集安排")
    work = models.CharField("工作", max_length=10, choices=Work.choices)
    number = models.PositiveSmallIntegerField("场次")
    place = models.CharField("场所", max_length=80)
    isolated = models.BooleanField("与外网物理隔离、无无关软件")
    camera = models.CharField("摄像设备", max_length=80)
    begun_at = models.DateTimeField("开始时间")
    begun_by = models.BigIntegerField("开始人账号", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    video = models.CharField("录像编号", max_length=80, blank=True)
    holding_id = models.BigIntegerField("保存登记", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        verbose_name = "采集和处理场次"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="session_number_once"),
            models.UniqueConstraint(
                fields=["agency_code", "place"], condition=Q(ended_at__isnull=True), name="one_session_a_place"
            ),
            models.UniqueConstraint(
                fields=["round", "work"],
                condition=Q(ended_at__isnull=True) & ~Q(work="marking"),
                name="several_places_for_marking_only",
            ),
            models.CheckConstraint(condition=Q(isolated=True) & ~Q(camera=""), name="session_isolated_and_filmed"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(video="") & Q(holding_id__isnull=False),
                name="session_ends_with_its_video",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_work_display()}第 {self.number} 场 {self.place}"


class Presence(models.Model):
    """A worker signed in at a session, by themselves, until they leave, are out of post, or it ends."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="presences", verbose_name="场次")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="presences", verbose_name="人员")
    account_id = models.BigIntegerField("账号")
    joined_at = models.DateTimeField("签到时间")
    left_at = models.DateTimeField("离开时间", null=True)

    class Meta:
        verbose_name = "在场记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id"], condition=Q(left_at__isnull=True), name="nobody_in_two_places"
            )
        ]

    def __str__(self) -> str:
        return f"{self.worker} {self.joined_at.astimezone(LOCAL):%H:%M}"
