"""An incident, its reports that never change, the steps of each on its way, whom the groups' members were told by."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.incidents.states import CallOutcome, IncidentState, Receiver, ReportKind, StepAct

KNOWN = sealed_field("incidents.Report", "known_sealed", title="突发事件情况")
MEASURES = sealed_field("incidents.Report", "measures_sealed", title="突发事件处置措施")


class Incident(models.Model):
    """An emergency: its kind, when it happened, what it touches. What is known of it stands in its reports."""

    number = models.CharField("编号", max_length=30, unique=True, db_collation="C")
    kind = models.CharField("类别", max_length=20)
    is_major = models.BooleanField("须上报教育部考试中心")
    is_secret = models.BooleanField("内容涉密")
    happened_at = models.DateTimeField("发生时间")
    reported_at = models.DateTimeField("初报时间")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    site = models.ForeignKey("agencies.Site", on_delete=models.PROTECT, null=True, related_name="incidents")
    room = models.ForeignKey("agencies.Room", on_delete=models.PROTECT, null=True, related_name="incidents")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, null=True, related_name="incidents")
    unit = models.ForeignKey("programmes.Unit", on_delete=models.PROTECT, null=True, related_name="incidents")
    course_codes = models.JSONField("涉及课程", default=list)
    state = models.CharField("状态", max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "突发事件"
        indexes = [
            models.Index(fields=["agency_code", "state"], name="incident_agency_state"),
            models.Index(fields=["-reported_at", "-id"], name="incident_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(reported_at__gte=F("happened_at")), name="incident_reported_after"),
            models.CheckConstraint(
                condition=Q(room__isnull=True) | Q(site__isnull=False), name="incident_room_of_site"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(sitting__isnull=False), name="incident_unit_of_sitting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "final"], ended_at__isnull=True)
                | Q(state__in=["closed", "withdrawn"], ended_at__isnull=False),
                name="incident_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Report(models.Model):
    """What was reported at one moment; nobody changes it, a later report corrects it. Serial 1 is the first."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    serial = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("报告", max_length=10, choices=ReportKind.choices)
    known_sealed = models.BinaryField("情况（密封）")
    measures_sealed = models.BinaryField("措施（密封）")
    made_at = models.DateTimeField("报告时间")
    by_account = models.BigIntegerField("报告人账号", null=True)
    by_name = models.CharField("报告人", max_length=60)
    by_post = models.CharField("岗位", max_length=20)

    class Meta:
        ordering = ["incident_id", "serial"]
        verbose_name = "突发事件报告"
        constraints = [
            models.UniqueConstraint(fields=["incident", "serial"], name="incident_report_once"),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(kind__in=["closing", "withdrawal"]), name="incident_ended_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.get_kind_display()}{self.serial}"


class ReportFile(models.Model):
    """A file that came with a report, encrypted in the store."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("文件名", max_length=120)
    digest = models.CharField("摘要", max_length=64)
    media_type = models.CharField("文件类型", max_length=80)

    class Meta:
        ordering = ["id"]
        verbose_name = "突发事件证据文件"

    def __str__(self) -> str:
        return self.name


class StepBase(models.Model):
    """A report was sent to a receiver, arrived there, was acknowledged: who and when; written once."""

    receiver = models.CharField("接收方", max_length=10, choices=Receiver.choices)
    act = models.CharField("环节", max_length=12, choices=StepAct.choices)
    at = models.DateTimeField("时间")
    by_name = models.CharField("办理人", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_receiver_display()}{self.get_act_display()}"


class Step(StepBase):
    """A step of a report at or above the province, as this node knows it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepBase.Meta):
        abstract = False
        verbose_name = "突发事件报告环节"
        constraints = [models.UniqueConstraint(fields=["report", "receiver", "act"], name="incident_step_once")]


class ToldBase(models.Model):
    """A member who stood in the leading group on the day of the report: whom the incident is routed to (EA-5.2)."""

    member = models.ForeignKey("agencies.EmergencyMember", on_delete=models.PROTECT, related_name="+")
    routed_at = models.DateTimeField("转报时间")

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.member)


class Told(ToldBase):
    """A member of the province's group."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="told")

    class Meta(ToldBase.Meta):
        abstract = False
        verbose_name = "突发事件告知对象"
        constraints = [models.UniqueConstraint(fields=["incident", "member"], name="incident_told_once")]


class CallBase(models.Model):
    """Somebody called a member, by which channel, with what outcome."""

    called_at = models.DateTimeField("联络时间")
    by_account = models.BigIntegerField("联络人账号", null=True)
    by_name = models.CharField("联络人", max_length=60)
    outcome = models.CharField("结果", max_length=10, choices=CallOutcome.choices)
    note = models.CharField("答复", max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_outcome_display()}"


class Call(CallBase):
    """A call to a member of the province's group."""

    told = models.ForeignKey(Told, on_delete=models.PROTECT, related_name="calls")

    class Meta(CallBase.Meta):
        abstract = False
        verbose_name = "突发事件联络"
