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
from zikao.stages.violations.states import DECIDED, TOLD, CaseState
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
    return object_page(
        request,
        kicker="违规处理",
        title=violation_codes()[case.code].behaviour,
        pill=pill_of(case),
        facts=_facts(case),
        steps=steps(case),
        actions=_actions(case),
        history=f"violations.case:{case.pk}",
        back=Link("违规处理", reverse("violations:my-cases")),
    )


def _facts(case: Case) -> dict[str, list[Fact]]:
    facts = facts_of(case)
    answer_by, review_until = last_day_to_state(case), last_day_to_ask_review(case)
    if answer_by is not None and case.state == CaseState.NOTIFIED:
        facts["考生的陈述"].insert(0, Fact("可以陈述到", answer_by, "date", clause="EA-A1.10"))
    if review_until is not None:
        facts["处理决定"].append(Fact("可以申请复核到", review_until, "date", clause="EA-A1.10"))
    return facts


def _actions(case: Case) -> list[Action]:
    on = {"case_id": case.pk}
    why = "机构还没有正式告知。" if case.state == CaseState.RECORDED else "案件已经有了结论。"
    return [
        Action("陈述和申辩", "violations:state", on, "说明您认为的事实和理由。", clause="EA-A1.10")
        .open_if(case.state == CaseState.NOTIFIED, why).open_if(case.stated_at is None, "您已经提交过陈述。"),
        Action("打开违规处理告知书", "violations:my-notice", on).open_if(case.state in TOLD, "还没有正式告知。"),
        Action("打开违规处理决定书", "violations:my-decision", on).open_if(case.state in DECIDED, "还没有作出决定。"),
    ]  # fmt: skip


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


@candidate_task("违规处理", order=5, clause="EA-A1.10")
def own_case_task(actor: Actor) -> Task | None:
    """A case that waits for the candidate's own words, or how the newest one stands; none without a case."""
    cases = list(queries.own_cases(actor))
    case = next((each for each in cases if each.state == CaseState.NOTIFIED and each.stated_at is None), None)
    if case is not None:
        until = last_day_to_state(case)
        hint = f"可以陈述和申辩，{until.month} 月 {until.day} 日前" if until else "可以陈述和申辩"
        return Task("todo", reverse("violations:my-case", args=[case.pk]), hint)
    if not cases:
        return None
    over = cases[0].state in {CaseState.DELIVERED, CaseState.DISMISSED}
    return Task("done" if over else "doing", reverse("violations:my-cases"), CaseState(cases[0].state).label)
