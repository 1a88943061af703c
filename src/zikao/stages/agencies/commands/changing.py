"""An agency renamed, given another code, merged, split, closed: what it was stays on record, its people follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, WrongState
from zikao.foundation.regulation import all_of
from zikao.stages.agencies import policies, queries, rules
from zikao.stages.agencies.commands.following import holdings_follow, people_follow, sites_follow
from zikao.stages.agencies.commands.lists import too_long
from zikao.stages.agencies.commands.tree import begin_period, check_free, opened, parent_of
from zikao.stages.agencies.models import Agency, Succession
from zikao.stages.agencies.states import AgencyKind, NewAgency, SuccessionKind


@command(writes="agencies.agency-renamed", clauses=("EA-5.1",), posts=policies.AGENCY_CHANGERS)
def rename_agency(*, code: str, name: str, document_number: str, by: Actor, at: datetime) -> Outcome[Agency]:
    """Give an agency another name from today on; what it was called stays on record.

    Source:  EA-5.1
    Writes:  agencies.agency-renamed
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    agency, number = _open_agency(by, code), _number(document_number)
    if not name.strip() or name.strip() == agency.name:
        raise BadInput("same-name", field_errors={"name": "请填写与现在不同的名称。"})
    before = snapshot(agency)
    agency.name = name.strip()
    agency.save(update_fields=["name"])
    _turn_over(agency, local_day(at), number)
    return Outcome(agency, before=before, facts={"code": code, "document": number})


@command(writes="agencies.seat-marked", clauses=("EA-5.1", "EA-24.1"), posts=policies.AGENCY_CHANGERS)
def mark_seat(*, code: str, is_seat: bool, document_number: str, by: Actor, at: datetime) -> Outcome[Agency]:
    """Say whether the prefecture's government sits in a county: sites lie at the seat, elsewhere by approval.

    Sites that are accepted stay so until their validity ends.

    Source:  EA-5.1, EA-24.1
    Writes:  agencies.seat-marked
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    agency, number = _open_agency(by, code), _number(document_number)
    if agency.kind != AgencyKind.COUNTY:
        raise BadInput("seat-is-county", field_errors={"is_seat": "只有县区可以标为地级人民政府所在地。"})
    if agency.is_seat == is_seat:
        raise BadInput("nothing-changed", field_errors={"is_seat": "与现在的登记相同，没有变更。"})
    before = snapshot(agency)
    agency.is_seat = is_seat
    agency.save(update_fields=["is_seat"])
    return Outcome(agency, before=before, facts={"code": code, "is_seat": is_seat, "document": number})


@command(writes="agencies.agency-recoded", clauses=("EA-5.1",), posts=policies.AGENCY_CHANGERS)
def recode_agency(
    *, code: str, new_code: str, parent_code: str, document_number: str, by: Actor, at: datetime
) -> Outcome[Agency]:
    """Give an agency without children another code, under the same or another parent; its people follow.

    Source:  EA-5.1
    Writes:  agencies.agency-recoded
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused, WrongState
    """
    agency, number, on = _open_agency(by, code), _number(document_number), local_day(at)
    parent = parent_of(by, parent_code)
    if agency.parent is None or parent is None or parent.kind != agency.parent.kind:
        raise BadInput("wrong-parent", field_errors={"parent_code": "上级机构与本机构的类别不相符。"})
    check_free(new_code)
    all_of(
        rules.AGENCY_CODE(on=on, code=new_code, kind=agency.kind, parent_code=parent.code),
        rules.CLOSING(on=on, has_successor=True, **queries.what_hangs_on(agency, on)),
    ).require()
    before = snapshot(agency)
    agency.code, agency.parent = new_code, parent
    agency.save(update_fields=["code", "parent"])
    _turn_over(agency, on, number)
    _followed(code, new_code, SuccessionKind.RECODED, on, number)
    moved = _follow(agency, agency, code, new_code, at)
    return Outcome(agency, before=before, facts={"old": code, "new": new_code, "document": number, "moved": moved})


@command(writes="agencies.agency-merged", clauses=("EA-5.1",), posts=policies.AGENCY_CHANGERS)
def merge_agency(*, code: str, into_code: str, document_number: str, by: Actor, at: datetime) -> Outcome[Agency]:
    """Close an agency today and let another of its kind take over its people and sites.

    Source:  EA-5.1
    Writes:  agencies.agency-merged
    Raises:  NotPermitted, NotFound, BadInput, Refused, WrongState
    """
    agency, number, on = _open_agency(by, code), _number(document_number), local_day(at)
    successor = access(Agency.objects.select_for_update(), by, "code", code=into_code)
    all_of(
        rules.SUCCESSOR(
            on=on,
            same_kind=successor.kind == agency.kind,
            is_open=successor.is_open,
            is_itself=successor.pk == agency.pk,
        ),
        rules.CLOSING(on=on, has_successor=True, **queries.what_hangs_on(agency, on)),
    ).require()
    before = snapshot(agency)
    _end(agency, on)
    _followed(code, into_code, SuccessionKind.MERGED, on, number)
    moved = _follow(agency, successor, code, into_code, at)
    return Outcome(agency, before=before, facts={"old": code, "new": into_code, "document": number, "moved": moved})


@command(writes="agencies.agency-split", clauses=("EA-5.1",), posts=policies.AGENCY_CHANGERS)
def split_agency(
    *,
    code: str,
    parts: Sequence[NewAgency],
    heir_code: str | None = None,
    document_number: str,
    by: Actor,
    at: datetime,
) -> Outcome[Agency]:
    """Open agencies beside one; it goes on itself, or closes and one of the parts (`heir_code`) takes over its people.

    Source:  EA-5.1
    Writes:  agencies.agency-split
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused, WrongState
    """
    agency, number, on = _open_agency(by, code), _number(document_number), local_day(at)
    _check_parts(parts, heir_code)
    if heir_code is not None:
        rules.CLOSING(on=on, has_successor=True, **queries.what_hangs_on(agency, on)).require()
    before, kind = snapshot(agency), AgencyKind(agency.kind)
    made = {each.code: opened(each.code, each.name, kind, agency.parent, at, number=number) for each in parts}
    for new_code in made:
        _followed(code, new_code, SuccessionKind.SPLIT, on, number, takes_over=new_code == heir_code)
    moved: dict[str, int] = {}
    if heir_code is not None:
        _end(agency, on)
        moved = _follow(agency, made[heir_code], code, heir_code, at)
    facts = {"old": code, "parts": list(made), "heir": heir_code, "document": number, "moved": moved}
    return Outcome(agency, before=before, facts=facts)


@command(writes="agencies.agency-closed", clauses=("EA-5.1",), posts=policies.AGENCY_CHANGERS)
def close_agency(*, code: str, document_number: str, by: Actor, at: datetime) -> Outcome[Agency]:
    """Close an agency that nothing hangs on any more; where something does, it is merged instead.

    Source:  EA-5.1
    Writes:  agencies.agency-closed
    Raises:  NotPermitted, NotFound, BadInput, Refused, WrongState
    """
    agency, number, on = _open_agency(by, code), _number(document_number), local_day(at)
    rules.CLOSING(on=on, has_successor=False, **queries.what_hangs_on(agency, on)).require()
    before = snapshot(agency)
    _end(agency, on)
    return Outcome(agency, before=before, facts={"code": code, "document": number})


def _open_agency(by: Actor, code: str) -> Agency:
    agency = access(Agency.objects.select_for_update(of=("self",)).select_related("parent"), by, "code", code=code)
    if not agency.is_open:
        raise WrongState("agency-closed", message="机构已经撤销，不能再变更。", clause="EA-5.1")
    return agency


def _number(document_number: str) -> str:
    if not document_number.strip():
        raise BadInput("document-number-missing", field_errors={"document_number": "请填写依据文号。"})
    return document_number.strip()


def _check_parts(parts: Sequence[NewAgency], heir_code: str | None) -> None:
    codes = [each.code for each in parts]
    if not codes or len(set(codes)) != len(codes):
        raise BadInput("no-parts", field_errors={"parts": "请填写分设的机构，代码不能重复。"})
    faults = [f"{each.code[:12]}：{fault}" for each in parts for fault in too_long(Agency, each, ("name",))]
    if faults:
        raise BadInput("parts-too-long", field_errors={"parts": " ".join(faults)})
    if heir_code is not None and heir_code not in codes:
        raise BadInput("heir-unknown", field_errors={"heir_code": "承接机构应是分设的机构之一。"})


def _turn_over(agency: Agency, on: date, number: str) -> None:
    """End what the agency was called until today; twice on one day, the later counts."""
    agency.periods.filter(until_on__isnull=True).update(until_on=on)
    begin_period(agency, on, number)


def _end(agency: Agency, on: date) -> None:
    agency.closed_on = on
    agency.save(update_fields=["closed_on"])
    for standing in (agency.periods, agency.committee, agency.record_departments, agency.duty_phones):
        standing.filter(until_on__isnull=True).update(until_on=on)


def _followed(
    old: str, new: str, kind: SuccessionKind, on: date, number: str, *, takes_over: bool = True
) -> Succession:
    return Succession.objects.create(
        old_code=old, new_code=new, kind=kind, on=on, document_number=number, takes_over=takes_over
    )


def _follow(agency: Agency, successor: Agency, old: str, new: str, at: datetime) -> dict[str, int]:
    if agency.pk != successor.pk:
        holdings_follow(agency, successor)
    if agency.is_seat and not successor.is_seat:
        successor.is_seat = True
        successor.save(update_fields=["is_seat"])
    codes = {old: new} | sites_follow(agency, successor, at)
    return people_follow(codes, at)
