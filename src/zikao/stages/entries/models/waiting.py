"""The waiting room: one counter for each window, and a ticket for each candidate who came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.entries.states import RateMode


class Queue(models.Model):
    """The order of a window's rush. Until which number candidates are let in is a function of time: nothing is written
    for it, so a waiting request reads this one row.

    let in at t = min(last, let_in + rate_a_minute * minutes since rate_at)
    """

    window = models.OneToOneField("entries.EntryWindow", on_delete=models.PROTECT, related_name="queue")
    seed = models.CharField("抽签种子", max_length=64)
    last = models.IntegerField("已发号数", default=0)
    drawn_at = models.DateTimeField("抽签时间", null=True, blank=True)
    let_in = models.IntegerField("已放行至", default=0)
    rate_a_minute = models.IntegerField("每分钟放行")
    rate_at = models.DateTimeField("本速率起")
    mode = models.CharField("速率", max_length=10, choices=RateMode.choices, default=RateMode.MEASURED)

    class Meta:
        verbose_name = "候场队列"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(rate_a_minute__gte=0), name="queue_rate_not_negative")]

    def __str__(self) -> str:
        return f"{self.window_id}: {self.let_in}/{self.last}"


class Ticket(models.Model):
    """A candidate's number in a queue; those who came before the opening have none until the draw."""

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="tickets")
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)
    number = models.IntegerField("号", null=True, blank=True)
    arrived_at = models.DateTimeField("到达时间")
    came_in_at = models.DateTimeField("进入时间", null=True, blank=True)
    done_at = models.DateTimeField("办完时间", null=True, blank=True)

    class Meta:
        verbose_name = "候场号"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["queue", "candidate"], name="ticket_one_each"),
            models.UniqueConstraint(fields=["queue", "number"], name="ticket_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id}: {self.number}"
