"""Records and what is in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.candidates.models import Candidate
from zikao.stages.records.models import PassCertificate, Record
from zikao.stages.results.queries import current_scores
from zikao.stages.seating.models import Seat


def records(actor: Actor) -> QuerySet[Record]:
    """The records in the actor's subtree, with the number of passed courses."""
    passed = current_scores().filter(candidate_id=OuterRef("candidate_id"), passed=True).order_by()
    count = passed.values("candidate_id").annotate(n=Count("course_id", distinct=True)).values("n")
    rows = Record.objects.select_related("candidate__major").order_by("id")
    return scoped(rows, actor).annotate(passes=Coalesce(Subquery(count, output_field=IntegerField()), 0))


def record(actor: Actor, record_id: int) -> Record:
    """One record; NotFound outside the subtree."""
    rows = Record.objects.select_related("candidate__major", "candidate__first_sitting", "opened_by_score__course")
    return access(rows, actor, pk=record_id)


def own_record(actor: Actor) -> Record | None:
    """The signed-in candidate's own record, if one is open."""
    return Record.objects.filter(candidate_id=actor.candidate_id or 0).select_related("candidate").first()


def certificates_of(record: Record) -> QuerySet[PassCertificate]:
    """The certificates issued from one record."""
    return record.certificates.select_related("score__course").order_by("number")


def certificate(actor: Actor, certificate_id: int) -> PassCertificate:
    """One certificate of a passed course, in the actor's subtree."""
    rows = PassCertificate.objects.select_related("record__candidate__major", "score__course", "score__sitting")
    return access(rows, actor, pk=certificate_id)


def without_record(actor: Actor) -> QuerySet[Candidate]:
    """The candidates of the subtree who have passed a published course and have no record yet."""
    rows = (
        current_scores()
        .filter(passed=True)
        .exclude(sitting__isnull=False, sitting__publication__published_at__isnull=True)
    )
    passed = rows.order_by().values("candidate_id")
    return scoped(Candidate.objects.filter(record__isnull=True, pk__in=passed), actor).order_by("admission_number")


def own_certificate(actor: Actor, certificate_id: int) -> PassCertificate:
    """One of the signed-in candidate's own certificates; NotFound for another's."""
    rows = PassCertificate.objects.filter(record__candidate_id=actor.candidate_id or 0)
    return access(rows.select_related("record__candidate__major", "score__course"), actor, pk=certificate_id)


@dataclass(frozen=True)
class SittingFacts:
    """One sitting of a candidate: subjects seated, sat, and handwriting samples taken."""

    label: str
    seats: int
    present: int
    handwriting: int


def sittings_of(candidate_id: int) -> list[SittingFacts]:
    """The sittings in which the candidate had a seat, newest first."""
    rows = (
        Seat.objects.filter(entry__candidate_id=candidate_id)
        .values("entry__sitting__code", "entry__sitting__year", "entry__sitting__month")
        .annotate(
            seats=Count("id"),
            present=Count("id", filter=Q(attendance__present=True)),
            handwriting=Count("id", filter=Q(attendance__handwriting_taken=True)),
        )
        .order_by("-entry__sitting__code")
    )
    return [
        SittingFacts(
            f"{row['entry__sitting__year']}年{row['entry__sitting__month']}月",
            row["seats"],
            row["present"],
            row["handwriting"],
        )
        for row in rows
    ]
