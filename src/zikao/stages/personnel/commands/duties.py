"""People put on duty one by one: chiefs, deputies, staff of a site, an invigilator; and who came."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.regulation import all_of
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.queries import site_usable
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.commands.rosters import check_day, rooms_of
from zikao.stages.personnel.models import Duty, Person
from zikao.stages.personnel.states import LEADERS, SITTING_POSTS, PostKind


@command(
    writes="personnel.chief-appointed",
    clauses=("EA-24.4", "EA-10", "EA-11.2", "EA-A3.2"),
    posts=policies.CHIEF_APPOINTERS,
)
def appoint_chief(
    *,
    site_id: int,
    person_id: int,
    sitting_code: str,
    on: date,
    post_kind: PostKind = PostKind.CHIEF,
    by: Actor,
    at: datetime,
) -> Outcome[Duty]:
    """Appoint a site's chief or a deputy for a sitting; `on` is the sitting's first exam day.

    Source:  EA-24.4, EA-10, EA-11.2
    Writes:  personnel.chief-appointed
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    if post_kind not in LEADERS:
        raise BadInput("post-kind", field_errors={"post_kind": "只能聘任主考或副主考。"})
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    check_day(sitting_code, None, on)
    person = queries.person_for(by, person_id, site, sitting_code)
    if post_kind == PostKind.CHIEF:
        chiefs = site.duties.filter(sitting_code=sitting_code, post_kind=PostKind.CHIEF).count()
        rules.CHIEFS(on=on, chiefs=chiefs).require()
    queries.fitness(person, post_kind, sitting_code, on, site, days=queries.days_on_duty(sitting_code)).require()
    if person.duties.filter(sitting_code=sitting_code).exists():
        raise Conflict("on-duty-already", message="此人在这一考次已有聘任。")
    duty = _put_on(person, site, sitting_code, post_kind, on, at)
    return Outcome(duty, on=site, facts={"site": site.code, "person": person.pk, "post": post_kind})


@command(
    writes="personnel.invigilator-assigned",
    clauses=("EA-25.4", "EA-10", "EA-11.2", "EA-A3.2"),
    posts=policies.INVIGILATOR_APPOINTERS,
)
def assign_invigilator(
    *,
    site_id: int,
    person_id: int,
    sitting_code: str,
    unit_number: int,
    on: date,
    room_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Duty]:
    """Put one person on duty in a unit: in a room, or roving where no room is given; `on` is the unit's day.

    Source:  EA-25.4, EA-10, EA-11.2
    Writes:  personnel.invigilator-assigned
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    check_day(sitting_code, unit_number, on)
    person = queries.person_for(by, person_id, site, sitting_code)
    room = rooms_of(site, [room_id])[0] if room_id is not None else None
    post_kind = PostKind.INVIGILATOR if room else PostKind.ROVER
    all_of(
        site_usable(site, on),
        queries.fitness(
            person, post_kind, sitting_code, on, site, days=queries.days_on_duty(sitting_code, unit_number)
        ),
        queries.inspected(site, sitting_code, on),
    ).require()
    if queries.busy(sitting_code, unit_number).filter(person=person).exists():
        raise Conflict("on-duty-already", message="此人在这一考试单元已有聘任。")
    duty = _put_on(person, site, sitting_code, post_kind, on, at, room=room, unit_number=unit_number)
    return Outcome(duty, on=site, facts={"site": site.code, "person": person.pk, "unit": unit_number})


@command(
    writes="personnel.duty-assigned", clauses=("EA-10", "EA-11.2", "EA-A3.2", "EA-A4.2"), posts=policies.DUTY_POSTS
)
def assign_duty(
    *, site_id: int, person_id: int, sitting_code: str, on: date, post_kind: PostKind, by: Actor, at: datetime
) -> Outcome[Duty]:
    """Put one person on duty at a site for a whole sitting: affairs, papers, inspection; `on` is its first day.

    Source:  EA-10, EA-11.2, EA-A3.2, EA-A4.2
    Writes:  personnel.duty-assigned
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    if post_kind not in SITTING_POSTS:
        raise BadInput("post-kind", field_errors={"post_kind": "请选择考务员、试卷保管员或者巡考员。"})
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    check_day(sitting_code, None, on)
    person = queries.person_for(by, person_id, site, sitting_code)
    queries.fitness(person, post_kind, sitting_code, on, site, days=queries.days_on_duty(sitting_code)).require()
    if person.duties.filter(sitting_code=sitting_code).exists():
        raise Conflict("on-duty-already", message="此人在这一考次已有聘任。")
    duty = _put_on(person, site, sitting_code, post_kind, on, at)
    return Outcome(duty, on=site, facts={"site": site.code, "person": person.pk, "post": post_kind})


@command(writes="personnel.duties-done", clauses=("EA-7.2",), posts=policies.DUTY_POSTS)
def record_duties_done(
    *, site_id: int, sitting_code: str, unit_number: int | None, absent: Collection[int], by: Actor, at: datetime
) -> Outcome[int]:
    """Say who came to a unit (None: to the whole sitting): all on duty outside rooms but the persons listed.

    Whoever stood in a room is counted by the sheet that they signed.

    Source:  EA-7.2
    Writes:  personnel.duties-done
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    here = Duty.objects.filter(site=site, sitting_code=sitting_code, unit_number=unit_number, room__isnull=True)
    if not here.exists():
        raise NotFound("no-duties", message="这一单元没有考场以外的聘任。")
    if here.filter(held_on__gt=local_day(at)).exists():
        raise WrongState("duty-to-come", message="考试还没有举行，不能登记履职。", clause="EA-7.2")
    if set(absent) - set(here.values_list("person_id", flat=True)):
        raise BadInput("not-on-duty", field_errors={"absent": "缺勤名单中有人没有聘任。"})
    here.filter(person__in=absent).update(done_at=None)
    done = here.exclude(person__in=absent).update(done_at=at)
    facts = {"site": site.code, "sitting": sitting_code, "unit": unit_number, "done": done, "absent": len(set(absent))}
    return Outcome(done, on=site, facts=facts)


def _put_on(
    person: Person, site: Site, sitting_code: str, post_kind: PostKind, on: date, at: datetime, **where: Any
) -> Duty:
    """On duty at a site: for the sitting, or `where` (unit_number, room)."""
    told = {"person": person, "site": site, "sitting_code": sitting_code, "post_kind": post_kind, **where}
    return Duty.objects.create(agency_code=site.agency_code, assigned_at=at, held_on=on, **told)
