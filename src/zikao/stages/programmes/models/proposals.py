"""Units that the solver proposes for the provincial courses of a draft."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.programmes.models.sittings import Sitting
from zikao.stages.programmes.states import ProposalState


class DemandCount(models.Model):
    """How many candidates of each major still need the courses of a sitting, counted at a moment by the queue.

    `body`: registered by major; [major, course, n] passed; [major, course, course, n] passed both. All by ids.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="demand_counts")
    agency_code = models.CharField("统计范围", max_length=12, db_collation="C")
    courses = models.CharField("课程摘要", max_length=64)
    body = models.JSONField("人数")
    counted_at = models.DateTimeField("统计时间")

    class Meta:
        ordering = ["-counted_at", "id"]
        verbose_name = "报考需求统计"
        constraints = [models.UniqueConstraint(fields=["sitting", "agency_code"], name="demand_counted_once_a_scope")]

    def __str__(self) -> str:
        return f"{self.sitting} {self.agency_code}"


class TimetableProposal(models.Model):
    """A proposal: units by course code, what it costs and saves; `problem` binds it to the facts it was made from."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="proposals")
    seed = models.PositiveIntegerField("种子")
    problem = models.CharField("题目摘要", max_length=64)
    units = models.JSONField("单元")
    moved = models.PositiveIntegerField("改动课程")
    before = models.PositiveBigIntegerField("原冲突人次")
    after = models.PositiveBigIntegerField("建议冲突人次")
    least = models.PositiveBigIntegerField("无法避免的冲突人次")
    stopped = models.BooleanField("到时限停止", default=False)
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.OFFERED)
    made_at = models.DateTimeField("生成时间")
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = "考试安排建议"
        constraints = [
            models.CheckConstraint(condition=Q(after__lte=models.F("before")), name="proposal_never_worse"),
            models.CheckConstraint(condition=Q(state="offered") | Q(ended_at__isnull=False), name="proposal_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} 种子 {self.seed}"
