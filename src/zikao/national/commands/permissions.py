"""Provinces' requests for national courses: taken in, approved with a number or refused with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, NotFound
from zikao.foundation.exchange import send
from zikao.national import policies
from zikao.national.models import PermissionRequest
from zikao.stages.programmes.states import PERMISSION_TRANSITIONS, PermissionKind, PermissionState

ANSWER = "programmes.permission-answered"


@command(writes="national.permission-request-recorded", clauses=("EA-22.2",), posts=policies.INBOX)
def record_permission_request(
    *, province: str, body: Mapping[str, Any], by: Actor, at: datetime
) -> Outcome[PermissionRequest]:
    """Take in a province's request; the same one twice is one request.

    Source:  EA-22.2
    Writes:  national.permission-request-recorded
    Raises:  NotPermitted, BadInput
    """
    try:
        unit = body["unit"]
        said = {
            "kind": PermissionKind(body["kind"]).value,
            "course_code": str(body["course"]),
            "course_name": str(body["name"]),
            "sitting_code": str(body["sitting"]),
            "unit_number": int(unit) if unit is not None else None,
            "reason": str(body["reason"])[:500],
        }
        reference = int(body["reference"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("permission-malformed", facts={"fault": repr(error)}, message="申请的数据格式有误。") from error
    found, _ = PermissionRequest.objects.get_or_create(
        province=province, reference=reference, defaults={**said, "received_at": at}
    )
    return Outcome(found, facts={"province": province, "reference": reference, "kind": found.kind})


@command(writes="national.permission-answered", clauses=("EA-22.2",), posts=policies.OFFICERS)
def answer_permission(
    *, request_id: int, approved: bool, answer: str, by: Actor, at: datetime
) -> Outcome[PermissionRequest]:
    """Approve a province's request under a number, or refuse it with the reason; the province is told.

    Source:  EA-22.2
    Writes:  national.permission-answered
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    found = PermissionRequest.objects.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise NotFound("permission-not-found", facts={"request": request_id})
    if not approved and not answer.strip():
        raise BadInput("refusal-without-reason", field_errors={"answer": "不批准的，请说明理由。"})
    before = snapshot(found)
    to = PermissionState.APPROVED if approved else PermissionState.REFUSED
    check_transition(PERMISSION_TRANSITIONS, PermissionState(found.state), to)
    number = f"考中心准〔{at.year}〕{found.pk:04d}号" if approved else ""
    found.state, found.number, found.answer, found.answered_at = to, number, answer.strip()[:500], at
    found.save(update_fields=["state", "number", "answer", "answered_at"])
    body = {"reference": found.reference, "approved": approved, "number": number, "answer": found.answer}
    send(to=f"province:{found.province}", kind=ANSWER, body=body, at=at)
    return Outcome(found, before=before, facts={"province": found.province, "state": to, "number": number})
