"""Changes to data other than answers, and the work log of cards and their data."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.ledger.models import Line
from zikao.stages.marking.models import DataCorrection
from zikao.stages.marking.queries.persons import account_of
from zikao.stages.marking.states import DataCorrectionState
from zikao.stages.programmes.models import Sitting

LOGGED = (
    "papers.handed-over",
    "marking.scans-received",
    "marking.cards-read",
    "marking.readings-compared",
    "marking.doubts-ruled",
    "marking.card-placed",
    "marking.data-correction-proposed",
    "marking.data-correction-confirmed",
    "marking.data-correction-refused",
    "marking.scripts-opened",
    "marking.objective-scored",
    "marking.totalled",
)
"""What the work log holds: custody and hand-overs, reading, processing (EA-A9.2.1.2)."""


def data_corrections(actor: Actor) -> QuerySet[DataCorrection]:
    """The register, the newest first."""
    return scoped(DataCorrection.objects.all(), actor).select_related("card__paper__course", "card__batch")


def data_correction(actor: Actor, correction_id: int) -> DataCorrection:
    """One registered change; NotFound outside the actor's subtree."""
    rows = DataCorrection.objects.select_related("card__paper__course", "card__batch", "seat_before", "seat_after")
    return access(rows, actor, pk=correction_id)


def corrections_to_confirm(actor: Actor) -> QuerySet[DataCorrection]:
    """What waits for this person: not proposed and not confirmed by them."""
    account = account_of(actor)
    rows = data_corrections(actor).filter(state=DataCorrectionState.PROPOSED)
    return rows.exclude(proposed_by=account).exclude(confirmations__account_id=account).order_by("proposed_at")


def work_log(actor: Actor, sitting: Sitting | None) -> QuerySet[Line]:
    """The ledger's lines on cards and their data, from the sitting's first unit to the next sitting's."""
    subjects = Q(subject__gte="marking.", subject__lt="marking/") | Q(subject__gte="papers.", subject__lt="papers/")
    subjects |= Q(subject__gte="programmes.paper:", subject__lt="programmes.paper;")
    rows = scoped(Line.objects.filter(subjects, command__in=LOGGED), actor)
    first, last = _span(sitting)
    return rows.filter(at__gte=first, at__lt=last) if first and last else rows.none()


def _span(sitting: Sitting | None) -> tuple[datetime | None, datetime | None]:
    first = sitting.units.aggregate(first=Min("starts_at"))["first"] if sitting else None
    if first is None:
        return None, None
    later = Sitting.objects.filter(units__starts_at__gt=first + timedelta(days=30)).aggregate(
        at=Min("units__starts_at")
    )
    return first - timedelta(days=30), later["at"] or first + timedelta(days=365)
