"""The province draws from a pool across sites and sends people where they are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.models import Dispatch, DispatchPlace, Duty, Person
from zikao.stages.personnel.rules.dispatching import Demand, dealt
from zikao.stages.personnel.states import PostKind


@command(writes="personnel.people-dispatched", clauses=("EA-25.5", "EA-A3.2", "EA-10"), posts=policies.DISPATCHERS)
def dispatch_people(
    *,
    sitting_code: str,
    number: str,
    first_on: date,
    last_on: date,
    demands: Sequence[Demand],
    pool_codes: Sequence[str],
    seed: str,
    by: Actor,
    at: datetime,
) -> Outcome[Dispatch]:
    """Draw people from the pool's agencies and send them to sites; nobody to the host where they work.

    Source:  EA-25.5, EA-A3.2, EA-10
    Writes:  personnel.people-dispatched
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    _check(number, first_on, last_on, demands, pool_codes, seed, by)
    _check_days(sitting_code, first_on, last_on)
    sites = _sites_of(demands, by)
    pools = {
        kind: queries.dispatch_pool(pool_codes, PostKind(kind), sitting_code, first_on, last_on)
        for kind in sorted({demand.post_kind for demand in demands})
    }
    order, pool_size, lacking = _drawn(pools, demands, sites, seed)
    rules.DISPATCH(on=first_on, lacking="；".join(lacking)).require()
    dispatch = Dispatch.objects.create(
        sitting_code=sitting_code,
        number=number.strip(),
        first_on=first_on,
        last_on=last_on,
        seed=seed,
        digest=sm3("|".join(f"{site}:{post}:{key}" for site, post, key in order).encode()).hex(),
        pool=pool_size,
        agency_code=by.agency_code,
        drawn_at=at,
    )
    _send(dispatch, order)
    facts = {"sitting": sitting_code, "seed": seed, "pool": pool_size, "count": len(order), "digest": dispatch.digest}
    return Outcome(dispatch, facts=facts)


def _sites_of(demands: Sequence[Demand], by: Actor) -> dict[int, Site]:
    locked = Site.objects.select_for_update(of=("self",)).select_related("area")
    sites = locked.in_bulk([demand.site_id for demand in demands])
    if any(demand.site_id not in sites or not by.covers(sites[demand.site_id].agency_code) for demand in demands):
        raise NotFound("site-not-found")
    return sites


def _send(dispatch: Dispatch, order: Sequence[tuple[int, str, int]]) -> None:
    """Bind the drawn to their sites: site, post, person."""
    code = dispatch.sitting_code
    rows = (
        DispatchPlace(dispatch=dispatch, person_id=key, site_id=site, post_kind=post, sitting_code=code)
        for site, post, key in order
    )
    DispatchPlace.objects.bulk_create(rows, batch_size=2000)


@command(writes="personnel.person-recalled", clauses=("EA-25.5", "EA-11.2"), posts=policies.DISPATCHERS)
def recall_person(*, place_id: int, reason: str, by: Actor, at: datetime) -> Outcome[DispatchPlace]:
    """Call back a person who was sent: ill, or kept away by an interest. Duties to come at the site end with it.

    Source:  EA-25.5, EA-11.2
    Writes:  personnel.person-recalled
    Raises:  NotPermitted, NotFound, BadInput
    """
    rows = DispatchPlace.objects.select_for_update(of=("self",)).select_related("dispatch")
    place = access(rows, by, "dispatch__agency_code", pk=place_id)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明撤回的原因。"})
    before = snapshot(place)
    place.recalled_at, place.recall_reason = at, reason.strip()
    place.save(update_fields=["recalled_at", "recall_reason"])
    to_come = Duty.objects.filter(person=place.person_id, sitting_code=place.sitting_code, done_at__isnull=True)
    ended = to_come.filter(site=place.site_id, held_on__gte=local_day(at)).update(
        ended_at=at, end_reason=f"撤回调派：{reason.strip()}"[:200]
    )
    facts = {"place": place.pk, "person": place.person_id, "reason": reason.strip(), "duties_ended": ended}
    return Outcome(place, on=place.dispatch, before=before, facts=facts)


def _drawn(
    pools: Mapping[str, Sequence[Person]], demands: Sequence[Demand], sites: Mapping[int, Site], seed: str
) -> tuple[list[tuple[int, str, int]], int, list[str]]:
    """Who goes where as (site, post, person) in order, how many were in the pools, and what is lacking, in words."""
    places: list[tuple[int, Demand]] = []
    lacking: list[str] = []
    pool_size = 0
    for kind, pool in pools.items():
        sent_already = {key for key, _ in places}
        free = [person for person in pool if person.pk not in sent_already]
        pool_size += len(free)
        wanted = [demand for demand in demands if demand.post_kind == kind]
        sent, short = dealt(_suited(free, wanted, sites), wanted, seed)
        places += sent
        lacking += [f"考点{sites[each.site_id].code}{PostKind(kind).label}缺{n}人" for each, n in short]
    return sorted((demand.site_id, str(demand.post_kind), key) for key, demand in places), pool_size, lacking


def _check_days(sitting_code: str, first_on: date, last_on: date) -> None:
    days = queries.days_on_duty(sitting_code)
    if days and (first_on, last_on) != (min(days), max(days)):
        text = f"{sitting_code} 考次从 {min(days)} 到 {max(days)}。"
        raise BadInput("wrong-days", field_errors={"first_on": text, "last_on": text})


def _check(
    number: str,
    first_on: date,
    last_on: date,
    demands: Sequence[Demand],
    pool_codes: Sequence[str],
    seed: str,
    by: Actor,
) -> None:
    if last_on < first_on:
        raise BadInput("dates", field_errors={"last_on": "最后考试日不能早于首个考试日。"})
    if not seed.strip() or not number.strip():
        raise BadInput("number-or-seed", field_errors={"seed": "请填写调派文号和抽签种子。"})
    if not demands or any(demand.count < 1 for demand in demands):
        raise BadInput("demands", field_errors={"demands": "请写明调派到哪个考点、什么岗位、多少人。"})
    if not pool_codes or any(not by.covers(code) for code in pool_codes):
        raise BadInput("pool", field_errors={"pool_codes": "请选择本省的机构作为人员库。"})
    if Dispatch.objects.filter(number=number.strip()).exists():
        raise Conflict("dispatch-number", message="这个文号已经用过。")


def _suited(pool: Sequence[Person], wanted: Sequence[Demand], sites: Mapping[int, Site]) -> dict[int, list[list[int]]]:
    """To which of the sites each may be sent: of other areas first; never to the host where they work."""
    found: dict[int, list[list[int]]] = {}
    for person in pool:
        fit = [demand.site_id for demand in wanted if queries.from_outside(person, sites[demand.site_id])]
        own = [key for key in fit if person.agency_code.startswith(sites[key].area.code)]
        found[person.pk] = [[key for key in fit if key not in own], own]
    return found
