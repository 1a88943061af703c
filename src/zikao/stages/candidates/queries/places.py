"""Reading when and where people register for the first time."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.stages.candidates.models import RegistrationPeriod, RegistrationPlace
from zikao.stages.programmes.models import Sitting


def registration_periods() -> QuerySet[RegistrationPeriod]:
    """All periods with their sittings, the newest first."""
    return RegistrationPeriod.objects.select_related("sitting").order_by("-sitting__code")


def registration_period(sitting: Sitting) -> RegistrationPeriod | None:
    """The period of a sitting; None where the province has set none."""
    return RegistrationPeriod.objects.filter(sitting=sitting).first()


def registration_period_by_id(period_id: int) -> RegistrationPeriod:
    """One period; NotFound where there is none."""
    found = registration_periods().filter(pk=period_id).first()
    if found is None:
        raise NotFound("period-not-found", facts={"period": period_id})
    return found


def registration_places(county_code: str = "") -> QuerySet[RegistrationPlace]:
    """The counters that stand, for everybody; of one county where it is named. A closed county has none."""
    rows = RegistrationPlace.objects.filter(until_on=None, county__closed_on=None).select_related("county")
    return (rows.filter(county__code=county_code) if county_code else rows).order_by("county__code", "id")


def own_places(actor: Actor) -> QuerySet[RegistrationPlace]:
    """The counters of the actor's subtree, those closed with them."""
    return scoped(RegistrationPlace.objects.select_related("county"), actor, "county__code")


def registration_place(actor: Actor, place_id: int, *, lock: bool = False) -> RegistrationPlace:
    """One counter; NotFound outside the actor's subtree."""
    rows = RegistrationPlace.objects.select_related("county")
    return access(rows.select_for_update(of=("self",)) if lock else rows, actor, "county__code", pk=place_id)
