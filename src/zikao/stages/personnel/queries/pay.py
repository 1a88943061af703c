"""What duties are paid: rates on a day, work that was done, sheets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import Duty, PayLine, PayRate, PaySheet
from zikao.stages.personnel.queries.duties import STANDS_OR_SHARED
from zikao.stages.personnel.queries.registers import marked, signed_rooms
from zikao.stages.personnel.states import Done, PayBasis, PostKind

Pay = dict[str, PayRate]


@dataclass(frozen=True)
class Performed:
    """A duty that was done, in what its post is paid by."""

    units: frozenset[int]
    days: frozenset[date]


def rates_on(agency_code: str, on: date) -> Pay:
    """The province's rate for each post that day."""
    found: Pay = {}
    rows = PayRate.objects.filter(agency_code=agency_code[:2], since_on__lte=on).order_by("post_kind", "since_on")
    for rate in rows:
        found[rate.post_kind] = rate
    return found


def rates(by: Actor) -> QuerySet[PayRate]:
    """The rates of the actor's province, the earlier ones, too."""
    return PayRate.objects.filter(agency_code=by.agency_code[:2])


def performed(site: Site, sitting_code: str) -> dict[tuple[int, str], Performed]:
    """Who did which duty at a site: in a room by the sheet they signed, elsewhere as it was marked."""
    signed = signed_rooms(sitting_code, site.pk)
    units: dict[tuple[int, str], set[int]] = defaultdict(set)
    days: dict[tuple[int, str], set[date]] = defaultdict(set)
    every = list(_held(sitting_code).filter(site=site).order_by("id"))
    whole = {duty.unit_number: duty.held_on for duty in every if duty.unit_number is not None}
    for duty in every:
        in_room = (duty.person_id, duty.unit_number) in signed
        if not in_room and duty.done_at is None:
            continue
        key = (duty.person_id, str(duty.post_kind))
        mine = {duty.unit_number: duty.held_on} if duty.unit_number is not None else _in_part(duty, whole)
        units[key] |= set(mine)
        days[key] |= {day for day in mine.values() if day is not None}
    return {key: Performed(frozenset(units[key]), frozenset(days[key])) for key in units}


def _held(sitting_code: str) -> QuerySet[Duty]:
    return Duty.all_duties.filter(STANDS_OR_SHARED, sitting_code=sitting_code)


def _in_part(duty: Duty, whole: Mapping[int, date | None]) -> dict[int, date | None]:
    """The units of a site, with their days, in which a post for the whole sitting was this holder's."""
    on = duty.held_on or local_day(duty.assigned_at)
    held = rules.UNITS_HELD(on=on, units=tuple(whole), since_unit=duty.since_unit, until_unit=duty.until_unit)
    return {number: whole[number] for number in held}


def signed_for(duty: Duty) -> bool:
    """Whether the holder of a duty in a room has signed the room's sheet."""
    if duty.room_id is None:
        return False
    return (duty.person_id, duty.unit_number) in signed_rooms(duty.sitting_code, duty.site_id)


def done_at_site(site: Site, sitting_code: str, rates: Pay) -> list[Done]:
    """What each person is paid for at a site, in the basis of the post's rate; posts without a rate count units.

    A day that another site's sheet pays already is not paid again: whoever roved here in the morning and there in the
    afternoon has worked one day.
    """
    found = []
    paid_days = _days_paid_elsewhere(site, sitting_code, rates)
    for (person, post), each in sorted(performed(site, sitting_code).items()):
        by_day = post in rates and rates[post].basis == PayBasis.DAY
        quantity = len(each.days - paid_days.get(person, set())) if by_day else len(each.units)
        if quantity:
            found.append(Done(person, post, quantity))
    return found


def _days_paid_elsewhere(site: Site, sitting_code: str, rates: Pay) -> dict[int, set[date]]:
    here = _held(sitting_code).filter(site=site).values("person")
    others = Site.objects.filter(
        pay_sheets__sitting_code=sitting_code,
        pk__in=_held(sitting_code).filter(person__in=here).exclude(site=site).values("site"),
    )
    found: dict[int, set[date]] = defaultdict(set)
    for other in others.order_by("id"):
        for (person, post), each in performed(other, sitting_code).items():
            if post in rates and rates[post].basis == PayBasis.DAY:
                found[person] |= each.days
    return found


def done_in_marking(sitting_code: str) -> list[Done]:
    """What each marker of the province marked."""
    counts: Counter[int] = Counter()
    for done in marked(sitting_code):
        counts[done.person_id] += done.quantity
    return [Done(person, PostKind.MARKER, quantity) for person, quantity in sorted(counts.items()) if quantity]


def not_on_sheet(sheet: PaySheet, done: Sequence[Done]) -> list[Done]:
    """Of what was done, what no line of the sheet pays; whoever was corrected by hand is left as corrected."""
    lines = list(sheet.lines.order_by("id"))
    by_hand = {(line.person_id, line.post_kind) for line in lines if line.corrects_id is not None}
    paid = Counter[tuple[int, str]]()
    for line in lines:
        paid[line.person_id, line.post_kind] += line.quantity
    rest = [(each, each.quantity - paid[each.person_id, each.post_kind]) for each in done]
    return [
        Done(each.person_id, each.post_kind, quantity)
        for each, quantity in rest
        if quantity > 0 and (each.person_id, each.post_kind) not in by_hand
    ]


def sheets(by: Actor) -> QuerySet[PaySheet]:
    """The pay sheets in the actor's subtree."""
    return scoped(PaySheet.objects.select_related("site"), by)


def sheet_of(by: Actor, sheet_id: int) -> PaySheet:
    """One pay sheet. Raises NotFound."""
    return access(PaySheet.objects.select_related("site"), by, pk=sheet_id)


def lines_of(sheet: PaySheet) -> QuerySet[PayLine]:
    """The lines of a sheet, in the order in which they were added."""
    return sheet.lines.select_related("person", "corrects").order_by("id")


def total_of(sheet: PaySheet) -> int:
    """The sum of all lines in fen."""
    return int(sheet.lines.aggregate(total=Sum("amount_fen"))["total"] or 0)


def unpaid_names(done: Sequence[Done], rates: Pay) -> str:
    """The posts that were done and have no rate, by name."""
    return "、".join(sorted({str(PostKind(each.post_kind).label) for each in done if each.post_kind not in rates}))


def drew_it_up(sheet: PaySheet, by: Actor) -> bool:
    """Whether the actor drew the sheet up, or corrected it last; without accounts, by the name."""
    if by.account_id is not None and sheet.drawn_by_account is not None:
        return by.account_id == sheet.drawn_by_account
    return by.name == sheet.drawn_by
