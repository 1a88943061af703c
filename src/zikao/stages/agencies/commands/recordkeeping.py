"""Departments of student records and their workers (SR-6, SR-7)."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.stages.agencies import policies
from zikao.stages.agencies.models import Agency, RecordDepartment, RecordStaff
from zikao.stages.agencies.states import AgencyKind, EndReason

RECORD_KEEPERS = (AgencyKind.PROVINCE, AgencyKind.MILITARY, AgencyKind.PREFECTURE)


@command(writes="agencies.record-work-assigned", clauses=("SR-6",), posts=policies.RECORD_REGISTRARS)
def assign_record_work(*, agency_code: str, does_records: bool, by: Actor, at: datetime) -> Outcome[Agency]:
    """Say whether a prefecture does the work of student records: then it needs a department and staff.

    Source:  SR-6
    Writes:  agencies.record-work-assigned
    Raises:  NotPermitted, NotFound, BadInput
    """
    agency = access(Agency.objects.select_for_update(of=("self",)), by, "code", code=agency_code)
    if agency.kind != AgencyKind.PREFECTURE:
        raise BadInput("not-a-prefecture", field_errors={"does_records": "省级必须承担考籍管理，县区不承担。"})
    if not does_records and agency.record_departments.filter(until_on__isnull=True).exists():
        raise BadInput(
            "record-department-stands", field_errors={"does_records": "请先撤销考籍管理部门。"}, clause="SR-6"
        )
    before = snapshot(agency)
    agency.does_records = does_records
    agency.save(update_fields=["does_records"])
    return Outcome(agency, before=before, facts={"agency": agency.code, "does_records": does_records})


@command(writes="agencies.record-department-set-up", clauses=("SR-6",), posts=policies.RECORD_REGISTRARS)
def set_up_record_department(
    *, agency_code: str, name: str, head: str, equipment: str, document_number: str, by: Actor, at: datetime
) -> Outcome[RecordDepartment]:
    """Put a department of student records on record; a prefecture that has one does such work.

    Source:  SR-6
    Writes:  agencies.record-department-set-up
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    open_agencies = Agency.objects.select_for_update(of=("self",)).filter(closed_on__isnull=True)
    agency = access(open_agencies, by, "code", code=agency_code)
    if AgencyKind(agency.kind) not in RECORD_KEEPERS:
        raise BadInput("no-record-work", field_errors={"agency_code": "县区不设考籍管理部门。"}, clause="SR-6")
    if agency.record_departments.filter(until_on__isnull=True).exists():
        raise Conflict("record-department-stands", message=f"{agency.name}已经设有考籍管理部门。")
    if agency.kind == AgencyKind.PREFECTURE and not agency.does_records:
        agency.does_records = True
        agency.save(update_fields=["does_records"])
    made = RecordDepartment.objects.create(
        agency=agency,
        agency_code=agency.code,
        name=name,
        head=head,
        equipment=equipment,
        document_number=document_number,
        since_on=local_day(at),
    )
    return Outcome(made, facts={"agency": agency.code, "document": document_number})


@command(writes="agencies.record-department-changed", clauses=("SR-6", "SR-7"), posts=policies.RECORD_REGISTRARS)
def change_record_department(
    *, department_id: int, name: str, head: str, equipment: str, document_number: str, by: Actor, at: datetime
) -> Outcome[RecordDepartment]:
    """Record another name, head or equipment of a department; what it was stays in its history.

    Source:  SR-6, SR-7
    Writes:  agencies.record-department-changed
    Raises:  NotPermitted, NotFound, WrongState
    """
    department = _department(by, department_id)
    before = snapshot(department)
    department.name, department.head = name.strip(), head.strip()
    department.equipment, department.document_number = equipment.strip(), document_number.strip()
    department.save(update_fields=["name", "head", "equipment", "document_number"])
    facts = {"agency": department.agency_code, "document": department.document_number}
    return Outcome(department, before=before, facts=facts)


@command(writes="agencies.record-department-ended", clauses=("SR-6",), posts=policies.RECORD_REGISTRARS)
def end_record_department(
    *, department_id: int, document_number: str, by: Actor, at: datetime
) -> Outcome[RecordDepartment]:
    """Dissolve a department today; its workers have left or moved before. Where one must be, its lack is flagged.

    Source:  SR-6
    Writes:  agencies.record-department-ended
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    department = _department(by, department_id)
    if not document_number.strip():
        raise BadInput("document-number-missing", field_errors={"document_number": "请填写依据文号。"})
    there = department.staff.filter(until_on__isnull=True).count()
    if there:
        raise Conflict(
            "record-staff-there", facts={"count": there}, message=f"部门还有 {there} 名在岗人员，不能撤销。",
            remedy="请先为每人登记离岗；转到新部门的，在新部门重新登记。", clause="SR-6",
        )  # fmt: skip
    before = snapshot(department)
    department.until_on = local_day(at)
    department.save(update_fields=["until_on"])
    facts = {"agency": department.agency_code, "document": document_number.strip()}
    return Outcome(department, before=before, facts=facts)


@command(writes="agencies.record-staff-engaged", clauses=("SR-7",), posts=policies.RECORD_REGISTRARS)
def engage_record_staff(
    *, department_id: int, name: str, is_full_time: bool, since_on: date, by: Actor, at: datetime
) -> Outcome[RecordStaff]:
    """Put a worker of student records on record.

    Source:  SR-7
    Writes:  agencies.record-staff-engaged
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    department = _department(by, department_id)
    if since_on > local_day(at):
        raise BadInput("since-in-future", field_errors={"since_on": "到岗日期不能晚于今天。"})
    made = RecordStaff.objects.create(
        department=department,
        agency_code=department.agency_code,
        name=name,
        is_full_time=is_full_time,
        since_on=since_on,
    )
    return Outcome(made, on=department, facts={"staff": made.pk, "full_time": is_full_time})


@command(writes="agencies.record-staff-trained", clauses=("SR-7",), posts=policies.RECORD_REGISTRARS)
def record_staff_training(
    *, department_id: int, staff_id: int, trained_on: date, assessed_as: str, by: Actor, at: datetime
) -> Outcome[RecordStaff]:
    """Record the training and the assessment of a worker of student records.

    Source:  SR-7
    Writes:  agencies.record-staff-trained
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    department, staff = _staff(by, department_id, staff_id)
    if trained_on > local_day(at):
        raise BadInput("trained-in-future", field_errors={"trained_on": "培训日期不能晚于今天。"})
    staff.trained_on, staff.assessed_as = trained_on, assessed_as.strip()
    staff.save(update_fields=["trained_on", "assessed_as"])
    return Outcome(staff, on=department, facts={"staff": staff.pk, "trained_on": trained_on})


@command(writes="agencies.record-staff-left", clauses=("SR-7",), posts=policies.RECORD_REGISTRARS)
def end_record_staff(
    *, department_id: int, staff_id: int, reason: EndReason, by: Actor, at: datetime
) -> Outcome[RecordStaff]:
    """Note that a worker of student records leaves today, and why: the staff is to stay fairly stable.

    Source:  SR-7
    Writes:  agencies.record-staff-left
    Raises:  NotPermitted, NotFound, WrongState
    """
    department, staff = _staff(by, department_id, staff_id)
    staff.until_on, staff.end_reason = local_day(at), reason
    staff.save(update_fields=["until_on", "end_reason"])
    return Outcome(staff, on=department, facts={"staff": staff.pk, "reason": reason})


def _department(by: Actor, department_id: int) -> RecordDepartment:
    department = access(RecordDepartment.objects.select_for_update(of=("self",)), by, pk=department_id)
    if department.until_on is not None:
        raise WrongState("record-department-over", message="该考籍管理部门已经撤销。", clause="SR-6")
    return department


def _staff(by: Actor, department_id: int, staff_id: int) -> tuple[RecordDepartment, RecordStaff]:
    department = _department(by, department_id)
    staff = access(department.staff.select_for_update(), by, pk=staff_id)
    if staff.until_on is not None:
        raise WrongState("record-staff-gone", message="该工作人员已经离岗。", clause="SR-7")
    return department, staff
