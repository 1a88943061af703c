"""The results of a sitting: their evidence, their digest, and numbers that add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, Max, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import NotFound
from zikao.stages.conduct.models import Attendance
from zikao.stages.programmes.models import Sitting
from zikao.stages.results.models import ChangeList, Publication, Score, StagedScore
from zikao.stages.results.queries.scores import scores_of
from zikao.stages.results.states import ListKind, ListState, PublicationState, Standing


def publications(actor: Actor) -> QuerySet[Publication]:
    """Every sitting's results and how far they are."""
    return Publication.objects.select_related("sitting").order_by("-sitting__code")


def sittings() -> QuerySet[Sitting]:
    """Every sitting with its publication, if there is one."""
    return Sitting.objects.select_related("publication").order_by("-code")


def sittings_over(at: datetime) -> QuerySet[Sitting]:
    """The sittings whose last unit has ended and whose scores are not collected."""
    rows = Sitting.objects.filter(publication__isnull=True).annotate(over_at=Max("units__ends_at"))
    return rows.filter(over_at__lt=at).order_by("code")


def sitting(code: str) -> Sitting:
    """One sitting with its publication; NotFound for an unknown code."""
    found = sittings().filter(code=code).first()
    if found is None:
        raise NotFound("sitting-not-found", facts={"sitting": code}, message=f"没有考次 {code}。")
    return found


def publication_of(found: Sitting) -> Publication | None:
    """The sitting's publication, or None before the collection."""
    return getattr(found, "publication", None)


def awaiting(state: PublicationState) -> QuerySet[Publication]:
    """The publications that stand in a state."""
    return Publication.objects.filter(state=state).select_related("sitting").order_by("collected_at")


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


def list_of(sitting: Sitting) -> ChangeList:
    """The sitting's change list; NotFound before the collection."""
    rows = ChangeList.objects.filter(kind=ListKind.COLLECTION, subject=f"sitting:{sitting.code}")
    found = rows.exclude(state=ListState.WITHDRAWN).first()
    if found is None:
        raise NotFound("not-collected", message=f"考次 {sitting.code} 的成绩还没有采集。")
    return found


def collected_rows(sitting: Sitting) -> QuerySet[Any]:
    """The sitting's scores as far as they are: the archive's in force, or before the filing the collected list's."""
    waiting = ChangeList.objects.filter(
        kind=ListKind.COLLECTION,
        subject=f"sitting:{sitting.code}",
        state__in=(ListState.STAGED, ListState.APPROVED),
    ).first()
    return scores_of(sitting) if waiting is None else StagedScore.objects.filter(list=waiting)


def digest_of_scores(sitting: Sitting) -> str:
    """SM3 over the sitting's first versions in a fixed order, so that anyone holding the list can compare."""
    rows = collected_rows(sitting)
    if rows.model is Score:  # a correction is a new version; what was collected and published first stays as it was
        rows = Score.objects.filter(sitting=sitting, version=1)
    rows = rows.order_by("candidate__admission_number", "course__code")
    lines = (
        f"{number},{course},{standing},{'' if value is None else value}\n"
        for number, course, standing, value in rows.values_list(
            "candidate__admission_number", "course__code", "standing", "value"
        ).iterator(chunk_size=20_000)
    )
    return sm3("".join(lines).encode()).hex()


@dataclass(frozen=True)
class SittingResults:
    """A sitting's results in numbers: seats = present + absent; scores = valid + missed + void.

    A decision may void the entry of somebody who did not come: so `void` is split into those present and not.
    """

    present: int
    absent: int
    valid: int
    missed: int
    void: int
    passed: int

    @property
    def seats(self) -> int:
        """Everybody who had a seat."""
        return self.present + self.absent

    @property
    def scores(self) -> int:
        """All scores filed."""
        return self.valid + self.missed + self.void

    @property
    def adds_up(self) -> bool:
        """Whether every seat has exactly one score."""
        return self.seats == self.scores


def sitting_results(actor: Actor, found: Sitting) -> SittingResults:
    """The sitting's results in numbers, in the actor's subtree (by the candidate's county)."""
    counts = scoped(collected_rows(found), actor).aggregate(
        missed=Count("id", filter=Q(standing=Standing.ABSENT)),
        valid=Count("id", filter=Q(standing=Standing.VALID)),
        void=Count("id", filter=Q(standing=Standing.VOID)),
        passes=Count("id", filter=Q(passed=True)),
    )
    counts["passed"] = counts.pop("passes")
    rows = scoped(Attendance.objects.filter(seat__paper__sitting=found), actor, "seat__entry__agency_code")
    seats = rows.aggregate(came=Count("id", filter=Q(present=True)), missing=Count("id", filter=Q(present=False)))
    return SittingResults(present=seats["came"], absent=seats["missing"], **counts)


@dataclass(frozen=True)
class CourseResults:
    """One course of a sitting: scores filed, how many valid, passed, absent, void, and the average of the valid."""

    code: str
    name: str
    count: int
    valid: int
    passed: int
    absent: int
    void: int
    average: float | None

    @property
    def pass_percent(self) -> int:
        """Passed of valid, in per cent."""
        return round(100 * self.passed / self.valid) if self.valid else 0


def course_results(actor: Actor, found: Sitting) -> list[CourseResults]:
    """The sitting's courses in numbers."""
    rows = (
        scoped(collected_rows(found), actor)
        .values("course__code", "course__name")
        .annotate(
            n=Count("id"),
            valid=Count("id", filter=Q(standing=Standing.VALID)),
            passes=Count("id", filter=Q(passed=True)),
            absent=Count("id", filter=Q(standing=Standing.ABSENT)),
            void=Count("id", filter=Q(standing=Standing.VOID)),
            average=Avg("value"),
        )
        .order_by("course__code")
    )
    return [
        CourseResults(
            row["course__code"], row["course__name"], row["n"], row["valid"], row["passes"], row["absent"],
            row["void"], row["average"],
        )
        for row in rows
    ]  # fmt: skip
