"""Scores as staff and candidates may read them; before publication a candidate reads none of the sitting's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.foundation.crypto import sm3
from zikao.stages.conduct.models import Attendance
from zikao.stages.programmes.models import Sitting
from zikao.stages.results.models import Publication, Score
from zikao.stages.results.states import PublicationState, Standing


def current_scores() -> QuerySet[Score]:
    """The versions in force: those no later version replaces."""
    return Score.objects.filter(superseded_by__isnull=True)


def scores_of(sitting: Sitting) -> QuerySet[Score]:
    """The scores in force of one sitting."""
    return current_scores().filter(sitting=sitting)


def published_scores(candidate_id: int) -> QuerySet[Score]:
    """What a candidate may read: scores without a sitting here, and those of published sittings."""
    told = Q(sitting__isnull=True) | Q(sitting__publication__state=PublicationState.PUBLISHED)
    return (
        current_scores()
        .filter(told, candidate_id=candidate_id)
        .select_related("course", "sitting")
        .order_by("-sitting_label", "course__code")
    )


def passes_of(candidate_id: int) -> QuerySet[Score]:
    """The passing scores in force of a candidate, as far as published."""
    return published_scores(candidate_id).filter(passed=True)


def publications(actor: Actor) -> QuerySet[Publication]:
    """Every sitting's results and how far they are."""
    return Publication.objects.select_related("sitting").order_by("-sitting__code")


def evidence_counts(sitting: Sitting) -> dict[str, int]:
    """What the rule of collection asks: present, totals of those, totals of absent ones, undecided cases, doubts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM conduct_attendance a JOIN seating_seat s ON s.id = a.seat_id
                      JOIN programmes_paper p ON p.id = s.paper_id WHERE p.sitting_id = %(sitting)s AND a.present),
                   (SELECT count(*) FROM marking_total t JOIN seating_seat s ON s.id = t.seat_id
                      JOIN conduct_attendance a ON a.seat_id = s.id
                      JOIN programmes_paper p ON p.id = s.paper_id WHERE p.sitting_id = %(sitting)s AND a.present),
                   (SELECT count(*) FROM marking_total t JOIN seating_seat s ON s.id = t.seat_id
                      LEFT JOIN conduct_attendance a ON a.seat_id = s.id
                      JOIN programmes_paper p ON p.id = s.paper_id
                     WHERE p.sitting_id = %(sitting)s AND a.present IS NOT TRUE),
                   (SELECT count(*) FROM violations_case c JOIN entries_entry e ON e.id = c.entry_id
                     WHERE e.sitting_id = %(sitting)s AND c.state IN ('recorded', 'notified')),
                   (SELECT count(*) FROM marking_card c JOIN programmes_paper p ON p.id = c.paper_id
                     WHERE p.sitting_id = %(sitting)s AND c.state = 'doubtful')
            """,
            {"sitting": sitting.pk},
        )
        found = cursor.fetchone()
    return dict(zip(("present", "totals", "strays", "undecided_cases", "doubtful_cards"), found, strict=True))


def digest_of_scores(sitting: Sitting) -> str:
    """SM3 over the sitting's scores in a fixed order, so that anyone holding the list can compare."""
    rows = scores_of(sitting).order_by("candidate__admission_number", "course__code")
    lines = (
        f"{number},{course},{standing},{'' if value is None else value}\n"
        for number, course, standing, value in rows.values_list(
            "candidate__admission_number", "course__code", "standing", "value"
        ).iterator(chunk_size=20_000)
    )
    return sm3("".join(lines).encode()).hex()


@dataclass(frozen=True)
class SittingResults:
    """A sitting's results in numbers; present = valid + void of those present."""

    present: int
    absent: int
    valid: int
    void: int
    passed: int


def sitting_results(actor: Actor, sitting: Sitting) -> SittingResults:
    """The sitting's results in numbers, in the actor's subtree."""
    counts = scoped(scores_of(sitting), actor).aggregate(
        absent=Count("id", filter=Q(standing=Standing.ABSENT)),
        valid=Count("id", filter=Q(standing=Standing.VALID)),
        void=Count("id", filter=Q(standing=Standing.VOID)),
        passed=Count("id", filter=Q(passed=True)),
    )
    present = Attendance.objects.filter(seat__paper__sitting=sitting, present=True).count()
    return SittingResults(present=present, **counts)


def passed_course_codes(candidate_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The codes of the courses that each candidate has passed, by published scores in force."""
    told = Q(sitting__isnull=True) | Q(sitting__publication__state=PublicationState.PUBLISHED)
    rows = current_scores().filter(told, candidate_id__in=candidate_ids, passed=True)
    passed: dict[int, set[str]] = {}
    for candidate_id, code in rows.values_list("candidate_id", "course__code"):
        passed.setdefault(candidate_id, set()).add(code)
    return {candidate_id: frozenset(codes) for candidate_id, codes in passed.items()}
