"""What comes from the centre: its timetable, and its answer to the province's filing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles, handles_answer
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.commands.filing import FILING
from zikao.stages.programmes.states import TimetableData

CENTRE = "national"


@handles("programmes.national-timetable")
def take_over(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre's timetable of national courses; what is here already has no second effect."""
    _only_the_centre(peer)
    if _is_taken(body, 0):
        return None
    return commands.take_over_timetable(body=body, by=by, at=at)


@handles("programmes.national-timetable-correction")
def take_correction(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A correction of the centre's timetable; one that is in force already has no second effect."""
    _only_the_centre(peer)
    number, timetable = int(body["number"]), body["timetable"]
    if _is_taken(timetable, number):
        return None
    return commands.take_national_correction(number=number, body=timetable, reason=str(body["reason"]), by=by, at=at)


@handles("programmes.course-kind")
def take_kind(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A course becomes national from a day on, or is no longer; what is here already has no second effect."""
    _only_the_centre(peer)
    reference = int(body["reference"])
    if queries.is_said(reference):
        return None
    return commands.take_course_kind(
        reference=reference,
        course_code=str(body["course"]),
        name=str(body["name"]),
        national=body["national"] is True,
        since=date.fromisoformat(body["since"]),
        document=str(body["document"]),
        by=by,
        at=at,
    )


@handles("programmes.timetable-acknowledged")
def acknowledged(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre has filed our timetable under a number."""
    _only_the_centre(peer)
    if body.get("correction"):
        return _correction_answered(body, body["number"], "", by, at)
    return commands.acknowledge_timetable(
        sitting_code=body["sitting"], digest=body["digest"], filing_number=body["number"], by=by, at=at
    )


@handles("programmes.timetable-returned")
def returned(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre sends our timetable back, with its reasons."""
    _only_the_centre(peer)
    if body.get("correction"):
        return _correction_answered(body, "", body["reason"], by, at)
    return commands.return_timetable(
        sitting_code=body["sitting"], digest=body["digest"], reason=body["reason"], by=by, at=at
    )


@handles("programmes.permission-answered")
def permission_answered(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre approves or refuses what we asked of a national course."""
    _only_the_centre(peer)
    return commands.record_permission_answer(
        reference=int(body["reference"]),
        approved=body["approved"] is True,
        number=str(body["number"]),
        answer=str(body["answer"]),
        by=by,
        at=at,
    )


@handles("programmes.detailed-rules-answered")
def rules_answered(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre has filed our detailed rules, or sends them back."""
    _only_the_centre(peer)
    return commands.record_rules_answer(
        reference=int(body["reference"]),
        acknowledged=body["acknowledged"] is True,
        number=str(body["number"]),
        reason=str(body["reason"]),
        by=by,
        at=at,
    )


@handles_answer(FILING)
def filing_answered(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre could not take the filing at all: it goes back to draft with what the centre said."""
    if answer["state"] != "rejected":
        return None
    reason = str(answer.get("message", "")) or "教育部考试中心未予接收。"
    if correction := body.get("correction"):
        told = {"correction": correction["reference"], "digest": body["digest"]}
        return _correction_answered(told, "", reason, by, at)
    return commands.return_timetable(
        sitting_code=body["timetable"]["sitting"], digest=body["digest"], reason=reason, by=by, at=at
    )


def _correction_answered(body: dict[str, Any], number: str, reason: str, by: Actor, at: datetime) -> object:
    return commands.record_correction_answer(
        reference=int(body["correction"]), digest=str(body["digest"]), number=str(number), reason=str(reason),
        by=by, at=at,
    )  # fmt: skip


def _is_taken(timetable: dict[str, Any], number: int) -> bool:
    data = TimetableData.of_body(timetable)
    return queries.is_taken(data.sitting_code, number, sm3(canonical(data.as_body())).hex())


def _only_the_centre(peer: str) -> None:
    if peer != CENTRE:
        raise BadInput("not-the-centre", facts={"peer": peer}, message="只接收教育部考试中心发来的考试安排。")
