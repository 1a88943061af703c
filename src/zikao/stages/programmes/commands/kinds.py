"""What the centre says of a course from a day on, kept here."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import Conflict
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.models import Course, CourseKind, Paper
from zikao.stages.programmes.states import TimetableState


@command(writes="programmes.course-kind-taken", clauses=("EA-22.2",), posts=policies.INBOX)
def take_course_kind(
    *,
    reference: int,
    course_code: str,
    name: str,
    national: bool,
    since: date,
    document: str,
    by: Actor,
    at: datetime,
) -> Outcome[CourseKind]:
    """Keep from which day a course is national, or no longer: drafts from then on follow, what was filed stays.

    Source:  EA-22.2
    Writes:  programmes.course-kind-taken
    Raises:  NotPermitted, Conflict
    """
    course, _ = Course.objects.get_or_create(code=course_code, defaults={"name": name[:60], "national": not national})
    if queries.is_said(reference) or course.kinds.filter(since=since).exists():
        raise Conflict("course-kind-taken", message="这一调整已经接收。")
    kind = CourseKind.objects.create(
        course=course, national=national, since=since, document=document[:60], reference=reference, received_at=at
    )
    drafts = Paper.objects.filter(course=course, sitting__timetable__state=TimetableState.DRAFTED)
    followed = 0
    for paper in drafts.select_related("sitting", "course"):
        paper.national = queries.kinds_in(paper.sitting).is_national(course)
        paper.save(update_fields=["national"])
        followed += 1
    return Outcome(kind, facts={"course": course_code, "national": national, "since": since, "papers": followed})
