"""Grave incidents of the provinces as they reached the centre, and whom of the ministry's group was told (EA-30.2)."""

from __future__ import annotations

from django.db import models

from zikao.foundation.secrecy import sealed_field
from zikao.stages.incidents.models import CallBase, StepBase, ToldBase
from zikao.stages.incidents.states import IncidentState, ReportKind

CONTENT = sealed_field("national.IncidentReport", "content_sealed", title="各省突发事件报告内容")


class ReportedIncident(models.Model):
    """An incident of a province. `scope` is what it touches, in the province's own codes."""

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    number = models.CharField("编号", max_length=30, db_collation="C")
    kind = models.CharField("类别", max_length=20)
    is_secret = models.BooleanField("内容涉密")
    happened_at = models.DateTimeField("发生时间")
    reported_at = models.DateTimeField("初报时间")
    arrived_at = models.DateTimeField("到达时间")
    scope = models.JSONField("涉及范围")
    state = models.CharField("状态", max_length=10, choices=IncidentState.choices)

    class Meta:
        ordering = ["-arrived_at", "-id"]
        verbose_name = "各省突发事件"
        indexes = [models.Index(fields=["-arrived_at", "-id"], name="national_incident_newest")]
        constraints = [models.UniqueConstraint(fields=["province", "number"], name="national_incident_once")]

    def __str__(self) -> str:
        return self.number


class IncidentReport(models.Model):
    """A report of a province, as it was sent."""

    incident = models.ForeignKey(ReportedIncident, on_delete=models.PROTECT, related_name="reports")
    serial = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("报告", max_length=10, choices=ReportKind.choices)
    content_sealed = models.BinaryField("内容（密封）")
    files = models.JSONField("附件", default=list)
    digest = models.CharField("摘要", max_length=64)
    by_name = models.CharField("报告人", max_length=60)
    made_at = models.DateTimeField("报告时间")

    class Meta:
        ordering = ["incident_id", "serial"]
        verbose_name = "各省突发事件报告"
        constraints = [models.UniqueConstraint(fields=["incident", "serial"], name="national_report_once")]

    def __str__(self) -> str:
        return f"{self.incident} {self.get_kind_display()}{self.serial}"


class IncidentStep(StepBase):
    """A report arrived here, was acknowledged, was passed on to the ministry's group."""

    report = models.ForeignKey(IncidentReport, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepBase.Meta):
        abstract = False
        verbose_name = "各省突发事件报告环节"
        constraints = [models.UniqueConstraint(fields=["report", "receiver", "act"], name="national_step_once")]


class IncidentTold(ToldBase):
    """A member of the ministry's group."""

    incident = models.ForeignKey(ReportedIncident, on_delete=models.PROTECT, related_name="told")

    class Meta(ToldBase.Meta):
        abstract = False
        verbose_name = "突发事件转报对象"
        constraints = [models.UniqueConstraint(fields=["incident", "member"], name="national_told_once")]


class IncidentCall(CallBase):
    """A call to a member of the ministry's group."""

    told = models.ForeignKey(IncidentTold, on_delete=models.PROTECT, related_name="calls")

    class Meta(CallBase.Meta):
        abstract = False
        verbose_name = "突发事件转报联络"
