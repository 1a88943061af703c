"""Saying when and where people register for the first time (EA-12.1)."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.stages.agencies import rules as agencies
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import RegistrationPeriod, RegistrationPlace
from zikao.stages.candidates.rules import PERIOD_SETTING, REGISTRATION_PERIOD
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Sitting

LONGEST = {"name": 60, "address": 120, "hours": 80}


@command(writes="candidates.registration-period-set", clauses=("EA-12.1",), posts=policies.PERIOD_SETTERS)
def set_registration_period(
    *, sitting_code: str, opens_at: datetime, closes_at: datetime, by: Actor, at: datetime
) -> Outcome[RegistrationPeriod]:
    """Say from when until when people register for the first time in a sitting; anew, where it was said before.

    Source:  EA-12.1
    Writes:  candidates.registration-period-set
    Raises:  NotPermitted, NotFound (sitting), Refused (the sitting is over), BadInput
    """
    sitting = programmes.sitting(sitting_code)
    PERIOD_SETTING(on=local_day(at), over_at=queries.over_at(sitting), at=at).require()
    errors = _faults(sitting, opens_at, closes_at, at)
    if errors:
        raise BadInput("period-wrong", field_errors=errors, message="".join(errors.values()), clause="EA-12.1")
    Sitting.objects.select_for_update().get(pk=sitting.pk)  # two who set the first period at once: one after the other
    standing = RegistrationPeriod.objects.filter(sitting=sitting).first()
    before = snapshot(standing) if standing else None
    period = standing or RegistrationPeriod(sitting=sitting)
    period.opens_at, period.closes_at = opens_at, closes_at
    period.save()
    facts = {"sitting": sitting_code, "opens": opens_at, "closes": closes_at}
    return Outcome(period, before=before, facts=facts)


def _faults(sitting: Sitting, opens_at: datetime, closes_at: datetime, at: datetime) -> dict[str, str]:
    over_at = queries.over_at(sitting)
    if closes_at <= opens_at:
        return {"closes_at": "截止时间应晚于开始时间。"}
    if closes_at <= at:
        return {"closes_at": "截止时间已经过去。"}
    if over_at is not None and closes_at > over_at:
        return {"closes_at": "截止时间应早于这个考次结束。"}
    return {}


@command(writes="candidates.registration-place-opened", clauses=("EA-12.1",), posts=policies.REGISTRARS)
def open_registration_place(
    *, county_code: str, name: str, address: str, hours: str, phone: str, by: Actor, at: datetime
) -> Outcome[RegistrationPlace]:
    """Make a counter known where people of a county register.

    Source:  EA-12.1
    Writes:  candidates.registration-place-opened
    Raises:  NotPermitted, NotFound (county), BadInput, Conflict (a counter of this name stands)
    """
    policies.check_may_register_in(by, county_code)
    county = Agency.objects.filter(code=county_code, kind=AgencyKind.COUNTY, closed_on=None).first()
    if county is None:
        raise NotFound("county-not-found", message=f"没有代码为 {county_code} 的县（区）。")
    place = _opened(county, {"name": name, "address": address, "hours": hours, "phone": phone}, at)
    return Outcome(place, facts={"county": county_code})


@command(writes="candidates.registration-place-taken-on", clauses=("EA-12.1",), posts=policies.REGISTRARS)
def take_on_registration_place(
    *, place_id: int, name: str, address: str, hours: str, phone: str, by: Actor, at: datetime
) -> Outcome[RegistrationPlace]:
    """Go on with a counter of a county that went into one's own; the former one stays on record as it was.

    Source:  EA-12.1
    Writes:  candidates.registration-place-taken-on
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Conflict (a counter of this name stands)
    """
    former = queries.registration_place(by, place_id, lock=True)
    county = queries.taking_on(former)
    if county is None or former.until_on is not None or hasattr(former, "taken_on_as"):
        raise WrongState("place-not-left", message="这个报名点不需要承接：所属县（区）没有并入，或已经承接、撤销。")
    policies.check_may_register_in(by, county.code)
    told = {"name": name, "address": address, "hours": hours, "phone": phone}
    place = _opened(county, told, at, taken_from=former)
    return Outcome(place, facts={"county": county.code, "old": former.county.code})


def _opened(
    county: Agency, given: dict[str, str], at: datetime, taken_from: RegistrationPlace | None = None
) -> RegistrationPlace:
    told = {field: text.strip() for field, text in given.items()}
    errors = {field: "不能为空。" for field in LONGEST if not told[field]}
    errors |= {field: f"最长 {most} 个字。" for field, most in LONGEST.items() if len(told[field]) > most}
    if not agencies.is_phone(told["phone"]):
        errors["phone"] = "请填写带区号的固定电话或手机号码。"
    if errors:
        raise BadInput("place-wrong", field_errors=errors, message="".join(errors.values()), clause="EA-12.1")
    if RegistrationPlace.objects.filter(county=county, name=told["name"], until_on=None).exists():
        raise Conflict("place-stands", message="已有这个名称的报名点。", remedy="先撤销原来的，或换一个名称。")
    return RegistrationPlace.objects.create(county=county, since_on=local_day(at), taken_from=taken_from, **told)


@command(writes="candidates.registration-place-closed", clauses=("EA-12.1",), posts=policies.REGISTRARS)
def close_registration_place(*, place_id: int, by: Actor, at: datetime) -> Outcome[RegistrationPlace]:
    """A counter is no longer there from today on, one that ended with its county since that day; it stays on record.

    Source:  EA-12.1
    Writes:  candidates.registration-place-closed
    Raises:  NotPermitted, NotFound, WrongState
    """
    place = queries.registration_place(by, place_id, lock=True)
    if place.until_on is not None or hasattr(place, "taken_on_as"):
        raise WrongState("place-closed", message="这个报名点已经撤销，或已由承接的县（区）继续办理。")
    before = snapshot(place)
    place.until_on = max(place.county.closed_on or local_day(at), place.since_on)
    place.save(update_fields=["until_on"])
    return Outcome(place, before=before, facts={"county": place.county.code})


def check_period(sitting: Sitting, at: datetime) -> None:
    """Registering for a sitting outside the province's period is refused. Raises Refused."""
    period = queries.registration_period(sitting)
    opens, closes = (period.opens_at, period.closes_at) if period else (None, None)
    REGISTRATION_PERIOD(on=local_day(at), opens_at=opens, closes_at=closes, at=at).require()
