"""Violations decided, scores collected, approved and published, records opened."""

from __future__ import annotations

from zikao.stages.collecting.states import Work
from zikao.stages.programmes.models import Sitting
from zikao.stages.records import commands as records
from zikao.stages.results import commands as results
from zikao.stages.results.queries import list_of
from zikao.stages.violations import commands as violations
from zikao.stages.violations.models import Case
from zikao.world.calendar import CASES_DECIDED, CASES_NOTIFIED, RESULTS_COLLECTED, RESULTS_PUBLISHED, SITTING
from zikao.world.life.archiving import file_scores
from zikao.world.life.collecting import COLLECTORS, meet, part
from zikao.world.life.context import Life


def notify_cases(life: Life) -> None:
    """The candidates are told facts, reasons and basis."""
    for case in life.each("违规告知", Case.objects.order_by("id")):
        area = case.agency_code[:4]
        violations.notify_case(case_id=case.pk, by=life.who(f"clerk-{area}", CASES_NOTIFIED), at=CASES_NOTIFIED)


def decide_cases(life: Life) -> None:
    """The province decides, and the decisions are delivered."""
    for number, case in enumerate(life.each("违规处理决定", Case.objects.order_by("id")), 1):
        head = life.who("exam-affairs", CASES_DECIDED)
        violations.decide_case(
            case_id=case.pk, decision_number=f"{life.root}自考违〔2026〕{number}号", by=head, at=CASES_DECIDED
        )
        clerk = life.who(f"clerk-{case.agency_code[:4]}", CASES_DECIDED)
        violations.deliver_decision(case_id=case.pk, by=clerk, at=CASES_DECIDED)


def publish_results(life: Life) -> None:
    """Collected by one, signed by another, filed with three segments, published; then records are opened."""
    life.tell("成绩采集、审核、公布", 0, 4)
    session = meet(life, Work.COLLECTING, "数据采集室", COLLECTORS, RESULTS_COLLECTED)
    results.collect_scores(sitting=SITTING, by=life.who("score-officer", RESULTS_COLLECTED), at=RESULTS_COLLECTED)
    part(life, session, COLLECTORS[0], RESULTS_COLLECTED)
    life.tell("成绩采集、审核、公布", 1, 4)
    results.approve_scores(sitting=SITTING, by=life.who("records-head", RESULTS_COLLECTED), at=RESULTS_COLLECTED)
    file_scores(life, list_of(Sitting.objects.get(code=SITTING)), RESULTS_COLLECTED)
    life.tell("成绩采集、审核、公布", 2, 4)
    results.publish_results(sitting=SITTING, by=life.who("head", RESULTS_PUBLISHED), at=RESULTS_PUBLISHED)
    life.tell("成绩采集、审核、公布", 3, 4)
    records.open_records(by=life.who("records-clerk", RESULTS_PUBLISHED), at=RESULTS_PUBLISHED)
    life.tell("成绩采集、审核、公布", 4, 4)
