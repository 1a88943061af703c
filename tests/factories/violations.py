"""Cases of violation, brought as far as a state by their commands."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories.actors import AREA, area_clerk, clerk, head
from tests.factories.conduct import INVIGILATOR, a_seat, on_duty, the_seats, when
from zikao.foundation.actors import Actor, Post
from zikao.stages.seating.models import Seat
from zikao.stages.violations import commands
from zikao.stages.violations.models import Case
from zikao.stages.violations.states import CaseState

PEEPING, COPYING = "D05-04", "C06-02"
DIRECTOR = clerk(Post.AREA_DIRECTOR, AREA)


def recorded(at: datetime, code: str = PEEPING, seat: Seat | None = None, **more: object) -> Case:
    """A violation seen in the first room of unit 1 by its two invigilators."""
    place = seat or a_seat(at)
    facts: dict[str, object] = {
        "entry_id": place.pk,
        "code": code,
        "account_of_facts": "9时40分，该生向左侧考生答题卡张望，经提醒后再次张望。",
        "recorders": on_duty(place),
        "told_candidate": True,
        "by": INVIGILATOR,
        "at": more.pop("when", when(place, 60)),
    }
    return commands.record_violation(**{**facts, **more}).value  # type: ignore[arg-type]


def notified(at: datetime, code: str = PEEPING, **more: object) -> Case:
    """A case of which the candidate was told the next day."""
    case = recorded(at, code, **more)
    return commands.notify_case(case_id=case.pk, by=area_clerk(), at=case.recorded_at + timedelta(days=1)).value


def concerned(case: Case) -> Actor:
    """The candidate of a case, signed in."""
    return Actor(
        name=case.candidate.name,
        post=Post.CANDIDATE,
        agency_code=case.candidate.agency_code,
        candidate_id=case.candidate_id,
    )


def stated(at: datetime, code: str = PEEPING, **more: object) -> Case:
    """A case that the candidate has answered."""
    case = notified(at, code, **more)
    return commands.state_case(
        case_id=case.pk, statement="我当时在看时钟。", by=concerned(case), at=case.recorded_at + timedelta(days=2)
    ).value


def decided(at: datetime, code: str = PEEPING, by: Actor | None = None, **more: object) -> Case:
    """A case decided after it was answered, by the province unless told otherwise."""
    case = stated(at, code, **more)
    return commands.decide_case(
        case_id=case.pk,
        decision_number=f"考违〔2026〕{case.pk}号",
        by=by or head(),
        at=case.recorded_at + timedelta(days=3),
    ).value


def a_case(at: datetime, state: CaseState = CaseState.RECORDED) -> Case:
    """A case in a state."""
    if state == CaseState.RECORDED:
        return recorded(at)
    if state == CaseState.NOTIFIED:
        return notified(at)
    if state == CaseState.DISMISSED:
        case = notified(at)
        later = case.recorded_at + timedelta(days=9)
        return commands.dismiss_case(case_id=case.pk, reason="录像不能证实。", by=head(), at=later).value
    case = decided(at)
    if state == CaseState.DELIVERED:
        later = case.recorded_at + timedelta(days=4)
        return commands.deliver_decision(case_id=case.pk, by=area_clerk(), at=later).value
    return case


__all__ = ["a_case", "concerned", "decided", "notified", "recorded", "stated", "the_seats"]
