"""People dispatched by the province across sites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.personnel.models import (
    Certificate,
    ConductRecord,
    Declaration,
    Dispatch,
    DispatchPlace,
    Duty,
    InterestFlag,
    Person,
)
from zikao.stages.personnel.queries.family import with_family_sitting
from zikao.stages.personnel.states import FlagState, PostKind


def dispatches(by: Actor) -> QuerySet[Dispatch]:
    """The central draws of the province."""
    return scoped(Dispatch.objects.all(), by)


def dispatch_of(by: Actor, dispatch_id: int) -> Dispatch:
    """One central draw. Raises NotFound."""
    return access(Dispatch.objects.all(), by, pk=dispatch_id)


def places_in(dispatch: Dispatch) -> QuerySet[DispatchPlace]:
    """Who was sent where, those called back as well."""
    return (
        DispatchPlace.all_places.filter(dispatch=dispatch)
        .select_related("person", "site__area")
        .order_by("site__code", "post_kind", "id")
    )


def dispatch_pool(
    pool_codes: Sequence[str], post_kind: PostKind, sitting_code: str, first_on: date, last_on: date
) -> list[Person]:
    """Who may be sent: of the pool's agencies, certified from first to last day, without interest, not on duty."""
    held = Certificate.objects.filter(post_kind=post_kind, valid_from_on__lte=first_on, valid_until__gt=last_on)
    found = Person.objects.filter(pk__in=held.values("person"), conditions_lapsed=[])
    taken_already: list[QuerySet[Any]] = [
        Declaration.objects.filter(sitting_code=sitting_code, withdrawn_at__isnull=True),
        InterestFlag.objects.filter(sitting_code=sitting_code, state=FlagState.OPEN),
        ConductRecord.objects.filter(sitting_code=sitting_code, serious=True, annuls=None, annulled_by=None),
        DispatchPlace.all_places.filter(sitting_code=sitting_code),
        Duty.objects.filter(sitting_code=sitting_code),
    ]
    for taken in taken_already:
        found = found.exclude(pk__in=taken.values("person"))
    if post_kind == PostKind.INVIGILATOR:
        found = found.filter(tutoring_institution__isnull=True)
    rows = [each for each in found.order_by("id") if each.agency_code.startswith(tuple(pool_codes))]
    away_for = with_family_sitting(rows, sitting_code)
    return [each for each in rows if each.pk not in away_for]
