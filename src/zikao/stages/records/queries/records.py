"""Records and what is in them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.records.models import PassCertificate, Record


def records(actor: Actor) -> QuerySet[Record]:
    """The records in the actor's subtree, with the number of passed courses."""
    passed = Count("candidate__scores", filter=Q(candidate__scores__passed=True))
    return scoped(Record.objects.select_related("candidate"), actor).annotate(passes=passed).order_by("id")


def record(actor: Actor, record_id: int) -> Record:
    """One record; NotFound outside the subtree."""
    return access(Record.objects.select_related("candidate", "opened_by_score"), actor, pk=record_id)


def own_record(actor: Actor) -> Record | None:
    """The signed-in candidate's own record, if one is open."""
    return Record.objects.filter(candidate_id=actor.candidate_id).select_related("candidate").first()


def certificates_of(record: Record) -> QuerySet[PassCertificate]:
    """The certificates issued from one record."""
    return record.certificates.select_related("score__course").order_by("number")
