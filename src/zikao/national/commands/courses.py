"""The centre says which courses are national from a day on."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import Conflict
from zikao.foundation.exchange import send
from zikao.foundation.exchange.models import Peer
from zikao.national import policies
from zikao.national.models import CourseNotice
from zikao.national.queries import courses as queries
from zikao.stages.programmes import rules


@command(writes="national.course-kind-announced", clauses=("EA-22.2",), posts=policies.OFFICERS)
def announce_course_kind(
    *, course_code: str, course_name: str, national: bool, since: date, document: str, by: Actor, at: datetime
) -> Outcome[CourseNotice]:
    """Say that a course is national from a day on, or no longer, and tell every node; the past stays as it was.

    Source:  EA-22.2
    Writes:  national.course-kind-announced
    Raises:  NotPermitted, Conflict, Refused
    """
    rules.COURSE_KIND(
        on=local_day(at),
        course=course_code,
        national=national,
        was_national=course_code in queries.national_courses(since),
        since=since,
        issued_in=queries.issued_since(course_code, since),
    ).require()
    if CourseNotice.objects.filter(course_code=course_code, since=since).exists():
        raise Conflict("course-kind-announced", message="这门课程自这一天起的调整已经发布。")
    notice = CourseNotice.objects.create(
        course_code=course_code, course_name=course_name, national=national, since=since, document=document,
        announced_at=at,
    )  # fmt: skip
    to = list(Peer.objects.exclude(code="national").order_by("code").values_list("code", flat=True))
    for node in to:
        send(to=node, kind=queries.NOTICE, body=queries.message_of(notice), at=at)
    return Outcome(notice, facts={"course": course_code, "national": national, "since": since, "to": to})
