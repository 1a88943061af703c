"""Another person in the place of one on duty; a post for the whole sitting that has begun is shared by units."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.commands.rosters import check_day
from zikao.stages.personnel.models import Duty, Person
from zikao.stages.personnel.states import PostKind


@command(
    writes="personnel.duty-handed-over",
    clauses=("EA-7.2", "EA-10", "EA-11.2", "EA-25.4", "EA-A3.2"),
    posts=policies.INVIGILATOR_APPOINTERS,
)
def hand_over_duty(
    *,
    duty_id: int,
    person_id: int,
    on: date,
    reason: str,
    from_unit: int | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Duty]:
    """Put another person in the place of one on duty; `on` is the duty's (first) day. A chief only by the director.

    Of a post for the whole sitting that has begun it is said from which unit the other goes on (0: from the
    beginning, nothing was done): what was done before stays the former holder's, and each is paid for their own.

    Source:  EA-7.2, EA-10, EA-11.2, EA-25.4, EA-24.4
    Writes:  personnel.duty-handed-over
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    duty = access(Duty.objects.select_for_update(of=("self",)), by, pk=duty_id)
    person = queries.person_for(by, person_id, duty.site, duty.sitting_code)
    policies.check_may_hand_over(by, duty)
    check_not_done(duty)
    check_day(duty.sitting_code, duty.unit_number, on)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明更换的原因。"})
    part = _part(duty, from_unit, at)
    _check_fit(person, duty, on)
    before, earlier = snapshot(duty), duty.person_id
    facts = {"from": earlier, "to": person.pk, "reason": reason.strip(), **({"unit": part} if part else {})}
    if part:
        return Outcome(_shared(duty, person, part, reason.strip(), at), on=duty.site, before=before, facts=facts)
    duty.person, duty.assigned_at = person, at
    duty.save(update_fields=["person", "assigned_at"])
    return Outcome(duty, before=before, facts=facts)


def check_not_done(duty: Duty) -> None:
    """Raise WrongState where the duty was done and registered already."""
    if duty.done_at is not None or queries.signed_for(duty):
        raise WrongState(
            "duty-done", message="这一职责已经履行、登记，不能换人。", remedy="报酬有出入的，请在报酬表上更正。",
            clause="EA-7.2",
        )  # fmt: skip


def _part(duty: Duty, from_unit: int | None, at: datetime) -> int | None:
    """From which unit the other goes on; None: the whole."""
    if duty.unit_number is not None:
        return None
    units = queries.units_of(duty.sitting_code)
    on = local_day(at)
    rules.TAKING_OVER(
        on=on,
        begun=any(unit.on <= on for unit in units),
        units=tuple(unit.number for unit in units),
        since_unit=duty.since_unit,
        from_unit=from_unit,
    ).require()
    return from_unit or None


def _check_fit(person: Person, duty: Duty, on: date) -> None:
    days = queries.days_on_duty(duty.sitting_code, duty.unit_number)
    queries.fitness(person, PostKind(duty.post_kind), duty.sitting_code, on, duty.site, days=days).require()
    if queries.held_at_the_time(duty).filter(person=person).exists():
        raise Conflict("on-duty-already", message="此人同时已有聘任。")
    if duty.room_id is not None:
        queries.stranger_in_room(person, duty).require()


def _shared(duty: Duty, person: Person, from_unit: int, reason: str, at: datetime) -> Duty:
    """The former holder's part ends, done; the other's begins."""
    duty.until_unit, duty.done_at, duty.ended_at, duty.end_reason = from_unit, at, at, reason
    duty.save(update_fields=["until_unit", "done_at", "ended_at", "end_reason"])
    return Duty.objects.create(
        person=person,
        sitting_code=duty.sitting_code,
        post_kind=duty.post_kind,
        site=duty.site,
        agency_code=duty.agency_code,
        assigned_at=at,
        held_on=next(unit.on for unit in queries.units_of(duty.sitting_code) if unit.number == from_unit),
        since_unit=from_unit,
    )
