"""Substitutions published by this province."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import Conflict, NotFound
from zikao.stages.programmes.models import Course
from zikao.stages.transfers import policies
from zikao.stages.transfers.models import Substitution


@command(writes="transfers.substitution-published", clauses=("SR-A2.4.2",), posts=policies.SUBSTITUTION_PUBLISHERS)
def publish_substitution(
    *, from_course_code: str, to_course_code: str, since_on: date, document: str, by: Actor, at: datetime
) -> Outcome[Substitution]:
    """Publish that a course of elsewhere counts as one of ours from a day on.

    Source:  SR-A2.4.2
    Writes:  transfers.substitution-published
    Raises:  NotPermitted, NotFound, Conflict
    """
    course = Course.objects.filter(code=to_course_code).first()
    if course is None:
        raise NotFound("course-not-found", message=f"没有代码为 {to_course_code} 的课程。")
    if Substitution.objects.filter(from_course_code=from_course_code, to_course=course, since_on=since_on).exists():
        raise Conflict("substitution-published", message="同一替换关系已经公布。")
    made = Substitution.objects.create(
        from_course_code=from_course_code, to_course=course, since_on=since_on, document=document
    )
    return Outcome(made, facts={"from": from_course_code, "to": to_course_code})
