"""Files of plans: what they would change, shown before it is done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.programmes.states import ImportState


class PlanImport(models.Model):
    """A file of plans as it was read, what it changes from a day on, and the digest that binds the two."""

    file_name = models.CharField("文件", max_length=200)
    since = models.DateField("启用日期")
    plans = models.JSONField("计划")
    changes = models.JSONField("变更")
    problems = models.JSONField("问题")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=ImportState.choices, default=ImportState.STAGED)
    staged_at = models.DateTimeField("预演时间")
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["-staged_at", "-id"]
        verbose_name = "考试计划导入"
        indexes = [models.Index(fields=["-staged_at", "-id"], name="plan_import_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(state="staged") | Q(ended_at__isnull=False), name="plan_import_ended"),
            models.CheckConstraint(condition=~Q(state="applied") | Q(problems=[]), name="plan_import_without_problems"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.get_state_display()}"
