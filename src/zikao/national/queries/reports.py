"""Reading demands and reports, at the centre and in a province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.national import rules
from zikao.national.models import ReportAnswer, ReportDemand, ReportTask
from zikao.national.queries.figures import FIGURES, Figure, figures_of


def demands() -> QuerySet[ReportDemand]:
    """Everything that the centre asked for."""
    return ReportDemand.objects.annotate(answered=Count("answers__province", distinct=True))


def demand(demand_id: int) -> ReportDemand:
    """One demand; NotFound where there is none."""
    found = ReportDemand.objects.filter(pk=demand_id).first()
    if found is None:
        raise NotFound("report-not-found", facts={"demand": demand_id})
    return found


@dataclass(frozen=True)
class Standing:
    """A province under a demand: its newest answer; days late of the first one, or so far; 0 in time."""

    province: str
    answer: ReportAnswer | None
    versions: int
    days_late: int

    @property
    def state(self) -> str:
        """In words: reported, late, missing, not due yet."""
        if self.answer is None:
            return "未报，已逾期" if self.days_late else "未报"
        return "迟报" if self.days_late else "按期上报"


def standings(of: ReportDemand, today: date) -> list[Standing]:
    """Every province that was asked, with its newest answer and whether the first came in time."""
    answers: dict[str, list[ReportAnswer]] = {}
    for answer in of.answers.order_by("version"):
        answers.setdefault(answer.province, []).append(answer)
    found = []
    for province in of.provinces:
        own = answers.get(province, [])
        sent_on = local_day(own[0].received_at) if own else today
        late = not rules.REPORT_IN_TIME(on=today, due_on=of.due_on, sent_on=sent_on).granted
        days = (sent_on - of.due_on).days if late else 0
        found.append(Standing(province, own[-1] if own else None, len(own), days))
    return found


def overdue(today: date) -> list[tuple[ReportDemand, list[str]]]:
    """The demands whose day is over, with the provinces that have not answered."""
    found = []
    for one in ReportDemand.objects.filter(due_on__lt=today).prefetch_related("answers").order_by("due_on"):
        missing = sorted(set(one.provinces) - {answer.province for answer in one.answers.all()})
        if missing:
            found.append((one, missing))
    return found


def tasks() -> QuerySet[ReportTask]:
    """What the centre asked of this province."""
    return ReportTask.objects.annotate(versions=Count("sent"))


def open_tasks() -> QuerySet[ReportTask]:
    """What was asked and not answered yet, the earliest due first."""
    return ReportTask.objects.filter(sent__isnull=True).order_by("due_on")


def task(task_id: int) -> ReportTask:
    """One task; NotFound where there is none."""
    found = ReportTask.objects.filter(pk=task_id).first()
    if found is None:
        raise NotFound("report-task-not-found", facts={"task": task_id})
    return found


def present_figures(of: ReportTask) -> list[tuple[Figure, int]]:
    """The figures asked for as they stand now."""
    return [(FIGURES[code], value) for code, value in figures_of(of.figures, of.sitting_code).items()]
