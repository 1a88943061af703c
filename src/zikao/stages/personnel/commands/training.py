"""Training courses: planned, people enrolled, attendance, scores, and certificates for those who passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, scoped, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.commands.certificates import number_of, serials
from zikao.stages.personnel.models import Certificate, Person, TrainingCourse, TrainingPlace
from zikao.stages.personnel.states import COURSE_TRANSITIONS, CoursePlan, CourseState, PostKind

MOST = 5000


@command(writes="personnel.course-planned", clauses=("EA-10", "EA-A4.2", "EA-A5.1"), posts=policies.TRAINERS)
def plan_course(*, plan: CoursePlan, by: Actor, at: datetime) -> Outcome[TrainingCourse]:
    """Plan a course; pass mark and validity are the province's of its day.

    Source:  EA-10, EA-A4.2, EA-A5.1
    Writes:  personnel.course-planned
    Raises:  NotPermitted, BadInput, Refused
    """
    rules.COURSE(on=plan.held_on, hours=plan.hours, topics=len(plan.topics)).require()
    if not plan.post_kinds:
        raise BadInput("posts-missing", field_errors={"post_kinds": "请选择适用岗位。"})
    province = by.agency_code[:2] or None
    course = TrainingCourse.objects.create(
        title=plan.title,
        topics=list(plan.topics),
        hours=plan.hours,
        held_on=plan.held_on,
        place=plan.place,
        post_kinds=[PostKind(kind).value for kind in plan.post_kinds],
        pass_mark=parameter("training-pass-mark").on(plan.held_on, province=province),
        validity_months=parameter("certificate-months").on(plan.held_on, province=province),
        agency_code=by.agency_code,
        planned_at=at,
    )
    return Outcome(course, facts={"hours": plan.hours, "pass_mark": course.pass_mark, "posts": course.post_kinds})


@command(writes="personnel.staff-enrolled", clauses=("EA-10", "EA-A4.2", "EA-A5.1"), posts=policies.TRAINERS)
def enrol_staff(*, course_id: int, person_ids: Sequence[int], by: Actor, at: datetime) -> Outcome[TrainingCourse]:
    """Put people on a course; those who are on it already stay.

    Source:  EA-10, EA-A4.2, EA-A5.1
    Writes:  personnel.staff-enrolled
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    course = _locked(course_id, by)
    if course.state != CourseState.PLANNED:
        raise WrongState("course-begun", message="培训已经登记到训，不能再增加人员。", remedy="请安排到下一期培训。")
    wanted = set(person_ids)
    if not wanted or len(wanted) > MOST:
        raise BadInput("people-count", field_errors={"person_ids": f"一次选 1 到 {MOST} 人。"})
    known = set(scoped(Person.objects.filter(pk__in=wanted), by).values_list("pk", flat=True))
    if missing := sorted(wanted - known):
        raise NotFound("person-not-found", facts={"persons": missing})
    before = course.places.count()
    rows = (TrainingPlace(course=course, person_id=key) for key in sorted(known))
    TrainingPlace.objects.bulk_create(rows, ignore_conflicts=True)
    return Outcome(course, facts={"added": course.places.count() - before})


@command(writes="personnel.attendance-recorded", clauses=("EA-10", "EA-A5.1"), posts=policies.TRAINERS)
def record_attendance(*, course_id: int, absent: Collection[int], by: Actor, at: datetime) -> Outcome[TrainingCourse]:
    """Record who came: all on the course but the persons listed; may be done again until the assessment.

    Source:  EA-10, EA-A5.1
    Writes:  personnel.attendance-recorded
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    course = _locked(course_id, by)
    check_transition(COURSE_TRANSITIONS, CourseState(course.state), CourseState.HELD)
    if local_day(at) < course.held_on:
        raise WrongState("course-not-held", message=f"培训在 {course.held_on}，还没有到。")
    if not course.places.exists():
        raise Conflict("course-empty", message="培训班还没有人员。", remedy="请先安排参加培训的人员。")
    strangers = set(absent) - set(course.places.values_list("person_id", flat=True))
    if strangers:
        raise BadInput("not-on-course", field_errors={"absent": "缺勤名单中有人不在这一期培训。"})
    before = snapshot(course)
    course.places.filter(person__in=absent).update(attended=False, score=None)
    course.places.exclude(person__in=absent).update(attended=True)
    course.state = CourseState.HELD
    course.save(update_fields=["state"])
    return Outcome(course, before=before, facts={"absent": len(set(absent))})


@command(writes="personnel.scores-recorded", clauses=("EA-10", "EA-A5.1"), posts=policies.TRAINERS)
def record_scores(
    *, course_id: int, assessed_on: date, scores: Mapping[int, Decimal], by: Actor, at: datetime
) -> Outcome[TrainingCourse]:
    """Record the assessment: person to score of 100; whoever came and is not in it was not assessed.

    Source:  EA-10, EA-A5.1
    Writes:  personnel.scores-recorded
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    course = _locked(course_id, by)
    check_transition(COURSE_TRANSITIONS, CourseState(course.state), CourseState.ASSESSED)
    if not course.held_on <= assessed_on <= local_day(at):
        raise BadInput("assessed-on", field_errors={"assessed_on": "考核日期在培训当天到今天之间。"})
    places = {place.person_id: place for place in course.places.filter(attended=True)}
    wrong = [key for key, score in scores.items() if key not in places or not 0 <= score <= 100]
    if wrong or not scores:
        raise BadInput("scores", field_errors={"scores": "成绩在 0 到 100 之间，只登记到训的人员。"})
    before = snapshot(course)
    for key, place in places.items():
        place.score = scores.get(key)
    TrainingPlace.objects.bulk_update(places.values(), ["score"], batch_size=1000)
    course.state, course.assessed_on = CourseState.ASSESSED, assessed_on
    course.save(update_fields=["state", "assessed_on"])
    return Outcome(course, before=before, facts={"scores": len(scores)})


@command(writes="personnel.course-certified", clauses=("EA-10", "EA-A5.1"), posts=policies.CERTIFIERS)
def certify_course(*, course_id: int, valid_from_on: date, by: Actor, at: datetime) -> Outcome[list[Certificate]]:
    """Give certificates for the course's posts to all who came and passed, and to nobody else; the course is finished.

    Source:  EA-10, EA-A5.1
    Writes:  personnel.course-certified
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    course = _locked(course_id, by)
    check_transition(COURSE_TRANSITIONS, CourseState(course.state), CourseState.CERTIFIED)
    assessed_on = course.assessed_on or course.held_on
    if valid_from_on < assessed_on:
        raise BadInput("validity", field_errors={"valid_from_on": "有效期在考核之后开始。"})
    passed = [place.person for place in queries.places_of(course) if queries.passed(place).granted]
    if not passed:
        raise Conflict("nobody-passed", message="没有人到训并考核合格，不能发证。", clause="EA-10")
    before = snapshot(course)
    issued = _certificates(course, passed, assessed_on, valid_from_on, at)
    course.state, course.certified_at = CourseState.CERTIFIED, at
    course.save(update_fields=["state", "certified_at"])
    on_course = course.places.count()
    facts = {"certificates": len(issued), "passed": len(passed), "without": on_course - len(passed)}
    return Outcome(issued, on=course, before=before, facts=facts)


def _certificates(
    course: TrainingCourse, passed: Sequence[Person], assessed_on: date, since: date, at: datetime
) -> list[Certificate]:
    first, until = serials(passed), months_after(since, course.validity_months)
    return Certificate.objects.bulk_create(
        Certificate(
            person=person,
            course=course,
            number=number_of(person, since, first[person.pk] + order),
            post_kind=kind,
            trained_on=course.held_on,
            training_hours=course.hours,
            assessed_on=assessed_on,
            valid_from_on=since,
            valid_until=until,
            issued_at=at,
        )
        for person in passed
        for order, kind in enumerate(course.post_kinds)
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _locked(course_id: int, by: Actor) -> TrainingCourse:
    return access(TrainingCourse.objects.select_for_update(of=("self",)), by, pk=course_id)
