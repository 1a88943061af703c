"""The tree of agencies and the committees of exam areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.regulation import all_of
from zikao.stages.agencies import policies, rules
from zikao.stages.agencies.commands.lists import give_way, too_long
from zikao.stages.agencies.models import Agency, AgencyPeriod, CommitteeMember
from zikao.stages.agencies.states import AgencyKind, CommitteeRole, MemberRow

ROOTS = (AgencyKind.PROVINCE, AgencyKind.MILITARY)
PARENT_KIND = {
    AgencyKind.PREFECTURE: frozenset(ROOTS),
    AgencyKind.COUNTY: frozenset({AgencyKind.PREFECTURE}),
}


@command(writes="agencies.agency-opened", clauses=("EA-5.1",), posts=policies.AGENCY_OPENERS)
def open_agency(
    *,
    code: str,
    name: str,
    kind: AgencyKind,
    parent_code: str | None = None,
    is_seat: bool = False,
    by: Actor,
    at: datetime,
) -> Outcome[Agency]:
    """Open an agency under its parent; `is_seat` marks a county where the prefecture's government sits.

    Source:  EA-5.1
    Writes:  agencies.agency-opened
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    policies.check_covers(by, code)
    agency = opened(code, name, kind, parent_of(by, parent_code), at, is_seat=is_seat)
    return Outcome(agency, facts={"code": code, "kind": kind})


def parent_of(by: Actor, parent_code: str | None) -> Agency | None:
    """The open agency above, None for a root. Raises NotFound."""
    if not parent_code:
        return None
    return access(Agency.objects.filter(closed_on__isnull=True), by, "code", code=parent_code)


def opened(
    code: str,
    name: str,
    kind: AgencyKind,
    parent: Agency | None,
    at: datetime,
    *,
    is_seat: bool = False,
    number: str = "",
) -> Agency:
    """An agency put into the tree with its first period. Raises BadInput, Conflict, Refused."""
    on = local_day(at)
    _check_place(kind, parent, is_seat)
    all_of(
        rules.NODE_ROOT(on=on, kind=kind, node_kind=settings.ZIKAO_NODE_KIND),
        rules.AGENCY_CODE(on=on, code=code, kind=kind, parent_code=parent.code if parent else ""),
    ).require()
    check_free(code)
    agency = Agency.objects.create(code=code, name=name, kind=kind, parent=parent, is_seat=is_seat, opened_at=at)
    begin_period(agency, on, number)
    return agency


def check_free(code: str) -> None:
    """No agency may bear the code, nor have borne it: an old code keeps leading to its successor. Raises Conflict."""
    if Agency.objects.filter(code=code).exists() or AgencyPeriod.objects.filter(code=code).exists():
        raise Conflict(
            "agency-code-taken",
            facts={"code": code},
            message=f"机构代码 {code} 已被使用或曾经使用。",
            remedy="请使用从未用过的代码；原代码用来查找承接机构。",
        )


def begin_period(agency: Agency, on: date, number: str) -> AgencyPeriod:
    """What the agency is called from the day on."""
    return AgencyPeriod.objects.create(
        agency=agency,
        code=agency.code,
        name=agency.name,
        parent_code=agency.parent.code if agency.parent else "",
        since_on=on,
        document_number=number,
    )


def _check_place(kind: AgencyKind, parent: Agency | None, is_seat: bool) -> None:
    above = PARENT_KIND.get(kind)
    if (parent is None) != (above is None) or (above and parent and AgencyKind(parent.kind) not in above):
        raise BadInput("wrong-parent", field_errors={"parent_code": "上级机构与本机构的类别不相符。"})
    if is_seat and kind != AgencyKind.COUNTY:
        raise BadInput("seat-is-county", field_errors={"is_seat": "只有县区可以标为地级人民政府所在地。"})


@command(writes="agencies.committee-set", clauses=("EA-23",), posts=policies.COMMITTEE_SETTERS)
def set_committee(
    *, area_code: str, members: Sequence[MemberRow], since_on: date, by: Actor, at: datetime
) -> Outcome[Agency]:
    """Put an area's committee on record; the one before it ends on that day. An incomplete one is kept and flagged.

    Source:  EA-23
    Writes:  agencies.committee-set
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    areas = Agency.objects.select_for_update().filter(kind=AgencyKind.PREFECTURE, closed_on__isnull=True)
    area = access(areas, by, "code", code=area_code)
    _check_members(members)
    before = snapshot(area)
    give_way(area.committee.all(), since_on, local_day(at))
    CommitteeMember.objects.bulk_create(
        CommitteeMember(
            area=area,
            agency_code=area.code,
            role=member.role,
            department=member.department,
            name=member.name,
            since_on=since_on,
        )
        for member in members
    )
    departments = sorted({member.department for member in members})
    facts = {"members": len(members), "departments": departments, "since": since_on}
    return Outcome(area, before=before, facts=facts)


def _check_members(members: Sequence[MemberRow]) -> None:
    if not members:
        raise BadInput("no-members", field_errors={"members": "名单是空的。"})
    if sum(member.role == CommitteeRole.DIRECTOR for member in members) > 1:
        raise BadInput("two-directors", field_errors={"members": "考区委员会只设一名主任。"})
    faults = [
        f"{member.department[:12]}：{fault}"
        for member in members
        for fault in too_long(CommitteeMember, member, ("department", "name"))
    ]
    if faults:
        raise BadInput("members-too-long", field_errors={"others": " ".join(faults)})
