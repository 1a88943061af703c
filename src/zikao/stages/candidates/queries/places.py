"""Reading when and where people register for the first time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.queries import county, successor_of
from zikao.stages.candidates.models import RegistrationPeriod, RegistrationPlace
from zikao.stages.programmes.models import Sitting


def registration_periods() -> QuerySet[RegistrationPeriod]:
    """All periods with their sittings, the newest first."""
    return RegistrationPeriod.objects.select_related("sitting").order_by("-sitting__code")


def registration_period(sitting: Sitting) -> RegistrationPeriod | None:
    """The period of a sitting; None where the province has set none."""
    return RegistrationPeriod.objects.filter(sitting=sitting).first()


def over_at(sitting: Sitting) -> datetime | None:
    """When the last unit of a sitting ends; None before it has a timetable."""
    last: datetime | None = sitting.units.aggregate(last=Max("ends_at"))["last"]
    return last


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
    """The counters of the actor's subtree, those closed with them; and those that a county of it may take on."""
    rows = RegistrationPlace.objects.select_related("county", "taken_on_as")
    inherited = [place.pk for place in places_to_take_on(actor)]
    own = scoped(rows, actor, "county__code")
    return own | rows.filter(pk__in=inherited) if inherited else own


def left_places() -> QuerySet[RegistrationPlace]:
    """The counters that ended with their county and that nobody took on or put away, the oldest first."""
    rows = RegistrationPlace.objects.filter(until_on=None, county__closed_on__isnull=False, taken_on_as=None)
    return rows.select_related("county").order_by("county__closed_on", "id")


def places_to_take_on(actor: Actor) -> list[RegistrationPlace]:
    """Those of them whose county went into one of the actor's subtree."""
    return [place for place in left_places() if (into := taking_on(place)) is not None and actor.covers(into.code)]


def taking_on(place: RegistrationPlace) -> Agency | None:
    """The county that may take a counter on; None while its own county stands, or where none took that over."""
    if place.county.is_open:
        return None
    return county(successor_of(place.county.code))


def registration_place(actor: Actor, place_id: int, *, lock: bool = False) -> RegistrationPlace:
    """One counter of the actor's subtree, or one that a county of it may take on. Raises NotFound."""
    rows = RegistrationPlace.objects.select_related("county")
    asked = rows.select_for_update(of=("self",)) if lock else rows
    found = asked.filter(pk=place_id).first()
    if found is not None and not found.county.is_open and actor.covers(successor_of(found.county.code)):
        return found
    return access(asked, actor, "county__code", pk=place_id)
