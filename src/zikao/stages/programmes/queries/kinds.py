"""Which courses are national on a day: what the centre said last of each, else as it was registered."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zikao.stages.programmes.models import Course, CourseKind, Sitting


class Kinds:
    """The courses of which the centre said something until a day; one query, for there are few."""

    def __init__(self, on: date) -> None:
        rows = CourseKind.objects.filter(since__lte=on).order_by("since", "id")
        self._said = dict(rows.values_list("course_id", "national"))

    def is_national(self, course: Course) -> bool:
        """Whether the course is national on that day."""
        return bool(self._said.get(course.pk, course.national))


def kinds_on(day: date) -> Kinds:
    """The kinds of courses on a day."""
    return Kinds(day)


def kinds_in(sitting: Sitting) -> Kinds:
    """The kinds of courses in a sitting: those of the first day of its month."""
    return Kinds(date(sitting.year, sitting.month, 1))


def course_kinds() -> QuerySet[CourseKind]:
    """Everything that the centre said of courses, the newest first."""
    return CourseKind.objects.select_related("course")


def is_said(reference: int) -> bool:
    """Whether this word of the centre is kept already."""
    return CourseKind.objects.filter(reference=reference).exists()
