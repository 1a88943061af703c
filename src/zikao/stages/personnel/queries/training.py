"""Training courses, who is on them, and whether somebody passed."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import Certificate, Person, TrainingCourse, TrainingPlace
from zikao.stages.personnel.queries.people import persons_of
from zikao.stages.personnel.states import CourseState


def courses(by: Actor) -> QuerySet[TrainingCourse]:
    """The courses in the actor's subtree, with how many are on them, came and passed."""
    rows = TrainingCourse.objects.annotate(
        enrolled=Count("places"), came=Count("places", filter=Q(places__attended=True))
    )
    return scoped(rows, by)


def course_of(by: Actor, course_id: int) -> TrainingCourse:
    """One course. Raises NotFound."""
    return access(TrainingCourse.objects.all(), by, pk=course_id)


def places_of(course: TrainingCourse) -> QuerySet[TrainingPlace]:
    """Who is on a course."""
    return course.places.select_related("person").order_by("person__unit", "person_id")


def not_on_course(by: Actor, course: TrainingCourse) -> QuerySet[Person]:
    """The exam staff in the actor's subtree who are not on a course yet and have the basic conditions."""
    rows = persons_of(by).filter(conditions_lapsed=[])
    return rows.exclude(pk__in=course.places.values("person"))


def passed(place: TrainingPlace) -> Decision:
    """Whether a person came and reached the pass mark."""
    course = place.course
    on = course.assessed_on or local_day(course.planned_at)
    return rules.PASSING(on=on, attended=bool(place.attended), score=place.score, pass_mark=course.pass_mark)


def open_courses(by: Actor) -> QuerySet[TrainingCourse]:
    """Courses that are not finished."""
    return courses(by).exclude(state=CourseState.CERTIFIED).order_by("held_on", "id")


def certificates_issued_on(course: TrainingCourse) -> QuerySet[Certificate]:
    """The certificates of a course, in the order of persons."""
    return course.certificates.select_related("person").order_by("person__unit", "person_id", "post_kind")
