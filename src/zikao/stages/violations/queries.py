"""Cases as staff and the candidate concerned may read them."""

from __future__ import annotations

from datetime import date

from django.db.models import Case as Choice
from django.db.models import Count, Q, QuerySet, When

from zikao.foundation.actors import PROVINCE_POSTS, Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Decision, all_of
from zikao.foundation.retention.registry import needs
from zikao.foundation.retention.states import OpenCase
from zikao.stages.entries.models import Entry
from zikao.stages.entries.states import EntryState
from zikao.stages.personnel.models import Duty
from zikao.stages.programmes.models import Sitting
from zikao.stages.seating.models import Seat
from zikao.stages.violations import rules
from zikao.stages.violations.models import Case
from zikao.stages.violations.states import OVER, FoundIn


def cases(actor: Actor) -> QuerySet[Case]:
    """The cases in the actor's subtree, newest first."""
    rows = Case.objects.select_related("candidate", "entry__paper__course", "entry__sitting")
    return scoped(rows, actor).order_by("-recorded_at", "id")


def case(actor: Actor, case_id: int) -> Case:
    """One case; NotFound outside the subtree."""
    return access(_whole(), actor, pk=case_id)


def _whole() -> QuerySet[Case]:
    return Case.objects.select_related(
        "candidate", "entry__paper__course", "entry__paper__unit", "entry__sitting", "first_recorder", "second_recorder"
    )


def own_cases(actor: Actor) -> QuerySet[Case]:
    """The signed-in candidate's own cases."""
    rows = Case.objects.filter(candidate_id=actor.candidate_id or 0).select_related("entry__paper__course")
    return rows.order_by("-recorded_at", "id")


def own_case(actor: Actor, case_id: int) -> Case:
    """One of the signed-in candidate's own cases; NotFound for another's."""
    found = _whole().filter(pk=case_id, candidate_id=actor.candidate_id or 0).first()
    if found is None:
        raise NotFound("case-not-found")
    return found


def seat_of(entry: Entry) -> Seat | None:
    """Where an entry sat."""
    return Seat.objects.select_related("room__site__area", "unit").filter(pk=entry.pk).first()


def place_of(entry: Entry) -> str:
    """The agency code that a case of this entry belongs to: the site's, or the area's while nobody is seated."""
    seat = seat_of(entry)
    return seat.agency_code if seat is not None else entry.area_code


def staff_present(entry: Entry) -> QuerySet[Duty]:
    """Who was on duty at the entry's site in its unit, the room's own invigilators first; none without a seat."""
    seat = seat_of(entry)
    if seat is None:
        return Duty.objects.none()
    rows = Duty.objects.filter(
        Q(unit_number=seat.unit.number) | Q(unit_number__isnull=True),
        site_id=seat.room.site_id,
        sitting_code=entry.sitting.code,
    )
    own_room_first = Choice(When(room_id=seat.room_id, then=0), default=1)
    return rows.select_related("person", "room").order_by(own_room_first, "id")


def entries_to_record(actor: Actor) -> QuerySet[Entry]:
    """The paid entries of the actor's area, or with a seat at the actor's site."""
    lo, hi = actor.scope
    here = Q(area_code__gte=lo, area_code__lt=hi) | Q(seat__agency_code__gte=lo, seat__agency_code__lt=hi)
    rows = Entry.objects.filter(here, state=EntryState.PAID)
    return rows.select_related("candidate", "paper__course", "paper__unit", "sitting", "seat__room__site")


def entry(actor: Actor, entry_id: int) -> Entry:
    """One entry of which a violation may be recorded; NotFound elsewhere."""
    found = entries_to_record(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotFound("entry-not-found", message="没有这条报考记录。")
    return found


def decider(case: Case, actor: Actor, on: date) -> Decision:
    """Whether this person may decide a case: of an agency that may, and none of those who recorded it."""
    provincial = actor.post in PROVINCE_POSTS
    recorders = {each.account_id for each in (case.first_recorder, case.second_recorder)} - {None}
    return all_of(
        rules.DECIDER(on=on, code=case.code, found_in=FoundIn(case.found_in), provincial=provincial),
        rules.APART(on=on, decider=actor.account_id, recorders=frozenset(recorders)),
    )


def cases_by_state(sitting: Sitting) -> dict[str, int]:
    """How many cases of a sitting stand in each state."""
    rows = Case.objects.filter(entry__sitting=sitting).order_by().values_list("state").annotate(n=Count("id"))
    return dict(rows)


@needs("violations")
def undelivered(matter: str) -> list[OpenCase]:
    """The cases of a sitting that are not over: its papers and scripts are still needed."""
    rows = Case.objects.filter(entry__sitting__code=matter).exclude(state__in=OVER)
    return [OpenCase(f"violations.case:{case.pk}", f"违规案件 {case.pk} 号") for case in rows.order_by("pk")]
