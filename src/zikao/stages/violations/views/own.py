"""A candidate's own cases: what is said about them, until when they may answer, what was decided."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Table,
    Task,
    candidate_page,
    candidate_task,
    object_page,
    table_page,
)
from zikao.foundation.regulation import parameter, violation_codes
from zikao.stages.violations import queries
from zikao.stages.violations.models import Case
from zikao.stages.violations.states import CaseState
from zikao.stages.violations.views.cases import facts_of, pill_of, steps


@candidate_page
def my_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The candidate's cases."""
    table = Table(
        queries.own_cases(actor),
        (
            Column("code", "行为", value=lambda case: violation_codes()[case.code].behaviour),
            Column("entry.paper.course.name", "课程"),
            Column("recorded_at", "记录时间", "datetime"),
            Column("state", "状态", "pill", value=pill_of),
        ),
        link=lambda case: reverse("violations:my-case", args=[case.pk]),
        order="-recorded_at",
        empty="您没有违规记录。",
    )
    return table_page(request, title="违规处理", table=table)


@candidate_page
def my_case(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """One of the candidate's cases: facts, where it stands, how to answer."""
    case = queries.own_case(actor, case_id)
    answer_by = last_day_to_state(case)
    on = {"case_id": case.pk}
    notified = case.state == CaseState.NOTIFIED
    why = "机构还没有正式告知。" if case.state == CaseState.RECORDED else "案件已经有了结论。"
    told = case.state not in {CaseState.RECORDED, CaseState.DISMISSED}
    decided = case.state in {CaseState.DECIDED, CaseState.DELIVERED}
    facts = facts_of(case)
    if answer_by is not None and notified:
        facts["考生的陈述"].insert(0, Fact("可以陈述到", answer_by, "date", clause="EA-A1.10"))
    review_until = last_day_to_ask_review(case)
    if review_until is not None:
        facts["处理决定"].append(Fact("可以申请复核到", review_until, "date", clause="EA-A1.10"))
    return object_page(
        request,
        kicker="违规处理",
        title=violation_codes()[case.code].behaviour,
        pill=pill_of(case),
        facts=facts,
        steps=steps(case),
        actions=[
            Action("陈述和申辩", "violations:state", on, "说明您认为的事实和理由。", clause="EA-A1.10")
            .open_if(notified, why).open_if(case.stated_at is None, "您已经提交过陈述。"),
            Action("打开违规处理告知书", "violations:my-notice", on).open_if(told, "还没有正式告知。"),
            Action("打开违规处理决定书", "violations:my-decision", on).open_if(decided, "还没有作出决定。"),
        ],
        history=f"violations.case:{case.pk}",
        back=Link("违规处理", reverse("violations:my-cases")),
    )  # fmt: skip


def last_day_to_state(case: Case) -> date | None:
    """The last day on which the decision still waits for the candidate's statement."""
    if case.notified_at is None:
        return None
    day = local_day(case.notified_at)
    return day + timedelta(days=int(parameter("statement-time").on(day, province=case.agency_code[:2] or None)))


def last_day_to_ask_review(case: Case) -> date | None:
    """The last day for asking a review: counted from the delivery."""
    if case.delivered_at is None:
        return None
    day = local_day(case.delivered_at)
    return day + timedelta(days=int(parameter("review-request-time").on(day)))


@candidate_task("陈述和申辩", order=5, clause="EA-A1.10")
def to_state(actor: Actor) -> Task | None:
    """A case that waits for the candidate's own words."""
    case = queries.own_cases(actor).filter(state=CaseState.NOTIFIED, stated_at__isnull=True).first()
    if case is None:
        return None
    until = last_day_to_state(case)
    hint = f"{until.month} 月 {until.day} 日前" if until else ""
    return Task("todo", reverse("violations:my-case", args=[case.pk]), hint)
