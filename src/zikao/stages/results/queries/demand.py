"""How many candidates of each major still need the courses of a timetable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import combinations, groupby

from django.db.models import Count

from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import IN_REGISTER
from zikao.stages.programmes.queries import Demand
from zikao.stages.results.queries.scores import current_scores


def demand_of(course_ids: Collection[int]) -> Demand:
    """Registered candidates by major, and how many of them have passed which courses and pairs of courses."""
    people = Candidate.objects.filter(state__in=IN_REGISTER).order_by()
    registered = dict(people.values_list("major_id").annotate(n=Count("id")))
    rows = (
        current_scores()
        .filter(passed=True, course_id__in=course_ids, candidate__state__in=IN_REGISTER)
        .order_by("candidate_id", "course_id")
        .values_list("candidate_id", "candidate__major_id", "course_id")
    )
    passed: Counter[tuple[int, int]] = Counter()
    both: Counter[tuple[int, int, int]] = Counter()
    for (_, major_id), found in groupby(rows.iterator(chunk_size=20_000), key=lambda row: row[:2]):
        courses = sorted({course_id for *_, course_id in found})
        passed.update((major_id, course) for course in courses)
        both.update((major_id, low, high) for low, high in combinations(courses, 2))
    return Demand(registered, passed, both)
