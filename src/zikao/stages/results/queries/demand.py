"""How many candidates of each major still need the courses of a timetable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import combinations

from django.db import connection
from django.db.models import Count

from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import IN_REGISTER
from zikao.stages.programmes.queries import Demand

_PASSED = """
SELECT major_id, passed, count(*) FROM (
    SELECT c.major_id, array_agg(s.course_id ORDER BY s.course_id) AS passed
    FROM archive.score s JOIN candidates_candidate c ON c.id = s.candidate_id
    WHERE s.passed AND s.course_id = ANY(%(courses)s) AND c.state = ANY(%(states)s)
        AND s.id NOT IN (SELECT t.supersedes_id FROM archive.score t WHERE t.supersedes_id IS NOT NULL)
    GROUP BY c.major_id, s.candidate_id
) each GROUP BY 1, 2
"""


def demand_of(course_ids: Collection[int]) -> Demand:
    """Registered candidates by major, and how many of them have passed which courses and pairs of courses.

    The database groups candidates by what they have passed; how many ways there are, not how many candidates, is what
    is left to be counted here.
    """
    people = Candidate.objects.filter(state__in=IN_REGISTER).order_by()
    registered = dict(people.values_list("major_id").annotate(n=Count("id")))
    passed: Counter[tuple[int, int]] = Counter()
    both: Counter[tuple[int, int, int]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_PASSED, {"courses": list(course_ids), "states": [state.value for state in IN_REGISTER]})
        for major_id, found, people_alike in cursor.fetchall():
            courses = sorted(set(found))
            for course in courses:
                passed[major_id, course] += people_alike
            for low, high in combinations(courses, 2):
                both[major_id, low, high] += people_alike
    return Demand(registered, passed, both)


def people_up_to(most: int) -> int:
    """How many registered candidates the reader sees, counted no further than `most`."""
    return Candidate.objects.filter(state__in=IN_REGISTER).order_by()[:most].count()
