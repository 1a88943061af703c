"""Long work that somebody asked for: how far it is, and what came of it.

The record is made in the transaction of the command that wants the work, together with its job. Whoever runs the job
moves `done`; only the commands of this room end the work.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.jobs.states import WorkState


class Work(models.Model):
    """A piece of long work: `done` of `total` things."""

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("事项", max_length=120)
    given = models.JSONField("内容", default=dict)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    account_id = models.BigIntegerField("提出人账号", null=True, blank=True)
    post = models.CharField("提出人岗位", max_length=30)
    state = models.CharField("状态", max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    total = models.IntegerField("总数")
    done = models.IntegerField("已完成", default=0)
    queued_at = models.DateTimeField("提出时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    result = models.CharField("结果文件", max_length=64, blank=True, db_collation="C")
    result_name = models.CharField("结果文件名", max_length=120, blank=True)
    media_type = models.CharField("结果类型", max_length=60, blank=True)
    summary = models.JSONField("结果摘要", default=dict)
    trouble = models.CharField("未完成的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "后台工作"
        ordering = ["-id"]
        indexes = [models.Index("account_id", "id", name="work_mine")]
        constraints = [
            models.CheckConstraint(condition=Q(done__gte=0, done__lte=F("total")), name="work_done_within_total"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done=F("total"), ended_at__isnull=False), name="work_done_is_whole"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(trouble="") & Q(ended_at__isnull=False), name="work_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.done}/{self.total}"
