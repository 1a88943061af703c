"""The centre asked about a national course, its answer kept, and what was done on the strength of it."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.exchange import send
from zikao.stages.programmes import policies, queries, rules
from zikao.stages.programmes.models import Course, Paper, PaperChange, Permission
from zikao.stages.programmes.states import PERMISSION_TRANSITIONS, PermissionKind, PermissionState

REQUEST = "programmes.permission-request"


@command(writes="programmes.permission-requested", clauses=("EA-22.2",), posts=policies.TIMETABLE_FILERS)
def request_permission(
    *,
    kind: PermissionKind,
    course_code: str,
    sitting_code: str,
    unit_number: int | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Outcome[Permission]:
    """Ask the centre to let a national course be held at another time, or its paper be set or changed here.

    Source:  EA-22.2
    Writes:  programmes.permission-requested
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    course = Course.objects.filter(code=course_code).first()
    if course is None:
        raise NotFound("course-not-found", message=f"没有代码为 {course_code} 的课程。")
    _check(kind, course, sitting_code, unit_number, reason)
    asked = Permission.objects.filter(kind=kind, course=course, sitting_code=sitting_code)
    if asked.exclude(state=PermissionState.REFUSED).exists():
        raise Conflict("permission-asked", message="同一事项已经申请，请等待答复或查看批准文号。", clause="EA-22.2")
    made = Permission.objects.create(
        kind=kind, course=course, sitting_code=sitting_code, unit_number=unit_number, reason=reason.strip(),
        requested_at=at,
    )  # fmt: skip
    body = {
        "reference": made.pk,
        "kind": str(kind),
        "course": course.code,
        "name": course.name,
        "sitting": sitting_code,
        "unit": unit_number,
        "reason": made.reason,
    }
    send(to="national", kind=REQUEST, body=body, at=at)
    return Outcome(made, facts={"kind": kind, "course": course.code, "sitting": sitting_code, "unit": unit_number})


def _check(kind: PermissionKind, course: Course, sitting_code: str, unit_number: int | None, reason: str) -> None:
    faults: dict[str, str] = {}
    try:
        first_day = date.fromisoformat(f"{sitting_code}-01")
    except ValueError:
        text = "没有这样的考次。请写作“2026-10”。"
        raise BadInput("permission-faulty", field_errors={"sitting_code": text}, message=text) from None
    if not queries.kinds_on(first_day).is_national(course):
        faults["course_code"] = f"课程 {course} 由本省命题，不需要批准。"
    if kind == PermissionKind.SCHEDULE and unit_number is None:
        faults["unit_number"] = "请填写拟安排的考试单元。"
    if not reason.strip():
        faults["reason"] = "请说明理由。"
    if faults:
        raise BadInput("permission-faulty", field_errors=faults, message="；".join(faults.values()))


@command(writes="programmes.permission-answered", clauses=("EA-22.2",), posts=policies.INBOX)
def record_permission_answer(
    *, reference: int, approved: bool, number: str, answer: str, by: Actor, at: datetime
) -> Outcome[Permission]:
    """Keep the centre's answer to a request; an approval opens the exception, a refusal says why.

    Source:  EA-22.2
    Writes:  programmes.permission-answered
    Raises:  NotPermitted, NotFound, WrongState
    """
    found = Permission.objects.select_for_update().filter(pk=reference).first()
    if found is None:
        raise NotFound("permission-not-found", facts={"reference": reference}, message="没有这份申请。")
    before = snapshot(found)
    to = PermissionState.APPROVED if approved else PermissionState.REFUSED
    check_transition(PERMISSION_TRANSITIONS, PermissionState(found.state), to)
    found.state, found.number, found.answer, found.answered_at = to, number[:40], answer[:500], at
    found.save(update_fields=["state", "number", "answer", "answered_at"])
    return Outcome(found, before=before, facts={"state": to, "number": found.number})


@command(writes="programmes.paper-change-recorded", clauses=("EA-22.2",), posts=policies.TIMETABLE_FILERS)
def record_paper_change(*, permission_id: int, what: str, by: Actor, at: datetime) -> Outcome[PaperChange]:
    """Put a change to a national course's paper on record; refused without the centre's approval of it.

    Source:  EA-22.2
    Writes:  programmes.paper-change-recorded
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    permission = queries.permission(permission_id)
    paper = Paper.objects.filter(course=permission.course, sitting__code=permission.sitting_code).first()
    if paper is None:
        raise NotFound("paper-not-found", message="这门课程不在该考次的考试安排之内。")
    if not what.strip():
        raise BadInput("change-not-said", field_errors={"what": "请写明修改了什么。"})
    approved = permission.kind == PermissionKind.CHANGE_PAPER and permission.state == PermissionState.APPROVED
    rules.NATIONAL_PAPER(
        on=local_day(at), course=permission.course.code, national=True, act="change", permitted=approved
    ).require()
    made = PaperChange.objects.create(paper=paper, permission=permission, what=what.strip(), made_at=at)
    return Outcome(made, on=permission, facts={"paper": paper.pk, "number": permission.number})
