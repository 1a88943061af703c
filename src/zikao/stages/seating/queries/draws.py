"""The draw and what goes into it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Max, QuerySet, Value
from django.db.models.functions import Coalesce

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.stages.agencies.models import Agency, Room
from zikao.stages.agencies.states import SiteState
from zikao.stages.entries.models import Entry, EntryList, EntryWindow
from zikao.stages.entries.states import EntryState, WindowState
from zikao.stages.programmes.models import Paper, Unit
from zikao.stages.seating.models import Commitment, Draw, Seat
from zikao.stages.seating.states import ALGORITHM, WITHOUT_WISHES, Demand, DrawState, RoomFacts


def draws() -> QuerySet[Draw]:
    """All draws of the province, the newest sitting first."""
    return Draw.objects.select_related("sitting").order_by("-sitting__code")


def draw_of(sitting_code: str) -> Draw:
    """The draw of a sitting; NotFound while nobody has committed to a secret."""
    found = Draw.objects.select_related("sitting").filter(sitting__code=sitting_code).first()
    if found is None:
        raise NotFound("draw-not-found", facts={"sitting": sitting_code}, message="本次考试还没有随机编排。")
    return found


def entry_list_of(sitting_code: str) -> EntryList | None:
    """The closed list of a sitting, or None while it is open."""
    return EntryList.objects.filter(sitting__code=sitting_code).first()


def rooms_usable(sitting_code: str) -> list[RoomFacts]:
    """Every room of an accepted site whose acceptance holds on all days of the sitting (EA-24.2), in filling order."""
    last = Unit.objects.filter(sitting__code=sitting_code).aggregate(last=Max("ends_at"))["last"]
    if last is None:
        return []
    rows = (
        Room.objects.filter(site__state=SiteState.ACCEPTED, site__accepted_until__gt=local_day(last))
        .order_by("site__area__code", "site__code", "number")
        .values_list("site__area__code", "site__code", "number", "seats", "id", "site__agency_code")
        .annotate(premises=Coalesce("site__tutoring_institution__code", Value("")))
    )
    return [RoomFacts(*row) for row in rows]


def demands(sitting_code: str, algorithm: str = ALGORITHM) -> list[Demand]:
    """How many listed entries each course has in each area and unit, by the site wished for where it is read."""
    group = ["area_code", "unit__number", "paper__course__code"]
    if algorithm != WITHOUT_WISHES:
        group += ["site_code", "separate_room", "tutoring_code"]
    listed = Entry.objects.filter(sitting__code=sitting_code, state=EntryState.PAID)
    rows = listed.values_list(*group).annotate(count=Count("id")).order_by(*group)
    return [Demand(area, unit, course, count, *claims) for area, unit, course, *claims, count in rows]


def paper_ids(sitting_code: str) -> dict[str, int]:
    """The paper of each course in the sitting."""
    rows = Paper.objects.filter(sitting__code=sitting_code).order_by("id").values_list("course__code", "id")
    return dict(rows)


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of areas by code."""
    return dict(Agency.objects.filter(code__in=list(codes)).order_by("code").values_list("code", "name"))


def sittings_open_for_commitment() -> list[str]:
    """The sittings with an open entry window: officials may still commit."""
    return list(
        EntryWindow.objects.filter(state=WindowState.OPEN).order_by("id").values_list("sitting__code", flat=True)
    )


def draws_with_notice(candidate_id: int) -> QuerySet[Draw]:
    """The draws whose notices are out and in which the candidate has a seat."""
    mine = Seat.objects.filter(entry__candidate_id=candidate_id).order_by("draw_id").values("draw_id")
    return draws().filter(state=DrawState.ISSUED, pk__in=mine)


def windows_without_commitment(account_id: int) -> QuerySet[EntryWindow]:
    """The open entry windows for whose draw this official has not committed, the one that closes first at the top."""
    mine = Commitment.objects.filter(official_account_id=account_id).order_by("id").values("draw__sitting_id")
    return EntryWindow.objects.filter(state=WindowState.OPEN).exclude(sitting_id__in=mine).order_by("closes_at")


def secrets_awaited(account_id: int) -> QuerySet[Commitment]:
    """This official's commitments whose list is closed and whose secret is not revealed."""
    held = Commitment.objects.filter(official_account_id=account_id, secret__isnull=True)
    return held.filter(draw__sitting__entry_list__isnull=False).select_related("draw__sitting__entry_list")
