"""Cases of violation: what was seen and by whom, what the candidate said, what was decided, when it was delivered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.stages.violations.states import CaseState, FoundIn, Scope


class Case(models.Model):
    """One violation of one candidate, by a code of the ministry's Decree 33."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="cases")
    entry = models.ForeignKey("entries.Entry", on_delete=models.PROTECT, related_name="cases")
    code = models.CharField("违规代码", max_length=8)
    found_in = models.CharField("发现环节", max_length=10, choices=FoundIn.choices)
    account_of_facts = models.CharField("事实经过", max_length=500)
    first_recorder = models.ForeignKey("personnel.Person", on_delete=models.PROTECT, related_name="+")
    second_recorder = models.ForeignKey("personnel.Person", on_delete=models.PROTECT, related_name="+")
    told_candidate = models.BooleanField("已向考生告知记录内容")
    state = models.CharField("状态", max_length=10, choices=CaseState.choices, default=CaseState.RECORDED)
    recorded_at = models.DateTimeField("记录时间")
    notified_at = models.DateTimeField("告知时间", null=True)
    statement = models.CharField("陈述和申辩", max_length=1000, blank=True)
    stated_at = models.DateTimeField("陈述时间", null=True)
    decision_number = models.CharField("决定文号", max_length=40, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.BigIntegerField("决定人账号", null=True)
    decided_agency_code = models.CharField("决定机构代码", max_length=12, blank=True, db_collation="C")
    dismissal_reason = models.CharField("不予处理的理由", max_length=500, blank=True)
    scope = models.CharField("处理", max_length=10, choices=Scope.choices, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        ordering = ["-recorded_at", "id"]
        verbose_name = "违规案件"
        constraints = [
            models.UniqueConstraint(fields=["entry", "code"], name="case_once_an_entry_and_code"),
            models.CheckConstraint(condition=~Q(first_recorder=F("second_recorder")), name="case_two_recorders"),
            models.UniqueConstraint(
                fields=["decision_number"], condition=~Q(decision_number=""), name="case_decision_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "delivered"]) | ~Q(scope=""), name="decided_case_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}（{CaseState(self.state).label}）"


class VoidedEntry(models.Model):
    """An entry whose score a decision voids."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="voided")
    entry = models.ForeignKey("entries.Entry", on_delete=models.PROTECT, related_name="voided_by")

    class Meta:
        ordering = ["case_id", "entry_id"]
        verbose_name = "成绩无效的科目"
        constraints = [models.UniqueConstraint(fields=["case", "entry"], name="voided_entry_once_a_case")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.entry_id}"
