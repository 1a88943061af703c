"""The papers of a case: the notice before, and the decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.documents import media_type, render
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import candidate_page, staff_page
from zikao.foundation.regulation import clause, parameter, violation_codes
from zikao.stages.agencies.queries import agency_name
from zikao.stages.violations import policies, queries, rules
from zikao.stages.violations.models import Case
from zikao.stages.violations.states import DECIDED, TOLD, Scope


@staff_page(posts=policies.READERS)
def notice(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The notice of a case."""
    return _notice(queries.case(actor, case_id))


@staff_page(posts=policies.READERS)
def decision(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The decision of a case."""
    return _decision(queries.case(actor, case_id))


@candidate_page
def my_notice(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The notice, for the candidate concerned."""
    return _notice(queries.own_case(actor, case_id))


@candidate_page
def my_decision(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The decision, for the candidate concerned."""
    return _decision(queries.own_case(actor, case_id))


def _notice(case: Case) -> HttpResponse:
    if case.state not in TOLD:
        raise NotFound("notice-not-there", message="还没有告知，没有告知书。")
    return _pdf("violations/notice.typ", notice_data(case), f"notice-{case.pk}")


def _decision(case: Case) -> HttpResponse:
    if case.state not in DECIDED:
        raise NotFound("decision-not-there", message="还没有作出决定，没有决定书。")
    return _pdf("violations/decision.typ", decision_data(case), f"decision-{case.pk}")


def _pdf(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(render(template, data), content_type=media_type, headers=headers)


def _common(case: Case) -> dict[str, Any]:
    code = violation_codes()[case.code]
    seat = queries.seat_of(case.entry)
    paper = case.entry.paper
    return {
        "name": case.candidate.name,
        "admission_number": case.candidate.admission_number,
        "sitting": case.entry.sitting.code,
        "course": f"{paper.course.name}（{paper.course.code}）",
        "unit": str(paper.unit),
        "on": local_day(paper.unit.starts_at),
        "place": f"{seat.room.site.name}第{seat.room.number}考场{seat.number:02d}座" if seat else "",
        "facts": case.account_of_facts,
        "found_in": case.get_found_in_display(),
        "code": code.code,
        "article": code.article,
        "category": code.category_text,
        "behaviour": code.behaviour,
        "consequence": code.consequence.text,
        "recorders": f"{case.first_recorder.name}、{case.second_recorder.name}",
        "recorded_on": local_day(case.recorded_at),
        "clauses": [clause("EA-A1.10").chip, f"国家教育考试违规处理办法（教育部令第33号）{code.article}"],
    }


def notice_data(case: Case) -> dict[str, Any]:
    """违规处理告知书: facts, reasons, basis, what is intended, and the right to state one's case."""
    assert case.notified_at is not None
    day = local_day(case.notified_at)
    province = case.agency_code[:2] or None
    return {
        **_common(case),
        "agency": agency_name(case.agency_code[:4]),
        "intended": rules.SCOPE(on=day, code=case.code).label,
        "days": int(parameter("statement-time").on(day, province=province)),
        "notified_on": day,
    }


def decision_data(case: Case) -> dict[str, Any]:
    """违规处理决定书: person, facts, basis, decision, remedies, body, date."""
    assert case.decided_at is not None
    day = local_day(case.decided_at)
    voided = case.voided.order_by("entry__paper__course__code")
    return {
        **_common(case),
        "agency": agency_name(case.decided_agency_code),
        "number": case.decision_number,
        "scope": Scope(case.scope).label,
        "voided": [
            f"{name}（{code}）"
            for code, name in voided.values_list("entry__paper__course__code", "entry__paper__course__name")
        ],
        "statement": case.statement,
        "stated_on": local_day(case.stated_at) if case.stated_at else "",
        "notified_on": local_day(case.notified_at) if case.notified_at else "",
        "provincial": len(case.decided_agency_code) == 2,
        "review_days": int(parameter("review-request-time").on(day)),
        "review_decision_days": int(parameter("review-decision-time").on(day)),
        "decided_on": day,
    }
