"""Reports upward: what the centre asks for, what provinces answer, version by version; both sides' tables."""

from __future__ import annotations

from django.db import models


class ReportDemand(models.Model):
    """What the centre asks: figures of a sitting, from provinces, by a day."""

    title = models.CharField("名称", max_length=80)
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    figures = models.JSONField("指标")
    provinces = models.JSONField("上报省份")
    due_on = models.DateField("上报期限")
    asked_at = models.DateTimeField("下达时间")

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = "上报要求"
        constraints = [models.UniqueConstraint(fields=["title", "sitting_code"], name="report_demand_once")]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.title}"


class ReportAnswer(models.Model):
    """A province's answer as it reached the centre; a correction is a new version with its reason."""

    demand = models.ForeignKey(ReportDemand, on_delete=models.PROTECT, related_name="answers")
    province = models.CharField("省份代码", max_length=2, db_collation="C")
    version = models.PositiveSmallIntegerField("版次")
    figures = models.JSONField("数值")
    note = models.CharField("更正说明", max_length=300, blank=True)
    digest = models.CharField("摘要", max_length=64)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["demand_id", "province", "-version"]
        verbose_name = "省级上报"
        constraints = [models.UniqueConstraint(fields=["demand", "province", "version"], name="report_version_once")]

    def __str__(self) -> str:
        return f"{self.province} 第{self.version}版"


class ReportTask(models.Model):
    """A demand of the centre as this province has it (`reference` is the centre's number)."""

    reference = models.PositiveBigIntegerField("编号", unique=True)
    title = models.CharField("名称", max_length=80)
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    figures = models.JSONField("指标")
    due_on = models.DateField("上报期限")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "上报任务"

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.title}"


class ReportSent(models.Model):
    """What this province reported: figures as computed at that moment."""

    task = models.ForeignKey(ReportTask, on_delete=models.PROTECT, related_name="sent")
    version = models.PositiveSmallIntegerField("版次")
    figures = models.JSONField("数值")
    note = models.CharField("更正说明", max_length=300, blank=True)
    digest = models.CharField("摘要", max_length=64)
    sent_at = models.DateTimeField("上报时间")

    class Meta:
        ordering = ["task_id", "-version"]
        verbose_name = "已上报"
        constraints = [models.UniqueConstraint(fields=["task", "version"], name="report_sent_version_once")]

    def __str__(self) -> str:
        return f"{self.task_id} 第{self.version}版"
