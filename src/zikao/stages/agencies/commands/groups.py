"""Who must be reached: emergency leading groups, a site's working groups, an agency's duty phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, WrongState
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies import policies, rules
from zikao.stages.agencies.commands.lists import faults_of, give_way, with_phones
from zikao.stages.agencies.models import (
    DUTY_PHONE,
    EMERGENCY_PHONE,
    GROUP_PHONE,
    Agency,
    DutyPhone,
    EmergencyMember,
    GroupMember,
    Site,
)
from zikao.stages.agencies.states import (
    ContactRow,
    EmergencyLevel,
    EmergencyRole,
    GroupRole,
    SiteState,
    WorkingGroup,
)


@command(writes="agencies.emergency-group-set", clauses=("EA-5.2",), posts=policies.EMERGENCY_SETTERS)
def set_emergency_group(
    *, level: EmergencyLevel, members: Sequence[ContactRow], since_on: date, by: Actor, at: datetime
) -> Outcome[list[EmergencyMember]]:
    """Put a leading group for emergencies on record; the one before it ends on that day. An incomplete one is flagged.

    Source:  EA-5.2
    Writes:  agencies.emergency-group-set
    Raises:  NotPermitted, BadInput, Conflict
    """
    if settings.ZIKAO_NODE_KIND == "national" and level != EmergencyLevel.MINISTRY:
        raise BadInput("level-elsewhere", field_errors={"level": "省级领导小组由各省登记。"})
    rows = EmergencyMember.objects.filter(agency_code=by.agency_code, level=level)
    standing = rows.exclude(phone_sealed=b"").order_by("since_on", "id")
    members = with_phones(members, {("", each.name): EMERGENCY_PHONE.text(each) for each in standing})
    faults = faults_of(members, {str(role) for role in EmergencyRole}, EmergencyRole.LEADER, EmergencyMember)
    if faults:
        raise BadInput("members-wrong", field_errors={"members": " ".join(faults)})
    give_way(rows, since_on, local_day(at))
    ids = new_ids(EmergencyMember, len(members))
    made = EmergencyMember.objects.bulk_create(
        EmergencyMember(
            id=pk,
            agency_code=by.agency_code,
            level=level,
            role=row.role,
            name=row.name,
            unit=row.unit,
            phone_sealed=EMERGENCY_PHONE.seal(row.phone, pk) if row.phone else b"",
            other_channel=row.other_channel,
            since_on=since_on,
        )
        for pk, row in zip(ids, members, strict=True)
    )
    on = f"agencies.emergencygroup:{by.agency_code or 'nation'}-{level}"
    return Outcome(made, on=on, facts={"level": level, "members": len(made), "since": since_on})


@command(writes="agencies.working-groups-set", clauses=("EA-24.5",), posts=policies.GROUP_SETTERS)
def set_working_groups(
    *, site_id: int, members: Sequence[ContactRow], since_on: date, by: Actor, at: datetime
) -> Outcome[Site]:
    """Put a site's working groups on record; those before them end on that day. Incomplete ones are kept and flagged.

    Source:  EA-24.5
    Writes:  agencies.working-groups-set
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    if site.state == SiteState.CLOSED:
        raise WrongState("site-closed", message="考点已经撤销。", clause="EA-24.5")
    standing = site.group_members.exclude(phone_sealed=b"").order_by("since_on", "id")
    members = with_phones(members, {(each.group, each.name): GROUP_PHONE.text(each) for each in standing})
    faults = faults_of(members, {str(role) for role in GroupRole}, GroupRole.LEADER, GroupMember)
    if {row.body for row in members} - {str(group) for group in WorkingGroup}:
        faults.append("没有这个工作小组。")
    if faults:
        raise BadInput("members-wrong", field_errors={"members": " ".join(faults)})
    before = snapshot(site)
    give_way(site.group_members.all(), since_on, local_day(at))
    ids = new_ids(GroupMember, len(members))
    GroupMember.objects.bulk_create(
        GroupMember(
            id=pk,
            site=site,
            agency_code=site.agency_code,
            group=row.body,
            role=row.role,
            name=row.name,
            unit=row.unit,
            phone_sealed=GROUP_PHONE.seal(row.phone, pk) if row.phone else b"",
            since_on=since_on,
        )
        for pk, row in zip(ids, members, strict=True)
    )
    groups = sorted({row.body for row in members})
    facts = {"site": site.code, "members": len(members), "groups": groups, "since": since_on}
    return Outcome(site, before=before, facts=facts)


@command(writes="agencies.duty-phone-set", clauses=("EA-30.1",), posts=policies.DUTY_PHONE_KEEPERS)
def set_duty_phone(
    *, agency_code: str, place: str, phone: str, is_day_and_night: bool, by: Actor, at: datetime
) -> Outcome[DutyPhone]:
    """Put a duty phone of an agency on record; the same place's former number ends today.

    Source:  EA-30.1
    Writes:  agencies.duty-phone-set
    Raises:  NotPermitted, NotFound, BadInput
    """
    agency = access(Agency.objects.filter(closed_on__isnull=True), by, "code", code=agency_code)
    if not rules.is_phone(phone):
        raise BadInput("phone-shape", field_errors={"phone": "请填写带区号的固定电话或手机号码。"})
    on = local_day(at)
    agency.duty_phones.filter(place=place, until_on__isnull=True).update(until_on=on)
    (pk,) = new_ids(DutyPhone, 1)
    made = DutyPhone.objects.create(
        id=pk,
        agency=agency,
        agency_code=agency.code,
        place=place,
        phone_sealed=DUTY_PHONE.seal(phone.strip(), pk),
        is_day_and_night=is_day_and_night,
        since_on=on,
    )
    return Outcome(made, on=agency, facts={"agency": agency.code, "day_and_night": is_day_and_night})


@command(writes="agencies.duty-phone-ended", clauses=("EA-30.1",), posts=policies.DUTY_PHONE_KEEPERS)
def end_duty_phone(*, agency_code: str, phone_id: int, by: Actor, at: datetime) -> Outcome[DutyPhone]:
    """Take a duty phone off the list today.

    Source:  EA-30.1
    Writes:  agencies.duty-phone-ended
    Raises:  NotPermitted, NotFound
    """
    agency = access(Agency.objects.all(), by, "code", code=agency_code)
    phone = access(DutyPhone.objects.filter(agency=agency, until_on__isnull=True), by, pk=phone_id)
    phone.until_on = local_day(at)
    phone.save(update_fields=["until_on"])
    return Outcome(phone, on=agency, facts={"agency": agency.code})
