"""Reading who is reached: emergency leading groups, duty phones, record departments and their workers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.agencies import rules
from zikao.stages.agencies.models import Agency, DutyPhone, EmergencyMember, RecordDepartment, RecordStaff
from zikao.stages.agencies.queries.tree import persons_on_record
from zikao.stages.agencies.states import SAME_PHONE, AgencyKind, EmergencyLevel, EmergencyRole

M = TypeVar("M", bound=Model)
MONTH_DAYS = 31


def standing_on(rows: QuerySet[M], on: date) -> QuerySet[M]:
    """The rows in effect on the day, by `since_on` and `until_on`."""
    return rows.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), since_on__lte=on)


def emergency_group(on: date, level: EmergencyLevel | None = None) -> list[EmergencyMember]:
    """The leading group to which incidents are routed, on the day; of both levels, or of one (EA-5.2)."""
    rows = standing_on(EmergencyMember.objects.all(), on)
    return list(rows.filter(level=level) if level else rows)


def emergency_member(by: Actor, member_id: int) -> EmergencyMember:
    """One member; everybody in the province may know whom to call. Raises NotFound."""
    root = by.agency_code[:2]
    return access(EmergencyMember.objects.filter(agency_code__in=["", root]), Actor("", by.post, ""), pk=member_id)


def emergency_lines(by: Actor, on: date) -> str:
    """The group that the actor keeps, a person a line, as the form takes it; telephones are not shown."""
    level = EmergencyLevel.PROVINCE if by.agency_code else EmergencyLevel.MINISTRY
    return "\n".join(
        ",".join((m.get_role_display(), m.name, m.unit, SAME_PHONE if m.phone_sealed else ""))
        + (f",{m.other_channel}" if m.other_channel else "")
        for m in emergency_group(on, level)
    )


def emergency_complete(level: EmergencyLevel, on: date) -> Decision:
    """Whether the group of a level has leader, deputy, contact, and a channel to each."""
    return _complete(level, emergency_group(on, level), on)


def emergency_lacking(levels: Iterable[EmergencyLevel], on: date) -> list[EmergencyLevel]:
    """The levels whose group is not complete; the members of all are read at once."""
    every = emergency_group(on)
    return [each for each in levels if not _complete(each, [m for m in every if m.level == each], on).granted]


def _complete(level: EmergencyLevel, members: Collection[EmergencyMember], on: date) -> Decision:
    return rules.EMERGENCY_GROUP(
        on=on,
        level=str(level.label),
        leaders=sum(m.role == EmergencyRole.LEADER for m in members),
        deputies=sum(m.role == EmergencyRole.DEPUTY for m in members),
        contacts=sum(m.role == EmergencyRole.CONTACT for m in members),
        without_phone=sum(not m.phone_sealed for m in members),
    )


def duty_phones(by: Actor, on: date) -> QuerySet[DutyPhone]:
    """The duty phones of the whole province: they are told to those above and below (EA-30.1)."""
    root = by.agency_code[:2]
    return standing_on(DutyPhone.objects.select_related("agency").filter(agency_code__startswith=root), on)


def record_department(by: Actor, department_id: int) -> RecordDepartment:
    """One department. Raises NotFound."""
    return access(RecordDepartment.objects.select_related("agency"), by, pk=department_id)


def record_agencies(by: Actor) -> QuerySet[Agency]:
    """The agencies that must have a department of student records, or have one."""
    roots = Q(kind__in=[AgencyKind.PROVINCE, AgencyKind.MILITARY])
    rows = scoped(Agency.objects.filter(roots | Q(kind=AgencyKind.PREFECTURE), closed_on__isnull=True), by, "code")
    return rows.prefetch_related("record_departments__staff")


def department_of(agency: Agency) -> RecordDepartment | None:
    """The agency's department today, from what `record_agencies` fetched."""
    return next((each for each in agency.record_departments.all() if each.until_on is None), None)


def staff_standing(department: RecordDepartment | None) -> list[RecordStaff]:
    """The workers who are there today."""
    return [each for each in department.staff.all() if each.until_on is None] if department else []


def record_work(agency: Agency, on: date) -> Decision:
    """Whether department, number of full-time staff, training and assessment are as SR-6 and SR-7 ask."""
    department = department_of(agency)
    has = rules.RECORD_DEPARTMENT(
        on=on, kind=agency.kind, does_records=agency.does_records, has_department=department is not None
    )
    if agency.kind == AgencyKind.PREFECTURE and not agency.does_records:
        return has
    staff = staff_standing(department)
    limit = on - timedelta(days=MONTH_DAYS * int(parameter("record-training-months").on(on, province=agency.code[:2])))
    return all_of(
        has,
        rules.RECORD_STAFF(
            on=on,
            kind=agency.kind,
            full_time=sum(each.is_full_time for each in staff),
            on_record=persons_on_record(agency.code),
            province=agency.code[:2],
        ),
        rules.RECORD_TRAINING(
            on=on,
            untrained=sum(each.trained_on is None or each.trained_on < limit for each in staff),
            unassessed=sum(not each.assessed_as for each in staff),
        ),
    )


def turnover(department: RecordDepartment, on: date) -> Mapping[str, int]:
    """How many were there a year ago, and how many of them have left since: the staff is to be fairly stable (SR-7)."""
    year_ago = on - timedelta(days=365)
    before = standing_on(department.staff.all(), year_ago)
    return {"then": before.count(), "left": before.filter(until_on__lte=on).count()}


def record_agency(by: Actor, code: str) -> Agency:
    """One agency that keeps student records, or may. Raises NotFound."""
    return access(record_agencies(by), by, "code", code=code)


def agency_of_department(department_id: int) -> str:
    """The code of the agency that a department belongs to."""
    return RecordDepartment.objects.values_list("agency__code", flat=True).get(pk=department_id)


def unstable(counts: Mapping[str, int], on: date) -> bool:
    """Whether more have left within a year than a province takes for stable (SR-7)."""
    return counts["left"] * 100 >= counts["then"] * int(parameter("record-staff-turnover").on(on)) > 0


def on_record(agency: Agency) -> int:
    """How many persons are on record at the agency and below."""
    return persons_on_record(agency.code)
