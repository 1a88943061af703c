"""Whether practical parts and theses that are handed in come in the order of the candidate's plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from django.conf import settings

from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import RowProblem
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.rules import ORDER, Before
from zikao.stages.results.queries.rows import Known
from zikao.stages.results.rules import PASSING
from zikao.stages.results.states import ScoreRow

FREE, THEORY_FIRST = "不限", "理论在先"


def order_problems(rows: Sequence[ScoreRow], known: Known, on: date) -> Iterator[RowProblem]:
    """The rows that come too early by every version of the plan by which their candidate goes (SR-18.1.2).

    What passes in the same list counts. Nothing where the province lets any order be.
    """
    asked = parameter("assessment-order").on(on, province=settings.ZIKAO_NODE_CODE)
    if asked == FREE:
        return
    people = {pk: number for number, (pk, _) in known.candidates.items()}
    passed = {people[pk]: set(codes) for pk, codes in programmes.passes_by_candidate(people).items()}
    for row in rows:
        if PASSING(on=on, value=row.value, grade=row.grade):
            passed.setdefault(row.admission_number, set()).add(row.course_code)
    plans_of = _plans_by_number(people, on)
    judged = _Judge(on, theory_only=asked == THEORY_FIRST)
    for number, row in enumerate(rows, 1):
        plans = plans_of.get(row.admission_number, ())
        said = [judged.faults(plan, row.course_code, passed.get(row.admission_number, set())) for plan in plans]
        if (told := [faults for faults in said if faults is not None]) and all(told):
            yield RowProblem(row.line or number, "课程代码", told[0])


def _plans_by_number(people: Mapping[int, str], on: date) -> dict[str, tuple[Plan, ...]]:
    @cache
    def open_to(major_id: int, registered_on: date) -> tuple[Plan, ...]:
        return tuple(programmes.plans_of_candidate(major_id, registered_on, on, settings.ZIKAO_NODE_CODE or None))

    found = Candidate.objects.filter(pk__in=people).values_list("pk", "major_id", "registered_at")
    return {people[pk]: open_to(major, local_day(registered)) for pk, major, registered in found}


class _Judge:
    """What each plan puts before each of its courses; a plan is read once."""

    def __init__(self, on: date, *, theory_only: bool) -> None:
        self.on, self.theory_only = on, theory_only
        self._read: dict[int, dict[str, tuple[str, Before]]] = {}

    def faults(self, plan: Plan, course: str, passed: set[str]) -> str | None:
        """Why the course comes too early, "" where it does not; None where the plan does not have it."""
        courses = self._courses(plan)
        if course not in courses:
            return None
        assess, before = courses[course]
        counted = programmes.counted_in(plan, frozenset(passed), self.on)
        said = ORDER(on=self.on, course=course, assess=assess, before=before, passed=counted, plan_codes=tuple(courses))
        return "".join(each.message for each in said.refusals)

    def _courses(self, plan: Plan) -> dict[str, tuple[str, Before]]:
        if plan.pk not in self._read:
            rows = programmes.plan_courses_in_full(plan)
            before = {row.course.code: (row.assess, programmes.what_comes_before(row, rows)) for row in rows}
            if self.theory_only:
                before = {code: (assess, Before(each.named)) for code, (assess, each) in before.items()}
            self._read[plan.pk] = before
        return self._read[plan.pk]
